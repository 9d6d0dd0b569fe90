import type { ArrivalKind, ArrivalPlan } from "../arrivals/contract.ts";
import { ARRIVALS } from "../arrivals/registry.ts";
import { TraceTables } from "../arrivals/trace-table.ts";
import { MOST_CLIENTS, MOST_ENVIRONMENTS } from "../calendar.ts";
import { completeFleet } from "../ec2/settings.ts";
import type { InvokePlan } from "../invoke/contract.ts";
import { SCALING_RATES } from "../lambda/scaling-rate/registry.ts";
import type { AccountSettings, FunctionSettings } from "../lambda/settings.ts";
import { intervalFor, MOST_DETAILED } from "../measure/timeline.ts";
import { NEEDED, type PriceFile, type PriceList, priceFileSchema, priceList } from "../pricing/price-list.ts";
import { PRICE_TABLES } from "../pricing/rates.ts";
import type { SavingsPlan } from "../pricing/savings-plan.ts";
import { nameOf, printCount, printDuration } from "../units.ts";
import { checkPeriods, completeAlarms, intervalOf } from "./alarm.ts";
import { checkFile, problemsOf } from "./check.ts";
import { explain } from "./choice.ts";
import { completeDuration } from "./duration.ts";
import { FileProblem, type FileReader, noFiles } from "./files.ts";
import { Findings } from "./findings.ts";
import { completeFunction, renamed } from "./function.ts";
import { checkPayload, completeInvoke, completeLinks } from "./links.ts";
import { checkLayers } from "./package.ts";
import { LAMBDA_DEFAULTS, OURS, type Platform } from "./platforms/contract.ts";
import { PLATFORMS } from "./platforms/registry.ts";
import { type Path, type Problem, printPath, ScenarioError, withHint } from "./problem.ts";
import type { EntrySettings, NatSettings, Scenario, TrafficSettings } from "./scenario.ts";
import type { ParsedFile } from "./schema.ts";
import { withoutSecrets } from "./secrets.ts";
import { EVERY, type Expansion, expand } from "./template.ts";
import { MEASURES, type Measure, parseThreshold, type Threshold } from "./threshold.ts";
import { missingTraffic } from "./threshold-traffic.ts";

/**
 * Turns a scenario as written into a complete, frozen one. Unknown JSON goes in; numbers come out, every default
 * filled in and listed. Throws ScenarioError with all problems at once.
 */
export function parseScenario(file: unknown, read: FileReader = noFiles): Scenario {
  return new Completion(checkFile(file), read, file).scenario();
}

/** Fills in defaults and checks what concerns several settings; collects problems until the end. */
class Completion extends Findings {
  private readonly expansion: Expansion;
  private readonly given: ParsedFile;
  private readonly tables: TraceTables;
  private readonly original: unknown;
  private readonly platform: Platform;

  constructor(given: ParsedFile, read: FileReader, original: unknown) {
    const tables = new TraceTables(read);
    const early: Problem[] = [];
    const expansion = expand(given, tables, (path, message) => early.push({ path, message }));
    super(read, Object.keys(expansion.given.functions).length > MOST_DETAILED, given);
    this.problems.push(...early);
    this.tables = tables;
    this.expansion = expansion;
    this.given = expansion.given;
    this.original = original;
    this.platform = PLATFORMS[given.platform ?? "aws"];
  }

  scenario(): Scenario {
    const { given } = this;
    const account = this.account();
    const functions = this.functions();
    if (functions.length === 0 && this.problems.length === 0)
      this.problem(["functions"], "is empty: give at least one function");
    checkLayers(functions, this);
    const { traffic, entries, links } = completeLinks(given, functions, this.traffic(functions), this);
    this.checkConcurrency(account, functions);
    const deploys = this.deploys(functions);
    const thresholds = this.thresholds(functions, entries);
    const warmup = given.warmup ?? 0;
    if (warmup >= given.horizon) {
      this.problem(
        ["warmup"],
        `${printDuration(warmup)} leaves nothing of the horizon of ${printDuration(given.horizon)}`,
      );
    }
    const alarms = completeAlarms(
      given.alarms ?? [],
      functions.map(({ name }) => name),
      Math.max(0, given.horizon - warmup),
      this,
    );
    const interval = given.measure?.interval ?? intervalOf(alarms) ?? intervalFor(given.horizon - warmup);
    checkPeriods(alarms, interval, this);
    if ((given.horizon - warmup) / interval > 100_000) {
      this.problem(["measure", "interval"], "gives more than 100,000 rows; take a longer one");
    }
    const ec2 = given.ec2 && completeFleet(given.ec2, account.region, this);
    const table = this.prices(account.region);
    const billInit =
      given.pricing?.billInit ??
      this.take("pricing.billInit", this.platform.billInit, String(this.platform.billInit.value));
    const savingsPlan = this.savingsPlan();
    const nat = this.nat(functions);
    const freeTier = given.pricing?.freeTier ?? this.note("pricing.freeTier", false, OURS);
    if (this.problems.length > 0) throw new ScenarioError(this.problems);
    const named = new Set([...thresholds, ...alarms].map(({ of }) => of));
    const detail = given.measure?.detail ?? "auto";
    const all = detail === "all" || (detail === "auto" && functions.length <= MOST_DETAILED);
    return Object.freeze({
      name: given.name,
      about: given.about,
      platform: given.platform ?? this.note("platform", "aws", OURS),
      seed: String(given.seed ?? this.note("seed", 1, OURS)),
      replications: given.replications ?? this.note("replications", 10, OURS),
      startsAt: given.starts,
      horizon: given.horizon,
      warmup,
      account,
      functions,
      traffic,
      entries,
      links,
      deploys,
      thresholds,
      alarms,
      ec2,
      pricing: { freeTier, billInit, table: table as PriceList, savingsPlan, nat },
      measure: { interval, detailed: (name: string) => all || named.has(name) },
      defaults: this.defaults,
      file: withoutSecrets(this.original),
    });
  }

  override problem(path: Path, message: string, atKey = false): void {
    const written = this.expansion.written(path);
    const place = printPath(written);
    // What is wrong with a template, or with an entry to all of a trace, is wrong many times over.
    if (place !== printPath(path) && this.problems.some((p) => printPath(p.path) === place)) return;
    this.problems.push({ path: written, message, ...(atKey && { atKey }) });
  }

  private account(): AccountSettings {
    const given = this.given.account ?? {};
    const concurrency = given.concurrency ?? this.note("account.concurrency", 1000, LAMBDA_DEFAULTS);
    const limit = concurrency === "unlimited" ? Number.POSITIVE_INFINITY : concurrency;
    const scaling = given.scaling
      ? this.build<AccountSettings["scaling"]>(SCALING_RATES, given.scaling, ["account", "scaling"])
      : this.take(
          "account.scaling",
          this.platform.scaling,
          this.platform.scaling.value.text,
          this.platform.scaling.value.written,
        );
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

  /**
   * Functions that share their written settings share the complete ones: those of a template, and with many functions
   * those written alike, unless something is wrong, which is told of each.
   */
  private functions(): FunctionSettings[] {
    const known = new Map<ParsedFile["functions"][string], FunctionSettings>();
    return Object.keys(this.given.functions).map((name) => {
      const written = this.given.functions[name]!;
      const alike = known.get(written);
      if (alike) return renamed(alike, name);
      const templated = this.expansion.templated.has(name);
      const problems = this.problems.length;
      const complete = completeFunction(templated ? EVERY : name, written, this.platform, this);
      if (templated || (this.many && this.problems.length === problems)) known.set(written, complete);
      return templated ? renamed(complete, name) : complete;
    });
  }

  private traffic(functions: readonly FunctionSettings[]): TrafficSettings[] {
    const index = indexOf(functions);
    const taken = new Names(index);
    const entries: TrafficSettings[] = [];
    let clients = 0;
    this.given.traffic.forEach((given, i) => {
      const path = ["traffic", i];
      const target = index.get(given.to);
      if (target === undefined) {
        this.problem(
          [...path, "to"],
          withHint(`there is no function "${given.to}"`, given.to, [...index.keys()]),
        );
      }
      const name = given.name ?? given.to;
      const twin = taken.take(name, i);
      if (twin !== undefined) {
        this.problem(
          path,
          `${printPath(this.expansion.written(["traffic", twin]))} is named "${name}" too, and would draw the same numbers; give it a "name"`,
        );
      }
      const start = given.start ?? 0;
      const arrivals = this.arrivals(given, [...path, "arrivals"]);
      const duration =
        given.duration &&
        completeDuration(
          given.duration,
          functions[target ?? 0]?.memorySize ?? 128,
          [...path, "duration"],
          this,
        );
      const end = given.end ?? this.given.horizon;
      if (start >= this.given.horizon) {
        this.problem(
          [...path, "start"],
          `${printDuration(start)} is not before the horizon at ${printDuration(this.given.horizon)}`,
        );
      } else if (end <= start) {
        this.problem(
          [...path, "end"],
          `${printDuration(end)} is not after the start at ${printDuration(start)}`,
        );
      }
      clients += this.checkClients(given, arrivals, clients, path);
      if (target === undefined || !arrivals) return;
      const allTimed = arrivals.carriesDurations && !arrivals.someDurations;
      if (!allTimed && !given.duration && !this.given.functions[given.to]!.duration) {
        this.problem(["functions", given.to, "duration"], "is missing: how long does the handler run?");
      }
      const plan = completeInvoke(given, "sync", functions[target]!, path, this);
      if (!plan) return;
      const invoke = scheduled(plan, arrivals);
      const { payload } = given;
      checkPayload(payload, invoke, path, this);
      const until = Math.min(end, this.given.horizon);
      entries.push({ name, target, invoke, payload, arrivals, duration, start, end: until, entry: -1 });
    });
    return entries;
  }

  private arrivals(entry: ParsedFile["traffic"][number], path: Path): ArrivalPlan | undefined {
    const kinds = ARRIVALS as readonly unknown[] as readonly ArrivalKind[];
    const kind = kinds.find((k) => k.type === entry.arrivals.type)!;
    const plan = this.attempt(path, () =>
      kind.build(entry.arrivals as never, this.read, {
        startsAt: this.given.starts,
        offset: entry.start ?? 0,
        target: entry.to,
        tables: this.tables,
      }),
    );
    const dense = entry.scale === undefined || entry.scale === 1 ? plan : plan?.scaled(entry.scale);
    // A duration that the entry writes down wins over those that a trace brings along.
    return dense?.carriesDurations && entry.duration ? { ...dense, carriesDurations: false } : dense;
  }

  /** The clients that a closed entry adds to those of the entries before it; one run holds so many of them. */
  private checkClients(
    { scale }: ParsedFile["traffic"][number],
    arrivals: ArrivalPlan | undefined,
    before: number,
    path: Path,
  ): number {
    const count = arrivals?.clients?.count ?? 0;
    const all = before + count;
    if (before <= MOST_CLIENTS && all > MOST_CLIENTS) {
      const scaled = scale === undefined || scale === 1 ? "" : `, scaled by ${scale},`;
      const others = before === 0 ? "" : ` (${printCount(all)} with the entries before it)`;
      this.problem(
        [...path, ...(scaled ? ["scale"] : ["arrivals", "clients"])],
        `${printCount(count)} clients${scaled}${others} are more than the ${printCount(MOST_CLIENTS)} that one run can hold in all; give fewer`,
      );
    }
    return count;
  }

  private deploys(functions: readonly FunctionSettings[]): Scenario["deploys"] {
    const { deploys } = this.given;
    if (!deploys) return [];
    const index = indexOf(functions);
    return deploys.map(({ at, functions: chosen = [...index.keys()] }, i) => {
      if (at >= this.given.horizon) {
        this.problem(
          ["deploys", i, "at"],
          `is not before the horizon at ${printDuration(this.given.horizon)}`,
        );
      }
      const indices = chosen.map((name, j) => {
        const fn = index.get(name);
        if (fn === undefined) {
          const path = ["deploys", i, "functions", j];
          this.problem(path, withHint(`there is no function "${name}"`, name, [...index.keys()]));
        }
        return fn ?? -1;
      });
      return { at, functions: indices };
    });
  }

  /** What AWS refuses when it is configured: reservations and provisioned concurrency beyond what there is. */
  private checkConcurrency(account: AccountSettings, functions: readonly FunctionSettings[]): void {
    const { concurrency, minimumUnreserved } = account;
    const reservable = Math.max(0, concurrency - minimumUnreserved);
    let claimed = 0;
    let ready = 0;
    for (const f of functions) {
      const { name, reservedConcurrency: reserved, provisionedConcurrency: provisioned } = f;
      if (reserved === undefined && provisioned === 0) continue;
      const path = ["functions", name, "provisionedConcurrency", ...(f.provisioning?.mostAt ?? [])];
      if (reserved !== undefined && provisioned > reserved) {
        this.problem(
          path,
          `${provisioned} is more than the reservedConcurrency of ${reserved} it is taken from`,
        );
      }
      ready += provisioned;
      if (ready > MOST_ENVIRONMENTS && ready - provisioned <= MOST_ENVIRONMENTS) {
        this.problem(
          path,
          `${printCount(provisioned)} (with the functions before it: ${printCount(ready)}) is more than the ${printCount(MOST_ENVIRONMENTS)} environments that one run can hold; give fewer`,
        );
      }
      const more = reserved ?? provisioned;
      if (more === 0) continue;
      claimed += more;
      if (claimed > reservable) {
        const others = claimed === more ? "" : ` (with the functions before it: ${claimed})`;
        this.problem(
          reserved === undefined ? path : ["functions", name, "reservedConcurrency"],
          `${more}${others} is more than can be set aside: of ${concurrency}, ${minimumUnreserved} must stay unreserved, which leaves ${reservable}`,
        );
      }
    }
  }

  private thresholds(functions: readonly FunctionSettings[], entries: readonly EntrySettings[]): Threshold[] {
    const found: Threshold[] = [];
    // While traffic or functions have problems nobody knows how requests come.
    const known = !this.problems.some(({ path: [top] }) => top === "traffic" || top === "functions");
    for (const [of, measures] of Object.entries(this.given.thresholds ?? {})) {
      const path = ["thresholds", of];
      if (of !== "total" && !Object.hasOwn(this.given.functions, of)) {
        const targets = ["total", ...Object.keys(this.given.functions)];
        this.problem(path, withHint(`there is no function "${of}"`, of, targets), true);
        continue;
      }
      for (const [measure, expressions] of Object.entries(measures)) {
        if (!Object.hasOwn(MEASURES, measure)) {
          this.problem([...path, measure], withHint(`no such measure`, measure, Object.keys(MEASURES)), true);
          continue;
        }
        const leading = entries.filter((entry) => of === "total" || functions[entry.target]!.name === of);
        const missing = known ? missingTraffic(measure as Measure, leading) : undefined;
        if (missing !== undefined)
          this.problem([...path, measure], `cannot be measured here: ${missing}`, true);
        expressions.forEach((expression, i) => {
          const parsed = parseThreshold(measure as Measure, expression);
          if (parsed.ok) found.push({ of, measure: measure as Measure, expression, ...parsed.value });
          else this.problem([...path, measure, i], parsed.message);
        });
      }
    }
    return found;
  }

  private savingsPlan(): SavingsPlan | undefined {
    const given = this.given.pricing?.savingsPlan;
    if (!given) return undefined;
    const { payment, discount } = given;
    const path = ["pricing", "savingsPlan"];
    if ((payment === undefined) === (discount === undefined))
      this.problem(path, `needs either "payment", for the price table's prices, or a "discount" you know of`);
    const coverage = given.coverage ?? 1;
    if (given.coverage === undefined) this.note("pricing.savingsPlan.coverage", "100%", OURS);
    return { payment, discount, coverage };
  }

  private nat(functions: readonly FunctionSettings[]): NatSettings | undefined {
    const given = this.given.pricing?.nat;
    if (!given) return undefined;
    const index = indexOf(functions);
    const chosen = (given.functions ?? [...index.keys()]).map((name, i) => {
      const fn = index.get(name);
      if (fn === undefined) {
        const path = ["pricing", "nat", "functions", i];
        this.problem(path, withHint(`there is no function "${name}"`, name, [...index.keys()]));
      }
      return fn ?? -1;
    });
    return { gateways: given.gateways, bytes: given.perInvocation ?? 0, functions: chosen };
  }

  private prices(region: string): PriceList | undefined {
    const file = this.given.pricing?.file;
    if (file) return this.priceFile(file, region);
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

  /** The user's prices; what they leave out is as shipped, where prices of the Region are. */
  private priceFile(file: string, region: string): PriceList | undefined {
    const path = ["pricing", "file"];
    try {
      const parsed = priceFileSchema.safeParse(JSON.parse(this.read(file)), {
        error: explain,
        reportInput: true,
      });
      if (parsed.success) return this.completePrices(parsed.data, file, region);
      for (const { path: inside, message } of parsed.error.issues.flatMap(problemsOf)) {
        this.problem(path, `"${file}" ${printPath(inside)}: ${message}`);
      }
    } catch (error) {
      if (error instanceof FileProblem) this.problem(path, error.message);
      else if (error instanceof SyntaxError) this.problem(path, `"${file}" is not JSON: ${error.message}`);
      else throw error;
    }
    return undefined;
  }

  private completePrices(file: PriceFile, name: string, accountRegion: string): PriceList {
    const region = file.region ?? accountRegion;
    const shipped = PRICE_TABLES.find((t) => t.region === region);
    const list = priceList(file, region, shipped);
    const missing = NEEDED.filter((key) => !(key in list.prices || key in list.free));
    if (missing.length > 0) {
      const known = PRICE_TABLES.map((t) => t.region).join(", ");
      this.problem(
        ["pricing", "file"],
        `"${name}" lacks ${missing.join(", ")}; no prices of "${region}" are shipped that could complete it (shipped: ${known})`,
      );
    }
    const left = Object.keys(shipped?.prices ?? {}).some((key) => list.prices[key] === shipped!.prices[key]);
    if (shipped && left)
      this.note("pricing.file", `prices of ${region} that "${name}" leaves out`, {
        source: shipped.source,
        date: shipped.date,
      });
    return list;
  }
}

/** Where each function stands. */
function indexOf(functions: readonly FunctionSettings[]): ReadonlyMap<string, number> {
  const index = new Map<string, number>();
  functions.forEach(({ name }, fn) => {
    index.set(name, fn);
  });
  return index;
}

/** The names that entries have taken, most of them a function's: there may be 20,000. */
class Names {
  private readonly index: ReadonlyMap<string, number>;
  /** By function: the entry that has its name, plus one. */
  private readonly ofFunctions: Int32Array;
  private readonly others = new Map<string, number>();

  constructor(index: ReadonlyMap<string, number>) {
    this.index = index;
    this.ofFunctions = new Int32Array(index.size);
  }

  /** Entry `i` takes the name; returns the entry that had it before, if one had. */
  take(name: string, i: number): number | undefined {
    const { ofFunctions, others } = this;
    const fn = this.index.get(name);
    const twin = fn === undefined ? others.get(name) : ofFunctions[fn]! - 1;
    if (fn === undefined) others.set(name, i);
    else ofFunctions[fn] = i + 1;
    return twin === -1 ? undefined : twin;
  }
}

/** A rule of EventBridge that a schedule fires: its events are not sent by anyone. */
function scheduled(plan: InvokePlan, arrivals: ArrivalPlan): InvokePlan {
  if (plan.service?.kind !== "eventbridge" || !arrivals.scheduled) return plan;
  return { ...plan, service: { kind: "eventbridge", scheduled: true } };
}
