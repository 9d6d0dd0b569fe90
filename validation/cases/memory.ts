import { evenly, one, run } from "../../test/support/lab.ts";
import { type Case, exactly, type Row } from "../case.ts";

/** One call of such a function at a memory size: handler time in ms, and what is billed. */
function call(duration: unknown, memoryMb: number): { ms: number; billedMs: number } {
  const { f } = run(
    one({ duration: duration as never, memorySize: `${memoryMb} MB` }, evenly("1/m"), { horizon: "20m" }),
  );
  return { ms: f.durationMean / 1000, billedMs: f.counters.billedMs / f.counters.invocations };
}

const cpu = (seconds: number, parallelism = 1) => ({ cpu: `${seconds}s`, parallelism });

/** AWS: CPU in proportion to memory, one vCPU at 1,769 MB. */
const FULL = 1769;
const LAW = "S(m) = io + cpu / min(m / 1,769, p); AWS Lambda developer guide (1 vCPU at 1,769 MB)";

/** The greatest relative miss of CPU work over a published curve. */
function worstMiss(curve: Readonly<Record<number, number>>, seconds: number): number {
  return Object.entries(curve)
    .map(([memory, ms]) => call(cpu(seconds), Number(memory)).ms / ms - 1)
    .reduce((a, b) => (Math.abs(b) > Math.abs(a) ? b : a));
}

const FIBONACCI = {
  128: 376.05,
  192: 250.24,
  256: 198.56,
  512: 98.36,
  768: 65.48,
  1024: 45.31,
  1536: 30.53,
  2048: 25.21,
  2560: 25.36,
  3008: 25.15,
};
const PRIMES = { 128: 11_722, 256: 6678, 512: 3194, 1024: 1465 };
const POWER_TUNING = { 128: 37_002, 256: 18_648, 512: 8489, 1024: 3891, 1536: 2512, 3008: 2010 };

const SMALL_SIZES = "small sizes are slower than their share of a vCPU";

/** Memory buys CPU. */
export const memory: Case[] = [
  {
    id: "A29",
    group: "aws",
    subject: "memory",
    title: "One second of single-threaded CPU work by memory size",
    source: LAW,
    unit: "s",
    run: () => [
      ...[128, 512, 1024, 1769, 3008, 10_240].map((mb): Row => {
        const expected = 1 / Math.min(mb / FULL, 1);
        // Time is whole microseconds.
        return {
          what: `${mb} MB`,
          expected,
          got: call(cpu(1), mb).ms / 1000,
          tolerance: 5e-7,
          from: "digits",
        };
      }),
      ...[128, 1769, 3008].map((mb): Row => {
        const expected = (mb / 1024) * Math.ceil(1000 / Math.min(mb / FULL, 1)) * 0.001;
        const got = ((mb / 1024) * call(cpu(1), mb).billedMs) / 1000;
        return { what: `${mb} MB, billed`, expected, got, tolerance: 1e-9, from: "digits", unit: "GB-s" };
      }),
      exactly("3,538 MB on two threads", 0.5, call(cpu(1, 2), 3538).ms / 1000),
      exactly(
        "512 MB, of 2 s measured there",
        2,
        call({ type: "constant", value: "2s", at: "512 MB", cpuBound: "100%" }, 512).ms / 1000,
      ),
      exactly(
        "1,024 MB, of 2 s measured at 512 MB",
        1,
        call({ type: "constant", value: "2s", at: "512 MB", cpuBound: "100%" }, 1024).ms / 1000,
      ),
    ],
  },
  {
    id: "power-tuning-cost",
    group: "aws",
    subject: "memory",
    title: "Cost of a call as aws-lambda-power-tuning has it, in millionths of a dollar",
    source: "published run, ⌈average ms⌉ × 2.1e-9 × MB/128",
    unit: "",
    run: () =>
      (
        [
          [128, 2050.78, 4.3071],
          [256, 1027.72, 4.3176],
          [1024, 423.1, 7.1232],
        ] as const
      ).map(([mb, ms, cost]): Row => {
        const got = (call(`${ms}ms`, mb).billedMs * 2.1e-3 * mb) / 128;
        return { what: `${mb} MB, ${ms} ms`, expected: cost, got, tolerance: 0.00005, from: "digits" };
      }),
  },
  {
    id: "published-curves",
    group: "aws",
    subject: "memory",
    title:
      "Published curves of single-threaded work: greatest relative miss of the law, one fitted number each",
    source: "epsagon, AWS Lambda Operator Guide, README of aws-lambda-power-tuning",
    unit: "%",
    run: () => [
      {
        what: "Fibonacci, 10 sizes, 26.2 ms on a full vCPU",
        expected: 0,
        got: worstMiss(FIBONACCI, 0.0262),
        tolerance: 0.1,
        from: "stated",
      },
      {
        what: "primes, 4 sizes, 891 ms",
        expected: 0,
        got: worstMiss(PRIMES, 0.891),
        tolerance: 0.1,
        from: "goal",
      },
      {
        what: "power tuning, 6 sizes, 2.325 s",
        expected: 0,
        got: worstMiss(POWER_TUNING, 2.325),
        tolerance: 0.1,
        from: "goal",
        known: { why: SMALL_SIZES, off: [0.14, 0.17] },
      },
    ],
    off: {
      heading: "Memory and CPU in published runs",
      say: (rows) =>
        `The law that CPU is in proportion to memory is AWS's own. Where a run needed relatively more CPU at small sizes it is off: by up to ${percent(rows[2]!.got)} over the six sizes of aws-lambda-power-tuning's published run, whose work comes to 2.68 s of CPU at 128 MB and 2.01 s at 3,008 MB.`,
    },
  },
];

const percent = (share: number) => `${(100 * Math.abs(share)).toFixed(1)} %`;
