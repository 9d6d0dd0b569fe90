import type { ScenarioSource } from "../../study/source.ts";
import { INTER } from "../html/inter.ts";
import type { Control } from "./control.ts";

/** What the page is about, as it is put into it. */
export interface PageData {
  readonly source: ScenarioSource;
  readonly controls: readonly Control[];
  /** The scenario's file as commands name it. */
  readonly file: string;
}

/** Scripts and styles of the page, as the build makes them. */
export interface PageParts {
  readonly main: string;
  /** The workers' scripts: gzip, in base64. */
  readonly engine: string;
  readonly drawer: string;
  readonly style: string;
}

export interface PageOptions {
  readonly name: string;
  readonly about: string | undefined;
  readonly version: string;
  readonly data: PageData;
  readonly parts: PageParts;
  /** The hash of a script in the words of a content security policy: "sha256-…". */
  readonly hashOf: (script: string) => string;
}

/** Says that a file is such a page, which may be written over. */
export const GENERATOR = "lsim explore";

/**
 * The page as one file: engine, charts, styles and scenario are in it, and its policy lets it ask for nothing from
 * anywhere. The one script that runs is the one whose hash the policy names; Vega compiles its expressions, hence
 * 'unsafe-eval'. Names and texts of the scenario are text here and become text in the page.
 */
export function explorePage({ name, about, version, data, parts, hashOf }: PageOptions): string {
  const main = scriptText(parts.main);
  const policy = [
    "default-src 'none'",
    `script-src '${hashOf(main)}' 'unsafe-eval'`,
    "worker-src blob:",
    "style-src 'unsafe-inline'",
    "img-src data:",
    "font-src data:",
    "base-uri 'none'",
    "form-action 'none'",
  ].join("; ");
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="generator" content="${GENERATOR} ${escapeHtml(version)}">
<link rel="icon" href="data:,">
<title>${escapeHtml(name)} – lsim explore</title>
<style>${INTER}${parts.style.replace(/<\//g, "<\\/")}</style>
</head>
<body>
<header>
<div><h1>${escapeHtml(name)}</h1>${about ? `<p class="about">${escapeHtml(about)}</p>` : ""}</div>
<button type="button" id="theme">Dark</button>
</header>
<noscript><p class="alert">This page simulates in your browser and needs JavaScript.</p></noscript>
${BODY}
<script type="application/json" id="data">${jsonText(data)}</script>
<script type="text/plain" id="engine-script">${parts.engine}</script>
<script type="text/plain" id="drawer-script">${parts.drawer}</script>
<script>${main}</script>
</body>
</html>
`;
}

const BODY = `<main id="main">
<div id="top">
<section id="verdict" aria-label="Verdict">
<p id="sentence">Simulating …</p>
<progress id="progress" max="1" value="0" aria-label="Simulating" hidden></progress>
<div id="problems" class="alert" role="alert" hidden></div>
<p id="notice" class="alert" hidden></p>
<ul id="thresholds" aria-label="Thresholds"></ul>
<p id="next" hidden></p>
</section>
<dl id="cards" aria-label="Summary"></dl>
</div>
<form id="settings" aria-label="Settings">
<div class="actions">
<button type="button" id="reset">Reset all</button>
<button type="button" id="copy-link">Copy link</button>
<button type="button" id="copy-scenario">Copy scenario</button>
</div>
<fieldset>
<legend>Baseline</legend>
<p class="hint" id="baseline"></p>
<div class="actions">
<button type="button" id="pin">Pin this view</button>
<button type="button" id="as-opened">As opened</button>
<button type="button" id="no-baseline">None</button>
</div>
</fieldset>
<div id="controls"></div>
</form>
<div id="results">
<div id="charts"></div>
<section aria-labelledby="h-figures">
<div class="title"><h2 id="h-figures">All figures</h2><label id="figures-choice" hidden>of <select id="figures-of"></select></label></div>
<div class="card table" role="region" tabindex="0" aria-labelledby="h-figures"><table id="figures"></table></div>
</section>
<section aria-labelledby="h-bill">
<h2 id="h-bill">Bill of the run</h2>
<div class="card table" role="region" tabindex="0" aria-labelledby="h-bill"><table id="bill"></table></div>
<p class="hint" id="bill-title"></p>
</section>
<section aria-labelledby="h-same">
<h2 id="h-same">The same from a terminal</h2>
<pre class="card" id="command" role="region" tabindex="0" aria-labelledby="h-same"></pre>
<p><button type="button" id="copy-command">Copy command</button></p>
<p class="hint" id="run"></p>
<p class="hint" id="timing"></p>
<ul class="hint" id="notes"></ul>
</section>
</div>
</main>
<div id="spoken" role="status" class="unseen"></div>
<dialog id="by-hand" aria-labelledby="by-hand-title">
<p id="by-hand-title">The browser does not let this page copy. Copy it from here:</p>
<textarea id="by-hand-text" readonly rows="12" aria-labelledby="by-hand-title"></textarea>
<p><button type="button" id="by-hand-close">Close</button></p>
</dialog>`;

/** JSON that ends no script, whatever texts are in it. */
function jsonText(value: unknown): string {
  return JSON.stringify(value)
    .replace(/</g, "\\u003c")
    .replace(/\u2028/g, "\\u2028")
    .replace(/\u2029/g, "\\u2029");
}

/** JavaScript that ends no script element and begins no comment of the page: in it these stand in texts only. */
function scriptText(script: string): string {
  return script.replace(/<(?=\/script|!--|script)/gi, "\\x3C");
}

function escapeHtml(text: string): string {
  return text.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;").replace(/"/g, "&quot;");
}
