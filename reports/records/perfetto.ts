import { THROTTLED } from "../../sim/lambda/placement.ts";
import {
  type EnvironmentBatch,
  type InvocationBatch,
  RECORDED_ENDS,
  RECORDED_OUTCOMES,
  type RecordListener,
  sourceNames,
  type Window,
} from "../../sim/measure/record-batch.ts";
import type { Scenario } from "../../sim/scenario/scenario.ts";
import { MILLISECOND } from "../../sim/units.ts";
import { placementName, type Write } from "./csv.ts";

/** The most events of a trace: some 70 MB, which viewers still open. */
export const MOST_EVENTS = 500_000;

// What a counter's step is about.
const UP = 0;
const DOWN = 1;
const REFUSED = 2;

/** From when until when an environment has slices. */
interface Span {
  readonly from: number;
  until: number;
}

/**
 * trace.json in Chrome's trace event format (ui.perfetto.dev, chrome://tracing): a process is a function, a thread an
 * environment with slices `init`, `handler` and `idle`, cut at the window; counters of concurrency and of throttles (since the
 * start of the window). Times in microseconds of the run. An init lasts from the request to the handler: placement, download
 * and init. Nothing is added beyond `most` events; what there is by then is a whole file.
 */
export class PerfettoTrace implements RecordListener {
  /** The time at which it was full (microseconds); undefined: it has everything. */
  fullAt: number | undefined;
  private readonly window: Window;
  private readonly write: Write;
  private readonly most: number;
  private readonly sources: readonly string[];
  private readonly about: object;
  private text = "";
  private first = true;
  /** Slices so far, and steps of counters, which are events at the end. */
  private events = 0;
  /** By number, of environments that have slices. */
  private readonly spans = new Map<number, Span>();
  /** Executions that begin and end, and refusals, in the order in which they are told: it is not that of time. */
  private readonly steps: { readonly at: number; readonly fn: number; readonly what: number }[] = [];
  private readonly functions: number;

  constructor(scenario: Scenario, window: Window, write: Write, most = MOST_EVENTS) {
    this.window = window;
    this.write = write;
    this.most = most;
    this.sources = sourceNames(scenario);
    this.functions = scenario.functions.length;
    this.about = { scenario: scenario.name, seed: scenario.seed, fromUs: window.from, toUs: window.to };
    write('{"displayTimeUnit":"ms","traceEvents":[\n');
    scenario.functions.forEach(({ name }, fn) => {
      this.add({ ph: "M", name: "process_name", pid: fn + 1, args: { name } });
      this.add({ ph: "M", name: "process_sort_index", pid: fn + 1, args: { sort_index: fn } });
    });
  }

  invocations(batch: InvocationBatch): void {
    for (let i = 0; i < batch.count && this.fullAt === undefined; i++) {
      if (this.events >= this.most) this.fullAt = batch.times[i]!;
      else if (batch.placements[i]! >= THROTTLED) this.step(batch.functions[i]!, REFUSED, batch.times[i]!);
      else this.invocation(batch, i);
    }
    this.flush();
  }

  private invocation(batch: InvocationBatch, i: number): void {
    const at = batch.times[i]!;
    const fn = batch.functions[i]!;
    const number = batch.environments[i]!;
    const handler = at + batch.waits[i]!;
    const over = handler + batch.durations[i]!;
    this.step(fn, UP, Math.max(at, this.window.from));
    if (over < this.window.to) this.step(fn, DOWN, over);
    const span = this.spans.get(number);
    if (span === undefined) this.spans.set(number, { from: at, until: over });
    else {
      this.slice("idle", fn, number, span.until, at);
      span.until = over;
    }
    if (handler > at) this.slice("init", fn, number, at, handler, { initMs: batch.inits[i]! / MILLISECOND });
    this.slice("handler", fn, number, handler, over, {
      placement: placementName(batch.placements[i]!),
      entry: this.sources[batch.sources[i]!],
      outcome: RECORDED_OUTCOMES[batch.outcomes[i]!],
      durationMs: batch.durations[i]! / MILLISECOND,
      billedMs: batch.billed[i],
    });
  }

  environments(batch: EnvironmentBatch): void {
    for (let i = 0; i < batch.count; i++) {
      const number = batch.numbers[i]!;
      const fn = batch.functions[i]!;
      const death = batch.deaths[i]!;
      const end = Number.isNaN(death) ? this.window.to : death;
      const span = this.spans.get(number);
      if (this.fullAt === undefined) {
        this.slice("idle", fn, number, batch.births[i]!, span?.from ?? end);
        if (span) this.slice("idle", fn, number, span.until, end, { until: RECORDED_ENDS[batch.ends[i]!] });
      } else if (!span) continue;
      const kind = batch.provisioned[i] ? " (provisioned)" : "";
      const name = `environment ${number}${kind}`;
      this.add({ ph: "M", name: "thread_name", pid: fn + 1, tid: number, args: { name } });
      this.add({
        ph: "M",
        name: "thread_sort_index",
        pid: fn + 1,
        tid: number,
        args: { sort_index: number },
      });
      this.spans.delete(number);
    }
    this.flush();
  }

  /** The run is over: the counters, and the end of the file. */
  close(): void {
    this.writeCounters();
    const about = this.fullAt === undefined ? this.about : { ...this.about, stoppedAtUs: this.fullAt };
    this.text += `\n],"otherData":${JSON.stringify(about)}}\n`;
    this.flush();
  }

  private slice(name: string, fn: number, number: number, start: number, end: number, args?: object): void {
    const ts = Math.max(start, this.window.from);
    const dur = Math.min(end, this.window.to) - ts;
    // Idle for no time is not idle; a handler that takes no time has run all the same.
    if (dur < 0 || (dur === 0 && (end > start || name === "idle"))) return;
    this.events++;
    this.add({ ph: "X", name, cat: name, pid: fn + 1, tid: number, ts, dur, args });
  }

  private step(fn: number, what: number, at: number): void {
    this.events++;
    this.steps.push({ at, fn, what });
  }

  /** A value an instant and function, after all that has happened then. */
  private writeCounters(): void {
    const { steps } = this;
    const until = this.fullAt ?? this.window.to;
    const zero = () => new Array<number>(this.functions).fill(0);
    const values = { concurrency: zero(), throttles: zero() };
    const changed = { concurrency: new Set(zero().keys()), throttles: new Set(zero().keys()) };
    const tell = (ts: number) => {
      for (const name of ["concurrency", "throttles"] as const) {
        for (const fn of changed[name])
          this.add({ ph: "C", name, pid: fn + 1, tid: 0, ts, args: { [name]: values[name][fn] } });
        changed[name].clear();
      }
    };
    let now = this.window.from;
    for (const { at, fn, what } of steps.sort((a, b) => a.at - b.at)) {
      if (at > until) break;
      if (at > now) tell(now);
      now = at;
      const name = what === REFUSED ? "throttles" : "concurrency";
      values[name][fn]! += what === DOWN ? -1 : 1;
      changed[name].add(fn);
    }
    tell(now);
  }

  private add(event: object): void {
    this.text += `${this.first ? "" : ",\n"}${JSON.stringify(event)}`;
    this.first = false;
    if (this.text.length > 65_536) this.flush();
  }

  private flush(): void {
    this.write(this.text);
    this.text = "";
  }
}
