import { lab, run } from "../../test/support/lab.ts";
import { type Case, exactly, type Row } from "../case.ts";
import { type CsvRow, dataset, recorded } from "../data.ts";
import { quantile } from "../runs.ts";

const SOURCE = "azure2019/ (Azure Functions Trace 2019); separate model, exact integers";

/** One entry to every function of the file, taking no time, kept so many seconds. */
function zeroService(seconds: number) {
  const arrivals = { type: "trace", file: "azure2019/counts_per_minute.csv", spread: "even" };
  const functions = { "*": { keepAlive: `${seconds}s`, duration: "0s" } };
  return run(lab({ horizon: "5h", functions, traffic: [{ to: "*", arrivals }] }, recorded)).result.functions;
}

/** Recorded calls by function, each taking what `settings` says of it, under a name of its own or shared. */
function counted(name: (row: CsvRow) => string, duration: (row: CsvRow) => string) {
  const counts = new Map(dataset("azure2019/counts_per_minute.csv").map((row) => [row.fn!, row]));
  const rows = dataset("azure2019/functions.csv").filter((row) => counts.has(row.fn!));
  const functions = rows.map((row) => [name(row), { keepAlive: "600s", duration: duration(row) }] as const);
  const scenario = lab({
    horizon: "5h",
    functions: Object.fromEntries(functions),
    traffic: rows.map((row) => {
      const { fn, ...minutes } = counts.get(row.fn!)!;
      const arrivals = {
        type: "trace",
        counts: Object.values(minutes).map(Number),
        interval: "1m",
        spread: "even",
      };
      return { name: fn!, to: name(row), arrivals };
    }),
  });
  return run(scenario).result.functions;
}

type Functions = ReturnType<typeof zeroService>;
const total = (functions: Functions, key: "requests" | "coldStarts") =>
  functions.reduce((n, f) => n + f.counters[key], 0);

/** 250 functions of the Azure trace of 2019, minutes 480 to 719. */
export const azure2019: Case[] = [
  {
    id: "azure-zero-service",
    group: "recorded",
    subject: "Azure 2019",
    title: "250 functions, calls evenly spread in their minute, taking no time",
    source: SOURCE,
    unit: "cold starts",
    run: () => {
      const at600 = zeroService(600);
      return [
        exactly("calls in all", 276_273, total(at600, "requests"), "calls"),
        exactly("kept 600 s", 687, total(at600, "coldStarts")),
        exactly("kept 590 s", 777, total(zeroService(590), "coldStarts")),
        exactly("kept 610 s", 687, total(zeroService(610), "coldStarts")),
      ];
    },
  },
  {
    id: "azure-recorded-service",
    group: "recorded",
    subject: "Azure 2019",
    title: "The same, taking their recorded average time, 1 ms to 900 s",
    source: SOURCE,
    unit: "cold starts",
    run: (): Row[] => {
      const clamped = ({ dur_avg_ms }: CsvRow) => `${Math.min(900_000, Math.max(1, Number(dur_avg_ms)))}ms`;
      const functions = counted((row) => row.fn!, clamped);
      return [
        exactly("calls in all", 276_273, total(functions, "requests"), "calls"),
        {
          what: "kept 600 s",
          expected: 728,
          got: total(functions, "coldStarts"),
          tolerance: 3,
          from: "stated",
        },
        exactly(
          "peak concurrency of one function",
          10,
          Math.max(...functions.map((f) => f.concurrency.max)),
          "",
        ),
      ];
    },
  },
  {
    id: "azure-by-app",
    group: "recorded",
    subject: "Azure 2019",
    title: "By app, taking no time: cold share over 214 apps",
    source: SOURCE,
    unit: "%",
    run: (): Row[] => {
      const apps = counted(
        ({ hash_app }) => hash_app!,
        () => "0s",
      ).filter((f) => f.counters.requests > 0);
      const shares = apps.map((f) => f.counters.coldStarts / f.counters.requests);
      const printed = (what: string, expected: number, q: number): Row => ({
        what,
        expected,
        got: quantile(shares, q),
        tolerance: 0.000005,
        from: "digits",
      });
      return [
        exactly("apps", 214, apps.length, ""),
        printed("lower quartile", 0.01094, 0.25),
        printed("median", 0.04167, 0.5),
        printed("upper quartile", 1, 0.75),
        {
          what: "always cold",
          expected: 0.29,
          got: shares.filter((share) => share === 1).length / shares.length,
          tolerance: 0.005,
          from: "digits",
        },
      ];
    },
  },
];
