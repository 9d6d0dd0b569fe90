import type { Chart } from "../charts/chart.ts";
import { escapeHtml } from "../escape.ts";
import { inlineSvg } from "./inline-svg.ts";
import { INTER } from "./inter.ts";

const STYLE = `
:root { color-scheme: light dark; --ground: #f6f7f9; --text: #1f2733; --faint: #5f6b7c; --line: #d9dde3; }
@media (prefers-color-scheme: dark) { :root { --ground: #14181f; --text: #e6e9ee; --faint: #a3adbb; --line: #333b47; } }
body { margin: 0 auto; max-width: 940px; padding: 32px 20px 64px; background: var(--ground); color: var(--text);
  font: 16px/1.5 Inter, Helvetica, Arial, sans-serif; }
h1 { margin: 0 0 4px; font-size: 28px; }
h2 { margin: 48px 0 12px; font-size: 20px; }
p { margin: 0 0 16px; }
pre { white-space: pre-wrap; overflow-wrap: anywhere; padding: 16px; border: 1px solid var(--line); border-radius: 8px;
  font: 13px/1.5 ui-monospace, Menlo, Consolas, monospace; }
figure { margin: 0; }
figcaption { margin-top: 10px; color: var(--faint); }
.card { overflow-x: auto; background: #fff; border: 1px solid var(--line); border-radius: 8px; }
.card svg { display: block; max-width: 100%; height: auto; margin: 0 auto; }
@media print { body { background: #fff; color: #000; } h2 { break-after: avoid; } figure { break-inside: avoid; } }
`;

/** All charts of a study on one page: no script, no requests, to be opened from a folder or put into a mail. */
export function indexPage(
  { name, about }: { readonly name: string; readonly about?: string | undefined },
  charts: readonly { readonly chart: Chart; readonly svg: string }[],
  summaryText: string,
  verdict: string,
): string {
  const figures = charts.map(
    ({ chart, svg }) => `<section>
<h2>${escapeHtml(chart.question)}</h2>
<figure>
<div class="card">${inlineSvg(chart, svg)}</div>
<figcaption>${escapeHtml(chart.finding)}</figcaption>
</figure>
</section>`,
  );
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(name)} – lsim</title>
<style>${INTER}${STYLE}</style>
</head>
<body>
<h1>${escapeHtml(name)}</h1>
${about ? `<p>${escapeHtml(about)}</p>\n` : ""}<p><strong>${escapeHtml(verdict)}</strong></p>
<pre>${escapeHtml(summaryText.trimEnd())}</pre>
${figures.join("\n")}
</body>
</html>
`;
}
