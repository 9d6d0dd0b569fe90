import { styleText } from "node:util";
import { plainText } from "../reports/escape.ts";
import { type Paint, plain } from "../reports/text/paint.ts";
import type { FORMATS } from "./options.ts";

/** Colours where the output is a terminal and NO_COLOR does not forbid them. */
export function paintFor(stream: NodeJS.WriteStream): Paint {
  if (!stream.isTTY || process.env.NO_COLOR) return plain;
  return {
    good: (text) => styleText("green", text),
    bad: (text) => styleText("red", text),
    dim: (text) => styleText("dim", text),
    strong: (text) => styleText("bold", text),
  };
}

/** The colours of `paintFor`, as terminals take them. */
const COLOURS = new RegExp(`(${String.fromCharCode(27)}\\[(?:1|2|22|31|32|39)m)`);

/** What a terminal may get: of texts that users wrote nothing that it would obey. Our own colours stay where there are any. */
function harmless(text: string, stream: NodeJS.WriteStream): string {
  if (paintFor(stream) === plain) return plainText(text);
  return text
    .split(COLOURS)
    .map((part) => (COLOURS.test(part) ? part : plainText(part)))
    .join("");
}

/** Says the result on stdout; JSON and CSV as they are, since programs read them. */
export function say(text: string, format: (typeof FORMATS)[number] = "text"): void {
  process.stdout.write(format === "json" || format === "csv" ? text : harmless(text, process.stdout));
}

/** Says on stderr what else there is to say. */
export function talk(text: string): void {
  process.stderr.write(harmless(text, process.stderr));
}

/** Between two pictures of the progress bar, in milliseconds. */
const REDRAW_MS = 100;

/** A one-line progress bar on stderr; silent where stderr is no terminal. */
export class Progress {
  private readonly on: boolean;
  private readonly started = Date.now();
  private shown = 0;

  constructor(quiet: boolean) {
    this.on = !quiet && process.stderr.isTTY === true;
  }

  show(share: number): void {
    const now = Date.now();
    if (!this.on || now - this.shown < REDRAW_MS) return;
    this.shown = now;
    const elapsed = (now - this.started) / 1000;
    const left = share > 0.02 && elapsed > 1 ? `, ${Math.ceil((elapsed / share) * (1 - share))} s left` : "";
    process.stderr.write(`\r\x1b[Ksimulating ${Math.floor(share * 100)} %${left}`);
  }

  clear(): void {
    if (this.on) process.stderr.write("\r\x1b[K");
  }
}
