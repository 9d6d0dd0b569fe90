import { evenly, one, run, waves } from "../../test/support/lab.ts";
import { type Case, exactly } from "../case.ts";

/** Three calls of 5 s at 0, 1 and 2 s make A, B and C; later calls of 1 s. When each leaves, kept 640 s. */
function leaves(later: readonly number[]): number[] {
  const timestamps = [0, 1, 2, ...later].map((t) => `${t}s`);
  const durations = [...Array(3).fill("5s"), ...later.map(() => "1s")];
  const { f } = run(
    one(
      { keepAlive: "640s" },
      { type: "trace", timestamps, durations },
      { horizon: "700s", measure: { interval: "500ms" } },
    ),
  );
  const alive = [...f.timeline!.environments.map(Math.round)];
  return alive.flatMap((n, row) =>
    Array<number>(row > 0 ? Math.max(0, alive[row - 1]! - n) : 0).fill(row / 2),
  );
}

/** Which environment is used, and how long one lives. */
export const environments: Case[] = [
  {
    id: "A5",
    group: "aws",
    subject: "environments",
    title: "A ping every 5 min, kept 10 min and at most 2 h: cold starts a day",
    source: "one in 24 pings",
    unit: "cold starts",
    run: () => {
      const settings = { keepAlive: "10m", maximumLifetime: "2h" };
      const single = run(one({ ...settings, duration: "0s" }, evenly("12/h"), { horizon: "1d" })).f;
      const at = waves(...Array.from({ length: 288 }, (_, i): [string, number] => [`${i * 300}s`, 2]));
      const pairs = run(one({ ...settings, duration: "1ms" }, at, { horizon: "1d" })).f;
      return [
        exactly("of 288 pings", 12, single.counters.coldStarts),
        exactly("two pings at once", 24, pairs.counters.coldStarts),
      ];
    },
  },
  {
    id: "A30",
    group: "aws",
    subject: "environments",
    title: "Last finished first: when the three environments of three overlapping calls leave, kept 640 s",
    source: "99.9 % of 22,475 choices in AWS logs of 2020",
    unit: "s",
    run: () => {
      const [a, b, c] = leaves([10, 20]);
      const [d, e, f] = leaves([10, 10.5]);
      return [
        exactly("calls at 10 and 20 s: A", 645, a ?? Number.NaN),
        exactly("calls at 10 and 20 s: B", 646, b ?? Number.NaN),
        exactly("calls at 10 and 20 s: C", 661, c ?? Number.NaN),
        exactly("calls at 10 and 10.5 s: A", 645, d ?? Number.NaN),
        exactly("calls at 10 and 10.5 s: C", 651, e ?? Number.NaN),
        exactly("calls at 10 and 10.5 s: B", 651.5, f ?? Number.NaN),
      ];
    },
  },
];
