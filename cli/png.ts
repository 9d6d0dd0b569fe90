import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";

/** Pixels of the picture for one of the chart: sharp on fine screens and on paper. */
const ZOOM = 2;

/** Draws an SVG of ours as PNG, with the font the charts are laid out for. The same picture gives the same bytes. */
export async function pngOf(svg: string): Promise<Uint8Array> {
  const { Resvg } = await import("@resvg/resvg-js");
  const drawn = new Resvg(svg, {
    fitTo: { mode: "zoom", value: ZOOM },
    background: "#FFFFFF",
    // Fonts of the system would make pictures that differ from machine to machine.
    font: { loadSystemFonts: false, fontFiles: fontFiles(), defaultFontFamily: "Inter" },
  });
  return drawn.render().asPng();
}

/** Regular and the two weights of titles and labels, each a file of its own. */
function fontFiles(): string[] {
  const folder = dirname(createRequire(import.meta.url).resolve("@expo-google-fonts/inter/package.json"));
  return ["400Regular", "600SemiBold", "700Bold"]
    .map((weight) => join(folder, weight, `Inter_${weight}.ttf`))
    .filter((file) => existsSync(file));
}
