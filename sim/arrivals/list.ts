import { drawUniform, type Stream } from "../random.ts";
import { printCount, printDuration } from "../units.ts";
import type { ArrivalBatch, ArrivalPlan, ArrivalProcess } from "./contract.ts";
import { byLot, scaledText } from "./lot.ts";

/** Arrivals at known times, in order of time: parallel columns, in microseconds. */
export interface ArrivalList {
  readonly times: Float64Array;
  /** How many arrive at that time; one where left out. */
  readonly counts?: Float64Array;
  /** Their service time, where the list gives one. */
  readonly durations?: Float64Array;
  /** How long was recorded, where that is known: the last arrival's gap goes on to there. */
  readonly length?: number;
}

/**
 * Plays the list `factor` times as dense. Where the list says how many arrive at a time, that number is multiplied;
 * else each arrival is followed by further ones at uniform places before the next, so that a recording stays as smooth
 * as it was.
 */
class ListProcess implements ArrivalProcess {
  next = Number.POSITIVE_INFINITY;
  private readonly list: ArrivalList;
  private readonly factor: number;
  private readonly stream: Stream;
  private index = -1;
  private left = 0;
  private copies: Float64Array = new Float64Array(0);

  constructor(list: ArrivalList, factor: number, stream: Stream) {
    this.list = list;
    this.factor = factor;
    this.stream = stream;
    this.step();
  }

  fill(until: number, batch: ArrivalBatch): void {
    const { durations } = this.list;
    while (this.next < until) {
      if (durations) batch.pushWithDuration(this.next, durations[this.index]!);
      else batch.push(this.next);
      this.left--;
      if (this.left === 0) this.step();
      else if (this.copies.length > 0) this.next = this.copies[this.copies.length - this.left]!;
    }
  }

  /** Goes to the next time at which any arrive. */
  private step(): void {
    const { times, counts } = this.list;
    do {
      this.index++;
      if (this.index >= times.length) {
        this.next = Number.POSITIVE_INFINITY;
        return;
      }
      this.left = byLot((counts?.[this.index] ?? 1) * this.factor, this.stream);
    } while (this.left === 0);
    this.next = times[this.index]!;
    if (counts === undefined && this.factor > 1) this.scatter();
  }

  private scatter(): void {
    const { times, length } = this.list;
    const last = this.index === times.length - 1;
    // After the last arrival of a recording of unknown length: the gap before it once more.
    const gap = last
      ? (length ?? 2 * this.next - (times[this.index - 1] ?? this.next)) - this.next
      : times[this.index + 1]! - this.next;
    this.copies = new Float64Array(this.left - 1);
    for (let i = 0; i < this.copies.length; i++) {
      this.copies[i] = this.next + Math.floor(gap * drawUniform(this.stream));
    }
    this.copies.sort();
  }
}

/** A plan that plays the list once. */
export function listPlan(list: ArrivalList, noun: string): ArrivalPlan {
  const { times, counts } = list;
  const total = counts ? counts.reduce((a, b) => a + b, 0) : times.length;
  return scaledList(list, 1, `${printCount(total)} ${noun}`);
}

function scaledList(list: ArrivalList, factor: number, text: string): ArrivalPlan {
  const { times, counts } = list;
  return {
    text,
    carriesDurations: list.durations !== undefined,
    someDurations: list.durations?.some(Number.isNaN) ?? false,
    period: Number.POSITIVE_INFINITY,
    expected(until) {
      let sum = 0;
      for (let i = 0; i < times.length && times[i]! < until; i++) sum += counts?.[i] ?? 1;
      return sum * factor;
    },
    scaled: (more) => scaledList(list, factor * more, scaledText(text, more)),
    open: (stream) => new ListProcess(list, factor, stream),
  };
}

/** The columns in order of time; equal times keep the order they were written in. */
export function sortByTime(list: ArrivalList): ArrivalList {
  const { times, counts, durations } = list;
  if (times.every((time, i) => i === 0 || times[i - 1]! <= time)) return list;
  const order = Array.from(times.keys()).sort((a, b) => times[a]! - times[b]! || a - b);
  const sorted = (column: Float64Array) => Float64Array.from(order, (i) => column[i]!);
  return {
    ...list,
    times: sorted(times),
    ...(counts && { counts: sorted(counts) }),
    ...(durations && { durations: sorted(durations) }),
  };
}

/**
 * The arrivals from `from` until before `to` (to the last where left out), shifted so that `from` is 0, and how long the
 * piece is. Throws RangeError when nothing is left.
 */
export function cutList(
  list: ArrivalList,
  from: number,
  to: number | undefined,
  length: number | undefined,
): ArrivalList {
  const { times, counts, durations } = list;
  const first = times.findIndex((time) => time >= from);
  const end = to === undefined ? -1 : times.findIndex((time) => time >= to);
  const last = end < 0 ? times.length : end;
  if (first < 0 || first >= last) {
    const until = to === undefined ? "on" : `until ${printDuration(to)}`;
    throw new RangeError(
      `nothing was recorded from ${printDuration(from)} ${until}; the first arrival is at ${printDuration(times[0]!)}, the last at ${printDuration(times.at(-1)!)}`,
    );
  }
  return {
    times: times.slice(first, last).map((time) => time - from),
    ...(counts && { counts: counts.slice(first, last) }),
    ...(durations && { durations: durations.slice(first, last) }),
    ...(length !== undefined && { length }),
  };
}
