import { evenly, one, run } from "../../test/support/lab.ts";
import type { Case, Known, Row } from "../case.ts";
import { dataset } from "../data.ts";
import { quantile } from "../runs.ts";

interface Point {
  readonly memoryMb: number;
  readonly billedMs: number;
}

/** io and CPU of io + cpu / min(m / 1,769, 1), by least squares of the relative misses. */
function fitted(points: readonly Point[]): { io: number; cpu: number } {
  let [n, sx, sxx, sy, sxy] = [0, 0, 0, 0, 0];
  for (const { memoryMb, billedMs } of points) {
    const x = 1 / Math.min(memoryMb / 1769, 1);
    const weight = 1 / billedMs ** 2;
    n += weight;
    sx += weight * x;
    sxx += weight * x * x;
    sy += weight * billedMs;
    sxy += weight * x * billedMs;
  }
  const determinant = n * sxx - sx * sx;
  return { io: (sy * sxx - sxy * sx) / determinant, cpu: (n * sxy - sx * sy) / determinant };
}

function simulated({ io, cpu }: { io: number; cpu: number }, memoryMb: number): number {
  const duration = { io: `${io}ms`, cpu: `${cpu}ms` };
  const { f } = run(one({ duration, memorySize: `${memoryMb} MB` }, evenly("10/s"), { horizon: "5s" }));
  return f.counters.billedMs / f.counters.invocations;
}

const STEPS = "less CPU work than one slice of 20 ms: the measured curve has steps";

/** Mean billed duration of a short CPU-bound handler at 98 memory sizes, 500 calls each. */
export const powerCurve: Case[] = [
  {
    id: "power-curve",
    group: "recorded",
    subject: "memory",
    title:
      "Billed duration at 98 memory sizes: the law fitted to every other size, and its misses at the rest",
    source: "power_curve/aws_cpu_bound_2025.csv (2025)",
    unit: "%",
    run: (): Row[] => {
      const points = dataset("power_curve/aws_cpu_bound_2025.csv").map((row) => ({
        memoryMb: Number(row.memory_mb),
        billedMs: Number(row.mean_billed_ms),
      }));
      const fit = fitted(points.filter((_, i) => i % 2 === 0));
      const off = points
        .filter((_, i) => i % 2 === 1)
        .map(({ memoryMb, billedMs }) => Math.abs(simulated(fit, memoryMb) / billedMs - 1));
      const row = (what: string, got: number, off: Known["off"]): Row => ({
        what,
        expected: 0,
        got,
        tolerance: 0.1,
        from: "goal",
        known: { why: STEPS, off },
      });
      return [
        row(`median miss of ${off.length} sizes`, quantile(off, 0.5), [0.11, 0.13]),
        row("greatest miss", quantile(off, 1), [0.35, 0.45]),
      ];
    },
    off: {
      heading: "Handlers of a few milliseconds of CPU",
      say: ([middle, worst]) =>
        `AWS hands out CPU in slices of about 20 ms. A handler that needs less than one goes down in steps as memory grows (about 41 ms from 520 to 700 MB, about 22 ms from 735 to 1,370 MB), where lsim has a smooth curve through them: half of the sizes are within ${(100 * middle!.got).toFixed(1)} %, the worst is ${(100 * worst!.got).toFixed(1)} % off. It matters only for work of less than about 20 ms.`,
    },
  },
];
