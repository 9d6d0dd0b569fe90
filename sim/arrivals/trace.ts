import { z } from "zod";
import type { Stream } from "../random.ts";
import { headerOf, readColumns } from "../scenario/csv.ts";
import { count, duration, positiveDuration } from "../scenario/fields.ts";
import { MILLISECOND, printCount, SECOND } from "../units.ts";
import { type ArrivalBatch, type ArrivalPlan, type ArrivalProcess, arrivalKind } from "./contract.ts";
import { listPlan, sortByTime } from "./list.ts";

type Spread = "poisson" | "even";

/** How many arrived in each of a row of intervals, from time 0. Lengths in microseconds. */
interface IntervalCounts {
  readonly starts: Float64Array;
  readonly lengths: Float64Array;
  readonly counts: Float64Array;
}

/**
 * Counts per interval: exactly that many arrive in each, at uniformly random places ("poisson": what a Poisson
 * process does, given the count) or evenly, the i-th of n at (i + ½)/n of the interval.
 */
class CountsProcess implements ArrivalProcess {
  next = Number.POSITIVE_INFINITY;
  private readonly source: IntervalCounts;
  private readonly spread: Spread;
  private readonly stream: Stream;
  private interval = -1;
  private places = new Float64Array(0);
  private index = 0;

  constructor(source: IntervalCounts, spread: Spread, stream: Stream) {
    this.source = source;
    this.spread = spread;
    this.stream = stream;
    this.step();
  }

  fill(until: number, batch: ArrivalBatch): void {
    while (this.next < until) {
      batch.push(this.next);
      this.index++;
      this.step();
    }
  }

  private step(): void {
    const { starts, lengths, counts } = this.source;
    while (this.index >= this.places.length) {
      this.interval++;
      if (this.interval >= counts.length) {
        this.next = Number.POSITIVE_INFINITY;
        return;
      }
      const n = counts[this.interval]!;
      this.index = 0;
      this.places = new Float64Array(n);
      for (let i = 0; i < n; i++)
        this.places[i] = this.spread === "even" ? (i + 0.5) / n : this.stream.uniform();
      if (this.spread === "poisson") this.places.sort();
      for (let i = 0; i < n; i++) {
        this.places[i] = Math.floor(starts[this.interval]! + lengths[this.interval]! * this.places[i]!);
      }
    }
    this.next = this.places[this.index]!;
  }
}

function countsPlan(source: IntervalCounts, spread: Spread): ArrivalPlan {
  const { starts, lengths, counts } = source;
  for (const n of counts) {
    if (!Number.isInteger(n)) throw new RangeError(`a count of ${n} is not a whole number`);
  }
  const total = counts.reduce((a, b) => a + b, 0);
  return {
    text: `${printCount(total)} arrivals in ${printCount(counts.length)} intervals, spread ${spread === "even" ? "evenly" : "as Poisson"}`,
    carriesDurations: false,
    expected(until) {
      let sum = 0;
      for (let i = 0; i < counts.length; i++) {
        sum += counts[i]! * Math.max(0, Math.min(1, (until - starts[i]!) / lengths[i]!));
      }
      return sum;
    },
    open: (stream) => new CountsProcess(source, spread, stream),
  };
}

function fromFile(text: string, file: string, spread: Spread): ArrivalPlan {
  const header = headerOf(text);
  if (header.includes("count")) {
    const columns = readColumns(text, file, ["t_s", "count"]);
    const starts = columns.get("t_s")!.map((s) => Math.round(s * SECOND));
    const counts = columns.get("count")!;
    const lengths = starts.map((start, i) => (starts[i + 1] ?? Number.NaN) - start);
    if (starts.length < 2)
      throw new RangeError(`"${file}": one row does not show the interval's length; give at least two`);
    lengths[lengths.length - 1] = lengths[lengths.length - 2]!;
    const back = lengths.findIndex((length) => !(length > 0));
    if (back >= 0) throw new RangeError(`"${file}" line ${back + 3}: t_s does not increase`);
    return countsPlan({ starts, lengths, counts }, spread);
  }
  const columns = readColumns(text, file, ["t_s"], ["duration_ms"]);
  const times = columns.get("t_s")!.map((s) => Math.round(s * SECOND));
  const durations = columns.get("duration_ms")?.map((ms) => Math.round(ms * MILLISECOND));
  return listPlan(sortByTime({ times, ...(durations && { durations }) }), "recorded arrivals");
}

/** Recorded traffic: a CSV file, a list of times, or counts per interval. */
export const trace = arrivalKind({
  type: "trace",
  schema: z.strictObject({
    type: z.literal("trace"),
    file: z.string().optional(),
    timestamps: z.array(duration()).min(1).optional(),
    durations: z.array(duration()).min(1).optional(),
    counts: z.array(count(0, 1_000_000_000)).min(1).optional(),
    interval: positiveDuration().optional(),
    spread: z.enum(["poisson", "even"]).optional(),
  }),
  build: ({ file, timestamps, durations, counts, interval, spread = "poisson" }, read) => {
    const given = [file, timestamps, counts].filter((x) => x !== undefined).length;
    if (given !== 1) throw new RangeError(`give one of "file", "timestamps" and "counts"`);
    if (durations && !timestamps) throw new RangeError(`"durations" goes with "timestamps"`);
    if (interval !== undefined && !counts) throw new RangeError(`"interval" goes with "counts"`);
    if (file !== undefined) return fromFile(read(file), file, spread);
    if (counts) {
      if (interval === undefined) throw new RangeError(`"counts" needs the "interval" they were counted in`);
      return countsPlan(
        {
          starts: Float64Array.from(counts, (_, i) => i * interval),
          lengths: new Float64Array(counts.length).fill(interval),
          counts: Float64Array.from(counts),
        },
        spread,
      );
    }
    if (durations && durations.length !== timestamps!.length) {
      throw new RangeError(`${timestamps!.length} timestamps but ${durations.length} durations`);
    }
    const list = sortByTime({
      times: Float64Array.from(timestamps!),
      ...(durations && { durations: Float64Array.from(durations) }),
    });
    return listPlan(list, "recorded arrivals");
  },
});
