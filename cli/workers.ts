import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { Piscina } from "piscina";
import type { RunResult } from "../sim/measure/result.ts";
import { TooLargeError } from "../sim/scenario/problem.ts";
import type { Runner } from "../study/runner.ts";
import type { Opened } from "../study/source.ts";
import { fromThread } from "./thread-copy.ts";
import type { Answer, Order } from "./worker.ts";

/** Replications asked for ahead of the one that is waited for, by worker: enough to keep it busy, few enough to hold. */
const AHEAD = 2;

/**
 * Plays replications in worker threads. The same draws in the same order, so the same results as in one thread. `close`
 * ends the threads; what is still asked for then fails.
 */
export class Workers implements Runner {
  readonly jobs: number;
  private readonly pool: Piscina<Order, Answer>;
  private readonly orders = new WeakMap<Opened, Omit<Order, "replication">>();
  private opened = 0;

  constructor(jobs: number) {
    this.jobs = jobs;
    const built = new URL("./worker.js", import.meta.url);
    const [file, execArgv] = existsSync(built)
      ? [built, []]
      : [new URL("./worker.ts", import.meta.url), ["--import", import.meta.resolve("tsx")]];
    this.pool = new Piscina({
      filename: fileURLToPath(file),
      execArgv,
      minThreads: jobs,
      maxThreads: jobs,
    });
  }

  async *runs(opened: Opened, from: number, to: number, tell?: (done: number) => void) {
    const order = this.orderFor(opened);
    const asked: Promise<Answer>[] = [];
    let next = from;
    let done = 0;
    const ask = () => {
      const answer = this.pool.run({ ...order, replication: next++ });
      // One that fails is told of when its turn comes; until then it is nobody's unhandled rejection.
      answer.then(
        () => tell?.(++done),
        () => {},
      );
      asked.push(answer);
    };
    while (next < to && asked.length < AHEAD * this.jobs) ask();
    for (let r = from; r < to; r++) {
      const answer = await asked.shift()!;
      if (next < to) ask();
      yield resultOf(answer);
    }
  }

  async close(): Promise<void> {
    await this.pool.destroy();
  }

  /** The source as text in memory that all threads see: it is read once a thread, not once a replication. */
  private orderFor(opened: Opened): Omit<Order, "replication"> {
    const known = this.orders.get(opened);
    if (known) return known;
    const text = new TextEncoder().encode(JSON.stringify(opened.source));
    const source = new Uint8Array(new SharedArrayBuffer(text.length));
    source.set(text);
    const order = { id: this.opened++, source };
    this.orders.set(opened, order);
    return order;
  }
}

function resultOf(answer: Answer): RunResult {
  if ("result" in answer) return fromThread(answer.result);
  if ("tooLarge" in answer) throw new TooLargeError(answer.tooLarge);
  const error = new Error(answer.message);
  if (answer.stack !== undefined) error.stack = answer.stack;
  throw error;
}
