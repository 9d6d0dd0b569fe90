import { readValue, type Setting } from "../sim/scenario/paths.ts";
import { ScenarioError } from "../sim/scenario/problem.ts";

/** A setting that is varied, and the values it takes, as they would be written in a scenario. */
export interface Axis {
  readonly path: string;
  readonly values: readonly unknown[];
}

/** A setting that may take any value between two ends: for samples. The ends share the unit ("" where they are bare). */
export interface Span {
  readonly path: string;
  readonly from: number;
  readonly to: number;
  readonly unit: string;
}

/** A setting that is varied: over values, or over a span. */
export type Varied = Axis | Span;

export function isSpan(varied: Varied): varied is Span {
  return "from" in varied;
}

/** Beyond this many values an axis is a slip of the hand. */
const MOST_VALUES = 10_000;

/**
 * Reads "PATH=VALUES": a list ("512MB,1024MB"; JSON where it reads as JSON) or a range from..to:step, whose ends and step
 * share a unit ("0..400:50", "128MB..1024MB:128MB") or whose step is a factor ("128MB..1024MB:*2"). The last value is the
 * largest that does not go beyond the end. Throws ScenarioError; `option` names the option it came from.
 */
export function parseAxis(text: string, option: string): Axis {
  const varied = parseVaried(text, option);
  if (isSpan(varied)) throw problem(option, noStep(varied));
  return varied;
}

/** What is wrong with a span where values are wanted. */
export function noStep({ path, from, to, unit }: Span): string {
  return `"${path}=${from}${unit}..${to}${unit}" has no step; write it like ${from}${unit}..${to}${unit}:${Number(((to - from) / 4).toPrecision(2))}${unit}`;
}

/** The same, where a range may do without a step ("128MB..10240MB"): any value in between. */
export function parseVaried(text: string, option: string): Varied {
  const at = text.indexOf("=");
  const path = text.slice(0, Math.max(0, at)).trim();
  const written = text.slice(at + 1).trim();
  if (path === "" || at < 1 || written === "") {
    throw problem(
      option,
      `"${text}" varies nothing; write PATH=LIST or PATH=FROM..TO:STEP, as in api.memorySize=512MB,1024MB or account.concurrency=500..1500:100`,
    );
  }
  return readVaried(path, written, (message) => problem(option, message));
}

const problem = (option: string, message: string) => new ScenarioError([{ path: [option], message }]);

/** Reads the values of a path; `wrong` makes the error of a message. */
export function readVaried(path: string, written: string, wrong: (message: string) => Error): Varied {
  const parts = splitList(written);
  const open = parts.length === 1 ? SPAN.exec(parts[0]!) : null;
  if (open) {
    const [, from, fromUnit, to, toUnit] = open as unknown as string[];
    const unit = toUnit ?? "";
    if ((fromUnit || unit) !== unit)
      throw wrong(`"${parts[0]}": the ends of a range have one unit; write it like 128MB..1024MB`);
    if (!(Number(from) < Number(to)))
      throw wrong(`"${parts[0]}": the range ends before it starts; write the smaller end first`);
    return { path, from: Number(from), to: Number(to), unit };
  }
  const values = parts.flatMap((part) => {
    const range = RANGE.exec(part);
    if (!range) return [readValue(part)];
    const [, from, fromUnit, to, toUnit, factor, step, stepUnit] = range as unknown as string[];
    const unit = toUnit ?? "";
    if ((fromUnit || unit) !== unit || (stepUnit && (factor || stepUnit !== unit)))
      throw wrong(
        `"${part}": the ends and the step of a range have one unit; write it like 128MB..1024MB:128MB`,
      );
    return steps(Number(from), Number(to), Number(step), factor === "*", part, wrong).map((value) =>
      unit === "" ? value : `${value}${unit}`,
    );
  });
  return axisOf(path, values, wrong);
}

/** An axis of these values, each of them once. */
export function axisOf(path: string, values: readonly unknown[], wrong: (message: string) => Error): Axis {
  const seen = new Set(values.map((v) => JSON.stringify(v)));
  if (seen.size < values.length) throw wrong(`"${path}" is given a value twice`);
  return { path, values };
}

const NUMBER = String.raw`(-?\d+(?:\.\d+)?)`;
const UNIT = String.raw`\s*([A-Za-z%/µ]+)?`;
const RANGE = new RegExp(
  `^${NUMBER}${UNIT}\\s*\\.\\.\\s*${NUMBER}${UNIT}\\s*:\\s*(\\*)?\\s*${NUMBER}${UNIT}$`,
);

const SPAN = new RegExp(`^${NUMBER}${UNIT}\\s*\\.\\.\\s*${NUMBER}${UNIT}$`);

function steps(
  from: number,
  to: number,
  step: number,
  isFactor: boolean,
  text: string,
  wrong: (message: string) => Error,
): number[] {
  if (isFactor ? !(step > 1 && from > 0) : !(step > 0))
    throw wrong(
      isFactor
        ? `"${text}": a factor is more than 1, and the range starts above 0`
        : `"${text}": the step must be more than 0`,
    );
  if (to < from) throw wrong(`"${text}": the range ends before it starts; write the smaller end first`);
  const last = isFactor ? Math.log(to / from) / Math.log(step) : (to - from) / step;
  const count = Math.floor(last + 1e-9) + 1;
  if (count > MOST_VALUES) throw wrong(`"${text}": gives ${count} values; take a longer step`);
  // Rounded so that 0.1 + 0.2 reads 0.3.
  return Array.from({ length: count }, (_, i) =>
    Number((isFactor ? from * step ** i : from + i * step).toPrecision(12)),
  );
}

/** Parts between commas that stand outside brackets and quotes. */
function splitList(text: string): string[] {
  const parts: string[] = [];
  let depth = 0;
  let quoted = false;
  let part = "";
  for (const [i, c] of [...text].entries()) {
    if (c === '"' && text[i - 1] !== "\\") quoted = !quoted;
    if (!quoted && "[{".includes(c)) depth++;
    if (!quoted && "]}".includes(c)) depth--;
    if (c === "," && depth === 0 && !quoted) {
      parts.push(part.trim());
      part = "";
    } else part += c;
  }
  return [...parts, part.trim()];
}

/** Every combination of the axes' values, the last axis fastest; one empty combination where there are no axes. */
export function grid(axes: readonly Axis[]): Setting[][] {
  return axes.reduce<Setting[][]>(
    (points, { path, values }) =>
      points.flatMap((point) => values.map((value) => [...point, { path, value }])),
    [[]],
  );
}
