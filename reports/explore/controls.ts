import { isKnownRuntime } from "../../sim/lambda/cold-start-rows.ts";
import type { FunctionSettings } from "../../sim/lambda/settings.ts";
import type { Scenario } from "../../sim/scenario/scenario.ts";
import { MILLISECOND, MINUTE, parseQuantity, parseShare, SECOND } from "../../sim/units.ts";
import type { ChoiceControl, Control, NumberControl } from "./control.ts";
import { evenStops, logStops, sorted } from "./stops.ts";

/** Of more traffic entries or functions than this the first have controls. */
const MOST_SHOWN = 12;

/** The settings that matter for a scenario, each as a control: what its page has sliders and fields for. */
export function controlsOf(scenario: Scenario, replications = 1): Control[] {
  const file = scenario.file as Tree;
  return [
    ...trafficControls(scenario, file),
    ...accountControls(scenario, treeIn(file, "account")),
    ...functionControls(scenario, file),
    number({
      path: "replications",
      group: "Simulation",
      label: "Replications",
      hint: "More of them show how sure the figures are, and take longer.",
      initial: replications,
      template: "$",
      stops: evenStops(1, 20, 1),
      min: 1,
      max: 1000,
      whole: true,
    }),
    { kind: "text", path: "seed", group: "Simulation", label: "Seed", initial: scenario.seed },
  ];
}

type Tree = Readonly<Record<string, unknown>>;

const isTree = (value: unknown): value is Tree => typeof value === "object" && value !== null;

function treeIn(tree: Tree, key: string): Tree {
  const inside = tree[key];
  return isTree(inside) ? inside : {};
}

/** A number's control; where it stands now is a stop as well. */
function number(
  given: Omit<NumberControl, "kind" | "unit" | "whole"> & { unit?: string; whole?: boolean },
): NumberControl {
  const { initial, stops, min, max } = given;
  const all = sorted(initial === null ? stops : [...stops, initial]);
  return { kind: "number", unit: "", whole: false, ...given, stops: all.filter((s) => s >= min && s <= max) };
}

const OF_INVOKES: readonly { key: string; label: string; min: number; max: number }[] = [
  { key: "batchSize", label: "Batch size", min: 1, max: 10_000 },
  { key: "maximumConcurrency", label: "Maximum concurrency of the queue", min: 2, max: 1000 },
  { key: "shards", label: "Shards", min: 1, max: 1000 },
  { key: "parallelizationFactor", label: "Parallelization factor", min: 1, max: 10 },
  { key: "burst", label: "Gateway burst", min: 1, max: 1_000_000 },
  { key: "maximumRetryAttempts", label: "Retries of the queue", min: 0, max: 10 },
  { key: "maxReceiveCount", label: "Receives before the dead-letter queue", min: 1, max: 1000 },
];

function trafficControls({ traffic }: Scenario, file: Tree): Control[] {
  const entries = (file.traffic as readonly Tree[]).slice(0, MOST_SHOWN);
  return entries.flatMap((entry, i) => {
    const name = String(entry.name ?? entry.to);
    const path = `traffic.${/^\d+$/.test(name) ? i : name}`;
    const of = entries.length > 1 ? `${name}: ` : "";
    const label = (text: string) => (of === "" ? text : `${of}${text[0]!.toLowerCase()}${text.slice(1)}`);
    const plan = traffic.find((t) => t.name === name);
    const scale = Number.parseFloat(String(entry.scale ?? 1).replace(/^[×x]\s*/i, ""));
    const counts = [...OF_INVOKES.map((kind) => ({ ...kind, in: "invoke" })), RETRIES];
    return [
      number({
        path: `${path}.scale`,
        group: "Traffic",
        label: label("Traffic"),
        hint: plan?.arrivals.text,
        unit: "×",
        initial: scale,
        template: "$",
        stops: logStops(scale / 10, scale * 10, false),
        min: 1e-6,
        max: 1e6,
      }),
      ...counts.flatMap((count) => {
        const value = treeIn(entry, count.in)[count.key];
        if (typeof value !== "number") return [];
        const { min, max } = count;
        const top = Math.min(max, Math.max(20, value * 10));
        return number({
          path: `${path}.${count.in}.${count.key}`,
          group: "Traffic",
          label: label(count.label),
          initial: value,
          template: "$",
          stops: top <= 20 ? evenStops(min, top, 1) : logStops(Math.max(1, min), top, true),
          min,
          max,
          whole: true,
        });
      }),
      ...rateControl(`${path}.invoke.rate`, label("Gateway rate"), treeIn(entry, "invoke").rate),
    ];
  });
}

const RETRIES = { in: "retry", key: "attempts", label: "Attempts of the callers", min: 1, max: 20 };

function rateControl(path: string, label: string, value: unknown): Control[] {
  const rate = parseQuantity("rate", value);
  if (!rate.ok || rate.value <= 0) return [];
  return [
    number({
      path,
      group: "Traffic",
      label,
      unit: "per second",
      initial: tidy(rate.value),
      template: '"$/s"',
      stops: logStops(rate.value / 10, rate.value * 10, false),
      min: 0,
      max: 1e9,
    }),
  ];
}

function accountControls({ account, platform, pricing }: Scenario, written: Tree): Control[] {
  const group = "Account";
  const { concurrency } = account;
  const limited = Number.isFinite(concurrency);
  const around = limited ? concurrency : 1000;
  return [
    number({
      path: "account.concurrency",
      group,
      label: "Account concurrency",
      initial: limited ? concurrency : null,
      template: "$",
      stops: logStops(Math.max(1, Math.round(around / 20)), around * 10, true),
      min: 1,
      max: 1_000_000,
      whole: true,
      off: { label: "unlimited", value: "unlimited", from: around },
    }),
    ...scalingControls(account.scaling.text, platform, written),
    yesOrNo("pricing.freeTier", group, "Free tier in the bill", pricing.freeTier),
  ];
}

/** The rules for new environments that there are and have been, besides the one that the scenario has. */
function scalingControls(text: string, platform: string, written: Tree): Control[] {
  const path = "account.scaling";
  const given = written.scaling;
  const kind = isTree(given) ? String(given.type) : given === undefined ? undefined : String(given);
  const options = [
    {
      id: "written",
      label: "as opened",
      value: given ?? null,
    },
    { id: "aws", label: "AWS today: 1,000 every 10 s for each function", value: "aws" },
    {
      id: "burst",
      label: "AWS until 2023: a burst, then some a minute",
      value: { type: "burst", burst: 1000, perMinute: 500 },
    },
    { id: "unlimited", label: "unlimited", value: "unlimited" },
  ];
  const own = kind === "burst" && isTree(given) ? given : undefined;
  const amount = (key: "burst" | "perMinute", label: string, otherwise: number) => {
    const initial = own ? Number(own[key]) : otherwise;
    return number({
      path: `${path}.${key}`,
      group: "Account",
      label,
      initial,
      template: "$",
      stops: [0, ...logStops(Math.max(1, Math.round(initial / 20)), Math.max(20, initial * 10), true)],
      min: 0,
      max: 1_000_000,
      whole: true,
      when: { path, is: own ? ["written", "burst"] : ["burst"] },
    });
  };
  return [
    {
      kind: "choice",
      path,
      group: "Account",
      label: "New environments",
      hint: `${kind === undefined ? `As platform "${platform}" has it` : "As written"}: ${text}.`,
      initial: "written",
      // What the scenario has already is offered once.
      options: options.filter(({ id }) => id === "written" || id !== kind),
    },
    amount("burst", "Burst", 1000),
    amount("perMinute", "Then a minute", 500),
  ];
}

function functionControls(scenario: Scenario, file: Tree): Control[] {
  const functions = treeIn(file, "functions");
  const { concurrency, minimumUnreserved } = scenario.account;
  const reservable = Number.isFinite(concurrency) ? Math.max(1, concurrency - minimumUnreserved) : 1000;
  return Object.keys(functions)
    .slice(0, MOST_SHOWN)
    .flatMap((name) => {
      const settings = scenario.functions.find((f) => f.name === name) ?? scenario.functions[0]!;
      return oneFunction(name, treeIn(functions, name), settings, scenario.platform, reservable);
    });
}

function oneFunction(
  name: string,
  given: Tree,
  settings: FunctionSettings,
  platform: string,
  reservable: number,
): Control[] {
  // A template stands for every function of a trace.
  const group = name === "*" ? "Every other function" : name;
  const at = (setting: string) => `${name}.${setting}`;
  const share = parseShare(given.errors);
  return [
    number({
      path: at("memorySize"),
      group,
      label: "Memory",
      unit: "MB",
      initial: settings.memorySize,
      template: '"$ MB"',
      stops: [
        ...evenStops(128, 1024, 64),
        ...evenStops(1152, 3072, 128),
        1769,
        ...evenStops(3584, 10_240, 512),
      ],
      min: 128,
      max: 10_240,
      whole: true,
    }),
    ...lawControls(at("duration"), group, "Duration", given.duration),
    ...lawControls(at("initDuration"), group, "Init duration", given.initDuration),
    ...concurrencyControls(at, group, given, settings, reservable),
    keepAlive(at("keepAlive"), group, given.keepAlive, settings, platform),
    seconds(at("timeout"), group, "Timeout", settings.timeout),
    ...(share.ok
      ? [
          number({
            path: at("errors"),
            group,
            label: "Errors",
            unit: "%",
            initial: tidy(share.value * 100),
            template: '"$%"',
            stops: [0, ...logStops(0.01, 50, false, 12)],
            min: 0,
            max: 100,
          }),
        ]
      : []),
    {
      kind: "choice",
      path: at("architecture"),
      group,
      label: "Architecture",
      initial: settings.architecture,
      options: ["x86_64", "arm64"].map((id) => ({ id, label: id, value: id })),
    },
    ...presetControls(at, group, given, settings),
  ];
}

function concurrencyControls(
  at: (setting: string) => string,
  group: string,
  given: Tree,
  { reservedConcurrency: reserved }: FunctionSettings,
  reservable: number,
): Control[] {
  const count = (path: string, label: string, initial: number | null, least: number, from: number) => {
    const top = Math.max(reservable, initial ?? 0, least + 1);
    return number({
      path: at(path),
      group,
      label,
      initial,
      template: "$",
      stops: [least, ...logStops(1, top, true)],
      min: least,
      max: 1_000_000,
      whole: true,
      off: { label: "none", value: null, from: Math.min(from, top) },
    });
  };
  const provisioned = given.provisionedConcurrency;
  const controls = [count("reservedConcurrency", "Reserved concurrency", reserved ?? null, 0, 100)];
  // A policy that moves it in time is no number, and a snapshot does without it.
  if ((provisioned === undefined && !given.snapStart) || typeof provisioned === "number")
    controls.push(count("provisionedConcurrency", "Provisioned concurrency", provisioned ?? null, 1, 10));
  return controls;
}

function keepAlive(
  path: string,
  group: string,
  given: unknown,
  settings: FunctionSettings,
  platform: string,
): Control {
  const fixed = isTree(given) && given.type === "fixed" ? given.value : given;
  const minutes = parseQuantity("duration", fixed);
  const isPreset = given === undefined || minutes.ok;
  return number({
    path,
    group,
    label: "Keep-alive",
    hint: minutes.ok
      ? undefined
      : `${isPreset ? `As platform "${platform}" has it` : "As written"}: ${settings.keepAlive.text}.`,
    unit: "min",
    initial: minutes.ok ? tidy(minutes.value / MINUTE) : null,
    template: '"$m"',
    stops: [0, ...logStops(0.5, 120, false, 16)],
    min: 0,
    max: 100_000,
    off: { label: isPreset ? "the platform's" : "as written", value: null, from: 10 },
  });
}

/** Settings by which a preset finds its cold starts; where a function writes its own they are of no use. */
function presetControls(
  at: (setting: string) => string,
  group: string,
  given: Tree,
  { runtime, package: { type, size } }: FunctionSettings,
): Control[] {
  if (["placement", "download", "initDuration", "firstHandler"].some((phase) => given[phase] !== undefined))
    return [];
  const runtimes = [runtime, "nodejs22.x", "python3.13", "java21", "dotnet8", "ruby3.4"];
  const known = [...new Set(runtimes)].filter((name) => name === runtime || isKnownRuntime(name));
  const apart = isTree(given.package);
  return [
    {
      kind: "choice",
      path: at("runtime"),
      group,
      label: "Runtime",
      initial: runtime,
      options: known.map((id) => ({ id, label: id, value: id })),
    },
    number({
      path: at(apart ? "package.size" : "package"),
      group,
      label: "Package size",
      unit: "MB",
      initial: size ?? null,
      template: apart ? '"$ MB"' : '{"type":"zip","size":"$ MB"}',
      stops: logStops(1, type === "image" ? 10_240 : 250, true),
      min: 0.001,
      max: type === "image" ? 10_240 : 250,
      off: { label: "not given", value: null, from: 50 },
    }),
  ];
}

/** The times that a law of times is written with: a constant, a mean, percentiles. */
function lawControls(path: string, group: string, label: string, given: unknown): Control[] {
  const whole = parseQuantity("duration", given);
  if (whole.ok) return [milliseconds(path, group, label, whole.value)];
  if (!isTree(given)) return [];
  return ["value", "mean", "p50", "p99"].flatMap((key) => {
    const part = parseQuantity("duration", given[key]);
    const name = key === "value" ? label : `${label} ${key}`;
    return part.ok ? [milliseconds(`${path}.${key}`, group, name, part.value)] : [];
  });
}

function milliseconds(path: string, group: string, label: string, us: number): Control {
  const initial = tidy(us / MILLISECOND);
  const low = initial === 0 ? 1 : initial / 20;
  return number({
    path,
    group,
    label,
    unit: "ms",
    initial,
    template: '"$ms"',
    stops: logStops(low, initial === 0 ? 10_000 : initial * 20, false),
    min: 0,
    max: 900_000,
  });
}

function seconds(path: string, group: string, label: string, us: number): Control {
  return number({
    path,
    group,
    label,
    unit: "s",
    initial: tidy(us / SECOND),
    template: '"$s"',
    stops: logStops(1, 900, true),
    min: 1,
    max: 900,
  });
}

function yesOrNo(path: string, group: string, label: string, initial: boolean): ChoiceControl {
  const options = [
    { id: "no", label: "no", value: false },
    { id: "yes", label: "yes", value: true },
  ];
  return { kind: "choice", path, group, label, initial: initial ? "yes" : "no", options };
}

/** Without the noise of a division. */
function tidy(value: number): number {
  return Number(value.toPrecision(12));
}
