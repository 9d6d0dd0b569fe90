import { Command, Option } from "@commander-js/extra-typings";
import { toCsv } from "../../reports/escape.ts";
import { planSentence, planText } from "../../reports/text/plan.ts";
import { ScenarioError } from "../../sim/scenario/problem.ts";
import { type Axis, parseAxis } from "../../study/axis.ts";
import { plan as findPlan, type Plan, STRATEGIES, type Strategy } from "../../study/plan.ts";
import { planFile, planRows } from "../../study/plan-file.ts";
import { plannedScenario } from "../../study/planned-scenario.ts";
import { SearchSpace } from "../../study/search-space.ts";
import type { Opened } from "../../study/source.ts";
import { VERSION } from "../../version.ts";
import { EXIT, InputError } from "../exit.ts";
import { expectedRequests, jobsFor } from "../jobs.ts";
import {
  collect,
  type Finish,
  formatOption,
  jobsOption,
  readOption,
  replicationsOption,
  seedOption,
  setOption,
  wholeNumber,
} from "../options.ts";
import { OutputFolder } from "../output-folder.ts";
import { ownCommand } from "../own-command.ts";
import { play } from "../play.ts";
import { loadScenario, ScenarioFileError, type ScenarioOptions } from "../scenario-file.ts";
import { fenced, jsonText, type Telling, tell } from "../tell.ts";
import { talk } from "../terminal.ts";
import { writeCharts } from "../write-charts.ts";

export interface PlanCommandOptions extends ScenarioOptions, Telling {
  readonly search: readonly Axis[];
  readonly strategy: Strategy;
  readonly confidence: number;
  readonly budget: number;
  readonly out?: string | undefined;
  readonly jobs?: number | undefined;
}

/** Replications in all, unless the user says otherwise: more than an ordered grid ever needs. */
const BUDGET = 10_000;

/** `lsim plan`. */
export const planCommand = (finish: Finish) =>
  new Command("plan")
    .description("find the cheapest (or fastest) settings that meet the scenario's thresholds")
    .argument("<file>", "scenario (JSON) with thresholds")
    .addOption(
      new Option(
        "--search <path=values>",
        "a setting that may change: a list, or a range from..to:step, as in account.concurrency=1000..1500:100 (repeat)",
      )
        .argParser(collect((text) => parseAxis(text, "--search")))
        .default([] as readonly Axis[], "none"),
    )
    .addOption(
      new Option("--strategy <strategy>", "what is looked for among settings that meet the thresholds")
        .choices(STRATEGIES)
        .default("cost" as const),
    )
    .option("--confidence <share>", "with which the thresholds are met", readConfidence, 0.95)
    .option("--budget <n>", "most replications in all", wholeNumber("--budget", 10, 1_000_000_000), BUDGET)
    .addOption(setOption())
    .addOption(seedOption())
    .addOption(replicationsOption())
    .option("--out <folder>", "where the plan goes (default: lsim-out/<name>-plan)")
    .addOption(formatOption())
    .option("--quiet", "no text, no progress", false)
    .addOption(jobsOption())
    .addOption(readOption())
    .addHelpText(
      "after",
      `
Example:
  lsim plan scenarios/spike.json --search account.concurrency=1000..1500:100 --search api.provisionedConcurrency=0..1200:50

Exits with 0 when a plan was found, with 99 when there is none.`,
    )
    .action(async (file, options) => {
      finish(await plan(file, options));
    });

/** Reads "95%". */
function readConfidence(text: string): number {
  const percent = /^\s*(\d+(?:\.\d+)?)\s*%\s*$/.exec(text)?.[1];
  const share = Number(percent) / 100;
  if (percent === undefined || !(share >= 0.5 && share < 1))
    throw new InputError(`--confidence "${text}": expected a share from 50% to below 100%, such as 95%`);
  return share;
}

/** `lsim plan FILE`: searches, and writes the plan. Returns the exit code. */
export async function plan(file: string, options: PlanCommandOptions): Promise<number> {
  const opened = loadScenario(file, options);
  const { scenario } = opened;
  const space = spaceOf(file, opened, options.search);
  // A few dozen replications at least, a handful at a time.
  const requests = (30 * expectedRequests(scenario)) / scenario.replications;
  const jobs = Math.min(jobsFor(requests, options.jobs), scenario.replications);
  const folder = new OutputFolder(options.out ?? `lsim-out/${scenario.name}-plan`);
  try {
    const started = performance.now();
    const { strategy, confidence, budget, quiet } = options;
    const found = await play({ jobs, quiet }, ({ runner, show }) =>
      findPlan(runner, space, { strategy, confidence, budget }, show),
    );
    const seconds = (performance.now() - started) / 1000;
    await writeAll(folder, found);
    folder.commit();
    await tell(folder, options, {
      json: planFile(found, VERSION),
      csv: () => csvOf(found),
      markdown: () => fenced(`${scenario.name} plan`, planText(found)),
      text: (paint) => planText(found, { paint, seconds }),
    });
    if (found.best && !quiet) talk(`To see it in full: lsim run ${folder.path}/planned.json\n`);
    return found.best ? EXIT.done : EXIT.missed;
  } finally {
    folder.discard();
  }
}

/** The settings to choose from; problems with them are told like those of the file. */
function spaceOf(file: string, opened: Opened, axes: readonly Axis[]): SearchSpace {
  try {
    return new SearchSpace(opened, axes);
  } catch (error) {
    if (error instanceof ScenarioError) throw new ScenarioFileError(file, error.problems);
    throw error;
  }
}

async function csvOf(plan: Plan): Promise<string> {
  const { tableOf } = await import("../../reports/rows.ts");
  return toCsv(tableOf(planRows(plan)));
}

async function writeAll(folder: OutputFolder, plan: Plan): Promise<void> {
  // Loaded only now: charts are most of the program, and not needed to say that a file has a mistake.
  const { planCharts } = await import("../../reports/charts/plan.ts");
  folder.write("plan.json", jsonText(planFile(plan, VERSION)));
  folder.write("plan.csv", await csvOf(plan));
  if (plan.best) {
    const { file, texts } = plannedScenario(plan.best.opened.source);
    folder.write("planned.json", jsonText(file));
    for (const [name, text] of Object.entries(texts)) folder.write(name, text);
  }
  await writeCharts(folder, planCharts(plan), plan.now.study().scenario, planText(plan), planSentence(plan), {
    command: ownCommand(),
  });
}
