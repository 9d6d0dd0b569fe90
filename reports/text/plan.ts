import type { Threshold } from "../../sim/scenario/threshold.ts";
import { printCount, printDuration, printMoney, printShare } from "../../sim/units.ts";
import { type Candidate, differences } from "../../study/candidate.ts";
import type { Outcome, Plan, Strategy } from "../../study/plan.ts";
import { printable, refusals } from "../../study/plan-file.ts";
import { type Estimate, estimate } from "../../study/statistics.ts";
import { judge } from "../../study/thresholds.ts";
import { plusMinus } from "./cells.ts";
import { type Paint, plain } from "./paint.ts";
import { printValue } from "./summary.ts";

/** What each strategy looks for, and what is said of those that do not have it: of what was inferred, that it is no better. */
export const AIMS: Readonly<Record<Strategy, { aim: string; worse: string }>> = {
  cost: { aim: "least cost", worse: "cost no less" },
  speed: { aim: "lowest p99 latency", worse: "are no faster, or no cheaper" },
  balanced: { aim: "best balance of cost and p99 latency", worse: "have no better balance" },
};

/** More than these are counted. */
const MOST_NAMED = 3;

/** The plan for the terminal: the verdict, what to change, what that brings, and why others were not taken. */
export function planText(
  plan: Plan,
  { paint = plain, seconds }: { paint?: Paint; seconds?: number } = {},
): string {
  const { space, options, each, best } = plan;
  const { scenario } = space.base;
  const head = [
    AIMS[options.strategy].aim,
    `${printCount(space.lattice.size)} points of ${space.axes.length === 1 ? "1 setting" : `${space.axes.length} settings`}`,
    `${each} replications each`,
    ...(seconds === undefined ? [] : [`took ${seconds.toFixed(1)} s`]),
    `seed ${scenario.seed}`,
  ];
  return [
    `${paint.strong(`${scenario.name} plan`)}   ${paint.dim(head.join(" · "))}`,
    paint.strong(planSentence(plan)),
    ...(best ? changeLines(plan, best, paint) : nearestLines(plan, paint)),
    ...(best ? cautionLines(plan, best, paint) : []),
    "",
    ...reasonLines(plan),
    ...doubtLines(plan, paint),
    triedLine(plan),
  ].join("\n");
}

/** The verdict in one sentence. */
export function planSentence(plan: Plan): string {
  const { best, nearest, options, space } = plan;
  const { thresholds } = space.base.scenario;
  const all =
    thresholds.length === 1
      ? "the threshold is"
      : thresholds.length === 2
        ? "both thresholds are"
        : `all ${thresholds.length} thresholds are`;
  const confidence = `${printConfidence(options.confidence)} confidence`;
  if (best) return `Plan found: for ${printMoney(best.cost.value)} a month ${all} met, with ${confidence}.`;
  if (!nearest) return "No plan: none of the settings that were looked at could be run.";
  if (plan.outcomes.includes("unseen"))
    return `No plan within the budget of ${printCount(options.budget)} replications (--budget).`;
  const unmet = thresholds.filter((_, h) => plan.candidates.every((c) => !judge(c.study())[h]!.ok));
  if (unmet.length > 0)
    return `No plan: ${unmet.map(nameOf).join(" and ")} ${unmet.length === 1 ? "is" : "are"} out of reach.`;
  if (judge(nearest.study()).every(({ ok }) => ok))
    return `No plan with ${confidence}: the nearest settings meet ${thresholds.length === 1 ? "the threshold" : "the thresholds"} on average, too closely to tell; more replications (--replications ${plan.each * 4}) could.`;
  return "No plan: each threshold can be met, but not all at once.";
}

/** 0.95 as "95 %". */
export function printConfidence(confidence: number): string {
  return `${Number((confidence * 100).toPrecision(12))} %`;
}

/** Settings and figures, now and planned. */
function changeLines(plan: Plan, best: Candidate, paint: Paint): string[] {
  return [...settingLines(plan, best, paint), "", ...figureLines(plan.now, best, "planned", paint)];
}

function nearestLines(plan: Plan, paint: Paint): string[] {
  const { nearest, now } = plan;
  if (!nearest) return [];
  return [
    "Nearest:",
    ...settingLines(plan, nearest, paint),
    "",
    ...figureLines(now, nearest, "nearest", paint),
  ];
}

/** Refusing requests saves money: functions that pay for the plan with more of that, and have no threshold against it. */
function cautionLines(plan: Plan, best: Candidate, paint: Paint): string[] {
  return refusals(plan, best).map(({ name, now, planned }) =>
    paint.bad(
      `    caution: ${name} is refused more of its requests, ${printShare(now)} -> ${printShare(planned)}; no threshold limits that`,
    ),
  );
}

/** "~ api.reservedConcurrency  100 -> 250". */
function settingLines({ space }: Plan, { point }: Candidate, paint: Paint): string[] {
  const width = Math.max(...space.axes.map(({ path }) => path.length));
  return space.settings(point).map(({ path, value }, a) => {
    const { now, nowAt, values } = space.axes[a]!;
    const same = nowAt >= 0 && values[nowAt] === value;
    const from = now === undefined ? "not set" : printable(now);
    return same
      ? paint.dim(`    ${path.padEnd(width)}  ${from} (as it is)`)
      : `  ${paint.strong("~")} ${path.padEnd(width)}  ${from} -> ${paint.strong(printable(value))}`;
  });
}

/** Cost, latency and thresholds side by side. */
function figureLines(now: Candidate, then: Candidate, title: string, paint: Paint): string[] {
  const money = (usd: number) => printMoney(usd);
  const amount = ({ value, ci95 }: { value: number; ci95: number }, print: (v: number) => string) =>
    Number.isNaN(value) ? "none" : `${print(value)}${plusMinus(ci95, print)}`;
  const cost = estimate(differences(then.cost.values, now.cost.values));
  const latency = estimate(differences(then.latency.values, now.latency.values));
  const [before, after] = [judge(now.study()), judge(then.study())];
  const rows: [string, string, string, string][] = [
    ["", "now", title, "change"],
    [
      "cost a month",
      amount(now.cost, money),
      amount(then.cost, money),
      `${signed(cost, money)}${now.cost.value > 0 ? ` (${signed({ mean: cost.mean / now.cost.value, ci95: Number.NaN }, printShare)})` : ""}`,
    ],
    [
      "p99 latency",
      amount(now.latency, printDuration),
      amount(then.latency, printDuration),
      signed(latency, printDuration),
    ],
    ...after.map((judgement, h): [string, string, string, string] => {
      const mark = (ok: boolean) => (ok ? "ok" : "x ");
      return [
        nameOf(judgement),
        `${mark(before[h]!.ok)} ${printValue(before[h]!)}`,
        `${mark(judgement.ok)} ${printValue(judgement)}`,
        "",
      ];
    }),
  ];
  const widths = [0, 1, 2].map((column) => Math.max(...rows.map((cells) => cells[column]!.length)));
  return rows.map((cells, i) => {
    const text = `    ${cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join("   ")}`.trimEnd();
    if (i === 0) return paint.dim(text);
    if (i < 3) return text;
    return text.replace(/ x {2}/g, ` ${paint.bad("x ")} `).replace(/ ok /g, ` ${paint.good("ok")} `);
  });
}

function signed({ mean, ci95 }: Estimate, print: (v: number) => string): string {
  if (Number.isNaN(mean)) return "";
  return `${mean > 0 ? "+" : ""}${print(mean)}${plusMinus(ci95, print)}`;
}

/** Why the other points were not taken, in groups. */
function reasonLines(plan: Plan): string[] {
  const { space, outcomes, missed, best } = plan;
  const { thresholds } = space.base.scenario;
  const count = (wanted: readonly Outcome[], of?: number) =>
    outcomes.reduce(
      (n, outcome, point) =>
        n + (wanted.includes(outcome) && (of === undefined || missed[point] === of) ? 1 : 0),
      0,
    );
  const groups: [number, string, string][] = [
    ...thresholds.map((threshold, h): [number, string, string] => {
      const [run, inferred] = [count(["missed"], h), count(["inferred-missed"], h)];
      return [
        run + inferred,
        `miss ${nameOf(threshold)}`,
        `${printCount(run)} run${inferred > 0 ? `, ${printCount(inferred)} offer no more than those` : ""}`,
      ];
    }),
    [
      count(["worse", "inferred-worse"]),
      AIMS[plan.options.strategy].worse,
      worseText(plan, count(["worse"]), count(["inferred-worse"])),
    ],
    [count(["tied"]), "are as good as the plan", best ? tiedText(plan, best) : ""],
    [count(["close"]), "meet the thresholds too closely to tell", closeText(plan)],
    [count(["impossible"]), "cannot be set", firstReason(plan)],
    [
      count(["unseen"]),
      "were not decided",
      count(["unseen"]) > 0
        ? `the budget of ${printCount(plan.options.budget)} replications was used up`
        : "",
    ],
  ];
  const shown = groups.filter(([n]) => n > 0);
  const numbers = Math.max(0, ...shown.map(([n]) => printCount(n).length));
  const words = Math.max(0, ...shown.map(([, text]) => text.length));
  return shown.map(([n, text, why]) =>
    `  ${printCount(n).padStart(numbers)} ${text.padEnd(words)}   ${why}`.trimEnd(),
  );
}

function worseText(plan: Plan, run: number, inferred: number): string {
  const { best, candidates, outcomes } = plan;
  const others =
    inferred > 0 ? `${run > 0 ? ", " : ""}${printCount(inferred)} go further than the plan or those` : "";
  const worse = candidates.filter(({ point }) => outcomes[point] === "worse");
  if (!best || worse.length === 0) return others;
  const by = worse
    .map((c) => ({ c, mean: estimate(differences(plan.scores(c), plan.scores(best))).mean }))
    .reduce((least, one) => (one.mean < least.mean ? one : least));
  return `${printCount(run)} run, the nearest ${againstPlan(by.c, best)}${others}`;
}

/** "+$150.42 ± $0.31 a month" and "+20 ms", where they differ. */
function againstPlan(candidate: Candidate, best: Candidate): string {
  const cost = estimate(differences(candidate.cost.values, best.cost.values));
  const latency = estimate(differences(candidate.latency.values, best.latency.values));
  const parts = [
    `${signed(cost, printMoney)} a month`,
    ...(Math.abs(latency.mean) > 0 ? [`p99 ${signed(latency, printDuration)}`] : []),
  ];
  return parts.join(", ");
}

function tiedText(plan: Plan, best: Candidate): string {
  const tied = plan.candidates.filter(({ point }) => plan.outcomes[point] === "tied");
  const named = tied
    .slice(0, MOST_NAMED)
    .map((c) => `${settingsText(plan, c.point)} (${againstPlan(c, best)})`);
  return `${named.join("; ")}${tied.length > MOST_NAMED ? `; and ${tied.length - MOST_NAMED} more` : ""}`;
}

/** The best of those that would do if they were surer, with the threshold that is in doubt. */
function closeText(plan: Plan): string {
  const close = plan.candidates.filter(({ point }) => plan.outcomes[point] === "close");
  if (close.length === 0) return "";
  const score = (c: Candidate) => estimate(plan.scores(c)).mean;
  const first = close.reduce((least, c) => (score(c) < score(least) ? c : least));
  const judgement = judge(first.study())[plan.missed[first.point]!]!;
  return `such as ${settingsText(plan, first.point)}: ${judgement.of} ${judgement.measure} ${printValue(judgement)}`;
}

/** As in "api.memorySize=512MB account.concurrency=1200". */
export function settingsText({ space }: Plan, point: number): string {
  return space
    .settings(point)
    .map(({ path, value }) => `${path}=${printable(value)}`)
    .join(" ");
}

function firstReason({ impossible }: Plan): string {
  const [reason] = impossible.values();
  return reason === undefined ? "" : `as in ${reason.split("\n")[0]}`;
}

/** Expectations that did not hold: what was inferred from them was looked at again. */
function doubtLines({ expectations }: Plan, paint: Paint): string[] {
  return expectations
    .filter(({ contradicted }) => contradicted)
    .map(({ path, statistic, direction }) =>
      paint.dim(
        `  note: ${statistic} was expected to ${direction > 0 ? "rise" : "fall"} with ${path}, and does not everywhere; nothing was inferred from it`,
      ),
    );
}

function triedLine({ candidates, space, replications, each }: Plan): string {
  const { size } = space.lattice;
  return `Tried ${printCount(candidates.length)} of ${printCount(size)} points, ${printCount(replications)} of ${printCount(size * each)} replications.`;
}

function nameOf({ of, measure, expression }: Pick<Threshold, "of" | "measure" | "expression">): string {
  return `${of} ${measure} ${expression}`;
}
