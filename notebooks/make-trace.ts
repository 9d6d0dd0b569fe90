/**
 * Makes calls.csv: eight hours of calls to forty functions, a row a function and a column a minute. Nothing in it is recorded;
 * its shape is that of published traces of a cloud (Shahrad et al., "Serverless in the Wild", USENIX ATC 2020): most functions
 * are called less than once a minute, a few make nearly all the calls, many are started by timers, others come in bursts.
 *
 *   npx tsx notebooks/make-trace.ts
 */
import { writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import seedrandom from "seedrandom";

const MINUTES = 480;

/** Calls in each minute. */
type Row = number[];

export function trace(): string {
  const random = seedrandom.alea("lsim/notebooks/calls");
  const uniform = (low: number, high: number) => low + (high - low) * random();
  /** Evenly spread over the orders of magnitude between two values. */
  const spread = (low: number, high: number) => low * (high / low) ** random();
  const poisson = (mean: number) => {
    let calls = -1;
    for (let time = 0; time < mean; calls++) time -= Math.log(random());
    return Math.max(0, calls);
  };
  const minutes = (calls: (minute: number) => number): Row =>
    Array.from({ length: MINUTES }, (_, minute) => calls(minute));

  const timer = (every: number): Row => {
    const offset = Math.floor(random() * every);
    return minutes((minute) => (minute % every === offset ? 1 : 0));
  };
  /** Calls at random, a little busier in the middle. */
  const steady = (perMinute: number): Row =>
    minutes((minute) => poisson(perMinute * (0.7 + 0.6 * Math.sin((Math.PI * minute) / MINUTES))));
  /** Some minutes of many calls, and hours of none. */
  const bursty = (bursts: number): Row => {
    const row: Row = new Array(MINUTES).fill(0);
    for (let b = 0; b < bursts; b++) {
      const start = Math.floor(uniform(0, MINUTES - 10));
      const length = Math.ceil(uniform(1, 6));
      const height = spread(2, 40);
      for (let m = start; m < start + length; m++) row[m]! += poisson(height);
    }
    return row;
  };

  const rows: [string, Row][] = [
    ...[1, 5, 5, 10, 15, 15, 30, 60, 60, 60].map((every, i): [string, Row] => [
      `timer-${i + 1}-${every}m`,
      timer(every),
    ]),
    // The larger ones of these make most of all calls.
    ...Array.from({ length: 20 }, (_, i): [string, Row] => [`calls-${i + 1}`, steady(spread(1 / 120, 25))]),
    ...Array.from({ length: 10 }, (_, i): [string, Row] => [
      `bursts-${i + 1}`,
      bursty(Math.ceil(uniform(1, 9))),
    ]),
  ];
  const header = ["function", "duration_ms", ...Array.from({ length: MINUTES }, (_, minute) => minute + 1)];
  return `${[header, ...rows.map(([name, row]) => [name, Math.round(spread(40, 2000)), ...row])].map((line) => line.join(",")).join("\n")}\n`;
}

if (process.argv[1] === fileURLToPath(import.meta.url))
  writeFileSync(new URL("calls.csv", import.meta.url), trace());
