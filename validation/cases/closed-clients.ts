import { exponential, one, throttleShare } from "../../test/support/lab.ts";
import { engset } from "../../test/support/theory.ts";
import { type Case, farthest, type Row } from "../case.ts";
import { bySeed } from "../runs.ts";

const LAWS = [
  ["exponential", exponential("2s"), exponential("1s")],
  ["constant service", "2s", exponential("1s")],
  ["lognormal thinking", exponential("2s"), { type: "lognormal", mean: "1s", cv: 1 }],
] as const;

/** Clients that wait for their answer before they call again. */
export const closedClients: Case[] = [
  {
    id: "closed-engset",
    group: "theory",
    subject: "closed clients",
    title: "20 clients that think 1 s and are served 2 s by 8 reserved",
    source: "Engset's formula; it holds for all laws",
    unit: "%",
    run: () =>
      LAWS.flatMap(([law, duration, thinkTime]): Row[] => {
        const scenario = one(
          { duration, reservedConcurrency: 8 },
          { type: "closed", clients: 20, thinkTime },
          { horizon: "20000s", warmup: "100s", account: { concurrency: 1000 } },
        );
        const runs = bySeed(scenario);
        const { refused, busy } = engset(20, 8, 2);
        return [
          {
            what: `refused, ${law}`,
            expected: refused,
            got: farthest(refused, runs.map(throttleShare)),
            tolerance: 0.012,
            from: "stated",
          },
          {
            what: `busy, ${law}`,
            expected: busy,
            got: farthest(
              busy,
              runs.map((f) => f.concurrency.mean),
            ),
            tolerance: 0.06,
            from: "stated",
            unit: "",
          },
        ];
      }),
  },
  {
    id: "closed-free",
    group: "theory",
    subject: "closed clients",
    title: "50 clients, 300 ms of service and 700 ms of thinking, never refused",
    source: "binomial: each is in a call for S of every S + Z",
    unit: "",
    run: () => {
      const scenario = one(
        { duration: exponential("300ms") },
        { type: "closed", clients: 50, thinkTime: exponential("700ms") },
        { horizon: "5100s", warmup: "100s" },
      );
      const runs = bySeed(scenario);
      // Each client alternates; its share of time busy is known to 2 p (1 − p) S Z / (S + Z) over the span.
      const tolerance = 4.5 * Math.sqrt((50 * 2 * 0.3 * 0.7 * 0.21) / 5000);
      return [
        {
          what: "mean",
          expected: 50 * 0.3,
          got: farthest(
            15,
            runs.map((f) => f.concurrency.mean),
          ),
          tolerance,
          from: "chance",
        },
        {
          what: "variance",
          expected: 50 * 0.3 * 0.7,
          got: farthest(
            10.5,
            runs.map((f) => f.concurrency.variance),
          ),
          tolerance: 4.5 * Math.sqrt((2 * 10.5 ** 2 * 0.105 * 2) / 5000),
          from: "chance",
        },
      ];
    },
  },
];
