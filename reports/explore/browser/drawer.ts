import { Redrawing } from "../../charts/render.ts";
import { inTheme } from "../../charts/theme.ts";
import type { FromDrawer, ToDrawer } from "../messages.ts";

/** Draws charts in a worker of its own: the page stays at hand, and the next run need not wait. */
const tell = (message: FromDrawer) => postMessage(message);
const charts = new Redrawing();

addEventListener("message", async ({ data: { name, spec, theme, turn } }: MessageEvent<ToDrawer>) => {
  try {
    tell({ name, turn, svg: await charts.svg(inTheme(JSON.parse(spec), theme)) });
  } catch (error) {
    tell({ name, turn, fault: (error as Error).stack ?? String(error) });
  }
});
