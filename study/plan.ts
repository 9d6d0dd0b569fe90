import { ScenarioError } from "../sim/scenario/problem.ts";
import { Candidate, COST, differences, LATENCY, type Standing, standing } from "./candidate.ts";
import { Course, type Expectation } from "./course.ts";
import type { Runner } from "./runner.ts";
import { FIRST_LOOK, type SearchSpace } from "./search-space.ts";
import { meanWithin } from "./statistics.ts";

/** What a plan is after. */
export const STRATEGIES = ["cost", "speed", "balanced"] as const;
export type Strategy = (typeof STRATEGIES)[number];

/** The weight of cost in the score; the rest is that of latency. With "speed" cost decides between equally fast settings. */
const COST_WEIGHT: Readonly<Record<Strategy, number>> = { cost: 1, balanced: 0.5, speed: 0.01 };

/** All of the way from what is there now to the far end of the grid counts as much as this share of the score. */
const CHANGE_WEIGHT = 0.001;

/** Scores that differ by less are the same. A balance is flat about its best; for the others money or time is lost. */
const INDIFFERENCE: Readonly<Record<Strategy, number>> = { cost: 0, balanced: 0.01, speed: 0 };

/** What does not hold by less than this share of the limit, or of the score, does no harm. */
const SLACK = { threshold: 0.01, score: 0.001 };

/** With more combinations of settings that have no order than this, their ends are not looked at first. */
const MOST_BLOCKS = 8;
/** So many points in a row that cannot be set, and none that can: nobody will find one. */
const MOST_IMPOSSIBLE = 1000;

export interface PlanOptions {
  readonly strategy: Strategy;
  /** From 0 to 1, both left out. */
  readonly confidence: number;
  /** Replications in all, after which the search ends with what it has. */
  readonly budget: number;
}

/** What became of a point of the grid. Those marked "inferred" were not run. */
export type Outcome =
  | "plan"
  /** Meets the thresholds; not told apart from the plan. */
  | "tied"
  /** Meets the thresholds, at a worse score. */
  | "worse"
  /** Misses a threshold. */
  | "missed"
  /** Met, but not with the confidence asked for. */
  | "close"
  | "inferred-missed"
  | "inferred-worse"
  /** The settings do not go together. */
  | "impossible"
  /** The budget was used up first. */
  | "unseen";

/** A run that the search asked for, and why. */
export interface Step {
  readonly point: number;
  readonly from: number;
  readonly to: number;
  readonly reason: "now" | "end" | "halving" | "undecided" | "best" | "rival" | "neighbour";
}

export interface Plan {
  readonly space: SearchSpace;
  readonly options: PlanOptions;
  /** Replications that a point gets at most. */
  readonly each: number;
  /** In the order in which they were tried. */
  readonly candidates: readonly Candidate[];
  readonly now: Candidate;
  /** The settings to take; undefined where there are none. */
  readonly best: Candidate | undefined;
  /** Without a plan: what misses the thresholds by least. */
  readonly nearest: Candidate | undefined;
  /** By point. */
  readonly outcomes: readonly Outcome[];
  /** By point: the place in the scenario's thresholds of the one that it misses; −1 for others. */
  readonly missed: Int32Array;
  /** By point: why its settings do not go together. */
  readonly impossible: ReadonlyMap<number, string>;
  /** Replications in all, of the scenario as it is included. */
  readonly replications: number;
  readonly expectations: readonly Expectation[];
  readonly steps: readonly Step[];
  /** The error that each decision may have: to call a threshold missed, or met, and a score worse. */
  readonly levels: Levels;
  /** The score of a candidate by replication, without what the change counts. */
  readonly scores: (candidate: Candidate) => readonly number[];
}

/**
 * Finds the settings with the best score that meet all thresholds, with fewer replications than the grid has.
 *
 * The score of settings is w × cost a month + (1 − w) × p99 latency, each over that of the scenario as it is; w by
 * strategy: 1, ½ (as AWS Lambda Power Tuning balances), or 0.01. On top comes at most 0.1 % for how far they lie from what
 * is there now, so that of settings that are worth the same the smallest change is taken. Balanced scores within 1 % of
 * each other are not told apart.
 *
 * Which points are run: the search halves what is left. Thresholds and scores are expected to rise or fall along some
 * settings (effects.ts), so that a point that misses a threshold speaks for all that offer less, and one that meets all of
 * them for those that only cost more; of the points that are left it takes the one that rules out most either way, as
 * bisection does on a line. Each direction is checked at every pair of points that were run and differ by that setting
 * alone; one that is contradicted is given up, and what was inferred from it is open again. In the end the plan's
 * neighbours are run too.
 *
 * How many replications: a point begins with three and gets more (double, up to the scenario's own) while it matters
 * and is undecided, as in a race (Maron & Moore, Hoeffding Races, 1994; here with Student's t). Scores are compared by
 * replication, which met the same requests at all points (common random numbers; Kim & Nelson, A fully sequential
 * procedure for indifference-zone selection in simulation, 2001), thresholds judged along with them (Andradóttir & Kim,
 * Fully sequential procedures for comparing constrained systems via simulation, 2010).
 *
 * The errors: with confidence 1 − α, half of α is for taking settings that miss a threshold. It is shared out equally
 * (Bonferroni) over the thresholds' chains: along a setting in whose direction a threshold is met ever better one test
 * speaks for all points, as in tests in a fixed order (Maurer, Hothorn & Lehmacher 1995). So with one threshold and one
 * such setting the plan meets it if the 95 % interval as reports show it does. The other half is for losing the best
 * settings: a quarter for taking a threshold for missed, over thresholds and looks; a quarter for taking a score for worse,
 * over points and looks. Normality of the means over replications is assumed.
 *
 * Throws ScenarioError where none of the points can be set. `tell` is called with the share of the points that are settled.
 */
export async function plan(
  runner: Runner,
  space: SearchSpace,
  options: PlanOptions,
  tell: (share: number) => void = () => {},
): Promise<Plan> {
  return new Search(runner, space, options, tell).run();
}

export interface Levels {
  readonly missing: number;
  readonly meeting: number;
  readonly worse: number;
}

/** What is known at some moment. */
interface Survey {
  /** By point: 0 where nothing rules it out. */
  readonly ruling: Uint8Array;
  readonly missed: Int32Array;
  readonly best: Candidate | undefined;
  readonly standings: ReadonlyMap<Candidate, Standing>;
  /** Tried, and nothing rules them out yet. */
  readonly open: readonly Candidate[];
  /** Points that may hold something better, not tried. */
  readonly live: number;
}

const RULING = { none: 0, impossible: 1, missed: 2, close: 3, worse: 4, tried: 5 } as const;

class Search {
  private readonly candidates = new Map<number, Candidate>();
  private readonly impossible = new Map<number, string>();
  private readonly steps: Step[] = [];
  private spent = 0;
  private readonly each: number;
  private readonly looks: readonly number[];
  private readonly thresholds: readonly Course[];
  private readonly parts: readonly Course[];
  private readonly now: Candidate;
  private scale = { cost: 1, latency: 1 };
  private readonly endsSeen = new Set<string>();
  /** Pairs of points that differ by one axis. */
  private readonly compared = new Set<string>();

  private readonly runner: Runner;
  private readonly space: SearchSpace;
  private readonly options: PlanOptions;
  private readonly tell: (share: number) => void;

  constructor(runner: Runner, space: SearchSpace, options: PlanOptions, tell: (share: number) => void) {
    this.runner = runner;
    this.space = space;
    this.options = options;
    this.tell = tell;
    const { base } = space;
    const { replications, thresholds } = base.scenario;
    this.each = replications;
    this.looks = looksUpTo(this.each);
    this.thresholds = thresholds.map((threshold, h) => {
      const { of, measure, expression, limit } = threshold;
      const name = `${of} ${measure} ${expression.split(/[<>]/)[0]!.trim()}`;
      const slack = SLACK.threshold * Math.abs(limit);
      return new Course(space, threshold, name, slack, ({ readings }) => readings[h]!.values);
    });
    const weight = COST_WEIGHT[options.strategy];
    const cost = new Course(space, COST, "total cost perMonth", SLACK.score, ({ cost }) =>
      cost.values.map((v) => (weight * v) / this.scale.cost),
    );
    const latency = new Course(space, LATENCY, "total latency p(99)", SLACK.score, ({ latency }) =>
      latency.values.map((v) => ((1 - weight) * v) / this.scale.latency),
    );
    this.parts = weight < 1 ? [cost, latency] : [cost];
    this.now = new Candidate(space.now, base);
    if (space.now >= 0) this.candidates.set(space.now, this.now);
  }

  async run(): Promise<Plan> {
    await this.play(this.now, FIRST_LOOK, "now");
    this.scale = {
      cost: positive(meanWithin(this.now.cost.values, 0.5).mean),
      latency: positive(meanWithin(this.now.latency.values, 0.5).mean),
    };
    let survey = this.survey();
    for (;;) {
      const settled = 1 - survey.live / this.space.lattice.size;
      this.tell(settled);
      const next = this.next(survey);
      if (!next || !this.affords(next.to - (this.candidates.get(next.point)?.replications ?? 0), survey))
        break;
      if (!(await this.tryPoint(next.point, next.to, next.reason))) this.refuseIfNothingGoes();
      survey = this.survey();
    }
    return this.finish(survey);
  }

  /** The point to run next, how far, and why; undefined at the end. */
  private next(survey: Survey): { point: number; to: number; reason: Step["reason"] } | undefined {
    const { best, open, standings } = survey;
    const more = (candidate: Candidate | undefined, reason: Step["reason"]) =>
      candidate && { point: candidate.point, to: this.lookAfter(candidate.replications), reason };
    const unfinished = ({ replications }: Candidate) => replications < this.each;
    const undecided = open.find((c) => standings.get(c) === "open" && unfinished(c));
    if (undecided) return more(undecided, "undecided");
    if (survey.live > 0) return { ...this.choose(survey), to: FIRST_LOOK };
    if (best && unfinished(best)) return more(best, "best");
    const rival = open.find(unfinished);
    if (rival) return more(rival, "rival");
    if (!best) return undefined;
    const neighbour = this.space.lattice
      .neighbours(best.point)
      .find((point) => !this.candidates.has(point) && !this.impossible.has(point));
    return neighbour === undefined ? undefined : { point: neighbour, to: FIRST_LOOK, reason: "neighbour" };
  }

  /** Whether the budget has room for it, with enough left to finish what is best so far. */
  private affords(more: number, { best }: Survey): boolean {
    const needed =
      this.each - this.now.replications + (best ? Math.max(0, this.each - best.replications - more) : 0);
    return this.spent + more + needed <= this.options.budget;
  }

  /** Of the points that are left: first the ends of the grid, then the one that rules out most either way. */
  private choose({ ruling }: Survey): { point: number; reason: "end" | "halving" } {
    const { lattice } = this.space;
    const signs = this.searchSigns();
    const count = (signs: readonly number[]) => {
      const ones = new Float64Array(lattice.size);
      for (let point = 0; point < lattice.size; point++) ones[point] = ruling[point] === RULING.none ? 1 : 0;
      return lattice.carrySum(ones, signs);
    };
    const less = count(signs);
    const more = count(signs.map((sign) => -sign));
    const live = (point: number) => ruling[point] === RULING.none;
    const blocks = signs.reduce((n, sign, a) => (sign === 0 ? n * lattice.lengths[a]! : n), 1);
    const candidates = [...this.candidates.keys()];
    for (const [end, counts, outward] of blocks > MOST_BLOCKS
      ? []
      : ([
          ["most", less, signs],
          ["least", more, signs.map((sign) => -sign)],
        ] as const)) {
      const ends = new Map<number, number>();
      for (let point = 0; point < lattice.size; point++) {
        if (!live(point)) continue;
        const block = lattice.blockOf(point, signs);
        const known = ends.get(block);
        if (known === undefined || counts[point]! > counts[known]!) ends.set(block, point);
      }
      for (const [block, point] of ends) {
        const key = `${end} ${block}`;
        if (this.endsSeen.has(key)) continue;
        this.endsSeen.add(key);
        if (!candidates.some((other) => lattice.isBeyond(other, point, outward)))
          return { point, reason: "end" };
      }
    }
    let found = -1;
    let most = -1;
    for (let point = 0; point < lattice.size; point++) {
      if (!live(point)) continue;
      const value = Math.min(less[point]!, more[point]!);
      if (value > most) [found, most] = [point, value];
    }
    return { point: found, reason: "halving" };
  }

  /** By axis: the way in which thresholds are met ever better; without any, in which the score rises. */
  private searchSigns(): number[] {
    const { thresholds } = this.space.base.scenario;
    return this.space.axes.map((_, a) => {
      const better = this.thresholds.map(({ directions }, h) => -directions[a]! * wrongWay(thresholds[h]!));
      const score = this.parts.map(({ directions }) => directions[a]!);
      return [...better, ...score].find((sign) => sign !== 0) ?? 0;
    });
  }

  /** What the runs so far rule out. A function of them alone, so that what is given up or added needs no undoing. */
  private survey(): Survey {
    const { lattice, base } = this.space;
    const { size } = lattice;
    const tried = [...this.candidates.values()];
    const levels = this.levels();
    const byThreshold = new Map(
      tried.map((candidate) => [
        candidate,
        base.scenario.thresholds.map((threshold, h) =>
          standing(threshold, candidate.readings[h]!, {
            ...levels,
            final: candidate.replications >= this.each,
          }),
        ),
      ]),
    );
    const standings = new Map(tried.map((c) => [c, worstOf(byThreshold.get(c)!)]));
    const ruling = new Uint8Array(size);
    const missed = new Int32Array(size).fill(-1);
    // What is missed at one point is missed at all that offer less.
    base.scenario.thresholds.forEach((threshold, h) => {
      const marks = new Float64Array(size);
      for (const candidate of tried) {
        const own = byThreshold.get(candidate)![h]!;
        marks[candidate.point] = own === "missed" ? 2 : own === "close" ? 1 : 0;
      }
      const wrong = wrongWay(threshold);
      lattice.carryMost(
        marks,
        this.thresholds[h]!.directions.map((d) => d * wrong),
      );
      for (let point = 0; point < size; point++) {
        if (marks[point] === 2 && ruling[point] !== RULING.missed) {
          ruling[point] = RULING.missed;
          missed[point] = h;
        } else if (marks[point] === 1 && ruling[point] === RULING.none) {
          ruling[point] = RULING.close;
          missed[point] = h;
        }
      }
    });
    const best = this.bestOf(tried.filter((c) => standings.get(c) === "met"));
    const same = INDIFFERENCE[this.options.strategy];
    const atLeast = this.worseBy(best, tried, levels.worse);
    for (let point = 0; point < size; point++) {
      if (ruling[point] === RULING.none && atLeast[point]! >= -same) ruling[point] = RULING.worse;
    }
    for (const point of this.impossible.keys()) ruling[point] = RULING.impossible;
    const open: Candidate[] = [];
    for (const candidate of tried) {
      const own = standings.get(candidate)!;
      // What was run stands for itself.
      missed[candidate.point] =
        own === "missed" || own === "close" ? byThreshold.get(candidate)!.indexOf(own) : -1;
      ruling[candidate.point] = RULING.tried;
      const decided = own === "missed" || own === "close";
      if (!decided && candidate !== best && !(atLeast[candidate.point]! >= -same)) open.push(candidate);
    }
    let live = 0;
    for (let point = 0; point < size; point++) if (ruling[point] === RULING.none) live++;
    return { ruling, missed, best, standings, open, live };
  }

  /**
   * By point: how much worse than the best its score is. Of points that were run at least so much, at a level of error. Of
   * others what the means of those that were run say by the directions: where such a point is the better one in truth, it
   * is in the race itself.
   */
  private worseBy(best: Candidate | undefined, tried: readonly Candidate[], level: number): Float64Array {
    const { lattice } = this.space;
    const sums = new Float64Array(lattice.size).fill(best ? 0 : Number.NEGATIVE_INFINITY);
    if (!best) return sums;
    const least = (values: readonly number[]) => {
      const { mean, half } = meanWithin(values, level);
      return Number.isFinite(mean) ? mean - (Number.isFinite(half) ? half : Number.POSITIVE_INFINITY) : 0;
    };
    for (const { values, directions } of this.parts) {
      const own = values(best);
      const bounds = new Float64Array(lattice.size).fill(Number.NEGATIVE_INFINITY);
      for (const candidate of tried) {
        const { mean } = meanWithin(differences(values(candidate), own), level);
        bounds[candidate.point] = Number.isNaN(mean) ? 0 : mean;
      }
      lattice.carryMost(bounds, directions);
      for (let point = 0; point < lattice.size; point++) sums[point] = sums[point]! + bounds[point]!;
    }
    const change = this.space.change[best.point]!;
    for (let point = 0; point < lattice.size; point++) {
      if (sums[point]! > Number.NEGATIVE_INFINITY)
        sums[point] = sums[point]! + CHANGE_WEIGHT * (this.space.change[point]! - change);
    }
    const own = this.scores(best);
    for (const candidate of tried) {
      if (candidate === best) continue;
      sums[candidate.point] =
        least(differences(this.scores(candidate), own)) +
        CHANGE_WEIGHT * (this.space.change[candidate.point]! - change);
    }
    return sums;
  }

  /** The one with the least score, each two compared by the replications that both have. */
  private bestOf(some: readonly Candidate[]): Candidate | undefined {
    return some.reduce<Candidate | undefined>(
      (best, c) => (best === undefined || this.difference(c, best) < 0 ? c : best),
      undefined,
    );
  }

  /** How much worse the score of one is than another's, what the change counts included. */
  private difference(one: Candidate, other: Candidate): number {
    const change = this.space.change[one.point]! - this.space.change[other.point]!;
    const { mean } = meanWithin(differences(this.scores(one), this.scores(other)), 0.5);
    return (Number.isNaN(mean) ? 0 : mean) + CHANGE_WEIGHT * change;
  }

  private scores(candidate: Candidate): number[] {
    const parts = this.parts.map(({ values }) => values(candidate));
    return Array.from({ length: candidate.replications }, (_, r) =>
      parts.reduce((sum, values) => sum + (Number.isFinite(values[r]) ? values[r]! : 0), 0),
    );
  }

  /** The error that each decision may have. */
  private levels(): Levels {
    const alpha = 1 - this.options.confidence;
    const { lengths, size } = this.space.lattice;
    const chains = this.thresholds.reduce(
      (sum, { directions }) => sum + size / Math.max(1, ...lengths.filter((_, a) => directions[a] !== 0)),
      0,
    );
    const looks = this.looks.length;
    return {
      meeting: alpha / 2 / chains,
      missing: alpha / 4 / (this.thresholds.length * looks),
      worse: alpha / 4 / (size * looks),
    };
  }

  /** Runs a point up to so many replications; false where its settings do not go together. */
  private async tryPoint(point: number, to: number, reason: Step["reason"]): Promise<boolean> {
    try {
      const known = this.candidates.get(point);
      const candidate = known ?? new Candidate(point, this.space.open(point));
      await this.play(candidate, to, reason);
      this.candidates.set(point, candidate);
      this.check(candidate);
      return true;
    } catch (error) {
      if (!(error instanceof ScenarioError)) throw error;
      this.impossible.set(point, error.message);
      this.candidates.delete(point);
      return false;
    }
  }

  private async play(candidate: Candidate, to: number, reason: Step["reason"]): Promise<void> {
    const from = candidate.replications;
    if (to <= from) return;
    const runs = [];
    for await (const run of this.runner.runs(candidate.opened, from, to)) runs.push(run);
    candidate.add(runs);
    this.spent += to - from;
    this.steps.push({ point: candidate.point, from, to, reason });
  }

  private refuseIfNothingGoes(): void {
    const tried = this.impossible.size;
    if (this.candidates.size > 0 || (tried < MOST_IMPOSSIBLE && tried < this.space.lattice.size)) return;
    const [first] = this.impossible.values();
    throw new ScenarioError([
      {
        path: ["--search"],
        message: `none of ${tried === this.space.lattice.size ? "its points" : `the first ${tried} points looked at`} can be set: ${first}`,
      },
    ]);
  }

  /** Compares a point with all others that differ by one axis, and gives up directions that do not hold. */
  private check(candidate: Candidate): void {
    for (const other of this.candidates.values()) {
      const axis =
        other === candidate ? undefined : this.space.lattice.axisBetween(candidate.point, other.point);
      if (axis === undefined) continue;
      const [low, high] = candidate.point < other.point ? [candidate, other] : [other, candidate];
      const key = `${low.point} ${high.point}`;
      const isNew = !this.compared.has(key);
      this.compared.add(key);
      for (const course of [...this.thresholds, ...this.parts]) course.check(axis, low, high, isNew);
    }
  }

  private lookAfter(replications: number): number {
    return this.looks.find((look) => look > replications) ?? this.each;
  }

  private async finish(survey: Survey): Promise<Plan> {
    const complete = survey.best && survey.best.replications >= this.each ? survey.best : undefined;
    const nearest = complete ? undefined : this.nearest(survey);
    if (complete ?? nearest) await this.play(this.now, this.each, "now");
    if (nearest && this.spent + this.each - nearest.replications <= this.options.budget)
      await this.tryPoint(nearest.point, this.each, "best");
    const { ruling, missed, standings } = this.survey();
    const outcomes = Array.from(ruling, (r): Outcome => INFERRED[r]!);
    for (const candidate of this.candidates.values()) {
      const own = standings.get(candidate)!;
      outcomes[candidate.point] = this.outcomeOf(candidate, own, complete);
      if (own === "open") missed[candidate.point] = this.openThreshold(candidate);
    }
    const expectations = [...this.thresholds, ...this.parts].flatMap((course) => course.expectations());
    return {
      space: this.space,
      options: this.options,
      each: this.each,
      candidates: [...this.candidates.values()],
      now: this.now,
      best: complete,
      nearest,
      outcomes,
      missed,
      impossible: this.impossible,
      replications: this.spent,
      expectations: expectations.filter((e, i) => expectations.findIndex((o) => isSame(o, e)) === i),
      steps: this.steps,
      levels: this.levels(),
      scores: (candidate) => this.scores(candidate),
    };
  }

  /** What became of a point that was run. */
  private outcomeOf(candidate: Candidate, own: Standing, best: Candidate | undefined): Outcome {
    if (candidate === best) return "plan";
    if (own === "missed" || own === "open") return "missed";
    if (own === "close") return "close";
    if (!best) return "unseen";
    return this.isTied(candidate, best) ? "tied" : "worse";
  }

  private openThreshold(candidate: Candidate): number {
    return this.space.base.scenario.thresholds.findIndex(
      (threshold, h) =>
        standing(threshold, candidate.readings[h]!, { ...this.levels(), final: false }) !== "met",
    );
  }

  private isTied(candidate: Candidate, best: Candidate): boolean {
    const { mean, half } = meanWithin(differences(this.scores(candidate), this.scores(best)), 0.025);
    return Math.abs(mean) <= Math.max(SLACK.score, INDIFFERENCE[this.options.strategy]) || !(mean - half > 0);
  }

  /** What misses the thresholds by least, taken together. */
  private nearest({ standings }: Survey): Candidate | undefined {
    const { thresholds } = this.space.base.scenario;
    const miss = (candidate: Candidate) =>
      thresholds.reduce((sum, threshold, h) => {
        const { value } = candidate.readings[h]!;
        if (Number.isNaN(value)) return Number.POSITIVE_INFINITY;
        const excess = (value - threshold.limit) * wrongWay(threshold);
        return sum + Math.max(0, excess) / (Math.abs(threshold.limit) || 1);
      }, 0);
    return [...standings.keys()].reduce<Candidate | undefined>((best, c) => {
      if (!best) return c;
      const [own, other] = [miss(c), miss(best)];
      return own < other || (own === other && this.difference(c, best) < 0) ? c : best;
    }, undefined);
  }
}

const INFERRED: Readonly<Record<number, Outcome>> = {
  [RULING.none]: "unseen",
  [RULING.impossible]: "impossible",
  [RULING.missed]: "inferred-missed",
  [RULING.close]: "inferred-missed",
  [RULING.worse]: "inferred-worse",
  [RULING.tried]: "unseen",
};

/** 1 where more is worse, −1 where less is. */
function wrongWay({ comparison }: { comparison: string }): 1 | -1 {
  return comparison.startsWith("<") ? 1 : -1;
}

function worstOf(standings: readonly Standing[]): Standing {
  return (["missed", "close", "open", "met"] as const).find((s) => standings.includes(s)) ?? "met";
}

/** Replications after which a point is looked at: 3, 6, 12, … and all of them. */
function looksUpTo(most: number): number[] {
  const looks = [];
  for (let look = FIRST_LOOK; look < most; look *= 2) looks.push(look);
  return [...looks, most];
}

function positive(value: number): number {
  return value > 0 ? value : 1;
}

function isSame(one: Expectation, other: Expectation): boolean {
  return one.path === other.path && one.statistic === other.statistic;
}
