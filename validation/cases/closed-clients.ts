import { closedLoss, openAndClosed, REQUESTS } from "../../test/support/chains.ts";
import { exponential, lab, of, one, poisson, run, SEEDS, throttleShare } from "../../test/support/lab.ts";
import { closedWeight, engset, openWeight, productForm, SIGMAS } from "../../test/support/theory.ts";
import { type Case, farthest, type Row } from "../case.ts";
import { bySeed } from "../runs.ts";

const SECONDS = 20_000;

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
          { horizon: `${SECONDS + 100}s`, warmup: "100s", account: { concurrency: 1000 } },
        );
        const runs = bySeed(scenario);
        const { refused, busy } = engset(20, 8, 2);
        // Of exponential times; constant ones, and lognormal ones of the same spread, are no more irregular.
        const chain = closedLoss(20, 1, 8, 2);
        return [
          {
            what: `refused, ${law}`,
            expected: refused,
            got: farthest(refused, runs.map(throttleShare)),
            tolerance: SIGMAS * chain.shareError("refused", REQUESTS, SECONDS),
            from: "chance",
          },
          {
            what: `busy, ${law}`,
            expected: busy,
            got: farthest(
              busy,
              runs.map((f) => f.concurrency.mean),
            ),
            tolerance: SIGMAS * chain.meanError(([n]) => n!, SECONDS),
            from: "chance",
            unit: "",
          },
        ];
      }),
  },
  {
    id: "closed-with-open",
    group: "theory",
    subject: "closed clients",
    title: "4/s of 1 s, and 10 clients that think 2 s and are served 1.5 s, share 9",
    source: "product form; a client does not meet itself",
    unit: "%",
    run: () => {
      const open = { rate: 4, service: 1 };
      const closed = { clients: 10, think: 2, service: 1.5 };
      const scenario = lab({
        horizon: `${SECONDS + 100}s`,
        warmup: "100s",
        account: { concurrency: 9, minimumUnreserved: 0 },
        functions: { open: { duration: exponential("1s") }, closed: { duration: exponential("1500ms") } },
        traffic: [
          { to: "open", arrivals: poisson("4/s") },
          { to: "closed", arrivals: { type: "closed", clients: 10, thinkTime: exponential("2s") } },
        ],
      });
      const runs = SEEDS.map((seed) => run(scenario, seed).result);
      const chain = openAndClosed(open, closed, 9);
      const full = (clients: number) =>
        productForm([openWeight(4), closedWeight(clients, closed.service / closed.think)], 9).full;
      return (["open", "closed"] as const).map((who): Row => {
        const expected = full(who === "open" ? closed.clients : closed.clients - 1);
        const error = chain.shareError(
          `${who} refused`,
          REQUESTS.map((what) => `${who} ${what}` as const),
          SECONDS,
        );
        return {
          what: `refused, ${who}`,
          expected,
          got: farthest(
            expected,
            runs.map((result) => throttleShare(of(result, scenario, who))),
          ),
          tolerance: SIGMAS * error,
          from: "chance",
        };
      });
    },
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
