import { existsSync, readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import type { z } from "zod";
import { billTable } from "../reports/tables.ts";
import { summary } from "../reports/text/summary.ts";
import { ARRIVALS } from "../sim/arrivals/registry.ts";
import { DISTRIBUTIONS } from "../sim/distributions/registry.ts";
import { INVOKES } from "../sim/invoke/registry.ts";
import { coldStartRows } from "../sim/lambda/cold-start-rows.ts";
import { KEEP_ALIVES } from "../sim/lambda/keep-alive/registry.ts";
import { PROVISIONINGS } from "../sim/lambda/provisioned/registry.ts";
import { SCALING_RATES } from "../sim/lambda/scaling-rate/registry.ts";
import { REUSE_RULES } from "../sim/lambda/settings.ts";
import { ITEMS } from "../sim/pricing/items.ts";
import { choiceSchemas, kindsOf } from "../sim/scenario/choice.ts";
import { FileProblem, type FileReader } from "../sim/scenario/files.ts";
import { parseScenario } from "../sim/scenario/parse.ts";
import { applySettings, parseSetting } from "../sim/scenario/paths.ts";
import { PLATFORMS } from "../sim/scenario/platforms/registry.ts";
import type { Scenario } from "../sim/scenario/scenario.ts";
import { type ScenarioFile, scenarioSchema } from "../sim/scenario/schema.ts";
import { MEASURES } from "../sim/scenario/threshold.ts";
import { replicate } from "../study/replicate.ts";
import { digestOf, histogramFile, resultFile } from "../study/result-file.ts";
import { planSweep } from "../study/sweep.ts";
import { judge } from "../study/thresholds.ts";

const read = (path: string) => readFileSync(new URL(`../${path}`, import.meta.url), "utf8");
const reference = read("docs/scenario.md");
const keepWarm = read("docs/keep-warm.md");
const bill = read("docs/bill.md");
const readme = read("README.md");

interface Block {
  readonly language: string;
  /** What follows the language: the kind of an example, or a file's name. */
  readonly kind: string;
  readonly body: string;
}

const blocksOf = (text: string): Block[] =>
  [...text.matchAll(/^```(\w*) ?(\S*)\n([\s\S]*?)^```$/gm)].map(([, language, kind, body]) => ({
    language: language!,
    kind: kind!,
    body: body!,
  }));

const blocks = [reference, readme, keepWarm].flatMap(blocksOf);
const files = new Map(blocks.filter((b) => b.language === "csv").map((b) => [b.kind, b.body]));
const prices = blocks.find((b) => b.kind === "prices")!.body;

/** The files that examples name are those that the page shows. */
const reader: FileReader = (name) => {
  const text = name === "prices.json" ? prices : files.get(name);
  if (text === undefined) throw new FileProblem(`"${name}" is not shown`);
  return text;
};

/** Of these an example is the whole block; of all others it is one line. */
const WHOLE = ["", "prices"];
const examples = blocks
  .filter((b) => b.language === "json")
  .flatMap(({ kind, body }) =>
    (WHOLE.includes(kind) ? [body] : body.trim().split("\n")).map((text) => ({ kind, text })),
  );

const POISSON = { type: "poisson", rate: "1/s" };
const SETTINGS = { duration: "100ms" };

function scenario(settings: unknown, traffic: object = {}, more: object = {}): object {
  return {
    lsim: 1,
    name: "example",
    starts: "2026-03-02T00:00Z",
    horizon: "1h",
    functions: { api: settings },
    traffic: [{ to: "api", arrivals: POISSON, ...traffic }],
    ...more,
  };
}

/** A scenario that uses one example. */
function around(kind: string, example: unknown): unknown {
  if (kind === "") return example;
  if (kind === "arrivals") return scenario(SETTINGS, { arrivals: example });
  if (kind === "traffic") return scenario(SETTINGS, example as object);
  if (kind === "top") return scenario(SETTINGS, {}, example as object);
  if (kind === "functions") return scenario(SETTINGS, {}, { functions: example });
  if (kind === "function") return scenario({ ...SETTINGS, ...(example as object) });
  if (kind === "distribution") return scenario({ duration: example, maximumLifetime: example });
  if (kind === "prices") return scenario(SETTINGS, {}, { pricing: { file: "prices.json" } });
  if (kind === "queue-thresholds") {
    const functions = { api: { ...SETTINGS, emits: [{ to: "mail" }] }, mail: SETTINGS };
    return scenario(SETTINGS, { invoke: "async" }, { functions, thresholds: example });
  }
  const perFunction = kind in scenarioSchema.shape.functions.valueType.shape;
  return perFunction
    ? scenario({ ...SETTINGS, [kind]: example })
    : scenario(SETTINGS, {}, { [kind]: example });
}

/** A word as the page writes a setting or a kind. */
const named = (name: string) => new RegExp(`["\`]${name.replace("$", "\\$")}["\`]`).test(reference);

/** Every setting under a schema, and every type to choose from. */
function wordsOf(schema: z.ZodType, seen = new Set<z.ZodType | string>()): string[] {
  const choice = choiceSchemas.get(schema);
  const key = choice?.name ?? schema;
  if (seen.has(key)) return [];
  seen.add(key);
  const of = (inner: z.ZodType) => wordsOf(inner, seen);
  if (choice) {
    const types = kindsOf(choice).flatMap(
      ({ shape }) => ((shape.type as z.ZodLiteral)?.def.values as string[]) ?? [],
    );
    return [...types, ...kindsOf(choice).flatMap(of)];
  }
  const { def, shape } = schema as unknown as { def: Inner; shape?: Readonly<Record<string, z.ZodType>> };
  if (shape) return Object.entries(shape).flatMap(([setting, value]) => [setting, ...of(value)]);
  const { innerType, element, valueType, in: from, options = [] } = def;
  return [innerType, element, valueType, from, ...options].flatMap((inner) => (inner ? of(inner) : []));
}

interface Inner {
  readonly innerType?: z.ZodType;
  readonly element?: z.ZodType;
  readonly valueType?: z.ZodType;
  readonly in?: z.ZodType;
  readonly options?: readonly z.ZodType[];
}

describe("the examples of the documents", () => {
  test("are there", () => {
    expect(examples.length).toBeGreaterThan(80);
    expect(blocksOf(readme).some((b) => b.language === "json")).toBe(true);
  });

  test.each(examples)("$kind $text is accepted", ({ kind, text }) => {
    expect(() => parseScenario(around(kind, JSON.parse(text)), reader)).not.toThrow();
  });

  test("use every kind of arrivals, invocation, distribution, keep-alive, scaling and provisioning", () => {
    const written = examples.map((e) => e.text).join("\n");
    const kinds = [...[ARRIVALS, INVOKES, DISTRIBUTIONS, KEEP_ALIVES, SCALING_RATES, PROVISIONINGS]].flatMap(
      (registry) => (registry as readonly { type: string }[]).map((kind) => kind.type),
    );
    const short = ["none", "forever", "aws", "unlimited"];
    const missing = kinds.filter(
      (type) =>
        !written.includes(`"type": "${type}"`) && !(short.includes(type) && written.includes(`"${type}"`)),
    );
    expect(missing).toEqual([]);
  });

  test("use every setting of a function, of traffic and of the account", () => {
    const { functions, traffic, account } = scenarioSchema.shape;
    const written = examples.map(({ kind, text }) => around(kind, JSON.parse(text)) as ScenarioFile);
    const keys = (objects: readonly (object | undefined)[]) =>
      new Set(objects.flatMap((o) => Object.keys(o ?? {})));
    const unused = (schema: z.ZodObject, used: ReadonlySet<string>) =>
      Object.keys(schema.shape).filter((key) => !used.has(key));
    const missing = [
      ...unused(functions.valueType, keys(written.flatMap((s) => Object.values(s.functions)))),
      ...unused(traffic.element, keys(written.flatMap((s) => s.traffic))),
      ...unused(account.unwrap(), keys(written.map((s) => s.account))),
    ];
    expect(missing).toEqual([]);
  });
});

describe("the reference of the scenario file", () => {
  test("names every kind and every setting, those inside others too", () => {
    const words = [
      ...wordsOf(scenarioSchema),
      ...Object.keys(PLATFORMS),
      ...REUSE_RULES,
      ...Object.entries(MEASURES).flatMap(([measure, aggregates]) => [measure, ...Object.keys(aggregates)]),
    ];
    const written = new Set(words.map((word) => (word === "percentile" ? "p(N)" : word)));
    expect(written.size).toBeGreaterThan(120);
    expect([...written].filter((word) => !named(word) && !reference.includes(`\`${word}\``))).toEqual([]);
  });

  test("names the source and the date of every default", () => {
    const given: Scenario[] = ["aws", "aws-2020", "seed"].map((platform) =>
      parseScenario(
        scenario(
          {
            runtime: "python3.12",
            duration: { io: "1ms", cpu: "2ms" },
            provisionedConcurrency: { type: "fixed", capacity: 1 },
          },
          {},
          { platform },
        ),
      ),
    );
    const snapped = parseScenario(scenario({ ...SETTINGS, runtime: "java21", snapStart: true }));
    const servers = { slots: 1, servers: { minimum: 1, maximum: 2 } };
    const fleet = parseScenario(scenario(SETTINGS, {}, { ec2: servers }));
    for (const { source, date } of [...given, snapped, fleet].flatMap((s) => s.defaults)) {
      const row = `| ${source.replace(/: \w.* cold starts$/, "")} | ${date} |`;
      expect(reference).toContain(row);
    }
  });

  test("counts the rows of the cold-start table", () => {
    const rows = coldStartRows();
    const runtimes = new Set(rows.map((row) => row.runtime)).size;
    expect(reference).toContain(`The table has ${rows.length} rows: ${runtimes} runtimes`);
  });

  test("links to places that are there", () => {
    const slug = (heading: string) =>
      heading
        .toLowerCase()
        .replace(/[^\w -]/g, "")
        .replaceAll(" ", "-");
    const headings = new Set([...reference.matchAll(/^#+ (.*)$/gm)].map(([, heading]) => slug(heading!)));
    const links = [...reference.matchAll(/\]\(#([^)]*)\)/g)].map(([, place]) => place!);
    expect(links.filter((place) => !headings.has(place))).toEqual([]);
  });
});

/** What `lsim run` makes of the arguments: its summary, result.json and histograms.json. */
function played(command: string) {
  const [file, ...settings] = [...command.matchAll(/'([^']*)'|(\S+)/g)]
    .map(([, quoted, plain]) => quoted ?? plain!)
    .filter((word) => !["npx", "lsim", "run", "--set"].includes(word));
  const written = applySettings(JSON.parse(read(file!)), settings.map(parseSetting));
  const study = replicate(parseScenario(written, (name) => read(`scenarios/${name}`)));
  return {
    text: summary(study, { digest: digestOf(study), judgements: judge(study), command: file! }),
    table: billTable(study).toCSV(),
    result: resultFile(study, "") as { functions: Record<string, { coldStarts: number }> },
    histograms: histogramFile(study) as {
      functions: Record<string, { latency: { buckets: [number, number, number][] } }>;
    },
  };
}

describe("docs/keep-warm.md", () => {
  const sessions = blocksOf(keepWarm)
    .filter((b) => b.language === "console")
    .map(({ body }) => {
      const [command, ...shown] = body.replaceAll("\\\n", "").trim().split("\n");
      return { command: command!.replace(/^\$ /, ""), shown: shown.filter((line) => line !== "…") };
    });

  test.each(sessions)("$command prints what is shown", ({ command, shown }) => {
    const printed = played(command).text.split("\n");
    expect(shown.length).toBeGreaterThan(0);
    expect(shown.filter((line) => !printed.includes(line))).toEqual([]);
  });

  test("tells visitors' cold starts from the pings' by their length", () => {
    const command = "scenarios/keep-warm.json --set form.initDuration=2s --set form.duration=300ms";
    expect(keepWarm.replaceAll("\\\n", "").replace(/ +/g, " ")).toContain(command);
    const { buckets } = played(`npx lsim run ${command}`).histograms.functions.form!.latency;
    for (const [low, width, count] of buckets) {
      const ms = Math.round((low + width / 2) / 5000) * 5;
      expect(keepWarm).toContain(`| ${ms.toLocaleString("en")} ms | ${(count / 10).toLocaleString("en")} |`);
    }
  });
});

describe("docs/bill.md", () => {
  const [session] = blocksOf(bill).filter((b) => b.language === "console");
  const [run, cut] = session!.body.split(/^\$ /m).slice(1);

  test("shows what the commands print", () => {
    const [command, ...shown] = run!.trim().split("\n");
    const { text, table } = played(command!);
    const printed = text.split("\n");
    expect(shown.filter((line) => line !== "…" && !printed.includes(line))).toEqual([]);
    const columns = table
      .trim()
      .split("\n")
      .map((line) => line.split(",").slice(0, 5).join(","));
    expect(cut!.trim().split("\n").slice(1)).toEqual(columns);
  });

  test("has a row for everything that a bill may hold, with the place of its price", () => {
    for (const [key, { price }] of Object.entries(ITEMS)) {
      const general = (path: string) =>
        path.replace(/\.?(x86_64|arm64)\.?/, (dotted) => (dotted.startsWith(".") ? ".…" : "…."));
      expect(bill).toContain(`\`${general(key)}\``);
      expect(bill).toContain(`\`${general(price)}\``);
    }
  });
});

describe("docs/studies.md", () => {
  test("shows the summary of memory-sweep as it is", () => {
    const shown = blocksOf(read("docs/studies.md")).map(({ body }) => body);
    expect(shown).toContain(read("test/golden/memory-sweep.sweep.txt"));
  });

  test("links to examples and places that are there", () => {
    const links = [...read("docs/studies.md").matchAll(/\]\((?!http|#)([^)#]*)/g)].map(([, path]) => path!);
    expect(links.length).toBeGreaterThan(3);
    expect(links.filter((path) => !existsSync(new URL(path, new URL("../docs/", import.meta.url))))).toEqual(
      [],
    );
  });
});

describe("the sweeps of the reference", () => {
  test("have points that can all be played", () => {
    const sweeps = examples.filter(({ kind }) => kind === "sweep");
    expect(sweeps.length).toBeGreaterThan(2);
    for (const { text } of sweeps) {
      const file = around("sweep", JSON.parse(text)) as object;
      const plan = planSweep({ ...file, account: { concurrency: 1000 } }, { vary: [] }, reader, "");
      expect(plan.points.length).toBeGreaterThan(5);
    }
  });
});

describe("README.md", () => {
  test("shows the summary of spike as it is", () => {
    const shown = blocksOf(readme).find((b) => b.body.startsWith("spike "))!;
    expect(shown.body).toBe(read("test/golden/spike.txt"));
  });

  test("lists every scenario", () => {
    const names = readdirSync(new URL("../scenarios", import.meta.url))
      .filter((name) => name.endsWith(".json") && !name.endsWith(".schema.json"))
      .map((name) => name.replace(/\.json$/, ""));
    const rows = readme.split("\n").filter((line) => line.startsWith("| `"));
    expect(names.filter((name) => !rows.some((row) => row.split("|")[1]!.includes(`\`${name}\``)))).toEqual(
      [],
    );
  });
});

test("every chart stands in docs/charts.md, with its question", () => {
  const page = read("docs/charts.md");
  const folder = "reports/charts/";
  const charts = readdirSync(new URL(`../${folder}`, import.meta.url)).flatMap((file) =>
    [
      ...read(folder + file).matchAll(
        /name: "([a-z-]+)",\n\s*title(?:: "[^"]*")?,(?:\n.*){0,14}?\n\s*question: (?:"([^"]*)"|`)/g,
      ),
    ].map(([, name, question]) => ({ name: name!, question })),
  );
  expect(charts.length).toBe([...page.matchAll(/^\| `[a-z-]+` \|/gm)].length);
  for (const { name, question } of charts) expect(page).toContain(`| \`${name}\` | ${question ?? ""}`);
});
