import { escapeHtml } from "../escape.ts";

/** Decimals that a picture keeps: a hundredth of a pixel is not seen. */
const DECIMALS = 2;

/**
 * An SVG for a page with others: named by its finding, and its ids its own. What no reader sees or hears is left out: roles of
 * marks inside (the picture is one image), empty backgrounds, decimals beyond a hundredth of a pixel.
 */
export function inlineSvg({ name, finding }: { name: string; finding: string }, svg: string): string {
  const id = name.replace(/[^A-Za-z0-9_-]/g, "");
  return svg
    .replace(/^<\?xml[^>]*>\s*/, "")
    .replace(/<path class="(?:background|foreground)"[^>]*\/>/g, (path) =>
      /display="none"|d="M0,0h0v0h0Z"/.test(path) || !/(?:fill|stroke)="(?!none)/.test(path) ? "" : path,
    )
    .replace(/ (?:role|aria-[a-z]+|pointer-events|class)="[^"]*"/g, "")
    .replace(/ opacity="1"/g, "")
    .replace(/ (?:d|transform|x|y|x1|x2|y1|y2|cx|cy|r|width|height)="[^"]*"/g, (attribute) =>
      attribute.replace(/-?\d+\.\d{3,}(?:e-?\d+)?/g, (n) => String(Number(Number(n).toFixed(DECIMALS)))),
    )
    .replace(/ d="([^"]*)"/g, (_, path: string) => ` d="${shortPath(path)}"`)
    .replace(/\bid="([^"]+)"/g, `id="${id}-$1"`)
    .replace(/url\(#([^)]+)\)/g, `url(#${id}-$1)`)
    .replace(/<svg /, `<svg role="img" aria-label="${escapeHtml(finding)}" `);
}

const STEP = /([ML])(-?[\d.]+),(-?[\d.]+)|Z/g;

/** The same path with level and upright moves written as such, and those in one direction as one. Only of straight lines. */
export function shortPath(path: string): string {
  if (path.replace(STEP, "") !== "") return path;
  const steps: { kind: string; x: number; y: number; way: number }[] = [];
  for (const [step, kind, px, py] of path.matchAll(STEP)) {
    const [x, y] = [Number(px), Number(py)];
    const last = steps.at(-1);
    if (kind !== "L" || !last || last.kind === "Z") {
      steps.push({ kind: kind ?? step, x, y, way: 0 });
      continue;
    }
    const level = y === last.y;
    const way = Math.sign(level ? x - last.x : y - last.y);
    const next = { kind: level ? "H" : x === last.x ? "V" : "L", x, y, way };
    if (next.kind !== "L" && next.kind === last.kind && way === last.way) steps[steps.length - 1] = next;
    else if (way !== 0 || next.kind === "L") steps.push(next);
  }
  return steps
    .map(({ kind, x, y }) =>
      kind === "Z" ? "Z" : kind === "H" ? `H${x}` : kind === "V" ? `V${y}` : `${kind}${x},${y}`,
    )
    .join("");
}

/** Its colours are worked out from numbers, so no rule can say what they are on dark ground: it stays on white paper. */
export function staysLight(svg: string): boolean {
  return svg.includes('"rgb(');
}
