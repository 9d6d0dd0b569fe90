import { type Calendar, MOST_TIMERS } from "../calendar.ts";
import { longer } from "../columns.ts";
import { TooLargeError } from "../scenario/problem.ts";
import { printCount } from "../units.ts";

/** Called when a timer is due. `what` is a number of the owner's own choosing. */
export interface TimerOwner {
  due(what: number): void;
}

/** What models have asked to be woken for. Timers of one instant are due in the order in which they were set. */
export class Timers {
  private readonly calendar: Calendar;
  private readonly owner: (TimerOwner | undefined)[] = [];
  private what = new Float64Array(64);
  private order = new Float64Array(64);
  private readonly free: number[] = [];
  private count = 0;

  constructor(calendar: Calendar) {
    this.calendar = calendar;
  }

  /** Wakes `owner` at `at`, which is not in the past. */
  set(at: number, owner: TimerOwner, what: number): void {
    const timer = this.free.pop() ?? this.owner.length;
    if (timer === MOST_TIMERS)
      throw new TooLargeError({
        path: ["traffic"],
        message: `more than ${printCount(MOST_TIMERS)} attempts and retries were under way at once, the most that a run can hold; lower the traffic, the durations or the attempts`,
      });
    if (timer === this.what.length) this.grow();
    this.owner[timer] = owner;
    this.what[timer] = what;
    this.order[timer] = this.count++;
    this.calendar.addTimer(at, timer);
  }

  /** Timer `first` is due, and so are others of the same instant. */
  ring(first: number, others: number[]): void {
    if (others.length === 0) {
      this.one(first);
      return;
    }
    const { order } = this;
    others.push(first);
    others.sort((a, b) => order[a]! - order[b]!);
    for (const timer of others) this.one(timer);
  }

  private one(timer: number): void {
    const owner = this.owner[timer]!;
    const what = this.what[timer]!;
    this.owner[timer] = undefined;
    this.free.push(timer);
    owner.due(what);
  }

  private grow(): void {
    const size = 2 * this.what.length;
    this.what = longer(this.what, size);
    this.order = longer(this.order, size);
  }
}
