import { setImmediate } from "node:timers/promises";
import { summary } from "../../reports/text/summary.ts";
import { verdict } from "../../reports/text/verdict.ts";
import type { Scenario } from "../../sim/scenario/scenario.ts";
import { printNumber } from "../../sim/units.ts";
import { replicateSteps, type Study } from "../../study/replicate.ts";
import { digestOf, histogramFile, resultFile } from "../../study/result-file.ts";
import { judge } from "../../study/thresholds.ts";
import { VERSION } from "../../version.ts";
import { EXIT, Interrupted } from "../exit.ts";
import { OutputFolder } from "../output-folder.ts";
import { loadScenario, type ScenarioOptions } from "../scenario-file.ts";
import { Progress, paintFor } from "../terminal.ts";

export const FORMATS = ["text", "json", "csv", "markdown"] as const;

export interface RunOptions extends ScenarioOptions {
  readonly out?: string | undefined;
  readonly format: (typeof FORMATS)[number];
  readonly quiet: boolean;
  readonly check: boolean;
}

/** Beyond this many requests a run takes long enough to warn of. */
const MANY_REQUESTS = 1e10;

/** How long the simulation goes on before it looks for Ctrl-C, in milliseconds. */
const SLICE_MS = 50;

/** `lsim run FILE`: simulates, judges thresholds, writes results and charts. Returns the exit code. */
export async function run(file: string, options: RunOptions): Promise<number> {
  const scenario = loadScenario(file, options);
  warnIfHuge(scenario);
  const folder = new OutputFolder(options.out ?? `lsim-out/${scenario.name}`);
  try {
    const started = performance.now();
    const study = await simulateWatchingForInterrupt(scenario, options.quiet);
    const seconds = (performance.now() - started) / 1000;
    const judgements = judge(study);
    const about = { digest: digestOf(study), judgements, command: commandOf(file) };
    const result = resultFile(study, VERSION);
    const text = summary(study, about);
    await writeAll(folder, study, result, text, verdict(study, judgements, about.command).sentence);
    folder.commit();
    if (!options.quiet || options.format !== "text") {
      const shown =
        options.format === "text"
          ? summary(study, { ...about, seconds, paint: paintFor(process.stdout) })
          : "";
      process.stdout.write(await formatted(options.format, study, result, shown || text));
    }
    if (!options.quiet) process.stderr.write(`Written: ${folder.path} (open charts/index.html)\n`);
    return options.check && judgements.some((j) => !j.ok) ? EXIT.missed : EXIT.done;
  } finally {
    folder.discard();
  }
}

function commandOf(file: string): string {
  return /[\s"'$]/.test(file) ? JSON.stringify(file) : file;
}

async function formatted(
  format: RunOptions["format"],
  study: Study,
  result: object,
  text: string,
): Promise<string> {
  if (format === "json") return `${JSON.stringify(result, null, 2)}\n`;
  if (format === "markdown") return `## ${study.scenario.name}\n\n\`\`\`\n${text}\n\`\`\`\n`;
  if (format === "csv") {
    const { functionTable } = await import("../../reports/function-table.ts");
    return functionTable(study).toCSV();
  }
  return `${text}\n`;
}

function warnIfHuge(scenario: Scenario): void {
  const each = scenario.traffic.reduce((sum, t) => sum + t.arrivals.expected(t.end - t.start), 0);
  const all = each * scenario.replications;
  if (all <= MANY_REQUESTS) return;
  process.stderr.write(
    `Warning: about ${printNumber(all / 1e9)} billion requests in ${scenario.replications} replications; at some millions a second this takes ${printNumber(all / 3e6 / 3600)} hours. Ctrl-C stops it.\n`,
  );
}

/** Runs the replications, letting Ctrl-C in between; nothing of an interrupted run is kept. */
async function simulateWatchingForInterrupt(scenario: Scenario, quiet: boolean): Promise<Study> {
  let interrupted = false;
  const onInterrupt = () => {
    interrupted = true;
  };
  process.once("SIGINT", onInterrupt);
  process.once("SIGTERM", onInterrupt);
  const progress = new Progress(quiet);
  try {
    const steps = replicateSteps(scenario);
    let until = performance.now() + SLICE_MS;
    for (;;) {
      const step = steps.next();
      if (step.done) return step.value;
      if (performance.now() < until) continue;
      progress.show(step.value);
      await setImmediate();
      if (interrupted) throw new Interrupted();
      until = performance.now() + SLICE_MS;
    }
  } finally {
    progress.clear();
    process.off("SIGINT", onInterrupt);
    process.off("SIGTERM", onInterrupt);
  }
}

async function writeAll(
  folder: OutputFolder,
  study: Study,
  result: object,
  text: string,
  sentence: string,
): Promise<void> {
  // Loaded only now: tables and charts are most of the program, and not needed to say that a file has a mistake.
  const [
    { timelineTable, accountTable, queuesTable, provisionedTable, billTable },
    { charts },
    { renderSvg },
    { indexPage },
  ] = await Promise.all([
    import("../../reports/tables.ts"),
    import("../../reports/charts/registry.ts"),
    import("../../reports/charts/render.ts"),
    import("../../reports/html/index-page.ts"),
  ]);
  folder.write("result.json", `${JSON.stringify(result, null, 2)}\n`);
  folder.write("histograms.json", `${JSON.stringify(histogramFile(study))}\n`);
  folder.write("timeline.csv", timelineTable(study).toCSV());
  if (study.scenario.functions.length > 1) folder.write("timeline-account.csv", accountTable(study).toCSV());
  const queues = queuesTable(study);
  if (queues) folder.write("queues.csv", queues.toCSV());
  const provisioned = provisionedTable(study);
  if (provisioned) folder.write("provisioned.csv", provisioned.toCSV());
  folder.write("bill.csv", billTable(study).toCSV());
  const drawn: { chart: ReturnType<typeof charts>[number]; svg: string }[] = [];
  for (const chart of charts(study)) {
    const svg = await renderSvg(chart.spec);
    folder.write(`charts/${chart.name}.vl.json`, `${JSON.stringify(chart.spec, null, 2)}\n`);
    folder.write(`charts/${chart.name}.svg`, svg);
    drawn.push({ chart, svg });
  }
  folder.write("charts/index.html", indexPage(study, drawn, text, sentence));
}
