import { checkFile } from "../sim/scenario/check.ts";
import { applySettings, type Setting, settingAt } from "../sim/scenario/paths.ts";
import { type Problem, ScenarioError } from "../sim/scenario/problem.ts";
import { parseQuantity, parseShare, printCount } from "../sim/units.ts";
import type { Axis } from "./axis.ts";
import { effectOf } from "./effects.ts";
import { Lattice } from "./lattice.ts";
import { type Opened, openWith } from "./source.ts";

/** More than this nobody waits for, and a slip of the hand is likelier. */
const MOST_POINTS = 1_000_000;

/** Replications that a point gets to begin with: the fewest that tell a large difference from chance. */
export const FIRST_LOOK = 3;

/** An axis of a plan: its values in rising order, where they have one. */
export interface PlanAxis extends Axis {
  /** The values as numbers; undefined where they are no quantities of one kind. */
  readonly numbers: readonly number[] | undefined;
  /** The function that the setting is of; undefined: the account's. */
  readonly owner: string | undefined;
  /** As the scenario has it; undefined where it does not say. */
  readonly now: unknown;
  /** The place of what is there now among the values; −1 where it is none of them. */
  readonly nowAt: number;
  /** How far each value lies from what is there now, as a share of the axis. */
  readonly change: readonly number[];
}

/** All the settings that a plan may choose from. */
export class SearchSpace {
  readonly base: Opened;
  readonly axes: readonly PlanAxis[];
  readonly lattice: Lattice;
  /** By point: how far it lies from what is there now, the mean over the axes, as shares of them. */
  readonly change: Float64Array;

  /** Throws ScenarioError with all problems: what cannot be searched, be written so, or judged. */
  constructor(base: Opened, axes: readonly Axis[]) {
    const problems = unjudged(base);
    const ofAxes = axes.flatMap(({ path, values }, i): Problem[] => {
      const said = (message: string) => ({ path: ["--search", path], message });
      if (axes.findIndex((axis) => axis.path === path) < i) return [said("is searched twice")];
      const why = notChosen(path, base.source.file);
      return why === undefined ? valueProblems(base, path, values) : [said(why)];
    });
    problems.push(...ofAxes);
    if (axes.length === 0)
      problems.push({
        path: ["--search"],
        message:
          "which settings may change? Give at least one, as in --search account.concurrency=1000..1500:100",
      });
    const points = axes.reduce((product, { values }) => product * values.length, 1);
    if (points > MOST_POINTS)
      problems.push({
        path: ["--search"],
        message: `gives ${printCount(points)} points, more than ${printCount(MOST_POINTS)}; take longer steps or fewer settings`,
      });
    if (problems.length > 0) throw new ScenarioError(problems);
    this.base = base;
    this.axes = axes.map((axis) => planAxis(base, axis));
    this.lattice = new Lattice(this.axes.map(({ values }) => values.length));
    this.change = Float64Array.from(
      { length: this.lattice.size },
      (_, point) =>
        this.lattice.places(point).reduce((sum, place, a) => sum + this.axes[a]!.change[place]!, 0) /
        this.axes.length,
    );
  }

  /** The point that is there now; −1 where the grid has none such. */
  get now(): number {
    return this.axes.some(({ nowAt }) => nowAt < 0)
      ? -1
      : this.lattice.pointAt(this.axes.map((a) => a.nowAt));
  }

  settings(point: number): Setting[] {
    return this.lattice.places(point).map((place, a) => {
      const { path, values } = this.axes[a]!;
      return { path, value: values[place] };
    });
  }

  /** The scenario with the settings of a point. Throws ScenarioError where they do not go together. */
  open(point: number): Opened {
    return openWith(this.base.source, this.settings(point));
  }
}

/** What a scenario needs before any settings can be judged. */
function unjudged({ scenario }: Opened): Problem[] {
  const problems: Problem[] = [];
  const [first] = scenario.functions;
  if (scenario.thresholds.length === 0)
    problems.push({
      path: ["thresholds"],
      message: `there are none, so every setting would do; add what must hold, such as "thresholds": { "${first!.name}": { "latency": ["p(99) < 2s"], "throttles": ["rate < 1%"] } }`,
    });
  if (scenario.replications < FIRST_LOOK)
    problems.push({
      path: ["replications"],
      message: `${scenario.replications} cannot tell a difference from chance; a plan needs ${FIRST_LOOK} or more, as with --replications 10`,
    });
  return problems;
}

/** What a scenario says of the code, the callers or AWS: no owner of an account sets that. */
const GIVEN: Readonly<Record<"account" | "traffic" | "functions", readonly string[]>> = {
  account: ["scaling", "requestRate", "minimumUnreserved"],
  traffic: ["name", "to", "arrivals", "start", "end", "scale", "duration"],
  functions: [
    "duration",
    "errors",
    "crashes",
    "maxMemoryUsed",
    "initDuration",
    "placement",
    "download",
    "firstHandler",
    "userInit",
    "keepAlive",
    "maximumLifetime",
    "proactiveInit",
    "reuse",
  ],
};

/** The part of the scenario a path is in, and the setting's own words. */
function partOf(path: string): { part: string; name: string | undefined; words: readonly string[] } {
  const keys = path.split(".");
  if (keys[0] === "account") return { part: "account", name: undefined, words: keys.slice(1) };
  if (keys[0] === "traffic") return { part: "traffic", name: keys[1], words: keys.slice(2) };
  const [name, ...words] = keys[0] === "functions" ? keys.slice(1) : keys;
  return { part: "functions", name, words };
}

/** Why a setting cannot be chosen; undefined where it can. */
function notChosen(path: string, file: unknown): string | undefined {
  const { part, words } = partOf(path);
  const first = path.split(".")[0]!;
  const isFunction = Object.hasOwn((file as { functions: object }).functions, first);
  const top = Object.keys((file as object) ?? {}).includes(first) || OUTSIDE.includes(first);
  if (top && !isFunction && !["account", "traffic", "functions"].includes(first))
    return "is no setting of the account, its functions or its traffic, so a plan cannot choose it";
  const [word] = words;
  if (word !== undefined && GIVEN[part as keyof typeof GIVEN].includes(word))
    return `cannot be set in AWS: it says what the ${part === "traffic" ? "callers do" : part === "account" ? "platform does" : "code or the platform does"}. Search settings such as memorySize, reservedConcurrency, provisionedConcurrency or account.concurrency; what if it were otherwise, --set says`;
  return undefined;
}

/** Parts of a scenario that need not be written. */
const OUTSIDE = ["seed", "replications", "warmup", "thresholds", "measure", "pricing", "platform", "starts"];

/** Values that the format refuses, whatever else is set. */
function valueProblems({ source }: Opened, path: string, values: readonly unknown[]): Problem[] {
  const found = values.flatMap((value): Problem[] => {
    try {
      checkFile(applySettings(source.file, [{ path, value }]));
      return [];
    } catch (error) {
      if (!(error instanceof ScenarioError)) throw error;
      return error.problems.map(({ message }) => ({ path: ["--search", path], message }));
    }
  });
  // A path that leads nowhere is wrong for every value: said once.
  return found.filter((p, i) => found.findIndex(({ message }) => message === p.message) === i);
}

function planAxis(base: Opened, { path, values }: Axis): PlanAxis {
  const { file } = base.source;
  const numbers = numbersOf(values);
  const order = numbers && [...numbers.keys()].sort((i, j) => numbers[i]! - numbers[j]!);
  const sorted = order ? order.map((i) => values[i]) : values;
  const rising = order?.map((i) => numbers![i]!);
  const now = nowAt(base, path);
  const from = now ?? effectOf(path)?.unset;
  return {
    path,
    values: sorted,
    numbers: rising,
    owner: ownerOf(path, file),
    now,
    nowAt: sorted.findIndex(
      (value, i) =>
        JSON.stringify(value) === JSON.stringify(from) || (rising && rising[i] === numberOf(from, sorted)),
    ),
    change: changes(sorted, rising, from),
  };
}

/** What is there now, as written, or the default that was used for it. */
function nowAt({ scenario, source }: Opened, path: string): unknown {
  const full =
    partOf(path).part === "functions" && !path.startsWith("functions.") ? `functions.${path}` : path;
  return settingAt(source.file, path) ?? scenario.defaults.find((d) => d.path === full)?.value;
}

function ownerOf(path: string, file: unknown): string | undefined {
  const { part, name } = partOf(path);
  if (part === "account") return undefined;
  return part === "traffic" ? String(settingAt(file, `traffic.${name}.to`)) : name;
}

function changes(values: readonly unknown[], numbers: readonly number[] | undefined, now: unknown): number[] {
  const from = numberOf(now, values);
  if (!numbers || from === undefined)
    return values.map((value) =>
      now === undefined || JSON.stringify(value) === JSON.stringify(now) ? 0 : 1,
    );
  const last = Math.max(1, numbers.length - 1);
  // By steps, not by size: a step is what the user took for a change worth looking at.
  const steps = (x: number) => numbers.filter((n) => n < x).length;
  return numbers.map((x) => Math.abs(steps(x) - steps(from)) / last);
}

/** What is there now as a number of the same kind as the values. */
function numberOf(now: unknown, values: readonly unknown[]): number | undefined {
  return now === undefined ? undefined : numbersOf([now, ...values])?.[0];
}

/** Values as numbers, where all are quantities of one kind. */
function numbersOf(values: readonly unknown[]): number[] | undefined {
  const kinds: ((value: unknown) => number | undefined)[] = [
    (value) =>
      typeof value === "number" ? value : value === "unlimited" ? Number.POSITIVE_INFINITY : undefined,
    ...(["memory", "duration", "rate"] as const).map((kind) => (value: unknown) => {
      const parsed = parseQuantity(kind, value);
      return parsed.ok ? parsed.value : undefined;
    }),
    (value) => {
      const parsed = parseShare(value);
      return parsed.ok ? parsed.value : undefined;
    },
  ];
  for (const read of kinds) {
    const numbers = values.map(read);
    if (numbers.every((n) => n !== undefined)) return numbers as number[];
  }
  return undefined;
}
