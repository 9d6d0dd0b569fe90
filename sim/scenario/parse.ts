import type { z } from "zod";
import { ARRIVALS } from "../arrivals/registry.ts";
import { constantDistribution } from "../distributions/constant.ts";
import type { Distribution } from "../distributions/contract.ts";
import { DISTRIBUTIONS } from "../distributions/registry.ts";
import { KEEP_ALIVES } from "../lambda/keep-alive/registry.ts";
import { SCALING_RATES } from "../lambda/scaling-rate/registry.ts";
import type { AccountSettings, ColdStartSettings, FunctionSettings } from "../lambda/settings.ts";
import { intervalFor } from "../measure/timeline.ts";
import { PRICE_TABLES, type PriceTable, priceTableSchema } from "../pricing/rates.ts";
import { nameOf, printDuration, SECOND } from "../units.ts";
import { type Chosen, explain } from "./choice.ts";
import { FileProblem, type FileReader, noFiles } from "./files.ts";
import { type ColdStartQuery, type Dated, DEFAULT_RUNTIME, PLATFORMS, type Platform } from "./platforms.ts";
import { type Path, type Problem, ScenarioError, withHint } from "./problem.ts";
import type { DefaultUsed, Scenario, TrafficSettings } from "./scenario.ts";
import { type ParsedFile, scenarioSchema } from "./schema.ts";
import { MEASURES, type Measure, parseThreshold, type Threshold } from "./threshold.ts";

/** Above this many functions only those named in thresholds have histograms and a timeline of their own. */
const MOST_DETAILED = 200;

const LAMBDA_DEFAULTS = { source: "AWS Lambda developer guide", date: "2026" };
const OURS = { source: "lsim", date: "2026" };

/**
 * Turns a scenario as written into a complete, frozen one. Unknown JSON goes in; numbers come out, every default
 * filled in and listed. Throws ScenarioError with all problems at once.
 */
export function parseScenario(file: unknown, read: FileReader = noFiles): Scenario {
  const parsed = scenarioSchema.safeParse(file, { error: explain, reportInput: true });
  if (!parsed.success) throw new ScenarioError(parsed.error.issues.flatMap(problemsOf));
  return new Completion(parsed.data, read, file).scenario();
}

/** One zod issue as problems; an unknown setting is one problem a key. */
function problemsOf(issue: z.core.$ZodIssue): Problem[] {
  const path = issue.path as Path;
  if (issue.code === "unrecognized_keys") {
    const messages = issue.message.split("\n");
    return issue.keys.map((key, i) => ({
      path: [...path, key],
      message: messages[i] ?? "unknown setting",
      atKey: true,
    }));
  }
  if (issue.code === "invalid_key") {
    return [{ path, message: issue.issues[0]?.message ?? "is no name that can be used here", atKey: true }];
  }
  return [{ path, message: issue.message }];
}

type Registered<T> = { type: string; build(settings: never, read: FileReader): T };

/** Fills in defaults and checks what concerns several settings; collects problems until the end. */
class Completion {
  private readonly problems: Problem[] = [];
  private readonly defaults: DefaultUsed[] = [];
  private readonly given: ParsedFile;
  private readonly read: FileReader;
  private readonly original: unknown;
  private readonly platform: Platform;

  constructor(given: ParsedFile, read: FileReader, original: unknown) {
    this.given = given;
    this.read = read;
    this.original = original;
    this.platform = PLATFORMS[given.platform ?? "aws"];
  }

  scenario(): Scenario {
    const { given } = this;
    const account = this.account();
    const functions = Object.keys(given.functions).map((name) => this.function(name));
    if (functions.length === 0) this.problem(["functions"], "is empty: give at least one function");
    const traffic = this.traffic(functions);
    this.checkConcurrency(account, functions);
    const thresholds = this.thresholds();
    const warmup = given.warmup ?? 0;
    if (warmup >= given.horizon) {
      this.problem(
        ["warmup"],
        `${printDuration(warmup)} leaves nothing of the horizon of ${printDuration(given.horizon)}`,
      );
    }
    const interval = given.measure?.interval ?? intervalFor(given.horizon - warmup);
    if ((given.horizon - warmup) / interval > 100_000) {
      this.problem(["measure", "interval"], "gives more than 100,000 rows; take a longer one");
    }
    const table = this.prices(account.region);
    const billInit =
      given.pricing?.billInit ??
      this.take("pricing.billInit", this.platform.billInit, String(this.platform.billInit.value));
    const freeTier = given.pricing?.freeTier ?? this.note("pricing.freeTier", false, OURS);
    if (this.problems.length > 0) throw new ScenarioError(this.problems);
    const named = new Set(thresholds.map((t) => t.of));
    const detail = given.measure?.detail ?? "auto";
    const all = detail === "all" || (detail === "auto" && functions.length <= MOST_DETAILED);
    return Object.freeze({
      name: given.name,
      about: given.about,
      platform: given.platform ?? this.note("platform", "aws", OURS),
      seed: String(given.seed ?? this.note("seed", 1, OURS)),
      replications: given.replications ?? this.note("replications", 10, OURS),
      horizon: given.horizon,
      warmup,
      account,
      functions,
      traffic,
      thresholds,
      pricing: { freeTier, billInit, table: table as PriceTable },
      measure: { interval, detailed: (name: string) => all || named.has(name) },
      defaults: this.defaults,
      file: this.original,
    });
  }

  private problem(path: Path, message: string, atKey = false): void {
    this.problems.push({ path, message, ...(atKey && { atKey }) });
  }

  /** Notes that a default was used, and returns it. */
  private note<T extends string | number | boolean>(
    path: string,
    value: T,
    { source, date }: Omit<Dated<T>, "value">,
  ): T {
    this.defaults.push({ path, value, source, date });
    return value;
  }

  private take<T>(path: string, { value, source, date }: Dated<T>, text: string): T {
    this.defaults.push({ path, value: text, source, date });
    return value;
  }

  /** Builds a chosen kind; what it throws about its settings becomes a problem at its place. */
  private build<T>(registry: readonly unknown[], chosen: Chosen, path: Path): T | undefined {
    const kind = (registry as readonly Registered<T>[]).find((k) => k.type === chosen.type)!;
    try {
      return kind.build(chosen as never, this.read);
    } catch (error) {
      if (error instanceof FileProblem) this.problem([...path, "file"], error.message);
      else if (error instanceof RangeError) this.problem(path, error.message);
      else throw error;
      return undefined;
    }
  }

  private account(): AccountSettings {
    const given = this.given.account ?? {};
    const concurrency = given.concurrency ?? this.note("account.concurrency", 1000, LAMBDA_DEFAULTS);
    const limit = concurrency === "unlimited" ? Number.POSITIVE_INFINITY : concurrency;
    const scaling = given.scaling
      ? this.build<AccountSettings["scaling"]>(SCALING_RATES, given.scaling, ["account", "scaling"])
      : this.take("account.scaling", this.platform.scaling, this.platform.scaling.value.text);
    return {
      region: given.region ?? this.note("account.region", "us-east-1", OURS),
      concurrency: limit,
      minimumUnreserved:
        given.minimumUnreserved ??
        this.note("account.minimumUnreserved", limit < 100 ? 10 : 100, LAMBDA_DEFAULTS),
      scaling: scaling ?? this.platform.scaling.value,
      requestRate: given.requestRate ?? this.note("account.requestRate", "aws", LAMBDA_DEFAULTS),
    };
  }

  private function(name: string): FunctionSettings {
    const given = this.given.functions[name]!;
    const path = ["functions", name];
    const at = (setting: string) => `functions.${name}.${setting}`;
    const law = (setting: "duration" | "initDuration" | "placement" | "download" | "firstHandler") => {
      const chosen = given[setting];
      return chosen && this.build<Distribution>(DISTRIBUTIONS, chosen, [...path, setting]);
    };
    const runtime = given.runtime ?? this.note(at("runtime"), DEFAULT_RUNTIME, OURS);
    const architecture =
      given.architecture ?? this.note(at("architecture"), "x86_64" as const, LAMBDA_DEFAULTS);
    const memorySize = given.memorySize ?? this.note(at("memorySize"), 128, LAMBDA_DEFAULTS);
    const keepAlive = given.keepAlive
      ? this.build<FunctionSettings["keepAlive"]>(KEEP_ALIVES, given.keepAlive, [...path, "keepAlive"])
      : this.take(at("keepAlive"), this.platform.keepAlive, this.platform.keepAlive.value.text);
    return {
      name,
      runtime,
      architecture,
      memorySize,
      timeout: given.timeout ?? this.noteTimeout(at("timeout")),
      duration: law("duration"),
      coldStart: this.coldStart(name, { runtime, architecture, memorySize }, law),
      errors: given.errors ?? 0,
      reservedConcurrency: given.reservedConcurrency,
      provisionedConcurrency: given.provisionedConcurrency ?? 0,
      keepAlive: keepAlive ?? this.platform.keepAlive.value,
      maximumLifetime: this.lifetime(name),
      reuse: given.reuse ?? "mru",
    };
  }

  private noteTimeout(path: string): number {
    this.note(path, "3s", LAMBDA_DEFAULTS);
    return 3 * SECOND;
  }

  /** Where a function writes any part of its cold start, the other parts are zero: what you write is what you get. */
  private coldStart(
    name: string,
    query: ColdStartQuery,
    law: (setting: "initDuration" | "placement" | "download" | "firstHandler") => Distribution | undefined,
  ): ColdStartSettings {
    const given = this.given.functions[name]!;
    if (given.initDuration || given.placement || given.download || given.firstHandler) {
      const zero = constantDistribution(0);
      return {
        placement: law("placement") ?? zero,
        download: law("download") ?? zero,
        init: law("initDuration") ?? zero,
        firstHandler: law("firstHandler") ?? zero,
      };
    }
    const preset = this.platform.coldStart(query);
    return this.take(`functions.${name}.initDuration`, preset, preset.value.init.text);
  }

  private lifetime(name: string): Distribution {
    const given = this.given.functions[name]!.maximumLifetime;
    const preset = this.platform.maximumLifetime;
    if (!given) return this.take(`functions.${name}.maximumLifetime`, preset, preset.value.text);
    if (given.type === "forever") return constantDistribution(Number.POSITIVE_INFINITY);
    return (
      this.build<Distribution>(DISTRIBUTIONS, given, ["functions", name, "maximumLifetime"]) ?? preset.value
    );
  }

  private traffic(functions: readonly FunctionSettings[]): TrafficSettings[] {
    const names = functions.map((f) => f.name);
    const index = new Map(names.map((name, i) => [name, i]));
    const taken = new Map<string, number>();
    const entries: TrafficSettings[] = [];
    this.given.traffic.forEach((given, i) => {
      const path = ["traffic", i];
      const target = index.get(given.to);
      if (target === undefined) {
        this.problem([...path, "to"], withHint(`there is no function "${given.to}"`, given.to, names));
      }
      const name = given.name ?? given.to;
      const twin = taken.get(name);
      if (twin !== undefined) {
        this.problem(
          path,
          `traffic.${twin} is named "${name}" too, and would draw the same numbers; give it a "name"`,
        );
      }
      taken.set(name, i);
      const arrivals = this.build<TrafficSettings["arrivals"]>(ARRIVALS, given.arrivals, [
        ...path,
        "arrivals",
      ]);
      const start = given.start ?? 0;
      const end = given.end ?? this.given.horizon;
      if (end <= start)
        this.problem(
          [...path, "end"],
          `${printDuration(end)} is not after the start at ${printDuration(start)}`,
        );
      if (target === undefined || !arrivals) return;
      if (!arrivals.carriesDurations && !this.given.functions[given.to]!.duration) {
        this.problem(["functions", given.to, "duration"], "is missing: how long does the handler run?");
      }
      entries.push({ name, target, arrivals, start, end: Math.min(end, this.given.horizon) });
    });
    return entries;
  }

  /** What AWS refuses when it is configured: reservations and provisioned concurrency beyond what there is. */
  private checkConcurrency(account: AccountSettings, functions: readonly FunctionSettings[]): void {
    const { concurrency, minimumUnreserved } = account;
    const reservable = Math.max(0, concurrency - minimumUnreserved);
    let claimed = 0;
    for (const { name, reservedConcurrency: reserved, provisionedConcurrency: provisioned } of functions) {
      if (reserved !== undefined && provisioned > reserved) {
        this.problem(
          ["functions", name, "provisionedConcurrency"],
          `${provisioned} is more than the reservedConcurrency of ${reserved} it is taken from`,
        );
      }
      const more = reserved ?? provisioned;
      if (more === 0) continue;
      claimed += more;
      if (claimed > reservable) {
        const setting = reserved === undefined ? "provisionedConcurrency" : "reservedConcurrency";
        const others = claimed === more ? "" : ` (with the functions before it: ${claimed})`;
        this.problem(
          ["functions", name, setting],
          `${more}${others} is more than can be set aside: of ${concurrency}, ${minimumUnreserved} must stay unreserved, which leaves ${reservable}`,
        );
      }
    }
  }

  private thresholds(): Threshold[] {
    const found: Threshold[] = [];
    const targets = ["total", ...Object.keys(this.given.functions)];
    for (const [of, measures] of Object.entries(this.given.thresholds ?? {})) {
      const path = ["thresholds", of];
      if (!targets.includes(of)) {
        this.problem(path, withHint(`there is no function "${of}"`, of, targets), true);
        continue;
      }
      for (const [measure, expressions] of Object.entries(measures)) {
        if (!Object.hasOwn(MEASURES, measure)) {
          this.problem([...path, measure], withHint(`no such measure`, measure, Object.keys(MEASURES)), true);
          continue;
        }
        expressions.forEach((expression, i) => {
          const parsed = parseThreshold(measure as Measure, expression);
          if (parsed.ok) found.push({ of, measure: measure as Measure, expression, ...parsed.value });
          else this.problem([...path, measure, i], parsed.message);
        });
      }
    }
    return found;
  }

  private prices(region: string): PriceTable | undefined {
    const file = this.given.pricing?.file;
    if (file) return this.priceFile(file);
    const table = PRICE_TABLES.find((t) => t.region === region);
    if (!table) {
      const known = PRICE_TABLES.map((t) => t.region).join(", ");
      this.problem(
        ["account", "region"],
        `no dated prices for ${nameOf(region)} (known: ${known}); give them in "pricing": { "file": "prices.json" }`,
      );
      return undefined;
    }
    this.note("pricing.file", `prices of ${table.region}`, { source: table.source, date: table.date });
    return table;
  }

  private priceFile(file: string): PriceTable | undefined {
    const path = ["pricing", "file"];
    try {
      const parsed = priceTableSchema.safeParse(JSON.parse(this.read(file)), {
        error: explain,
        reportInput: true,
      });
      if (parsed.success) return parsed.data;
      for (const issue of parsed.error.issues) {
        this.problem(path, `"${file}" ${issue.path.join(".")}: ${issue.message}`);
      }
    } catch (error) {
      if (error instanceof FileProblem) this.problem(path, error.message);
      else if (error instanceof SyntaxError) this.problem(path, `"${file}" is not JSON: ${error.message}`);
      else throw error;
    }
    return undefined;
  }
}
