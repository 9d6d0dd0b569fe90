import { escapeHtml, shortened } from "../escape.ts";
import { numbersTable } from "../review/cells.ts";
import { GLOSSARY } from "../review/glossary.ts";
import type {
  Block,
  DrawnChart,
  Objective,
  Review,
  ReviewPart,
  SettingChange,
  TableBlock,
} from "../review/review.ts";
import { inlineSvg, staysLight } from "./inline-svg.ts";
import { INTER } from "./inter.ts";
import { reportStyle } from "./report-style.ts";

/** Of a text that a user wrote, what has room on the first screen; all of it stands in the folder. */
const MOST_TEXT = 280;
const MOST_VERDICT = 700;
const MOST_NAME = 80;
/** Objectives and settings of the first screen; missed ones first. */
const MOST_OBJECTIVES = 7;
const MOST_SETTINGS = 7;
const MOST_PROVENANCE = 120;
/** Explanations that have room on it. */
const FIRST_WHY = 3;

/**
 * A review as one HTML file: no script, no request, light and dark by the reader's choice, fit for paper. The same review gives
 * the same bytes.
 */
export function reportPage(review: Review): string {
  const title = escapeHtml(shortened(review.title, MOST_NAME));
  const [first, ...others] = review.parts as [ReviewPart, ...ReviewPart[]];
  const contents = [
    ...review.parts.flatMap(({ sections, name, what }, i) => [
      ...(i > 0 ? [{ id: partId(i), heading: `${what}: ${shortened(name, 40)}` }] : []),
      ...sections.map(({ id, heading }) => ({ id, heading })),
    ]),
    { id: "glossary", heading: "Glossary" },
  ];
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:; font-src data:">
<meta name="generator" content="lsim">
<title>${title} – capacity review</title>
<link rel="icon" href="data:,">
<style>${INTER}${reportStyle()}</style>
</head>
<body>
<a class="skip" href="#content">Skip to the content</a>
<main id="content">
${partHtml(first, review.title, 1)}
<nav aria-label="Contents"><ul>${contents.map(({ id, heading }) => `<li><a href="#${escapeHtml(id)}">${escapeHtml(shortened(heading, MOST_NAME))}</a></li>`).join("")}</ul></nav>
${bodyHtml(first)}
${others.map((part, i) => `<div class="part" id="${partId(i + 1)}">\n${partHtml(part, `${part.what}: ${part.name}`, 2)}\n${bodyHtml(part)}\n</div>`).join("\n")}
<section aria-labelledby="glossary">
<h2 id="glossary">Glossary</h2>
<dl class="glossary">${GLOSSARY.map(({ term, text }) => `<dt>${escapeHtml(term)}</dt><dd>${escapeHtml(text)}</dd>`).join("")}</dl>
</section>
</main>
</body>
</html>
`;
}

const partId = (i: number) => `part-${i + 1}`;

/** What one sees first of a part: verdict, objectives, settings, where it comes from, and the picture. */
function partHtml(part: ReviewPart, title: string, level: 1 | 2): string {
  const { what, about, verdict, picture } = part;
  const head = level === 1 ? "h1" : "h2";
  const side = [
    objectivesHtml(part.objectives, part.objectivesTitle),
    settingsHtml(part.settings, part.settingsTitle),
    part.next
      ? `<h3>Next</h3><p class="next"><code>${escapeHtml(part.next.command)}</code> (${escapeHtml(part.next.caveat)})</p>`
      : "",
  ].join("\n");
  const provenance = part.provenance
    .map(([name, value]) => `${name} ${shortened(value, MOST_PROVENANCE)}`)
    .join(" · ");
  return `<header>
<${head}>${escapeHtml(shortened(title, MOST_NAME))}</${head}>
<p class="kind">Capacity review · ${escapeHtml(what)} · ${escapeHtml(provenance)}</p>
${about ? `<p class="about">${escapeHtml(shortened(about, MOST_TEXT))}</p>` : ""}
<p class="verdict">${escapeHtml(shortened(verdict, MOST_VERDICT))}</p>
</header>
<div class="first${picture ? "" : " alone"}">
${picture ? `<div class="picture">${figureHtml(picture, true)}\n${whyHtml(part.why.slice(0, FIRST_WHY), level)}</div>` : ""}
<div class="side">
${side}
</div>
</div>`;
}

function objectivesHtml(objectives: readonly Objective[], title: string): string {
  if (objectives.length === 0) return "";
  const rank = { missed: 0, unsure: 1, met: 2 };
  const shown = [...objectives].sort((a, b) => rank[a.standing] - rank[b.standing]).slice(0, MOST_OBJECTIVES);
  const rest = objectives.length - shown.length;
  const item = ({ asked, found, standing, word }: Objective) =>
    `<li${word ? "" : ' class="plainly"'}>${word ? `<span class="badge ${standing}">${escapeHtml(word)}</span>` : ""}<b>${escapeHtml(shortened(asked, MOST_NAME))}</b><span>${escapeHtml(found)}</span></li>`;
  return `<h3>${escapeHtml(title)}</h3><ul class="objectives">${shown.map(item).join("")}</ul>${
    rest > 0
      ? `<details><summary>and ${rest} more</summary><ul class="objectives">${[...objectives]
          .sort((a, b) => rank[a.standing] - rank[b.standing])
          .slice(MOST_OBJECTIVES)
          .map(item)
          .join("")}</ul></details>`
      : ""
  }`;
}

function settingsHtml(settings: readonly SettingChange[], title: string): string {
  if (settings.length === 0) return "";
  const pairs = settings.slice(0, MOST_SETTINGS).map(({ path, now, proposed }) => {
    const before = escapeHtml(shortened(now, MOST_NAME));
    const after =
      proposed === undefined
        ? ""
        : ` <span class="arrow">→</span> <b>${escapeHtml(shortened(proposed, MOST_NAME))}</b>`;
    return `<dt>${escapeHtml(shortened(path, MOST_NAME))}</dt><dd>${before}${after}</dd>`;
  });
  const rest = settings.length - pairs.length;
  return `<h3>${escapeHtml(title)}</h3><dl class="pairs">${pairs.join("")}</dl>${rest > 0 ? `<p class="next">and ${rest} more</p>` : ""}`;
}

/** Explanations as a list, under a heading where they begin. */
function whyHtml(why: ReviewPart["why"], level: 1 | 2): string {
  if (why.length === 0) return "";
  const head = level === 1 ? "h2" : "h3";
  return `<${head} class="small">What happened, and why</${head}>
<ul class="why">${why.map(({ text }) => `<li>${escapeHtml(text)}</li>`).join("")}</ul>`;
}

/** Everything below the first screen. */
function bodyHtml({ why, picture, sections }: ReviewPart): string {
  const rest = picture ? why.slice(FIRST_WHY) : why;
  const explained =
    rest.length > 0
      ? `<section>
<h2>${picture ? "What else happened" : "What happened, and why"}</h2>
<ul class="why">${rest.map(({ text }) => `<li>${escapeHtml(text)}</li>`).join("")}</ul>
</section>
`
      : "";
  return `${explained}${sections
    .map(
      ({ id, heading, blocks }) => `<section aria-labelledby="${escapeHtml(id)}">
<h2 id="${escapeHtml(id)}">${escapeHtml(heading)}</h2>
${blocks.map(blockHtml).join("\n")}
</section>`,
    )
    .join("\n")}`;
}

function blockHtml(block: Block): string {
  switch (block.kind) {
    case "text":
      return `<p>${escapeHtml(block.text)}</p>`;
    case "list":
      return `<ul class="plain">${block.items
        .map(
          ({ term, text, code }) =>
            `<li>${term ? `<span class="term">${escapeHtml(term)}</span>: ` : ""}${escapeHtml(text)}${code ? ` <code>${escapeHtml(code)}</code>` : ""}</li>`,
        )
        .join("")}</ul>`;
    case "code":
      return folded(block.folded, `<pre>${escapeHtml(block.text)}</pre>`);
    case "table":
      return folded(block.folded, tableHtml(block));
    case "chart":
      return figureHtml(block.chart);
  }
}

const folded = (summary: string | undefined, html: string) =>
  summary === undefined ? html : `<details><summary>${escapeHtml(summary)}</summary>${html}</details>`;

/** `titled`: the picture's own title says what was found. */
function figureHtml(chart: DrawnChart, titled = false): string {
  const { svg, finding, numbers } = chart;
  return `<figure>
<div class="chart${staysLight(svg) ? " paper" : ""}" tabindex="0" role="group" aria-label="${escapeHtml(chart.title)}">${inlineSvg(chart, svg)}</div>
<figcaption>${titled && chart.name === "capacity" ? "" : escapeHtml(finding)}${numbers && numbers.rows.length > 0 ? blockHtml({ ...numbersTable(numbers), folded: "Its numbers, as a table" }) : ""}</figcaption>
</figure>`;
}

function tableHtml({ caption, columns, numeric, rows }: TableBlock): string {
  const cell = (tag: "th" | "td", text: string, i: number) =>
    `<${tag}${tag === "th" ? ' scope="col"' : ""}${numeric[i] ? ' class="n"' : ""}>${escapeHtml(text)}</${tag}>`;
  return `<div class="scroll" tabindex="0" role="group" aria-label="${escapeHtml(caption ?? `Table: ${columns.filter(Boolean).join(", ")}`)}"><table>${
    caption ? `<caption>${escapeHtml(caption)}</caption>` : ""
  }<thead><tr>${columns.map((text, i) => cell("th", text, i)).join("")}</tr></thead><tbody>${rows
    .map((row) => `<tr>${row.map((text, i) => cell("td", text, i)).join("")}</tr>`)
    .join("")}</tbody></table></div>`;
}
