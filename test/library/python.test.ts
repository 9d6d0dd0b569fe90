import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { Place } from "../cli/lsim.ts";

const page = readFileSync(new URL("../../docs/notebooks.md", import.meta.url), "utf8");
const blocks = [...page.matchAll(/^```python ?(\w*)\n([\s\S]*?)^```$/gm)].map(([, kind, code]) => ({
  kind: kind!,
  code: code!,
}));
const commands = [...page.matchAll(/^\$ npx lsim (.*)$/gm)].map(([, words]) => words!.split(" "));

/** The first Python that has these modules. */
function pythonWith(modules: string): string | undefined {
  return [process.env.PYTHON, "python3", "/usr/bin/python3"].find(
    (python) => python && spawnSync(python, ["-c", `import ${modules}`]).status === 0,
  );
}

const python = pythonWith("pandas, altair");
const withParquet = pythonWith("pandas, pyarrow");

describe.skipIf(python === undefined)(
  `the Python of docs/notebooks.md${python ? "" : " (skipped: there is no Python with pandas and altair)"}`,
  () => {
    const place = () => {
      const folder = new Place();
      for (const words of commands) {
        const { code, stderr } = folder.lsim(
          ...words,
          ...(words[0] === "new" ? [] : ["--replications", "2"]),
        );
        expect(code, stderr).toBe(0);
      }
      return folder;
    };

    it("reads what the commands write", () => {
      const { folder } = place();
      expect(blocks.length).toBeGreaterThan(4);
      for (const { kind, code } of blocks) {
        const with_ = kind === "parquet" ? withParquet : python;
        if (with_ === undefined) continue;
        const { status, stdout, stderr } = spawnSync(with_, ["-c", code], { cwd: folder, encoding: "utf8" });
        expect(status, `${code}\n${stderr}`).toBe(0);
        if (!code.includes(".save(")) expect(stdout).not.toBe("");
      }
    });
  },
);
