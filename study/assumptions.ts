import type { Setting } from "../sim/scenario/paths.ts";
import { ScenarioError } from "../sim/scenario/problem.ts";
import { scaledNumber, scaledShare, scaledTime } from "../sim/scenario/scale-setting.ts";
import type { DefaultUsed } from "../sim/scenario/scenario.ts";
import { type Opened, openWith } from "./source.ts";

/**
 * What a scenario takes for granted and nobody knows exactly: traffic, durations, cold starts, keep-alive, failures. What
 * one decides (memory sizes, limits, provisioned concurrency, batch sizes, timeouts) is no assumption.
 */
export interface Assumption {
  /** Its path, as in --set, without "functions.". */
  readonly name: string;
  /** As it is now. */
  readonly text: string;
  /** A default that was used: the scenario does not write it. */
  readonly isDefault: boolean;
  /** The scenario with less of it, and with more; undefined where that cannot be. */
  readonly less: Opened | undefined;
  readonly more: Opened | undefined;
}

/** An assumption that could not be moved. */
export interface Unmoved {
  readonly name: string;
  readonly reason: string;
}

/** A setting and how it would be written, `factor` times as large. */
interface Movable {
  readonly name: string;
  readonly text: string;
  readonly isDefault: boolean;
  readonly settings: (factor: number) => Setting[] | undefined;
}

type Scale = (written: unknown, factor: number) => unknown;
type Tree = Readonly<Record<string, unknown>>;

/** What is moved in a function and in what invokes it; `*` stands for each entry of a list. */
const FUNCTION_SETTINGS: readonly (readonly [path: string, scale: Scale])[] = [
  ["duration", scaledTime],
  ["duration.cpuBound", scaledShare],
  ["initDuration", scaledTime],
  ["placement", scaledTime],
  ["download", scaledTime],
  ["firstHandler", scaledTime],
  ["userInit", scaledTime],
  ["connect.duration", scaledTime],
  ["environment.decrypt", scaledTime],
  ["snapStart.restore", scaledTime],
  ["proactiveInit", scaledShare],
  ["errors", scaledShare],
  ["crashes", scaledShare],
  ["keepAlive", scaledTime],
  ["maximumLifetime", scaledTime],
  ["emits.*.share", scaledShare],
  ["emits.*.count", scaledNumber],
  ["calls.*.share", scaledShare],
];
const TRAFFIC_SETTINGS: typeof FUNCTION_SETTINGS = [
  ["duration", scaledTime],
  ["duration.cpuBound", scaledShare],
  ["arrivals.thinkTime", scaledTime],
  ["invoke.messageErrors", scaledShare],
  ["invoke.recordErrors", scaledShare],
  ["invoke.poison", scaledShare],
  ["invoke.duplicates", scaledShare],
  ["invoke.messageDuration", scaledTime],
  ["invoke.recordDuration", scaledTime],
];
const COLD_START = ["placement", "download", "initDuration", "firstHandler"];

/** With more functions than this, what is the same in several is moved in all of them together. */
const APART = 8;

/** The assumptions of a scenario, each moved by a share of itself, down and up. */
export function assumptionsOf(
  { scenario, source }: Opened,
  by: number,
): { readonly assumptions: Assumption[]; readonly unmoved: Unmoved[] } {
  const file = source.file as Tree;
  const unmoved: Unmoved[] = [];
  const movables = [
    ...trafficMovables(file, unmoved),
    ...functionMovables(file, unmoved),
    ...defaultMovables(scenario.defaults, file),
    ...scalingMovable(file),
  ];
  for (const entry of scenario.traffic)
    if (entry.arrivals.carriesDurations)
      unmoved.push({ name: `traffic.${entry.name}`, reason: "durations are recorded ones, in a trace" });
  const together = scenario.functions.length > APART ? grouped(movables) : movables;
  const assumptions = together.flatMap((movable): Assumption[] => {
    const { name, text, isDefault } = movable;
    const [less, more] = [1 - by, 1 + by].map((factor) => {
      const settings = movable.settings(factor);
      if (!settings) return undefined;
      try {
        return openWith(source, settings);
      } catch (error) {
        if (!(error instanceof ScenarioError)) throw error;
        const { message } = error.problems[0]!;
        unmoved.push({ name, reason: `${factor > 1 ? "more" : "less"} of it does not go: ${message}` });
        return undefined;
      }
    });
    return less || more ? [{ name, text, isDefault, less, more }] : [];
  });
  return { assumptions, unmoved };
}

/** Each entry's traffic as a whole, and what else it says. */
function trafficMovables(file: Tree, unmoved: Unmoved[]): Movable[] {
  const entries = (file.traffic ?? []) as readonly Tree[];
  return entries.flatMap((entry, i) => {
    const name = `traffic.${String(entry.name ?? entry.to)}`;
    const { scale } = entry;
    const now = typeof scale === "string" ? Number(/[\d.]+/.exec(scale)?.[0] ?? 1) : Number(scale ?? 1);
    const arrivals = entry.arrivals as Tree;
    const amount: Movable = {
      name,
      text: [arrivals.type, arrivals.rate, now === 1 ? "" : `× ${now}`].filter(Boolean).join(" "),
      isDefault: false,
      settings: (factor) => [{ path: `traffic.${i}.scale`, value: scaledReal(now, factor) }],
    };
    return [amount, ...movablesIn(entry, `traffic.${i}`, name, TRAFFIC_SETTINGS, unmoved)];
  });
}

/** A factor is no count: it may be any number. */
const scaledReal = (value: number, factor: number) => Number((value * factor).toPrecision(12));

function functionMovables(file: Tree, unmoved: Unmoved[]): Movable[] {
  return Object.entries((file.functions ?? {}) as Readonly<Record<string, Tree>>).flatMap(([name, given]) =>
    movablesIn(given, `functions.${name}`, name, FUNCTION_SETTINGS, unmoved),
  );
}

/** What is written of a list of settings. */
function movablesIn(
  given: Tree,
  prefix: string,
  name: string,
  settings: typeof FUNCTION_SETTINGS,
  unmoved: Unmoved[],
): Movable[] {
  return settings.flatMap(([pattern, scale]) =>
    placesOf(given, pattern.split(".")).flatMap(({ path, written }): Movable[] => {
      const place = `${name}.${path}`;
      if (fileIn(written)) unmoved.push({ name: place, reason: "values are recorded ones, in a file" });
      if (scale(written, 0.5) === undefined) return [];
      return [
        {
          name: place,
          text: shown(written),
          isDefault: false,
          settings: (factor) => {
            const value = scale(written, factor);
            return value === undefined ? undefined : [{ path: `${prefix}.${path}`, value }];
          },
        },
      ];
    }),
  );
}

/** Where a pattern leads to: every entry of a list that "*" stands for. */
function placesOf(given: unknown, keys: readonly string[]): { path: string; written: unknown }[] {
  const [key, ...rest] = keys as [string, ...string[]];
  if (typeof given !== "object" || given === null) return [];
  const found = key === "*" ? Object.keys(given) : Object.hasOwn(given, key) ? [key] : [];
  return found.flatMap((k) => {
    const written = (given as Tree)[k];
    if (rest.length === 0) return [{ path: k, written }];
    return placesOf(written, rest).map((place) => ({ ...place, path: `${k}.${place.path}` }));
  });
}

function fileIn(written: unknown): boolean {
  return typeof written === "object" && written !== null && "file" in written;
}

/** Defaults that can be written. The parts of a cold start go together: who writes one writes all. */
function defaultMovables(defaults: readonly DefaultUsed[], file: Tree): Movable[] {
  const parts = new Map<string, DefaultUsed[]>();
  const single: Movable[] = [];
  for (const used of defaults) {
    const [top, of, ...rest] = used.path.split(".");
    const known = top !== "functions" || Object.hasOwn((file.functions ?? {}) as Tree, of!);
    const setting = rest.join(".");
    if (!known) continue;
    if (top === "functions" && (COLD_START.includes(setting) || setting === "snapStart.restore"))
      parts.set(of!, [...(parts.get(of!) ?? []), used]);
    else if (used.written || setting.endsWith("duration.cpuBound")) single.push(defaultMovable(used));
  }
  const coldStarts = [...parts].map(([of, used]): Movable => {
    const texts = used
      .filter(({ value }) => value !== "0 s")
      .map(({ path, value }) => `${path.split(".").at(-1)} ${value}`);
    return {
      name: `${of}.coldStart`,
      text: texts.join(" + "),
      isDefault: true,
      settings: (factor) =>
        used.map(({ path, written }) => {
          const value = written?.();
          const scaled = scaledTime(value, factor) ?? value;
          return path.endsWith("snapStart.restore")
            ? { path: path.replace(/\.restore$/, ""), value: { restore: scaled } }
            : { path, value: scaled };
        }),
    };
  });
  return [...coldStarts, ...single];
}

function defaultMovable({ path, value, written }: DefaultUsed): Movable {
  return {
    name: path.replace(/^functions\./, ""),
    text: String(value),
    isDefault: true,
    settings: (factor) => {
      const now = written ? written() : value;
      const scaled = written
        ? path === "account.scaling"
          ? scaledBurst(now, factor)
          : scaledTime(now, factor)
        : scaledShare(now, factor);
      return scaled === undefined ? undefined : [{ path, value: scaled }];
    },
  };
}

/** A written scaling rate with numbers. */
function scalingMovable(file: Tree): Movable[] {
  const scaling = (file.account as Tree | undefined)?.scaling;
  if (typeof scaling !== "object" || scaling === null) return [];
  return [
    {
      name: "account.scaling",
      text: shown(scaling),
      isDefault: false,
      settings: (factor) => [{ path: "account.scaling", value: scaledBurst(scaling, factor) }],
    },
  ];
}

function scaledBurst(written: unknown, factor: number): unknown {
  return Object.fromEntries(
    Object.entries(written as Tree).map(([key, value]) => [key, scaledNumber(value, factor) ?? value]),
  );
}

/** The same setting of all functions, and of all traffic, as one. */
function grouped(movables: readonly Movable[]): Movable[] {
  const groups = new Map<string, Movable[]>();
  for (const movable of movables) {
    const [first, second, ...rest] = movable.name.split(".");
    const name =
      first === "account"
        ? movable.name
        : first === "traffic"
          ? ["traffic", "*", ...rest].join(".")
          : ["*", second, ...rest].join(".");
    groups.set(name, [...(groups.get(name) ?? []), movable]);
  }
  return [...groups].map(([name, members]): Movable => {
    if (members.length === 1) return members[0]!;
    return {
      name,
      text: `of ${members.length}`,
      isDefault: members.every(({ isDefault }) => isDefault),
      settings: (factor) => {
        const settings = members.flatMap((member) => member.settings(factor) ?? []);
        return settings.length === 0 ? undefined : settings;
      },
    };
  });
}

/** A setting in a few words: "180ms", "p50 180ms, p99 1.2s". */
function shown(written: unknown): string {
  if (typeof written !== "object" || written === null) return String(written);
  const parts = Object.entries(written).flatMap(([key, value]) =>
    key === "type" ? [String(value)] : typeof value === "object" ? [] : [`${key} ${String(value)}`],
  );
  return parts.join(", ");
}
