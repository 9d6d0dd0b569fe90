import { spawnSync } from "node:child_process";
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";

const root = fileURLToPath(new URL("..", import.meta.url));

/** What the linter says of one file at this place, under the project's own configuration. */
function lint(path: string, code: string): string {
  const folder = mkdtempSync(join(tmpdir(), "lsim-lint-"));
  try {
    copyFileSync(join(root, "biome.json"), join(folder, "biome.json"));
    mkdirSync(join(folder, dirname(path)), { recursive: true });
    writeFileSync(join(folder, path), code);
    const biome = join(root, "node_modules/@biomejs/biome/bin/biome");
    const { stdout, stderr } = spawnSync(process.execPath, [biome, "lint", "--vcs-enabled=false", path], {
      cwd: folder,
      encoding: "utf8",
    });
    return stdout + stderr;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

describe("the import table of ARCHITECTURE.md is checked by the linter", () => {
  it.each([
    ["sim/x.ts", 'import { readFileSync } from "node:fs";\nexport const x = readFileSync;\n'],
    ["sim/lambda/x.ts", 'import { billFor } from "../pricing/bill.ts";\nexport const x = billFor;\n'],
    ["sim/lambda/x.ts", 'import { Observer } from "../measure/observer.ts";\nexport const x = Observer;\n'],
    [
      "sim/measure/x.ts",
      'import { replicate } from "../../study/replicate.ts";\nexport const x = replicate;\n',
    ],
    ["study/x.ts", 'import { table } from "arquero";\nexport const x = table;\n'],
    ["reports/x.ts", 'import { run } from "../cli/commands/run.ts";\nexport const x = run;\n'],
    ["library/x.ts", 'import { run } from "../cli/commands/run.ts";\nexport const x = run;\n'],
  ])("%s may not hold %s", (path, code) => {
    expect(lint(path, code)).toContain("noRestrictedImports");
  });

  it("the engine has no clock and no console", () => {
    expect(lint("sim/x.ts", "export const x = Date.now();\n")).toContain("noRestrictedGlobals");
    expect(lint("study/x.ts", "console.log(1);\n")).toContain("noRestrictedGlobals");
  });

  it("what is allowed passes", () => {
    expect(
      lint("study/x.ts", 'import { simulate } from "../sim/simulate.ts";\nexport const x = simulate;\n'),
    ).toContain("No fixes applied");
  });
});

describe("package-lock.json", () => {
  it("names no download addresses, so that any registry can serve it", () => {
    expect(readFileSync(`${root}/package-lock.json`, "utf8")).not.toMatch(/"resolved": *"http/);
  });
});
