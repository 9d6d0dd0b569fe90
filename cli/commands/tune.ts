import { Command, Option } from "@commander-js/extra-typings";
import { toCsv } from "../../reports/escape.ts";
import { tuneMarkdown, tuneSummary, tuneVerdict } from "../../reports/text/tune-summary.ts";
import { parseSizes, USUAL_SIZES } from "../../study/memory-sizes.ts";
import { functionToTune, STRATEGIES, type Strategy, type Tuning, tune as tuneBy } from "../../study/tune.ts";
import { tuneFile } from "../../study/tune-file.ts";
import { VERSION } from "../../version.ts";
import { EXIT, InputError } from "../exit.ts";
import { expectedRequests, jobsFor } from "../jobs.ts";
import {
  type Finish,
  formatOption,
  jobsOption,
  quietOption,
  readOption,
  replicationsOption,
  seedOption,
  setOption,
} from "../options.ts";
import { OutputFolder } from "../output-folder.ts";
import { ownCommand } from "../own-command.ts";
import { play } from "../play.ts";
import { loadScenario, type ScenarioOptions } from "../scenario-file.ts";
import { jsonText, type Telling, tell } from "../tell.ts";
import { writeCharts } from "../write-charts.ts";

export interface TuneCommandOptions extends ScenarioOptions, Telling {
  readonly function?: string | undefined;
  readonly sizes: readonly number[];
  readonly strategy: Strategy;
  readonly balancedWeight: number;
  readonly out?: string | undefined;
  readonly jobs?: number | undefined;
}

/** `lsim tune`. */
export const tuneCommand = (finish: Finish) =>
  new Command("tune")
    .description("memory sizes of one function: cost, duration, and what they do to the traffic")
    .argument("<file>", "scenario (JSON)")
    .option("--function <name>", "the function to tune (default: the only one)")
    .addOption(
      new Option(
        "--sizes <list>",
        `memory sizes (MB), as in 128,256,512 or 256..2048:256, or all: every 64 MB to 3008; the present size is always among them (default: ${USUAL_SIZES.join(",")})`,
      )
        .argParser((text) => parseSizes(text, "--sizes"))
        .default(USUAL_SIZES as readonly number[], USUAL_SIZES.join(",")),
    )
    .addOption(
      new Option("--strategy <strategy>", "what is best").choices(STRATEGIES).default("cost" as const),
    )
    .addOption(
      new Option("--balanced-weight <weight>", "of strategy balanced: 0 speed alone, 1 cost alone")
        .argParser(weight)
        .default(0.5),
    )
    .addOption(setOption())
    .addOption(seedOption())
    .addOption(replicationsOption())
    .option("--out <folder>", "where results go (default: lsim-out/<name>-tune)")
    .addOption(formatOption())
    .addOption(quietOption())
    .addOption(jobsOption())
    .addOption(readOption())
    .addHelpText("after", "\nExample:\n  lsim tune shop.json --function api --sizes 256,512,1024,1769,3008")
    .action(async (file, options) => {
      finish(await tune(file, options));
    });

function weight(text: string): number {
  const value = Number(text);
  if (text.trim() === "" || !(value >= 0 && value <= 1))
    throw new InputError(`--balanced-weight "${text}": expected a number from 0 to 1`);
  return value;
}

/** `lsim tune FILE`: plays each memory size, writes table and chart. Returns the exit code. */
export async function tune(file: string, options: TuneCommandOptions): Promise<number> {
  const opened = loadScenario(file, options);
  const { scenario } = opened;
  const name = functionToTune(scenario, options.function, "--function");
  const { sizes, strategy, balancedWeight } = options;
  const jobs = Math.min(
    jobsFor(expectedRequests(scenario) * (sizes.length + 1), options.jobs),
    scenario.replications,
  );
  const folder = new OutputFolder(options.out ?? `lsim-out/${scenario.name}-tune`);
  try {
    const tuning = await play({ jobs, quiet: options.quiet }, ({ runner, show }) =>
      tuneBy(runner, opened, { function: name, sizes, strategy, balancedWeight }, show),
    );
    const result = tuneFile(tuning, VERSION, tuneVerdict(tuning));
    const csv = await writeAll(folder, tuning, result);
    folder.commit();
    await tell(folder, options, {
      json: result,
      csv,
      markdown: () => tuneMarkdown(tuning),
      text: (paint) => tuneSummary(tuning, paint),
    });
    return EXIT.done;
  } finally {
    folder.discard();
  }
}

/** Returns tune.csv. */
async function writeAll(folder: OutputFolder, tuning: Tuning, result: object): Promise<string> {
  const [{ tuneTable }, { tuneChart }] = await Promise.all([
    import("../../reports/tune-table.ts"),
    import("../../reports/charts/tune.ts"),
  ]);
  const csv = toCsv(tuneTable(tuning));
  folder.write("tune.json", jsonText(result));
  folder.write("tune.csv", csv);
  const [first] = tuneVerdict(tuning);
  await writeCharts(folder, [tuneChart(tuning)], tuning.scenario, tuneSummary(tuning), first!, {
    command: ownCommand(),
  });
  return csv;
}
