import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { planText } from "../reports/text/plan.ts";
import { parseAxis } from "../study/axis.ts";
import { plan, STRATEGIES } from "../study/plan.ts";
import { oneThread } from "../study/runner.ts";
import { SearchSpace } from "../study/search-space.ts";
import { openScenario } from "../study/source.ts";

const read = (path: string) => readFileSync(new URL(`../${path}`, import.meta.url), "utf8");
const page = read("docs/studies.md")
  .split(/^## /m)
  .find((section) => section.startsWith("Plans\n"))!;

test("the plan in docs/studies.md is what the command prints", { timeout: 600_000 }, async () => {
  const [, body] = /^```console\n([\s\S]*?)^```$/m.exec(page)!;
  const [command, ...shown] = body!.replaceAll("\\\n", "").trimEnd().split("\n");
  const words = command!.split(/\s+/);
  expect(words.slice(0, 3)).toEqual(["$", "lsim", "plan"]);
  const axes = words.flatMap((word, i) => (words[i - 1] === "--search" ? [parseAxis(word, "--search")] : []));
  const space = new SearchSpace(openScenario(JSON.parse(read(words[3]!))), axes);
  const found = await plan(oneThread(), space, { strategy: "cost", confidence: 0.95, budget: 10_000 });
  const printed = planText(found).split("\n");
  expect(shown.length).toBeGreaterThan(10);
  expect(shown.filter((line) => line !== "…" && !printed.includes(line))).toEqual([]);
});

test("docs/studies.md names every strategy", () => {
  expect(STRATEGIES.filter((strategy) => !page.includes(`--strategy ${strategy}`))).toEqual([]);
});
