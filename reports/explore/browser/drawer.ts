import { renderSvg } from "../../charts/render.ts";
import { inTheme } from "../../charts/theme.ts";
import type { FromDrawer, ToDrawer } from "../messages.ts";

/** Draws charts in a worker of its own: the page stays at hand, and the next run need not wait. */
const tell = (message: FromDrawer) => postMessage(message);

addEventListener("message", async ({ data: { chart, theme, turn } }: MessageEvent<ToDrawer>) => {
  const { name, spec } = chart;
  try {
    tell({ name, turn, svg: await renderSvg(inTheme(JSON.parse(spec), theme)) });
  } catch (error) {
    tell({ name, turn, fault: (error as Error).stack ?? String(error) });
  }
});
