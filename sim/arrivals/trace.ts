import * as z from "zod";
import { csvLines, readColumns } from "../scenario/csv.ts";
import { count, duration, positiveDuration } from "../scenario/fields.ts";
import { FileProblem, type FileReader } from "../scenario/files.ts";
import { MILLISECOND, printDuration, SECOND } from "../units.ts";
import { type ArrivalContext, arrivalKind } from "./contract.ts";
import {
  countsPlan,
  cutCounts,
  edgeGrid,
  type IntervalCounts,
  intervalCounts,
  regularGrid,
} from "./interval-counts.ts";
import { type ArrivalList, cutList, listPlan, sortByTime } from "./list.ts";
import { repeatedPlan } from "./repeated.ts";
import { edgesOf } from "./trace-table.ts";

const schema = z.strictObject({
  type: z.literal("trace"),
  file: z.string().optional(),
  function: z.string().optional().meta({
    description: "Which function of a file with several; the called one unless written.",
  }),
  timestamps: z.array(duration()).min(1).optional(),
  durations: z.array(duration()).min(1).optional(),
  counts: z.array(count(0, 1_000_000_000)).min(1).optional(),
  interval: positiveDuration().optional(),
  spread: z.enum(["poisson", "even"]).optional(),
  from: duration().optional().meta({ description: "Leave out what is before; this becomes the start." }),
  to: positiveDuration().optional().meta({ description: "Leave out what is from here on." }),
  repeat: count(1, 1_000_000).optional().meta({ description: "How often to play it." }),
  period: positiveDuration().optional().meta({
    description: 'How long was recorded, where neither the file nor "to" shows it.',
  }),
});
type Settings = z.output<typeof schema>;

/** What was recorded, from time 0: single arrivals, or counts per interval. */
type Recording = { readonly list: ArrivalList } | { readonly counts: IntervalCounts };

/**
 * Recorded traffic: a CSV file, a list of times, or counts per interval. Of a file with several functions the called
 * one's part is played. `from` and `to` cut a piece out and shift it to the start; `repeat` plays it so many times, one
 * piece's length (or `period`) apart.
 */
export const trace = arrivalKind({
  type: "trace",
  schema,
  build: (settings, read, context) => {
    check(settings);
    const recording = recordingOf(settings, read, context);
    const { from = 0, to, spread = "poisson", repeat = 1, period } = settings;
    // Where the piece ends, if anything shows it: counts say how long they were taken, single arrivals do not.
    const end = to ?? ("counts" in recording ? endOf(recording.counts) : undefined);
    if (end !== undefined && from >= end) {
      throw new RangeError(
        `"from": ${printDuration(from)} leaves nothing of a recording that ends at ${printDuration(end)}`,
      );
    }
    const length = end === undefined ? undefined : end - from;
    const every = period ?? length;
    const plan =
      "counts" in recording
        ? countsPlan(cutCounts(recording.counts, from, to), spread)
        : listPlan(cutList(recording.list, from, end, every), "recorded arrivals");
    if (repeat === 1) return plan;
    if (every === undefined) {
      throw new RangeError(
        `"repeat" needs to know how long was recorded: give "period", such as "24h", or "to"`,
      );
    }
    const last = "list" in recording ? recording.list.times.at(-1)! - from + 1 : 0;
    const least = length ?? last;
    if (every < least) {
      throw new RangeError(
        `"period": ${printDuration(every)} is shorter than what is repeated, ${printDuration(least)}`,
      );
    }
    return repeatedPlan(plan, every, repeat);
  },
});

const endOf = ({ grid }: IntervalCounts) => grid.at(grid.size);

/** Settings that say the same twice, or nothing. */
function check(settings: Settings): void {
  const { file, timestamps, counts, durations, interval, function: chosen } = settings;
  const { from = 0, to, period, repeat = 1 } = settings;
  const given = [file, timestamps, counts].filter((x) => x !== undefined).length;
  if (given !== 1) throw new RangeError(`give one of "file", "timestamps" and "counts"`);
  if (durations && !timestamps) throw new RangeError(`"durations" goes with "timestamps"`);
  if (interval !== undefined && timestamps) throw new RangeError(`"interval" goes with "counts"`);
  if (counts && interval === undefined) {
    throw new RangeError(`"counts" needs the "interval" they were counted in`);
  }
  if (chosen !== undefined && file === undefined) throw new RangeError(`"function" goes with "file"`);
  if (to !== undefined && to <= from) {
    throw new RangeError(`"to": ${printDuration(to)} is not after "from": ${printDuration(from)}`);
  }
  if (period !== undefined && repeat === 1) throw new RangeError(`"period" goes with "repeat", 2 or more`);
  if (durations && durations.length !== timestamps!.length) {
    throw new RangeError(`${timestamps!.length} timestamps but ${durations.length} durations`);
  }
}

function recordingOf(settings: Settings, read: FileReader, context: ArrivalContext): Recording {
  const { file, timestamps, durations, counts, interval } = settings;
  if (file !== undefined) return fromFile(file, settings, read, context);
  if (counts) return { counts: intervalCounts(regularGrid(interval!, counts.length), counts) };
  return {
    list: sortByTime({
      times: Float64Array.from(timestamps!),
      ...(durations && { durations: Float64Array.from(durations) }),
    }),
  };
}

function fromFile(
  file: string,
  { function: chosen, interval }: Settings,
  read: FileReader,
  context: ArrivalContext,
): Recording {
  const table = context.tables.of(file);
  if (table) return { counts: table.of(chosen ?? context.target, interval) };
  if (chosen !== undefined) {
    throw new RangeError(`"${file}" holds the traffic of one function, so "function" has no meaning`);
  }
  if (interval !== undefined) {
    throw new RangeError(`"interval" does not go with a file that has "t_s": that shows the intervals`);
  }
  const text = read(file);
  const { header } = csvLines(text, file);
  if (!header.includes("t_s")) {
    throw new FileProblem(
      `"${file}" has no column "t_s" (arrival seconds), nor "fn" or "function" with counts beside it (found ${header.slice(0, 10).join(", ")})`,
      1,
    );
  }
  if (header.includes("count")) {
    const columns = readColumns(text, file, ["t_s", "count"]);
    const starts = columns.get("t_s")!.map((s) => Math.round(s * SECOND));
    const grid = edgeGrid(edgesOf(starts, columns.lines, file));
    return { counts: intervalCounts(grid, columns.get("count")!) };
  }
  const columns = readColumns(text, file, ["t_s"], ["duration_ms"]);
  const times = columns.get("t_s")!.map((s) => Math.round(s * SECOND));
  const durations = columns.get("duration_ms")?.map((ms) => Math.round(ms * MILLISECOND));
  return { list: sortByTime({ times, ...(durations && { durations }) }) };
}
