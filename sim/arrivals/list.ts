import { printCount } from "../units.ts";
import type { ArrivalBatch, ArrivalPlan, ArrivalProcess } from "./contract.ts";

/** Arrivals at known times, in order of time: parallel columns, in microseconds. */
export interface ArrivalList {
  readonly times: Float64Array;
  /** How many arrive at that time; one where left out. */
  readonly counts?: Float64Array;
  /** Their service time, where the list gives one. */
  readonly durations?: Float64Array;
}

class ListProcess implements ArrivalProcess {
  next: number;
  private readonly list: ArrivalList;
  private index = 0;

  constructor(list: ArrivalList) {
    this.list = list;
    this.next = list.times[0] ?? Number.POSITIVE_INFINITY;
  }

  fill(until: number, batch: ArrivalBatch): void {
    const { times, counts, durations } = this.list;
    while (this.next < until) {
      const count = counts?.[this.index] ?? 1;
      for (let i = 0; i < count; i++) {
        if (durations) batch.pushWithDuration(this.next, durations[this.index]!);
        else batch.push(this.next);
      }
      this.next = times[++this.index] ?? Number.POSITIVE_INFINITY;
    }
  }
}

/** A plan that plays the list once. */
export function listPlan(list: ArrivalList, noun: string): ArrivalPlan {
  const { times, counts } = list;
  const total = counts ? counts.reduce((a, b) => a + b, 0) : times.length;
  return {
    text: `${printCount(total)} ${noun}`,
    carriesDurations: list.durations !== undefined,
    expected(until) {
      let sum = 0;
      for (let i = 0; i < times.length && times[i]! < until; i++) sum += counts?.[i] ?? 1;
      return sum;
    },
    open: () => new ListProcess(list),
  };
}

/** The columns in order of time; equal times keep the order they were written in. */
export function sortByTime(list: ArrivalList): ArrivalList {
  const { times, counts, durations } = list;
  const order = Array.from(times.keys()).sort((a, b) => times[a]! - times[b]! || a - b);
  const sorted = (column: Float64Array) => Float64Array.from(order, (i) => column[i]!);
  return {
    times: sorted(times),
    ...(counts && { counts: sorted(counts) }),
    ...(durations && { durations: sorted(durations) }),
  };
}
