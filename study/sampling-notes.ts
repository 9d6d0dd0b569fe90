import { printClock, printCount, printShare } from "../sim/units.ts";
import type { Note } from "./notes.ts";
import type { Study } from "./replicate.ts";
import { sampleSize } from "./statistic.ts";
import { nameOfStatistic } from "./statistic-words.ts";
import { startUp } from "./warm-up.ts";

/** A start-up that shows in the figures, and a run that is too short for what it is judged by. */
export function samplingNotes(study: Study): Note[] {
  return [...startUpNote(study), ...shortRunNotes(study)];
}

function startUpNote(study: Study): Note[] {
  const found = startUp(study);
  if (!found) return [];
  const { of, warmup, bias } = found;
  const said = {
    concurrency: "concurrency settles",
    latency: "latency settles",
    coldStarts: "cold starts settle",
  }[of];
  const effect =
    of === "coldStarts"
      ? `${printShare(bias)} of them belong to the start`
      : `the start puts its mean ${printShare(bias)} off`;
  return [
    {
      about: "start",
      text: `${said} only at about ${printClock(warmup)}: ${effect}; for the steady state set "warmup": "${printWarmup(warmup)}"`,
    },
  ];
}

/** As a scenario would write it: "90s", "10m". */
function printWarmup(us: number): string {
  const seconds = us / 1e6;
  return seconds % 60 === 0 && seconds >= 120 ? `${seconds / 60}m` : `${seconds}s`;
}

/** Values beyond a percentile that a threshold judges, at least: fewer say little about where it lies. */
const BEYOND = 10;

function shortRunNotes(study: Study): Note[] {
  const told = new Set<string>();
  return study.scenario.thresholds.flatMap((threshold) => {
    const { of, aggregate, quantile } = threshold;
    const count = sampleSize(study, threshold);
    if (aggregate !== "percentile" || count === undefined || count === 0 || !(quantile! < 1)) return [];
    const needed = Math.ceil(BEYOND / (1 - quantile!) - 1e-6);
    const name = `${of} ${nameOfStatistic(threshold)}`;
    if (count >= needed || told.has(name)) return [];
    told.add(name);
    const times = needed / count;
    return [
      {
        about: name,
        text: `judged by ${printCount(count)} values, and needs at least ${printCount(needed)}: a run ${times < 10 ? Math.ceil(times * 10) / 10 : Math.ceil(times)} times as long (horizon or replications)`,
      },
    ];
  });
}
