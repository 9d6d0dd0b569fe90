import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { schemaText } from "../cli/commands/new.ts";
import { summary } from "../reports/text/summary.ts";
import { sweepSummary } from "../reports/text/sweep-summary.ts";
import { parseScenario } from "../sim/scenario/parse.ts";
import { assess } from "../study/assess.ts";
import type { PointResult } from "../study/point.ts";
import { replicate } from "../study/replicate.ts";
import { digestOf } from "../study/result-file.ts";
import { oneThread } from "../study/runner.ts";
import { planSweep, playPoints, sweepOf } from "../study/sweep.ts";
import { judge } from "../study/thresholds.ts";

/** LSIM_GOLDEN=write npx vitest run test/scenarios.test.ts writes the summaries anew. */
const REWRITE = process.env.LSIM_GOLDEN === "write";
const at = (path: string) => new URL(path, import.meta.url);
const names = readdirSync(at("../scenarios"))
  .filter((name) => name.endsWith(".json") && !name.endsWith(".schema.json"))
  .map((name) => name.replace(/\.json$/, ""));

describe("every shipped scenario", () => {
  it.each(names)("%s has the summary that is on record, and the same digest twice", (name) => {
    const read = (file: string) => readFileSync(at(`../scenarios/${file}`), "utf8");
    const scenario = parseScenario(JSON.parse(read(`${name}.json`)), read);
    expect(scenario.name).toBe(name);
    const study = replicate(scenario);
    const digest = digestOf(study);
    const text = `${summary(study, { digest, judgements: judge(study), command: `scenarios/${name}.json` })}\n`;
    const golden = at(`golden/${name}.txt`);
    if (REWRITE) writeFileSync(golden, text);
    expect(
      existsSync(golden),
      `no summary on record: LSIM_GOLDEN=write npx vitest run test/scenarios.test.ts`,
    ).toBe(true);
    expect(text).toBe(readFileSync(golden, "utf8"));
    // The first again, in a process that has played others since.
    expect(replicate({ ...scenario, replications: 1 }).replications[0]!.digest).toBe(
      study.replications[0]!.digest,
    );
  });

  const sweeps = names.filter(
    (name) => "sweep" in JSON.parse(readFileSync(at(`../scenarios/${name}.json`), "utf8")),
  );
  it.each(sweeps)("%s sweeps to the summary that is on record", async (name) => {
    const read = (file: string) => readFileSync(at(`../scenarios/${file}`), "utf8");
    const plan = planSweep(JSON.parse(read(`${name}.json`)), { vary: [] }, read, "test");
    const results = new Map<string, PointResult>();
    await playPoints(oneThread(), plan, plan.points, read, (result) => results.set(result.key, result));
    const sweep = sweepOf(plan, results);
    const text = `${sweepSummary(sweep, assess(sweep))}\n`;
    const golden = at(`golden/${name}.sweep.txt`);
    if (REWRITE) writeFileSync(golden, text);
    expect(text).toBe(readFileSync(golden, "utf8"));
  });

  it("is checked by editors with the schema that the parser's own definition gives", () => {
    expect(readFileSync(at("../scenarios/scenario.schema.json"), "utf8")).toBe(schemaText());
  });
});
