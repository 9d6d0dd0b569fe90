import type { Paint } from "../reports/text/paint.ts";
import type { FORMATS } from "./options.ts";
import type { OutputFolder } from "./output-folder.ts";
import { paintFor, say, talk } from "./terminal.ts";

/** What a command found, in each form in which it can be asked for; texts without a line break at their end. */
export interface Told {
  readonly json: object;
  readonly csv: string | (() => Promise<string>);
  readonly markdown: () => string;
  readonly text: (paint: Paint) => string;
}

/** How a command was asked to tell what it found. */
export interface Telling {
  readonly format: (typeof FORMATS)[number];
  /** Only what a program reads: no text, and nothing on stderr. */
  readonly quiet: boolean;
}

/** A value as lsim writes it to files and to stdout. */
export function jsonText(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}

/** A summary for a review or a pull request: its words as they are. */
export function fenced(title: string, text: string): string {
  return `## ${title}\n\n\`\`\`\n${text}\n\`\`\``;
}

/** Says what was found on stdout, in the form asked for, and on stderr where all of it is, and what to open. */
export async function tell(
  { path }: OutputFolder,
  { format, quiet }: Telling,
  told: Told,
  page = "charts/index.html",
): Promise<void> {
  if (!quiet || format !== "text") say(await inFormat(format, told), format);
  if (!quiet) talk(`Written: ${path} (open ${page})\n`);
}

async function inFormat(format: Telling["format"], { json, csv, markdown, text }: Told): Promise<string> {
  switch (format) {
    case "json":
      return jsonText(json);
    case "csv":
      return typeof csv === "string" ? csv : csv();
    case "markdown":
      return `${markdown()}\n`;
    case "text":
      return `${text(paintFor(process.stdout))}\n`;
  }
}
