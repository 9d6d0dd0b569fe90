import { type ColumnTable, escape as fixed, fromCSV } from "arquero";
import { compile } from "vega-lite";
import { describe, expect, it } from "vitest";
import {
  accountTable,
  billTable,
  charts,
  compare,
  queuesTable,
  type ScenarioFile,
  sensitivity,
  simulate,
  sweep,
  timelineTable,
  toSvg,
  toTable,
  tune,
} from "../../index.ts";

const file: ScenarioFile = {
  lsim: 1,
  name: "tables",
  horizon: "10m",
  replications: 3,
  account: { concurrency: 60, minimumUnreserved: 0 },
  functions: {
    api: {
      memorySize: "512 MB",
      initDuration: "300ms",
      duration: { p50: "200ms", p99: "900ms", at: "512 MB", cpuBound: "60%" },
    },
    mail: { duration: "1s" },
  },
  traffic: [
    {
      to: "api",
      arrivals: {
        type: "stages",
        start: "10/s",
        stages: [
          { duration: "4m", target: "10/s" },
          { duration: "0s", target: "400/s" },
          { duration: "2m", target: "400/s" },
          { duration: "0s", target: "10/s" },
        ],
      },
    },
    { to: "mail", arrivals: { type: "poisson", rate: "3/s" } },
  ],
};
const alone = (set = {}) => simulate(file, { set: { ...set, "traffic.1.arrivals.rate": "0/s" } });

type View = { layer: { data?: { values: Record<string, unknown>[] } }[] };
const viewsOf = (spec: unknown) => (spec as { vconcat: View[] }).vconcat;
const titleOf = (spec: unknown) => (spec as { title: { subtitle: string } }).title;

/** All numbers of a spec's data, in order. */
function numbersOf(spec: unknown): number[] {
  const found: number[] = [];
  JSON.stringify(viewsOf(spec), (_, value) => {
    if (typeof value === "number") found.push(value);
    return value;
  });
  return found;
}

describe("the overview of a tidy timeline", () => {
  const study = alone();
  const table = timelineTable(study).filter((d: { function: string }) => d.function === "api");
  const limits = { "account concurrency": 60 };

  it("is that of the study, to the table's six decimals", () => {
    const [ours, its] = [charts(study).overview, charts(table, { limits }).overview];
    expect(viewsOf(its)).toHaveLength(viewsOf(ours).length);
    const [a, b] = [numbersOf(ours), numbersOf(its)];
    expect(b).toHaveLength(a.length);
    for (const [i, value] of a.entries())
      expect(Math.abs(b[i]! - value)).toBeLessThanOrEqual(2e-5 * Math.abs(value) + 1e-6);
    expect(its!.description).toContain("attempts are throttled, between 4:00 and");
    expect(() => compile(its as never)).not.toThrow();
  });

  it("shows the part of the time that is left, from a CSV file too", () => {
    const part = fromCSV(table.toCSV()).filter(
      (d: { t_s: number }) => d.t_s >= 230 && d.t_s < 290,
    ) as ColumnTable;
    const { overview } = charts(part, { name: "the burst" });
    const [first] = viewsOf(overview) as unknown as {
      layer: { encoding: { x: { scale: { domain: number[] } } } }[];
    }[];
    expect(first!.layer[0]!.encoding.x.scale.domain).toEqual([230, 290]);
    expect(titleOf(overview).subtitle).toMatch(/^the burst · points of/);
  });

  it("puts runs beside each other under the names that they are given", () => {
    const named = (name: string, set = {}) =>
      timelineTable(alone(set))
        .filter((d: { function: string }) => d.function === "api")
        .derive({ function: fixed(() => name) });
    const both = named("now").concat(named("with 200", { "account.concurrency": 200 }));
    const text = JSON.stringify(charts(both).overview);
    expect(text).toContain('"now"');
    expect(text).toContain('"with 200"');
  });

  const labelled = (spec: unknown) => JSON.stringify(spec);
  const rowsOf = (name: string, every: number, rate: number, count = 60) =>
    fromCSV(
      [
        table.columnNames().join(","),
        ...Array.from({ length: count }, (_, i) =>
          table
            .columnNames()
            .map(
              (column) =>
                ({
                  t_s: i * every,
                  function: name,
                  arrivals: rate * every,
                  invocations: rate * every,
                  concurrencyMean: rate,
                  concurrencyMax: rate,
                })[column] ?? 0,
            )
            .join(","),
        ),
      ].join("\n"),
    );

  it("draws who is busy, not who comes first", () => {
    const { overview } = charts(rowsOf("idle", 1, 0).concat(rowsOf("busy", 1, 7)));
    expect(overview!.description).toMatch(/^busy: None of 420 requests/);
  });

  it("takes each run's own interval and length", () => {
    const { overview } = charts(rowsOf("fine", 1, 5, 100).concat(rowsOf("coarse", 10, 5, 60)));
    const [arrivals, , concurrency] = viewsOf(overview);
    for (const view of [arrivals!, concurrency!]) {
      const values = view.layer.flatMap(({ data }) => data?.values ?? []).filter((row) => "t" in row);
      expect(new Set(values.map(({ value }) => value))).toEqual(new Set([5]));
      expect(Math.max(...values.map(({ t }) => t as number))).toBe(600);
    }
  });

  it("leaves gaps where rows are missing, or have a hole", () => {
    const gap = rowsOf("api", 10, 5).filter((d: { t_s: number }) => d.t_s < 200 || d.t_s >= 400);
    const holes = rowsOf("api", 10, 5).derive({
      arrivals: fixed((d: { t_s: number; arrivals: number }) =>
        d.t_s >= 200 && d.t_s < 400 ? null : d.arrivals,
      ),
    });
    for (const part of [gap, holes]) {
      const [arrivals] = viewsOf(charts(part).overview);
      const values = arrivals!.layer[0]!.data!.values;
      expect(values.filter(({ value }) => value === null)).toEqual([{ t: 200, value: null }]);
      expect(values.every(({ value }) => value === null || value === 5)).toBe(true);
    }
  });

  it("draws what is known of a table that is full of holes", () => {
    const every = rowsOf("api", 1, 5, 2000).filter((d: { t_s: number }) => d.t_s % 7 !== 3);
    const [arrivals] = viewsOf(charts(every).overview);
    const values = arrivals!.layer[0]!.data!.values;
    expect(values.length).toBeGreaterThan(100);
    expect(new Set(values.map(({ value }) => value))).toEqual(new Set([5]));
  });

  it("shows characters that nobody sees by their number, as everything else does", async () => {
    const svg = await toSvg(charts(rowsOf("abc\u202Edef", 1, 5).concat(rowsOf("<script>", 1, 7))).overview!);
    expect(svg).not.toMatch(/[\p{Bidi_Control}]|<script/u);
    expect(svg).toContain("abc\\u{202E}def");
  });

  it("says how many functions are not drawn", () => {
    const many = Array.from({ length: 8 }, (_, i) => rowsOf(`f${i}`, 1, 10 - i));
    const [first, ...others] = many as [ColumnTable, ...ColumnTable[]];
    const { overview } = charts(first.concat(...others));
    expect(titleOf(overview).subtitle).toContain("2 more with fewer arrivals");
    expect(labelled(overview)).not.toContain('"f7"');
  });

  it("refuses two rows of one time and name, calendar times, limits that are none and holes everywhere", () => {
    expect(() => charts(table.concat(table))).toThrow(
      /"api" has two rows at t_s = 0: give the function of each run/,
    );
    expect(() => charts(table.derive({ t_s: (d: { t_s: number }) => d.t_s + 4e9 }))).toThrow(
      "seconds since the beginning",
    );
    expect(() => charts(table, { limits: { most: Number.NaN } })).toThrow('limits: "most" is NaN');
    expect(() => charts(table.derive({ throttles: fixed(() => null) }))).toThrow(
      "no row with all of t_s, arrivals",
    );
  });

  it("draws each by itself where it is not known what they come to together", () => {
    const all = timelineTable(simulate(file));
    const { overview } = charts(all);
    expect(overview!.description).toMatch(/^api: .* throttled.* mail: .* throttled/);
    expect(JSON.stringify(overview)).not.toContain("all: most (pale)");
    expect(JSON.stringify(charts(all.concat(accountTable(simulate(file)))).overview)).toContain(
      "all: most (pale)",
    );
  });
});

describe("the charts of a sweep's table", async () => {
  const points = await sweep(file, {
    vary: { "api.memorySize": ["512 MB", "1024 MB", "1769 MB"], "account.concurrency": [40, 60] },
  });
  const table = toTable(points);

  it("are those of the sweep", () => {
    const [ours, its] = [charts(points), charts(table, { name: "tables" })];
    expect(Object.keys(its)).toEqual(Object.keys(ours));
    for (const name of Object.keys(ours)) {
      expect(viewsOf(its[name])).toEqual(viewsOf(ours[name]));
      expect(its[name]!.description).toBe(ours[name]!.description);
    }
  });

  it("are of the points that are left, of several sweeps if one likes", async () => {
    const some = table.filter((d: { "account.concurrency": number }) => d["account.concurrency"] === 60);
    expect(Object.keys(charts(some))).toEqual(["sweep-trade-off", "sweep-lines"]);
    const more = toTable(
      await sweep(file, { vary: { "api.memorySize": ["2048 MB"], "account.concurrency": [60] } }),
    );
    const { "sweep-lines": lines } = charts(some.concat(more));
    expect(lines!.description).toMatch(/^From 512 MB to 2048 MB/);
  });

  it("tell sweeps apart by a column of words, and refuse those that nothing tells apart", async () => {
    const some = table.filter((d: { "account.concurrency": number }) => d["account.concurrency"] === 60);
    const named = (name: string) => some.derive({ run: fixed(() => name) });
    const both = charts(named("x86_64").concat(named("arm64")));
    expect(JSON.stringify(both["sweep-heat-map"] ?? both["sweep-trade-off"])).toContain("arm64");
    expect(() => charts(some.concat(some))).toThrow("two points have the same settings");
    const other = toTable(await sweep(file, { vary: { "api.timeout": ["9s"] } }));
    expect(() => charts(some.concat(other))).toThrow(
      'point 1 has no "api.memorySize": sweeps of different settings',
    );
  });

  it("say whose cost it is", () => {
    const mail = charts(table.filter((d: { function: string }) => d.function === "mail"));
    expect(JSON.stringify(mail["sweep-heat-map"] ?? mail)).toContain("cost of mail (US$ a month)");
    expect(() => charts(table.filter((d: { function: string }) => d.function !== "total"))).toThrow(
      'keep "total" too',
    );
  });

  it("refuses what is no such table", () => {
    expect(() => charts(table.select("point"))).toThrow("expected the columns of a timeline");
    expect(() => charts(table.filter(() => false))).toThrow("the table has no rows");
  });
});

describe("the chart of a table of queues", () => {
  const queued: ScenarioFile = {
    ...file,
    functions: { worker: { duration: "1s", reservedConcurrency: 5 }, mail: { duration: "100ms" } },
    traffic: [
      {
        name: "orders",
        to: "worker",
        invoke: { type: "sqs", batchSize: 1 },
        arrivals: { type: "bursts", size: 300, every: "5m" },
      },
      {
        name: "letters",
        to: "mail",
        invoke: { type: "sqs", batchSize: 5 },
        arrivals: { type: "poisson", rate: "3/s" },
      },
    ],
  };
  const study = simulate(queued);
  const table = queuesTable(study)!;

  it("has the panels and the averages of the study's", () => {
    const [ours, its] = [charts(study).queues, charts(table).queues];
    expect(viewsOf(its)).toHaveLength(viewsOf(ours).length);
    // The most at a time is that of the run there, and of the rows here; what waits on average is the same.
    const average = (text = "") =>
      [...text.matchAll(/\(([\d.,]+) on average\)/g)].map(([, n]) => Number(n!.replace(",", "")));
    expect(average(its!.description)).toHaveLength(average(ours!.description).length);
    for (const [i, mean] of average(ours!.description).entries())
      expect(average(its!.description)[i]! / mean).toBeCloseTo(1, 2);
    expect(() => compile(its as never)).not.toThrow();
  });

  it("shows one queue, some of the time", () => {
    const { queues } = charts(
      table.filter((d: { t_s: number; entry: string }) => d.entry === "orders" && d.t_s >= 60 && d.t_s < 400),
      { name: "orders alone" },
    );
    expect((queues as unknown as { title: { text: string } }).title.text).toBe("The queue of orders");
    expect(titleOf(queues).subtitle).toMatch(/^orders alone · points of/);
    expect(queues!.description).toMatch(/messages of orders wait/);
  });
});

describe("the chart of a bill", () => {
  it("is that of the study, and puts several beside each other", () => {
    const [study, arm] = [alone(), alone({ "api.architecture": "arm64" })];
    const bill = billTable(study);
    expect(numbersOf(charts(bill)["cost-lines"])).toEqual(numbersOf(charts(study)["cost-lines"]));
    const read = charts(fromCSV(bill.toCSV()))["cost-lines"];
    expect(numbersOf(read)).toEqual(numbersOf(charts(bill)["cost-lines"]));
    expect(JSON.stringify(read)).toContain("requests × $0.0000002");
    const named = (table: ColumnTable, name: string) => table.derive({ of: fixed(() => name) });
    const both = charts(named(bill, "x86_64").concat(named(billTable(arm), "arm64")))["cost-lines"];
    expect(viewsOf(both)).toHaveLength(2);
    expect(both!.description).toMatch(/^x86_64 comes to \$[\d.]+, of which .*; arm64 comes to/);
  });
});

describe("the charts of other tables", () => {
  it("show what a comparison's show", () => {
    const found = compare(file, { ...file, account: { concurrency: 90, minimumUnreserved: 0 } });
    const [ours, its] = [charts(found).differences, charts(toTable(found)).differences];
    expect(numbersOf({ vconcat: [its] })).toEqual(numbersOf({ vconcat: [ours] }));
    expect(its!.description).toBe(ours!.description);
    const total = toTable(found).filter((d: { function: string }) => d.function === "total");
    const { differences } = charts(total, { labels: ["60", "90"] });
    expect(titleOf(differences).subtitle).toBe("A: 60 · B: 90");
    expect(JSON.stringify(differences)).not.toContain("mail");
  });

  it("show what a sensitivity's show", async () => {
    const found = await sensitivity(file, { on: ["cost perMonth", "api latency p(99)"] });
    const [ours, its] = [charts(found).tornado, charts(toTable(found), { name: "tables" }).tornado];
    expect(viewsOf(its)).toEqual(viewsOf(ours));
    expect(its!.description).toBe(ours!.description);
    const one = toTable(found).filter((d: { assumption: string }) => d.assumption === "api.duration");
    expect(JSON.stringify(charts(one).tornado)).not.toContain("mail.duration");
  });

  it("show what a tuning's show, or the sizes that are left", async () => {
    const found = await tune(file, { function: "api", sizes: [256, 1024, 1769] });
    const [ours, its] = [charts(found).tune, charts(toTable(found)).tune];
    expect(numbersOf(its)).toEqual(numbersOf(ours));
    const large = charts(
      toTable(found).filter((d: { memoryMb: number }) => d.memoryMb > 600),
      { name: "large" },
    ).tune;
    expect(() => compile(large as never)).not.toThrow();
    expect(titleOf(large).subtitle).toMatch(/^large · /);
    expect(JSON.stringify(large)).not.toContain('"now"');
  });
});
