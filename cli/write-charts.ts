import type { Chart } from "../reports/charts/chart.ts";
import type { ReviewWords } from "../reports/review/review.ts";
import { wordsOf } from "../reports/review/words.ts";
import { VERSION } from "../version.ts";
import { letHeapGrow } from "./heap.ts";
import type { OutputFolder } from "./output-folder.ts";
import { jsonText } from "./tell.ts";

/**
 * Charts as specs and pictures, all of them on one page with the summary and its verdict, and in words what a report that is
 * made later has to know (review.json).
 */
export async function writeCharts(
  folder: OutputFolder,
  charts: readonly Chart[],
  about: { readonly name: string; readonly about?: string | undefined },
  text: string,
  sentence: string,
  more: Pick<ReviewWords, "command" | "next" | "explanations"> = {},
): Promise<void> {
  letHeapGrow();
  // Loaded only where they are wanted: Vega is most of the program, and the page brings its font.
  const [{ renderSvg }, { indexPage }] = await Promise.all([
    import("../reports/charts/render.ts"),
    import("../reports/html/index-page.ts"),
  ]);
  const drawn: { chart: Chart; svg: string }[] = [];
  for (const chart of charts) {
    const svg = await renderSvg(chart.spec);
    folder.write(`charts/${chart.name}.vl.json`, jsonText(chart.spec));
    folder.write(`charts/${chart.name}.svg`, svg);
    drawn.push({ chart, svg });
  }
  folder.write("charts/index.html", indexPage(about, drawn, text, sentence));
  const words = wordsOf(about, charts, { sentence, summary: text, ...more }, VERSION);
  folder.write("review.json", jsonText(words));
}
