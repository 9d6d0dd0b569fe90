import { printDuration } from "../../sim/units.ts";
import type { Study } from "../../study/replicate.ts";
import { type Chart, COLOUR, note, provenance, shortName, specOf, WIDTH } from "./chart.ts";
import { type EntryPart, entryParts, shownOf } from "./entry-parts.ts";
import { amountAxis, binned, latencyUnit } from "./latency-axis.ts";
import { bars, marker } from "./latency-distribution.ts";
import { lawNumbers } from "./numbers.ts";

/** From a request's arrival to the end of all that comes of it, through every function. */
export function endToEnd(study: Study): Chart | undefined {
  const { parts, all } = entryParts(study, ({ laws }) => laws.endToEnd.count);
  if (parts.length === 0) return undefined;
  const laws = parts.map((part) => part.laws.endToEnd);
  const unit = latencyUnit(laws);
  const axis = amountAxis(
    Math.min(...laws.map((h) => h.min)) / unit.size,
    Math.max(...laws.map((h) => h.max)) / unit.size,
  );
  const several = parts.length > 1;
  const vconcat = parts.map(({ name, laws: { endToEnd: h } }, i) => {
    const last = i === parts.length - 1;
    const title = last ? `end to end (${unit.name}${axis.log ? ", log scale" : ""})` : null;
    const figures = `p50 ${printDuration(h.quantile(0.5))} · p99 ${printDuration(h.quantile(0.99))} · max ${printDuration(h.max)}`;
    const bins = binned(h, axis, (value) => value / unit.size);
    return {
      width: WIDTH,
      height: several ? 72 : 180,
      layer: [
        bars(bins, axis, COLOUR.amount, title, last, "share of requests", several),
        marker(h.quantile(0.99) / unit.size, "p99", COLOUR.text, bins, axis),
        note(several ? shortName(name, 40) : "", 0, -12, { fontWeight: 600, fontSize: 13 }),
        note(figures, WIDTH, -12, { color: COLOUR.faint, align: "right" }),
      ],
    };
  });
  const finding = findingOf(parts);
  const title = several ? "End to end" : `End to end, from ${shortName(parts[0]!.name)} on`;
  return {
    name: "end-to-end",
    title,
    question: "How long until all that a request sets off is done?",
    finding,
    numbers: lawNumbers(parts.map(({ name, laws }) => ({ name, histogram: laws.endToEnd }))),
    spec: specOf(
      title,
      `${provenance(study, printDuration(study.scenario.horizon))}${shownOf(parts.length, all, "ways in")}`,
      finding,
      { spacing: several ? 30 : 46, bounds: "flush", resolve: { scale: { x: "independent" } }, vconcat },
    ),
  };
}

/** Ways in that the finding names, the slowest first. */
const MOST_NAMED = 3;

function findingOf(parts: readonly EntryPart[]): string {
  const told = [...parts]
    .sort((a, b) => b.laws.endToEnd.quantile(0.99) - a.laws.endToEnd.quantile(0.99))
    .slice(0, MOST_NAMED)
    .map(({ name, laws: { endToEnd: h, latency } }) => {
      const own =
        latency.count > 0 ? `, where its own answers have p50 ${printDuration(latency.quantile(0.5))}` : "";
      return `all that requests of ${name} set off is done after p50 ${printDuration(h.quantile(0.5))} and p99 ${printDuration(h.quantile(0.99))}${own}`;
    });
  const text = told.join("; ");
  return `${text[0]!.toUpperCase()}${text.slice(1)}.`;
}
