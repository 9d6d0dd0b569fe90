/**
 * Advance widths of Helvetica and Arial (Adobe's font metrics), in thousandths of the font size, for the characters
 * from space to "~". Without a canvas Vega guesses widths, mostly too large, and then cuts labels.
 */
const REGULAR = [
  278, 278, 355, 556, 556, 889, 667, 191, 333, 333, 389, 584, 278, 333, 278, 278, 556, 556, 556, 556, 556,
  556, 556, 556, 556, 556, 278, 278, 584, 584, 584, 556, 1015, 667, 667, 722, 722, 667, 611, 778, 722, 278,
  500, 667, 556, 833, 722, 778, 667, 778, 722, 667, 611, 722, 667, 944, 667, 667, 611, 278, 278, 278, 469,
  556, 333, 556, 556, 500, 556, 556, 278, 556, 556, 222, 222, 500, 222, 833, 556, 556, 556, 556, 333, 500,
  278, 556, 500, 722, 500, 500, 500, 334, 260, 334, 584,
];

const FIRST = 32;
/** For a character that is not in the table: an accented letter, "µ", "·". */
const OTHER = 556;
/** Inter, tried before Helvetica, and bold faces run a little wider. */
const WIDER = 1.06;
const BOLD = 1.06;

/** Width of a text in pixels. */
export function textWidth(text: string, fontSize: number, bold = false): number {
  let sum = 0;
  for (const character of text) sum += REGULAR[character.codePointAt(0)! - FIRST] ?? OTHER;
  return (sum / 1000) * fontSize * WIDER * (bold ? BOLD : 1);
}
