import { Option } from "@commander-js/extra-typings";
import type { RecordListener, Window } from "../sim/measure/record-batch.ts";
import { RecordedSimulation } from "../sim/recorded.ts";
import type { Scenario } from "../sim/scenario/scenario.ts";
import { parseQuantity, printClock, printCount, printDuration, SECOND } from "../sim/units.ts";
import { LifelineCollector, type Lifelines } from "../study/lifelines.ts";
import { firstBy, oneThread } from "../study/runner.ts";
import { InputError } from "./exit.ts";
import type { OutputFolder } from "./output-folder.ts";
import type { Play } from "./play.ts";

export const RECORDS = ["invocations", "environments"] as const;
export type RecordKind = (typeof RECORDS)[number];

/** What a run is asked to write down of its first replication. */
export interface RecordOptions {
  readonly record: readonly RecordKind[];
  readonly recordFormat: "csv" | "parquet";
  readonly window?: string | undefined;
  readonly trace?: "perfetto" | undefined;
}

export const recordOption = () =>
  new Option("--record <what>", `write down each of ${RECORDS.join(", ")} of the first replication`)
    .argParser((text): readonly RecordKind[] =>
      text.split(",").map((word) => {
        const kind = RECORDS.find((known) => known === word.trim());
        if (kind === undefined)
          throw new InputError(
            `--record "${text}": expected some of ${RECORDS.join(", ")}, as in ${RECORDS.join()}`,
          );
        return kind;
      }),
    )
    .default([] as readonly RecordKind[], "none");
export const recordFormatOption = () =>
  new Option("--record-format <format>", "of the invocations")
    .choices(["csv", "parquet"])
    .default("csv" as const);
export const windowOption = () =>
  new Option(
    "--window <from..to>",
    "record only this part of the run, as in 2m..3m (default: all that is measured)",
  );
export const traceOption = () =>
  new Option("--trace <format>", "write trace.json of the first replication, for ui.perfetto.dev").choices([
    "perfetto",
  ]);

/** Whether anything is recorded, and from when until when. Throws InputError for options that make no sense together. */
export function windowOf(options: RecordOptions, scenario: Scenario): Window | undefined {
  const { record, recordFormat, window, trace } = options;
  if (recordFormat === "parquet" && !record.includes("invocations"))
    throw new InputError("--record-format parquet: is for invocations; add --record invocations");
  if (record.length > 0 || trace !== undefined) return parseWindow(window, scenario);
  if (window !== undefined)
    throw new InputError(
      `--window ${window}: nothing is recorded; add --record ${RECORDS.join()} or --trace perfetto`,
    );
  return undefined;
}

/** "2m..3m" as a part of the measured time; an end that is left out is the run's. Throws InputError. */
function parseWindow(text: string | undefined, { warmup, horizon }: Scenario): Window {
  if (text === undefined) return { from: warmup, to: horizon };
  const parts = text.split("..");
  if (parts.length !== 2 || text.trim() === "..")
    throw new InputError(`--window "${text}": expected two times of the run, as in 2m..3m`);
  const [from, to] = parts.map((part, i) => {
    if (part.trim() === "") return i === 0 ? warmup : horizon;
    const parsed = parseQuantity("duration", part.trim());
    if (!parsed.ok) throw new InputError(`--window "${text}": ${parsed.message}`);
    return parsed.value;
  }) as [number, number];
  if (from >= to)
    throw new InputError(`--window "${text}": ends before it begins; write the earlier time first`);
  if (from < warmup || to > horizon) {
    const measured =
      warmup > 0
        ? `what is measured is ${clock(warmup)}..${clock(horizon)} (the warm-up is left out)`
        : `the run is ${printDuration(horizon)} long`;
    throw new InputError(`--window "${text}": is not within the run: ${measured}`);
  }
  return { from, to };
}

/** A time as a window is written. */
const clock = (us: number): string => `${us / SECOND}s`;

/** The files that are written while the first replication is played, and what is drawn of it afterwards. */
export class Recording implements RecordListener {
  private readonly window: Window;
  private readonly listeners: RecordListener[] = [];
  private readonly ends: (() => void)[] = [];
  private readonly collector: LifelineCollector | undefined;
  /** What its reader should know, a sentence each. */
  readonly notes: string[] = [];

  private constructor(window: Window, collector: LifelineCollector | undefined) {
    this.window = window;
    this.collector = collector;
    if (collector) this.listeners.push(collector);
  }

  /** Opens the files in the folder. */
  static async begin(
    { record, recordFormat, trace }: RecordOptions,
    scenario: Scenario,
    window: Window,
    folder: OutputFolder,
  ): Promise<Recording> {
    const environments = record.includes("environments");
    const recording = new Recording(window, environments ? new LifelineCollector(window) : undefined);
    const { listeners, ends } = recording;
    // Loaded only where it is wanted.
    const { InvocationsCsv, EnvironmentsCsv } = await import("../reports/records/csv.ts");
    if (record.includes("invocations") && recordFormat === "csv")
      listeners.push(new InvocationsCsv(scenario, window, folder.open("invocations.csv")));
    if (record.includes("invocations") && recordFormat === "parquet") {
      const { InvocationsParquet } = await import("../reports/records/parquet.ts");
      const file = new InvocationsParquet(scenario, window, folder.open("invocations.parquet"));
      listeners.push(file);
      ends.push(() => file.close());
    }
    if (environments) listeners.push(new EnvironmentsCsv(scenario, folder.open("environments.csv")));
    if (trace !== undefined) {
      const { PerfettoTrace, MOST_EVENTS } = await import("../reports/records/perfetto.ts");
      const file = new PerfettoTrace(scenario, window, folder.open("trace.json"));
      listeners.push(file);
      ends.push(() => {
        file.close();
        if (file.fullAt !== undefined)
          recording.notes.push(
            `trace.json stops at ${printClock(file.fullAt)} of the run, after ${printCount(MOST_EVENTS)} events; give a shorter --window to see the rest`,
          );
      });
    }
    return recording;
  }

  invocations(batch: Parameters<RecordListener["invocations"]>[0]): void {
    for (const listener of this.listeners) listener.invocations(batch);
  }

  environments(batch: Parameters<RecordListener["environments"]>[0]): void {
    for (const listener of this.listeners) listener.environments(batch);
  }

  /** The runner, but its first replication is played in this thread and recorded. */
  listenTo({ runner, breathe }: Play) {
    const first = oneThread(
      breathe,
      (scenario, seed) => new RecordedSimulation(scenario, seed, this, this.window),
    );
    return firstBy(first, runner);
  }

  /** The first replication is over: the files are complete. */
  end(): void {
    for (const end of this.ends) end();
  }

  /** Undefined unless environments are recorded. */
  get lifelines(): Lifelines | undefined {
    return this.collector?.lifelines();
  }
}
