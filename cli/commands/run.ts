import { Command } from "@commander-js/extra-typings";
import { toCsv } from "../../reports/escape.ts";
import { explain } from "../../reports/text/explanations.ts";
import { summary } from "../../reports/text/summary.ts";
import { type Verdict, verdict } from "../../reports/text/verdict.ts";
import type { Lifelines } from "../../study/lifelines.ts";
import { replicateBy, type Study } from "../../study/replicate.ts";
import { digestOf, histogramFile, resultFile } from "../../study/result-file.ts";
import { judge } from "../../study/thresholds.ts";
import { VERSION } from "../../version.ts";
import { EXIT } from "../exit.ts";
import { expectedRequests, jobsFor, warnIfHuge } from "../jobs.ts";
import {
  checkOption,
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
import {
  Recording,
  type RecordOptions,
  recordFormatOption,
  recordOption,
  traceOption,
  windowOf,
  windowOption,
} from "../recording.ts";
import { savedStudy } from "../saved-study.ts";
import { loadScenario, type ScenarioOptions } from "../scenario-file.ts";
import { fenced, jsonText, type Telling, type Told, tell } from "../tell.ts";
import { talk } from "../terminal.ts";
import { writeCharts } from "../write-charts.ts";

export interface RunOptions extends ScenarioOptions, RecordOptions, Telling {
  readonly out?: string | undefined;
  readonly check: boolean;
  /** Writes report.html as well. */
  readonly report: boolean;
  /** Threads; undefined: as many as are worth starting. */
  readonly jobs?: number | undefined;
}

/** `lsim run`. */
export const runCommand = (finish: Finish) =>
  new Command("run")
    .description("simulate a scenario, judge its thresholds, write results and charts")
    .argument("<file>", "scenario (JSON)")
    .addOption(setOption())
    .addOption(seedOption())
    .addOption(replicationsOption())
    .option("--interval <duration>", "interval of the timeline, as in 10s")
    .option("--out <folder>", "where results go (default: lsim-out/<name>)")
    .addOption(formatOption())
    .addOption(checkOption())
    .option("--report", "write a capacity-review report (report.html) as well", false)
    .addOption(quietOption())
    .addOption(jobsOption())
    .addOption(recordOption())
    .addOption(recordFormatOption())
    .addOption(traceOption())
    .addOption(windowOption())
    .addOption(readOption())
    .addHelpText(
      "after",
      `
Examples:
  lsim run scenarios/spike.json --set account.concurrency=1500 --replications 20
  lsim run scenarios/spike.json --record invocations,environments --window 2m..3m
  lsim run scenarios/spike.json --trace perfetto --window 120s..130s`,
    )
    .action(async (file, options) => {
      finish(await run(file, options));
    });

/** `lsim run FILE`: simulates, judges thresholds, writes results and charts. Returns the exit code. */
export async function run(file: string, options: RunOptions): Promise<number> {
  const opened = loadScenario(file, options);
  const { scenario } = opened;
  const window = windowOf(options, scenario);
  const requests = expectedRequests(scenario);
  warnIfHuge(requests, `${scenario.replications} replications`);
  const jobs = Math.min(jobsFor(requests, options.jobs), scenario.replications);
  const folder = new OutputFolder(options.out ?? `lsim-out/${scenario.name}`);
  try {
    const started = performance.now();
    const recording = window && (await Recording.begin(options, scenario, window, folder));
    const study = await play({ jobs, quiet: options.quiet }, (played) =>
      replicateBy(recording?.listenTo(played) ?? played.runner, opened, (done) =>
        played.show(done / scenario.replications),
      ),
    );
    recording?.end();
    const seconds = (performance.now() - started) / 1000;
    const judgements = judge(study);
    const about = { digest: digestOf(study), judgements, command: commandOf(file) };
    const result = resultFile(study, VERSION);
    const text = summary(study, about);
    await writeAll(
      folder,
      study,
      result,
      text,
      verdict(study, judgements, about.command),
      recording?.lifelines,
    );
    if (options.report) await writeReport(folder, scenario.name);
    folder.commit();
    const told: Told = {
      json: result,
      csv: () => csvOf(study),
      markdown: () => fenced(scenario.name, text),
      text: (paint) => summary(study, { ...about, seconds, paint }),
    };
    await tell(folder, options, told, options.report ? "report.html" : undefined);
    for (const note of recording?.notes ?? []) talk(`${note}.\n`);
    return options.check && judgements.some((j) => !j.ok) ? EXIT.missed : EXIT.done;
  } finally {
    folder.discard();
  }
}

function commandOf(file: string): string {
  return /[\s"'$]/.test(file) ? JSON.stringify(file) : file;
}

async function csvOf(study: Study): Promise<string> {
  const { functionTable } = await import("../../reports/function-table.ts");
  return toCsv(functionTable(study));
}

async function writeAll(
  folder: OutputFolder,
  study: Study,
  result: object,
  text: string,
  { sentence, next }: Verdict,
  lines: Lifelines | undefined,
): Promise<void> {
  // Loaded only now: tables and charts are most of the program, and not needed to say that a file has a mistake.
  const [
    { timelineTable, accountTable, queuesTable, provisionedTable, billTable },
    { charts },
    { lifelines },
  ] = await Promise.all([
    import("../../reports/tables.ts"),
    import("../../reports/charts/registry.ts"),
    import("../../reports/charts/lifelines.ts"),
  ]);
  folder.write("result.json", jsonText(result));
  folder.write("histograms.json", `${JSON.stringify(histogramFile(study))}\n`);
  folder.write("timeline.csv", toCsv(timelineTable(study)));
  if (study.scenario.functions.length > 1) folder.write("timeline-account.csv", toCsv(accountTable(study)));
  const queues = queuesTable(study);
  if (queues) folder.write("queues.csv", toCsv(queues));
  const provisioned = provisionedTable(study);
  if (provisioned) folder.write("provisioned.csv", toCsv(provisioned));
  folder.write("bill.csv", toCsv(billTable(study)));
  const drawn = [...charts(study), ...(lines ? [lifelines(study, lines)] : [])];
  await writeCharts(folder, drawn, study.scenario, text, sentence, {
    command: ownCommand(),
    ...(next && { next }),
    explanations: explain(study),
  });
}

/** The report of what was written, made as `lsim report` makes it: from the files. */
async function writeReport(folder: OutputFolder, name: string): Promise<void> {
  const { reportFiles } = await import("../report-files.ts");
  for (const file of await reportFiles([savedStudy(folder.written, name)], ["html"]))
    folder.write(file.name, file.content);
}
