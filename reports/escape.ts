import type { ColumnTable } from "arquero";

/**
 * Texts that come from users (names, settings, notes, files) in what others read: each way of writing has its own characters
 * that mean something, and none of them may mean it here.
 */

/**
 * A text without characters that nobody sees: those that a terminal obeys, and those that turn the direction of text. They
 * are shown by their number, as in "\u{202E}". Line breaks and tabs stay.
 */
export function plainText(text: string): string {
  return text
    .replace(/\r\n/g, "\n")
    .replace(/[\p{Cc}\p{Bidi_Control}\p{Cs}\u2028\u2029\uFEFF]/gu, (character) =>
      character === "\n" || character === "\t"
        ? character
        : `\\u{${character.codePointAt(0)!.toString(16).toUpperCase()}}`,
    );
}

/** A text of one line, for terminals and table cells. */
export function oneLine(text: string): string {
  return plainText(text).replace(/\s*\n\s*/g, " ");
}

/** The beginning of a text that is too long, by characters as people count them. */
export function shortened(text: string, most: number): string {
  if (text.length <= most) return text;
  const characters = [...text];
  return characters.length <= most ? text : `${characters.slice(0, most - 1).join("")}…`;
}

/** A text in HTML and XML, in elements and in quoted attributes. */
export function escapeHtml(text: string): string {
  return plainText(text)
    .replace(/&/g, "&amp;")
    .replace(/</g, "&lt;")
    .replace(/>/g, "&gt;")
    .replace(/"/g, "&quot;")
    .replace(/'/g, "&#39;");
}

/** A text in Markdown, on one line: it starts no markup, mentions nobody, refers to no issue and makes no link. */
export function escapeMarkdown(text: string): string {
  return (
    oneLine(text)
      .replace(/[\\`*_[\]<>#|~$&]/g, "\\$&")
      // At the beginning of a line these would start a list, or underline a heading.
      .replace(/^(\s*)([-=+])/, "$1\\$2")
      .replace(/^(\s*\d+)([.)])(?=\s|$)/, "$1\\$2")
      // GitHub makes links of these whatever stands before them: a character without width parts them.
      .replace(/@(?=\w)/g, "@\u200B")
      .replace(/:\/\//g, ":\u200B//")
      .replace(/\bwww\./gi, "www\u200B.")
  );
}

/** Code in Markdown, on one line; it may stand in a table. */
export function markdownCode(text: string): string {
  const line = oneLine(text).replace(/\|/g, "\\|");
  const runs = [...line.matchAll(/`+/g)].map(([run]) => run.length);
  const fence = "`".repeat(Math.max(0, ...runs) + 1);
  const room = line.startsWith("`") || line.endsWith("`") ? " " : "";
  return `${fence}${room}${line}${room}${fence}`;
}

/** A block of code in Markdown. */
export function markdownBlock(text: string): string {
  const plain = plainText(text);
  const runs = [...plain.matchAll(/`+/g)].map(([run]) => run.length);
  const fence = "`".repeat(Math.max(2, ...runs) + 1);
  return `${fence}\n${plain}\n${fence}`;
}

/** What spreadsheets take for the beginning of a formula. */
const FORMULA = /^[\s]*[=+\-@\t\r]/;

/**
 * A table as CSV that a spreadsheet shows and does not run: a text that would begin a formula gets a "'" before it, which
 * spreadsheets take for "this is text". Numbers stay what they are.
 */
export function toCsv(table: ColumnTable): string {
  const guarded = (value: unknown) =>
    typeof value === "string" && FORMULA.test(value) && !isNumber(value) ? `'${value}` : value;
  const names = table.columnNames();
  const columns = names.map((name) => {
    const values = Array.from(table.array(name) as ArrayLike<unknown>);
    return values.some((value) => guarded(value) !== value) ? values.map(guarded) : undefined;
  });
  const changed = Object.fromEntries(names.flatMap((name, i) => (columns[i] ? [[name, columns[i]]] : [])));
  const renamed = Object.fromEntries(names.map((name) => [name, String(guarded(name))]));
  const safe = Object.keys(changed).length > 0 ? table.assign(changed) : table;
  return names.some((name) => renamed[name] !== name) ? safe.rename(renamed).toCSV() : safe.toCSV();
}

function isNumber(text: string): boolean {
  return text.trim() !== "" && Number.isFinite(Number(text));
}
