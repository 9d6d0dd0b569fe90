import { meanBill } from "../sim/pricing/bill.ts";
import type { TrafficSettings } from "../sim/scenario/scenario.ts";
import { DAY, MILLISECOND, MONTH, printDuration, printNumber, printShare } from "../sim/units.ts";
import type { Study } from "./replicate.ts";
import { samplingNotes } from "./sampling-notes.ts";

/** Something that the reader should know, and what it is about: functions, the bill, the projected month. */
export interface Note {
  readonly about: string;
  readonly text: string;
}

/** All that is to be known of how settings were taken, of the bill and its projection, and of what the figures rest on; each once. */
export function notesOf(study: Study): Note[] {
  const about = (name: string, texts: readonly string[]) => texts.map((text) => ({ about: name, text }));
  return [
    ...functionNotes(study),
    ...about("bill", billNotes(study)),
    ...about("month", projectionNotes(study)),
    ...samplingNotes(study),
  ];
}

function functionNotes({ scenario }: Study): Note[] {
  const about = new Map<string, string[]>();
  for (const { name, notes } of scenario.functions) {
    for (const note of notes) {
      const names = about.get(note);
      if (names) names.push(name);
      else about.set(note, [name]);
    }
  }
  return [...about].map(([text, names]) => ({
    about: names.length <= 3 ? names.join(", ") : `${names.length} functions`,
    text,
  }));
}

function billNotes({ scenario, replications }: Study): string[] {
  const { lines } = meanBill(replications.map((r) => r.bill));
  const notes = lines
    .filter((line) => line.unitPrice === undefined)
    .map(({ item, price }) => `not priced: ${item}; no price table at hand gives "${price}"`);
  const { savingsPlan: plan } = scenario.pricing;
  if (!plan?.payment) return notes;
  const uncovered = lines.filter(
    ({ key, price, free }) =>
      !free &&
      /^(duration|provisioned|provisionedDuration)\./.test(key) &&
      !price.includes("savingsPlans") &&
      !lines.some((other) => other.key === key && other.price.includes("savingsPlans")),
  );
  const items = [...new Set(uncovered.map(({ item }) => item))];
  if (items.length > 0 && plan.coverage > 0)
    notes.push(`no ${plan.payment} price is known for ${items.join(", ")}, billed as without a savings plan`);
  return notes;
}

/** Above this share what is left at the end, or the cost of an empty start, shows in the month. */
const NOTICEABLE = 0.01;

/** Why the simulated time may stand badly for a month. */
function projectionNotes(study: Study): string[] {
  const { scenario, replications } = study;
  const { span } = replications[0]!;
  const notes = [...new Set(scenario.traffic.flatMap((t) => rhythmNote(t, scenario.horizon, span)))];
  const sum = (name: "requests" | "unfinished") =>
    replications.reduce((all, r) => all + r.functions.reduce((own, f) => own + f.counters[name], 0), 0);
  const left = sum("unfinished") / sum("requests");
  if (left > NOTICEABLE)
    notes.push(`${printShare(left)} of requests were not done at the end: it could not go on like this`);
  const empty = emptyStart(study);
  if (empty !== undefined)
    notes.push(
      `${printShare(empty)} of billed time is init of the run's first tenth, before which there were no environments; a warmup leaves it out`,
    );
  return notes;
}

/** What is wrong with repeating so much of this traffic. */
function rhythmNote({ arrivals, start, end }: TrafficSettings, horizon: number, span: number): string[] {
  const { period } = arrivals;
  const runs = `${printNumber(MONTH / span)} times these ${printDuration(span)}`;
  if (period === Number.POSITIVE_INFINITY || start > 0 || end < horizon)
    return span < DAY ? [`${runs}, less than a day of traffic that changes`] : [];
  if (period === undefined || span % period === 0) return [];
  const cycle = period === DAY ? "a day" : printDuration(period);
  if (span < period) return [`${runs}, and the traffic repeats only after ${cycle}`];
  // Beside many short cycles a piece of one does not count.
  if (period < DAY && span >= 10 * period) return [];
  return [
    `${runs}, no whole number of the ${period === DAY ? "days" : cycle} after which the traffic repeats`,
  ];
}

/** The share of billed time that is init of the first tenth of a run without warm-up; undefined where it is small. */
function emptyStart({ scenario, replications, account }: Study): number | undefined {
  if (scenario.warmup > 0 || !scenario.pricing.billInit) return undefined;
  let init = 0;
  let billed = 0;
  for (const { functions } of replications) {
    for (const { counters: c } of functions) {
      init += c.coldStartTimes.init / MILLISECOND;
      billed += c.billedMs + c.provisionedBilledMs;
    }
  }
  const { coldStarts } = account.timeline;
  const tenth = Math.ceil(coldStarts.length / 10);
  const of = (column: Float64Array) => column.reduce((sum, n) => sum + n, 0);
  const all = of(coldStarts);
  // What a tenth of the run has anyway is no effect of its start.
  const early = Math.max(0, of(coldStarts.subarray(0, tenth)) - of(coldStarts.subarray(tenth)) / 9);
  const share = all === 0 || billed === 0 ? 0 : ((init / billed) * early) / all;
  return share > NOTICEABLE ? share : undefined;
}
