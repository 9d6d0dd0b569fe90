import type { Histogram } from "../../sim/measure/histogram.ts";
import { printCount, printDuration, printMean, printNumber, printShare } from "../../sim/units.ts";
import type { Study } from "../../study/replicate.ts";
import { type Chart, COLOUR, note, provenance, shortName, specOf, WIDTH } from "./chart.ts";
import { type EntryPart, entryParts, shownOf } from "./entry-parts.ts";
import type { AmountAxis, Bin } from "./latency-axis.ts";
import { bars, marker } from "./latency-distribution.ts";
import { lawNumbers } from "./numbers.ts";

/** Of more sizes than that several share a bar. */
const MOST_BARS = 100;

/** How full batches are. */
export function batchFill(study: Study): Chart | undefined {
  const { parts, all } = entryParts(study, ({ mean }) => mean((c) => c.batches));
  if (parts.length === 0) return undefined;
  const several = parts.length > 1;
  const vconcat = parts.map(({ name, laws: { batchSize: h } }, i) => {
    const { axis, bins } = sizes(h);
    const title = i === parts.length - 1 ? "messages in a batch" : null;
    const figures = `mean ${printNumber(h.mean)} · p50 ${printCount(h.quantile(0.5))} · p99 ${printCount(h.quantile(0.99))} · max ${printCount(h.max)}`;
    return {
      width: WIDTH,
      height: several ? 72 : 220,
      layer: [
        bars(bins, axis, COLOUR.queued, title, true, "share of batches", several),
        marker(h.mean, "mean", COLOUR.text, bins, axis),
        note(several ? shortName(name, 40) : "", 0, -12, { fontWeight: 600, fontSize: 13 }),
        note(figures, WIDTH, -12, { color: COLOUR.faint, align: "right" }),
      ],
    };
  });
  const finding = findingOf(parts);
  const title = several ? "How full batches are" : `How full the batches of ${shortName(parts[0]!.name)} are`;
  return {
    name: "batch-fill",
    title,
    question: "How full are the batches that invocations take?",
    finding,
    numbers: lawNumbers(
      parts.map(({ name, laws }) => ({ name: `messages in a batch of ${name}`, histogram: laws.batchSize })),
      (size) => printNumber(size),
    ),
    spec: specOf(
      title,
      `${provenance(study, printDuration(study.scenario.horizon))}${shownOf(parts.length, all, "sources of batches")}`,
      finding,
      { spacing: several ? 46 : 46, bounds: "flush", resolve: { scale: { x: "independent" } }, vconcat },
    ),
  };
}

/** A bar for each size, or for as many as it takes, around whole numbers. */
function sizes(h: Histogram): { axis: AmountAxis; bins: Bin[] } {
  const width = Math.max(1, Math.ceil(h.max / MOST_BARS));
  const count = Math.max(1, Math.ceil(h.max / width));
  const shares = new Float64Array(count);
  for (const { low, width: wide, count: n } of h.buckets()) {
    const size = Math.min(h.max, low + (wide - 1) / 2);
    shares[Math.min(count - 1, Math.max(0, Math.ceil(size / width) - 1))]! += n / h.count;
  }
  const edges = Array.from({ length: count + 1 }, (_, i) => i * width + 0.5);
  const bins = [...shares].map((share, i) => ({ from: edges[i]!, to: edges[i + 1]!, share }));
  return {
    axis: { log: false, low: edges[0]!, high: edges[count]!, edges },
    bins: bins.filter(({ share }) => share > 0),
  };
}

/** Sources that the finding names. */
const MOST_NAMED = 3;

function findingOf(parts: readonly EntryPart[]): string {
  const told = [...parts]
    .map((part) => ({ ...part, batches: part.mean((c) => c.batches) }))
    .sort((a, b) => b.batches - a.batches)
    .slice(0, MOST_NAMED)
    .map(({ name, laws: { batchSize: h }, batches }) => {
      let full = 0;
      for (const { low, width, count } of h.buckets()) if (low + width > h.max) full += count;
      const filled =
        h.max > 1 ? `; ${printShare(full / h.count)} hold the most there are, ${printCount(h.max)}` : "";
      return `the ${printMean(batches)} batches of ${name} hold ${printNumber(h.mean)} on average${filled}`;
    });
  const text = told.join("; ");
  return `${text[0]!.toUpperCase()}${text.slice(1)}.`;
}
