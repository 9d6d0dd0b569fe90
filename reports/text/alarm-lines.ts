import { printClock, printMean, SECOND } from "../../sim/units.ts";
import { type AlarmSummary, alarmSummaries } from "../../study/alarms.ts";
import type { Study } from "../../study/replicate.ts";
import type { Paint } from "./paint.ts";

/** A line for each alarm: when it would have gone off and when it cleared. */
export function alarmLines(study: Study, paint: Paint): string[] {
  const all = alarmSummaries(study);
  const width = (read: (a: AlarmSummary) => string) => Math.max(0, ...all.map((a) => read(a).length));
  const [name, when] = [width(({ alarm }) => alarm.name), width(({ alarm }) => alarm.when)];
  return all.map((summary) => {
    const { alarm, fired } = summary;
    const mark = fired > 0 ? paint.bad("alarm") : paint.good("quiet");
    return `  ${mark}  ${alarm.name.padEnd(name)}  ${alarm.when.padEnd(when)}  ${story(study, summary)}`;
  });
}

function story(
  { scenario, replications }: Study,
  { fired, times, first, cleared, open }: AlarmSummary,
): string {
  if (fired === 0) return "never went off";
  const n = replications.length;
  const clock = (us: number) => printClock(Math.round(us / SECOND) * SECOND, scenario.horizon);
  const one = times.mean === 1;
  const at = `${one ? "" : "first "}at ${clock(first.mean)}`;
  const often = one ? "" : `, ${printMean(times.mean)} times a run`;
  const end =
    open === fired
      ? ", on to the end"
      : `, ${one ? "cleared" : "last cleared"} at ${clock(cleared.mean)}${open > 0 ? ` (in ${open} on to the end)` : ""}`;
  const where = fired === n ? "" : ` (in ${fired} of ${n} replications)`;
  return `${at}${end}${often}${where}`;
}
