import { type Chart, COLOUR, note, specOf, titledAbove, WIDTH } from "../../reports/charts/chart.ts";
import { erlangB } from "../../test/support/theory.ts";
import { compareBursty, LOAD, throttledBursty } from "../cases/bursty.ts";

const HEIGHT = 300;
const RESERVED = Array.from({ length: 17 }, (_, i) => i + 4);
const AT = RESERVED.filter((r) => r % 2 === 0);

/** How much more is throttled of bursty requests than of Poisson ones, in theory and simulated. */
export function burstyLoss(): Chart {
  const line = (of: (reserved: number) => number) =>
    RESERVED.map((reserved) => ({ reserved, share: 100 * of(reserved) }));
  const compared = compareBursty(AT);
  const x = {
    field: "reserved",
    type: "quantitative",
    scale: { domain: [RESERVED[0], RESERVED.at(-1)], nice: false },
    axis: { title: "reserved concurrency", values: AT, grid: false },
  };
  const y = {
    field: "share",
    type: "quantitative",
    scale: { domain: [0, 50], nice: false },
    axis: titledAbove("requests throttled (%)", { grid: true, tickCount: 5 }),
  };
  const curve = (of: (reserved: number) => number, color: string) => ({
    data: { values: line(of) },
    mark: { type: "line", color, strokeWidth: 2 },
    encoding: { x, y },
  });
  const points = (key: "bursty" | "steady", color: string) => ({
    data: { values: compared.map((one) => ({ reserved: one.reserved, share: 100 * one[key][1] })) },
    mark: { type: "point", filled: true, size: 60, color, opacity: 1 },
    encoding: { x, y },
  });
  const poisson = (reserved: number) => erlangB(reserved, LOAD);
  const enough = (of: (reserved: number) => number) => RESERVED.find((reserved) => of(reserved) < 0.01);
  const at = (reserved: number, share: number) =>
    [
      (WIDTH * (reserved - RESERVED[0]!)) / (RESERVED.at(-1)! - RESERVED[0]!) + 8,
      HEIGHT * (1 - share / 0.5) - 8,
    ] as const;
  const title = "What bursts cost at the same average rate";
  const finding = `For less than 1 % throttled, 4.5 requests a second of 1 s need ${enough(poisson)} reserved when they come at random, and ${enough(throttledBursty)} when they come at 2 and 12 a second in turns; the points of the simulator lie on both curves.`;
  return {
    name: "bursty-loss",
    title,
    question: "Does the simulator lose as many bursty requests as theory says?",
    finding,
    spec: specOf(
      title,
      "Curves: Erlang's formula and the Markov chain · points: lsim, mean of 3 seeds",
      finding,
      {
        width: WIDTH,
        height: HEIGHT,
        layer: [
          curve(throttledBursty, COLOUR.cold),
          curve(poisson, COLOUR.warm),
          points("bursty", COLOUR.cold),
          points("steady", COLOUR.warm),
          note("bursts: 2/s for 30 s, 12/s for 10 s in turns", ...at(9, throttledBursty(9)), {
            color: COLOUR.cold,
            fontWeight: 600,
          }),
          note("Poisson, 4.5/s", ...at(8.2, 0.07), { color: COLOUR.warm, fontWeight: 600 }),
        ],
      },
    ),
  };
}
