import { canPair, compareStatistic } from "./compare.ts";
import { StudyPool } from "./pool.ts";
import type { Study } from "./replicate.ts";
import type { Runner } from "./runner.ts";
import { type Side, studySide } from "./side.ts";
import type { Opened } from "./source.ts";
import type { Statistic } from "./statistic.ts";

/** When a comparison has been played long enough. */
export interface Precision {
  /** Half-width of each difference's interval, as a share of the larger of both values. */
  readonly share: number;
  readonly on: readonly Statistic[];
  /** Replications beyond which it gives up. */
  readonly most: number;
}

/** Where it ended. */
export interface Stopped {
  readonly reached: boolean;
  readonly replications: number;
  /** The statistic that is known worst, and its half-width as a share. */
  readonly worst: Statistic | undefined;
  readonly worstShare: number;
}

/** No look before this many replications: fewer know their own spread badly. */
const FEWEST = 10;

/** How many more replications are played between two looks, as a share of those there are. */
const GROWTH = 0.25;

/**
 * Plays two scenarios side by side, in as many replications as the first says or, with a precision, until it is
 * reached. The rule is the relative one of Law & Kelton (Simulation Modeling and Analysis, section "Obtaining a specified
 * precision", with its γ/(1 + γ) and a minimum of ten replications), which goes back to Chow & Robbins (Annals of
 * Mathematical Statistics 36, 1965): stop as soon as the half-width is small enough. Looking several times favours
 * samples that happen to vary little, so the coverage is a little under 95 %; looks are kept few, each after a quarter
 * more replications than before.
 */
export async function playBoth(
  runner: Runner,
  opened: readonly [Opened, Opened],
  precision?: Precision,
  tell?: (share: number) => void,
): Promise<{ studies: [Study, Study]; stopped?: Stopped }> {
  const [a, b] = opened;
  const pools = [new StudyPool(a.scenario), new StudyPool(b.scenario)] as const;
  let played = 0;
  const goal = a.scenario.replications;
  const limit = precision ? Math.max(precision.most, 2) : goal;
  let to = precision ? Math.min(limit, Math.max(FEWEST, goal)) : goal;
  for (;;) {
    const from = played;
    const done = [0, 0];
    const play = async (side: 0 | 1) => {
      for await (const run of runner.runs(opened[side], from, to, (n) => {
        done[side] = n;
        tell?.((from + (done[0]! + done[1]!) / 2) / Math.max(to, 1));
      }))
        pools[side].add(run);
    };
    // One after the other in one thread; side by side where there are several.
    if (runner.jobs > 1) await Promise.all([play(0), play(1)]);
    else for (const side of [0, 1] as const) await play(side);
    played = to;
    const studies: [Study, Study] = [pools[0].study(), pools[1].study()];
    if (!precision) return { studies };
    const stopped = lookAt(studySide(studies[0]), studySide(studies[1]), precision);
    if (stopped.reached || played >= limit) return { studies, stopped };
    to = Math.min(limit, played + Math.max(runner.jobs, Math.ceil(GROWTH * played)));
  }
}

/** How well the differences are known. */
function lookAt(a: Side, b: Side, { share, on }: Precision): Stopped {
  let [worst, most]: [Statistic | undefined, number] = [undefined, 0];
  for (const statistic of on) {
    const found = compareStatistic(a, b, statistic, canPair(a, b), undefined);
    if (!found || Number.isNaN(found.difference.value)) continue;
    const size = Math.max(Math.abs(found.a.value), Math.abs(found.b.value));
    const { ci95, mark } = found.difference;
    const known = mark === "nil" || ci95 === 0 ? 0 : ci95 / size;
    if (!(known <= most)) [worst, most] = [statistic, Number.isNaN(known) ? Number.POSITIVE_INFINITY : known];
  }
  return { reached: most <= share / (1 + share), replications: a.seeds.length, worst, worstShare: most };
}
