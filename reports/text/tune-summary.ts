import type { Unit } from "../../sim/scenario/threshold.ts";
import { MILLISECOND, printDuration, printMoney } from "../../sim/units.ts";
import { differenceOf } from "../../study/compare.ts";
import { meetsAll } from "../../study/thresholds.ts";
import type { TunedFigure, TunedSize, Tuning } from "../../study/tune.ts";
import { plusMinus, printChange, printerOf } from "./cells.ts";
import { type Cell, grid, markdownGrid } from "./grid.ts";
import { type Paint, plain } from "./paint.ts";

/** What a tuning comes to, in sentences: what to choose first, or that memory changes nothing. */
export function tuneVerdict(tuning: Tuning): string[] {
  const { choice, unbound, byAverages, tuned, presentMb, strategy } = tuning;
  const name = tuning.function;
  const present = tuned.find((size) => size.present)!;
  const sentences = memoryStory(tuning);
  if (!Number.isFinite(present.averageDuration))
    return [`${name} was not invoked: there is nothing to tune.`];
  if (!choice) return [...sentences, `${name} fails at every size tried: ${failures(tuned)}.`];
  const word = { cost: "cheapest", speed: "fastest", balanced: "best balance of cost and speed" }[strategy];
  const judged = choice.thresholds.length > 0;
  const bound = judged && meetsAll(choice) ? " that meets all thresholds" : "";
  const against = choice.present
    ? ""
    : ` At the present ${presentMb} MB: ${figuresOf(present)}${missText(present)}.`;
  sentences.push(
    `${choice.memoryMb} MB${choice.present ? ", the present size," : ""} is the ${word} for ${name}${bound}: ${figuresOf(choice)}.${against}`,
  );
  if (judged && !meetsAll(choice))
    sentences.push(`No size tried meets all thresholds: it misses ${list(misses(choice))}.`);
  if (unbound && unbound !== choice)
    sentences.push(
      `Without thresholds it would be ${unbound.memoryMb} MB: ${figuresOf(unbound)}${missText(unbound)}.`,
    );
  const alike = alternative(tuning, choice);
  if (alike)
    sentences.push(
      `${alike.memoryMb} MB ${strategy === "cost" ? "costs the same and is faster" : "is as fast and cheaper"}, to within half a percent or the interval: ${figuresOf(alike)}.`,
    );
  if (byAverages && byAverages !== unbound)
    sentences.push(
      `By average durations alone, as Power Tuning counts, it would be ${byAverages.memoryMb} MB: requests, inits and provisioned concurrency are billed too.`,
    );
  return sentences;
}

const figuresOf = ({ figures, averageDuration }: TunedSize) =>
  `${printMoney(figures.costPerMillionUsd!.value)} per million invocations, mean duration ${ms(averageDuration)}`;

function missText(size: TunedSize): string {
  if (size.failing !== undefined) return `; fails: ${size.failing}`;
  return meetsAll(size) ? "" : `; misses ${list(misses(size))}`;
}

function memoryStory(tuning: Tuning): string[] {
  const { tuned, dependsOnMemory, differs, scenario } = tuning;
  const name = tuning.function;
  if (!dependsOnMemory) {
    const own = scenario.functions.find((f) => f.name === name)!.duration;
    const remedy = own
      ? `say at which size it was measured, as in "at": "${tuning.presentMb} MB", "cpuBound": "70%", or give "io" and "cpu"`
      : `it comes with a trace, which is played as it was recorded; a "duration" with "at" on the traffic entry would go before it`;
    return [
      `The duration of ${name} does not depend on memory as the scenario gives it, so more memory can only cost more: ${remedy}.`,
    ];
  }
  if (!differs)
    return [
      `The duration of ${name} is the same at all sizes from ${tuned[0]!.memoryMb} MB to ${tuned.at(-1)!.memoryMb} MB: its code has no use for more CPU than it has there.`,
    ];
  return [];
}

/**
 * A size that is as good as the choice in what the strategy asks for, and better in the other: what differs by less than
 * its interval, or in no digit that is shown, is no reason.
 */
function alternative({ tuned, strategy }: Tuning, choice: TunedSize): TunedSize | undefined {
  if (strategy === "balanced") return undefined;
  const [asked, other] = (
    strategy === "cost" ? ["costPerMillionUsd", "durationMeanMs"] : ["durationMeanMs", "costPerMillionUsd"]
  ) as [string, string];
  const better = (a: TunedSize, b: TunedSize) =>
    a.figures[other]!.value < (1 - LAST_DIGIT) * b.figures[other]!.value;
  return tuned
    .filter((size) => size.failing === undefined && (meetsAll(size) || !meetsAll(choice)))
    .filter((size) => isAlike(size.figures[asked]!, choice.figures[asked]!) && better(size, choice))
    .sort((a, b) => a.figures[other]!.value - b.figures[other]!.value)[0];
}

/** The paired difference is not clear, or too small to show. */
function isAlike(a: TunedFigure, b: TunedFigure): boolean {
  const { mark, relative } = differenceOf(b, a, true);
  return mark !== "clear" || Math.abs(relative) < LAST_DIGIT;
}

/** What a change must be to show in three significant digits. */
const LAST_DIGIT = 0.005;

function list(words: readonly string[]): string {
  return words.length < 2 ? words.join("") : `${words.slice(0, -1).join(", ")} and ${words.at(-1)}`;
}

function failures(tuned: readonly TunedSize[]): string {
  return tuned.map(({ memoryMb, failing }) => `${memoryMb} MB ${failing}`).join(", ");
}

const misses = ({ thresholds }: TunedSize) =>
  thresholds.filter(({ ok }) => !ok).map(({ of, measure, expression }) => `${of} ${measure} ${expression}`);

const ms = (value: number) => printDuration(value * MILLISECOND);

/** The tables' columns: how a figure is titled, and its unit. */
const SHOWN: readonly { name: string; title: string; unit: Unit }[] = [
  { name: "costPerMillionUsd", title: "per million", unit: "money" },
  { name: "durationMeanMs", title: "duration", unit: "duration" },
  { name: "latencyP99Ms", title: "latency p99", unit: "duration" },
  { name: "concurrencyMean", title: "concurrency", unit: "number" },
  { name: "concurrencyMax", title: "peak", unit: "number" },
  { name: "coldStartRate", title: "cold", unit: "share" },
  { name: "throttleRate", title: "throttled", unit: "share" },
  { name: "spilloverRate", title: "spillover", unit: "share" },
];

/** The summary of a tuning: the verdict, a row a size, and what each size changes against the present one. */
export function tuneSummary(tuning: Tuning, paint: Paint = plain): string {
  const { name, head, tables } = parts(tuning, paint);
  const [first, ...others] = tuneVerdict(tuning);
  return [
    paint.strong(first!),
    ...others,
    "",
    `${paint.strong(name)}   ${paint.dim(head)}`,
    ...tables.flatMap(({ title, rows }, i) => [...(i > 0 ? ["", title] : []), ...grid(rows)]),
  ].join("\n");
}

/** The same in Markdown. */
export function tuneMarkdown(tuning: Tuning): string {
  const { name, head, tables } = parts(tuning, plain);
  const [first, ...others] = tuneVerdict(tuning);
  return [
    `## ${name}`,
    "",
    [`**${first}**`, ...others].join(" "),
    ...tables.flatMap(({ title, rows }) => ["", title, "", ...markdownGrid(rows)]),
    "",
    head,
  ].join("\n");
}

interface Parts {
  readonly name: string;
  readonly head: string;
  readonly tables: readonly { readonly title: string; readonly rows: readonly (readonly Cell[])[] }[];
}

function parts(tuning: Tuning, paint: Paint): Parts {
  const { scenario, tuned, choice, presentMb, strategy, balancedWeight } = tuning;
  const shown = SHOWN.filter(({ name }) => name in tuned[0]!.figures);
  const judged = scenario.thresholds.length > 0 || tuned.some(({ failing }) => failing !== undefined);
  const titles: Cell[] = [{ text: "  memory", left: true }, ...shown.map(({ title }) => ({ text: title }))];
  const memory = (size: TunedSize): Cell => ({
    text: `${size === choice ? ">" : " "} ${size.memoryMb} MB${size.present ? " (now)" : ""}`,
    left: true,
  });
  const figures = tuned.map((size): Cell[] => [
    memory(size),
    ...shown.map(({ name, unit }) => ({ text: figureText(size.figures[name]!, unit) })),
    ...(judged ? [verdictOn(size, paint)] : []),
  ]);
  const others = tuned.filter(({ present }) => !present);
  const changes = others.map((size): Cell[] => [
    memory(size),
    ...shown.map(({ name, unit }) => ({ text: changeText(size.figures[name]!, unit) })),
  ]);
  return {
    name: scenario.name,
    head: [
      `${tuning.function} at ${tuned.length} memory sizes`,
      `${printDuration(scenario.horizon)} simulated`,
      scenario.replications === 1 ? "1 replication" : `${scenario.replications} replications`,
      `seed ${scenario.seed}`,
      `strategy ${strategy}${strategy === "balanced" ? ` (weight ${balancedWeight})` : ""}`,
    ].join(" · "),
    tables: [
      {
        title: "Each size (± 95 %, where it is as much as the last digit); > the choice",
        rows: [[...titles, ...(judged ? [{ text: "thresholds", left: true }] : [])], ...figures],
      },
      ...(others.length > 0
        ? [
            {
              title: `Against the present ${presentMb} MB, which met the same requests (± 95 %)`,
              rows: [titles, ...changes],
            },
          ]
        : []),
    ],
  };
}

function figureText({ value, ci95 }: TunedFigure, unit: Unit): string {
  if (!Number.isFinite(value)) return "–";
  const print = printed(unit);
  // What is smaller than the last digit shown would only be in the way.
  return `${print(value)}${ci95 < LAST_DIGIT * Math.abs(value) ? "" : plusMinus(ci95, print)}`;
}

function changeText({ change: { value, ci95, mark } }: TunedFigure, unit: Unit): string {
  if (!Number.isFinite(value)) return "–";
  if (mark === "nil") return "same";
  const scale = unit === "duration" ? MILLISECOND : 1;
  return `${printChange(unit, value * scale)}${plusMinus(ci95, (half) => printChange(unit, half * scale).replace(/^\+/, ""))}`;
}

/** Figures are in milliseconds, printers take microseconds. */
const printed = (unit: Unit) => (unit === "duration" ? ms : printerOf(unit));

function verdictOn(size: TunedSize, paint: Paint): Cell {
  if (size.failing !== undefined)
    return { text: `no candidate: ${size.failing}`, left: true, paint: paint.bad };
  const missed = misses(size);
  return missed.length === 0
    ? { text: "all met", left: true, paint: paint.good }
    : { text: `misses ${missed.join(", ")}`, left: true, paint: paint.bad };
}
