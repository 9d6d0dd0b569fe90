import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { Place } from "./cli/lsim.ts";

const page = readFileSync(new URL("../docs/studies.md", import.meta.url), "utf8");
const scenarios = fileURLToPath(new URL("../scenarios/", import.meta.url));

/** A command as a shell reads it: words, some of them in quotes. */
const wordsOf = (command: string) =>
  [...command.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain!);

describe("docs/studies.md", () => {
  const sessions = [...page.matchAll(/^```console\n\$ npx lsim (compare .*)\n([\s\S]*?)^```$/gm)].map(
    ([, command, shown]) => ({
      command: command!,
      shown: shown!
        .trim()
        .split("\n")
        .filter((line) => line !== "…"),
    }),
  );

  it.each(sessions)("lsim $command prints what is shown", ({ command, shown }) => {
    const place = new Place();
    const { stdout, stderr } = place.lsim(
      ...wordsOf(command).map((word) => word.replace(/^scenarios\//, scenarios)),
    );
    const printed = stdout.split("\n");
    expect(shown.length).toBeGreaterThan(0);
    expect(
      shown.filter((line) => !printed.includes(line)),
      stderr,
    ).toEqual([]);
  });

  it("shows at least three sessions", () => {
    expect(sessions.length).toBeGreaterThanOrEqual(3);
  });
});
