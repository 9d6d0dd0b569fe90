import { escapeHtml, escapeMarkdown, markdownBlock, markdownCode, shortened } from "../escape.ts";
import type { Block, Objective, Review, ReviewPart, TableBlock } from "../review/review.ts";

/** Of a long text or table what has room in a pull request. */
const MOST_TEXT = 600;
const MOST_CELL = 120;
const MOST_ROWS = 40;

const MARKS = { met: "✅", missed: "❌", unsure: "⚠️" } as const;

/** A review in Markdown, for pull requests: what one has to know at once, the rest folded away; charts by what they find. */
export function reportMarkdown(review: Review): string {
  const parts = review.parts.map((part, i) => partText(part, i === 0 ? review.title : part.name, i === 0));
  return `${parts.join("\n\n")}\n`;
}

function partText(part: ReviewPart, title: string, first: boolean): string {
  const { what, about, verdict, objectives, settings, settingsTitle, next, provenance, picture, why } = part;
  const proposed = settings.some((setting) => setting.proposed !== undefined);
  return [
    `${first ? "#" : "##"} ${text(title)}`,
    `*Capacity review · ${text(what)} · simulated*`,
    about ? text(about) : "",
    `**${text(verdict)}**`,
    objectives.length > 0
      ? `${text(part.objectivesTitle)}:\n\n${table({
          columns: ["objective", "found", "result"],
          numeric: [false, true, false],
          rows: objectives.map(({ asked, found, standing, word }: Objective) => [
            asked,
            found,
            word ? `${MARKS[standing]} ${word}` : "",
          ]),
        })}`
      : "",
    settings.length > 0
      ? `${text(settingsTitle)}:\n\n${table({
          columns: proposed ? ["setting", "now", "proposed"] : ["setting", "now"],
          numeric: [false, false, false],
          rows: settings.map(({ path, now, proposed: to }) =>
            proposed ? [path, now, to ?? "–"] : [path, now],
          ),
        })}`
      : "",
    next ? `Next: ${markdownCode(next.command)} (${text(next.caveat)})` : "",
    picture ? text(picture.finding) : "",
    why.length > 0 ? why.map((explanation) => `* ${text(explanation.text)}`).join("\n") : "",
    ...part.sections.map(
      ({ heading, blocks }) =>
        `<details><summary>${escapeHtml(shortened(heading, MOST_CELL))}</summary>\n\n${blocks.map(blockText).join("\n\n")}\n\n</details>`,
    ),
    `<sub>${provenance.map(([name, value]) => `${text(name)} ${text(value)}`).join(" · ")}</sub>`,
  ]
    .filter(Boolean)
    .join("\n\n");
}

const text = (value: string) => escapeMarkdown(shortened(value, MOST_TEXT));

function blockText(block: Block): string {
  switch (block.kind) {
    case "text":
      return text(block.text);
    case "list":
      return block.items
        .map(
          ({ term, text: said, code }) =>
            `* ${term ? `**${text(term)}**: ` : ""}${text(said)}${code ? ` ${markdownCode(code)}` : ""}`,
        )
        .join("\n");
    case "code":
      return markdownBlock(block.text);
    case "chart":
      return text(block.chart.finding);
    case "table":
      return table(block);
  }
}

function table({ columns, numeric, rows, caption }: Omit<TableBlock, "kind">): string {
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell) => escapeMarkdown(shortened(cell, MOST_CELL))).join(" | ")} |`;
  const more = rows.length - MOST_ROWS;
  return [
    ...(caption ? [`${text(caption)}\n`] : []),
    line(columns),
    `|${columns.map((_, i) => (numeric[i] ? " ---: |" : " --- |")).join("")}`,
    ...rows.slice(0, MOST_ROWS).map(line),
    ...(more > 0 ? [`\n… and ${more} more rows in the HTML report`] : []),
  ].join("\n");
}
