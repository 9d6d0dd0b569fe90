import type { VegaLiteSpec } from "./chart.ts";
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
  const [vega, { compile }] = await Promise.all([import("vega"), import("vega-lite")]);
  const { textMetrics: metrics } = vega as unknown as { textMetrics: TextMetrics };
  metrics.width = (item, text) => {
    const { fontSize = 11, fontWeight = "normal" } = item;
    return text == null ? 0 : textWidth(String(text), fontSize, isBold(fontWeight));
  };
  const view = new vega.View(vega.parse(compile(spec).spec), { renderer: "none", logLevel: vega.Warn });
  try {
    return await view.toSVG();
  } finally {
    view.finalize();
  }
}

function isBold(weight: string | number): boolean {
  return weight === "bold" || Number(weight) >= 600;
}
