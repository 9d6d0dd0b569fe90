import type { ColumnTable } from "arquero";
import type { VegaLiteSpec } from "../reports/charts/chart.ts";
import { renderSvg } from "../reports/charts/render.ts";
import type { TableWords } from "../reports/charts/table-words.ts";
import { chartsOfTable, kindOf, type StudyResult } from "./kinds.ts";

/** A result as an arquero table, with a column `…Ci95` (half-width of the 95 % interval) beside each figure. */
export function toTable(result: StudyResult): ColumnTable {
  return kindOf(result).table(result);
}

/**
 * Charts as Vega-Lite specs, by name: of a result, or of a tidy table: a sweep's points or a timeline, filtered, joined with
 * others', or read from a CSV file. What a chart says in words is its `description`.
 */
export function charts(result: StudyResult | ColumnTable, words?: TableWords): Record<string, VegaLiteSpec> {
  const drawn = isTable(result) ? chartsOfTable(result, words) : kindOf(result).charts(result);
  return Object.fromEntries(drawn.map(({ name, spec }) => [name, spec]));
}

function isTable(result: StudyResult | ColumnTable): result is ColumnTable {
  return typeof (result as ColumnTable | undefined)?.columnNames === "function";
}

/** A Vega-Lite spec as SVG text. Throws TypeError where there is none: `charts()` leaves out what has nothing to show. */
export async function toSvg(spec: VegaLiteSpec): Promise<string> {
  if (typeof spec !== "object" || spec === null)
    throw new TypeError(
      "expected a Vega-Lite spec: charts() has none by this name, or there was nothing to draw",
    );
  return renderSvg(spec);
}

/**
 * A chart for notebooks (Jupyter's display bundle): drawn by the notebook where it can, and as a picture everywhere else, such
 * as in a page that nbconvert makes.
 */
export async function toMimeBundle(spec: VegaLiteSpec): Promise<Record<string, unknown>> {
  const svg = await toSvg(spec);
  const says = typeof spec.description === "string" ? spec.description : "chart";
  const source = `data:image/svg+xml;base64,${base64(svg)}`;
  return {
    // What notebooks draw is called v5; nothing in these specs is newer.
    "application/vnd.vegalite.v5+json": {
      ...spec,
      $schema: "https://vega.github.io/schema/vega-lite/v5.json",
    },
    // Some versions of nbconvert strip an SVG of all its shapes. They take this first.
    "text/markdown": `<img alt="${escaped(says)}" src="${source}">`,
    "image/svg+xml": svg,
    "text/plain": says,
  };
}

/** Of the text's UTF-8 bytes. */
function base64(text: string): string {
  return btoa(Array.from(new TextEncoder().encode(text), (byte) => String.fromCharCode(byte)).join(""));
}

const escaped = (text: string) =>
  text.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;").replace(/"/g, "&quot;");
