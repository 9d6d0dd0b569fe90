import { coldShare, evenly, exponential, one, poisson } from "../../test/support/lab.ts";
import { erlangAbove, SIGMAS, shareError } from "../../test/support/theory.ts";
import { type Case, exactly, farthest, type Row } from "../case.ts";
import { bySeed } from "../runs.ts";

/** Cold share of a function with these arrivals; n is how many independent gaps that is. */
function rarely(
  what: string,
  expected: number,
  settings: { keepAlive: string; duration: string },
  arrivals: unknown,
  meanGap: number,
  n: number,
): Row {
  const horizon = `${Math.round(meanGap * n)}s`;
  const scenario = one(settings, arrivals, { horizon, measure: { interval: "100d" } });
  return {
    what,
    expected,
    got: farthest(expected, bySeed(scenario).map(coldShare)),
    tolerance: SIGMAS * shareError(expected, n),
    from: "chance",
  };
}

/** Rarely called functions: a call is cold when the gap before it outlasts keep-alive. */
export const renewal: Case[] = [
  {
    id: "renewal-gaps",
    group: "theory",
    subject: "rare calls",
    title: "Cold share by the law of gaps, kept 600 s",
    source: "P(gap > T): e^(−λT); Q(k, kT/m) for gamma gaps",
    unit: "%",
    run: () => [
      rarely(
        "Poisson, mean gap 900 s",
        Math.exp(-600 / 900),
        { keepAlive: "600s", duration: "1ms" },
        poisson("4/h"),
        900,
        200_000,
      ),
      rarely(
        "gamma of shape 4, mean gap 500 s",
        erlangAbove(4, 500, 600),
        { keepAlive: "600s", duration: "1ms" },
        { type: "renewal", gap: { type: "gamma", mean: "500s", cv: 0.5 } },
        500,
        200_000,
      ),
    ],
  },
  {
    id: "renewal-after-completion",
    group: "theory",
    subject: "rare calls",
    title: "Keep-alive begins at the end of a call: busy 60 s, then idle 900 s on average, kept 600 s",
    source: "e^(−T/θ), whatever the time busy",
    unit: "%",
    run: () =>
      rarely(
        "cold share",
        Math.exp(-600 / 900),
        { keepAlive: "600s", duration: "60s" },
        { type: "closed", clients: 1, thinkTime: exponential("900s") },
        960,
        100_000,
      ),
  },
  {
    id: "A3",
    group: "theory",
    subject: "rare calls",
    title: "Cold share of Poisson calls by rate and keep-alive",
    source: "e^(−λ(T+S))",
    unit: "%",
    run: () => {
      const cases = [
        [3600, 640],
        [3600, 600],
        [3600, 900],
        [600, 600],
        [300, 600],
      ] as const;
      return [
        ...cases.map(([gap, T]) =>
          rarely(
            `every ${gap} s, kept ${T} s`,
            Math.exp(-T / gap),
            { keepAlive: `${T}s`, duration: "1us" },
            poisson(`${3600 / gap}/h`),
            gap,
            200_000,
          ),
        ),
        rarely(
          "0.001853/s of 1.9 s, kept 640 s",
          Math.exp(-0.001853 * (640 + 1.9)),
          { keepAlive: "640s", duration: "1.9s" },
          poisson("0.001853/s"),
          1 / 0.001853,
          // No more, since the formula leaves out calls that overlap: 0.35 % of them.
          20_000,
        ),
      ];
    },
  },
  {
    id: "A4-regular",
    group: "theory",
    subject: "rare calls",
    title: "One call an hour on the hour, kept 15 min: always cold",
    source: "gap > T",
    unit: "%",
    run: () => {
      const scenario = one({ keepAlive: "15m", duration: "100ms" }, evenly("1/h"), { horizon: "30d" });
      return exactly("cold share of 720 calls", 1, coldShare(bySeed(scenario, ["1"])[0]!));
    },
  },
];
