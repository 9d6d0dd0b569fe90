import { execFileSync } from "node:child_process";
import { expect, test } from "vitest";

/** The young generation's size in MB after much has survived in it, in a process that begins with this line. */
function youngAfter(first: string): number {
  const program = `${first}
    const { getHeapSpaceStatistics } = await import("node:v8");
    const kept = [];
    for (let i = 0; i < 1e6; i++) kept.push({ i, next: { i } });
    const space = getHeapSpaceStatistics().find(({ space_name }) => space_name === "new_space");
    process.stdout.write(String(kept.length && space.space_size / 2 ** 20));`;
  return Number(execFileSync(process.execPath, ["--input-type=module", "-e", program], { encoding: "utf8" }));
}

test("the command line's young generation stays as small as it begins", () => {
  const heap = new URL("../../dist/heap.js", import.meta.url).href;
  expect(youngAfter("")).toBeGreaterThan(4);
  const small = `const { letHeapGrow } = await import(${JSON.stringify(heap)});`;
  expect(youngAfter(small)).toBeLessThanOrEqual(2);
  // … until charts are to be drawn.
  expect(youngAfter(`${small} letHeapGrow();`)).toBeGreaterThan(4);
});
