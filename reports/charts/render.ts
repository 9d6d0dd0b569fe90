import type { View } from "vega";
import { plainText } from "../escape.ts";
import type { VegaLiteSpec } from "./chart.ts";
import { lift } from "./skeleton.ts";
import { textWidth } from "./text-widths.ts";

interface TextItem {
  readonly font?: string;
  readonly fontSize?: number;
  readonly fontWeight?: string | number;
  readonly limit?: number;
}

/** Exported by Vega, and missing from its types. */
interface TextMetrics {
  width: (item: TextItem, text: unknown) => number;
}

/** A chart as SVG text. Vega is loaded when the first chart is drawn: most commands draw none. */
export async function renderSvg(spec: VegaLiteSpec): Promise<string> {
  const view = await viewOf(spec);
  try {
    return plainText(await view.toSVG());
  } finally {
    view.finalize();
  }
}

/** Views that are kept, so that memory does not grow with what is drawn. */
const MOST_KEPT = 8;

/**
 * Draws charts again and again while their data change. What was compiled for a chart is kept and only gets the new data:
 * a third of the time, and the same SVG but for the description.
 */
export class Redrawing {
  private readonly views = new Map<string, View>();

  async svg(spec: VegaLiteSpec): Promise<string> {
    const { skeleton, data, numbers } = lift(spec);
    const key = JSON.stringify(skeleton);
    const view = this.views.get(key) ?? (await viewOf(skeleton));
    // The one used last stands last.
    this.views.delete(key);
    this.views.set(key, view);
    const [oldest] = this.views;
    if (this.views.size > MOST_KEPT && oldest) {
      this.views.delete(oldest[0]);
      oldest[1].finalize();
    }
    numbers.forEach((value, i) => {
      view.signal(`v${i}`, value);
    });
    data.forEach((values, i) => {
      view.data(`d${i}`, values);
    });
    // Axes may need another room for their labels.
    view.resize();
    await view.runAsync();
    return plainText(await view.toSVG());
  }
}

async function viewOf(spec: VegaLiteSpec): Promise<View> {
  const [vega, { compile }] = await Promise.all([import("vega"), import("vega-lite")]);
  const { textMetrics: metrics } = vega as unknown as { textMetrics: TextMetrics };
  metrics.width = (item, text) => {
    const { fontSize = 11, fontWeight = "normal" } = item;
    return text == null ? 0 : textWidth(String(text), fontSize, isBold(fontWeight));
  };
  return new vega.View(vega.parse(compile(spec).spec), { renderer: "none", logLevel: vega.Warn });
}

function isBold(weight: string | number): boolean {
  return weight === "bold" || Number(weight) >= 600;
}
