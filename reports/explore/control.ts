/**
 * A setting that the page can change, as data: which one it is, what it may be, and how it is written in a scenario.
 * Pure and small: the page itself works with nothing else.
 */

/** What a control stands at: a number, a choice or a text; null where the setting is not there. */
export type Value = number | string | null;

/** A change to the scenario, as `--set` makes it. */
export interface Change {
  readonly path: string;
  readonly value: unknown;
}

interface Common {
  /** As `--set` takes it. Each control has its own. */
  readonly path: string;
  /** Controls of one group stand together: "Traffic", "Account", a function's name. */
  readonly group: string;
  readonly label: string;
  readonly hint?: string | undefined;
  /** It only means something while another control stands at one of these choices. */
  readonly when?: { readonly path: string; readonly is: readonly string[] } | undefined;
}

/** A number with a unit: a slider over stops, and a field for any value between the limits. */
export interface NumberControl extends Common {
  readonly kind: "number";
  readonly initial: number | null;
  /** Behind the field: "MB", "ms", "%", "×"; empty for counts. */
  readonly unit: string;
  /** How it is written, as JSON in which $ stands for the number. */
  readonly template: string;
  readonly stops: readonly number[];
  readonly min: number;
  readonly max: number;
  readonly whole: boolean;
  /** The setting can be absent: how that is called and written. `from` is where it starts when it is switched on. */
  readonly off?: { readonly label: string; readonly value: unknown; readonly from: number } | undefined;
}

export interface ChoiceControl extends Common {
  readonly kind: "choice";
  readonly initial: string;
  readonly options: readonly { readonly id: string; readonly label: string; readonly value: unknown }[];
}

export interface TextControl extends Common {
  readonly kind: "text";
  readonly initial: string;
}

export type Control = NumberControl | ChoiceControl | TextControl;

/** What every control stands at, by path; one that is missing stands where it began. */
export type Values = Readonly<Record<string, Value>>;

/** These say how often and with which draws a scenario is played, not what it is: a baseline takes them from the current view. */
export const OF_THE_RUN = ["replications", "seed"];

export function valueAt(control: Control, values: Values): Value {
  const own = Object.hasOwn(values, control.path) ? values[control.path] : undefined;
  return own === undefined ? control.initial : own;
}

/** Whether a control means something where the others stand. */
export function isShown({ when }: Control, controls: readonly Control[], values: Values): boolean {
  if (!when) return true;
  const other = controls.find(({ path }) => path === when.path);
  return other !== undefined && when.is.includes(String(valueAt(other, values)));
}

/** The settings that differ from the scenario as it was opened, in the order of the controls. */
export function changesOf(controls: readonly Control[], values: Values): Change[] {
  return controls
    .filter((control) => valueAt(control, values) !== control.initial && isShown(control, controls, values))
    .map((control) => ({ path: control.path, value: written(control, valueAt(control, values)) }));
}

/** A control's value as the scenario has it. */
export function written(control: Control, value: Value): unknown {
  if (control.kind === "choice") return control.options.find(({ id }) => id === value)?.value;
  if (control.kind === "text") return wholeOrText(String(value));
  return value === null ? control.off?.value : JSON.parse(control.template.replace("$", String(value)));
}

/** "7" is the number that a scenario has there; "007" is a text of its own. */
function wholeOrText(text: string): number | string {
  const number = Number(text);
  return Number.isSafeInteger(number) && String(number) === text ? number : text;
}

/** The value of a control in the words of `--set`: JSON, or plain text for text. */
export function textOf(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}

/** Reads such words back; undefined where the control cannot stand there. */
export function readValue(control: Control, text: string): Value | undefined {
  if (control.kind === "text") return text === "" ? undefined : text;
  if (control.kind === "choice") return control.options.find(({ value }) => textOf(value) === text)?.id;
  if (control.off && textOf(control.off.value) === text) return null;
  const template = control.template.startsWith('"') ? control.template.slice(1, -1) : control.template;
  const [before, after] = template.split("$").map(withoutSpace) as [string, string];
  const given = withoutSpace(text);
  if (!given.startsWith(before) || !given.endsWith(after)) return undefined;
  const number = given.slice(before.length, given.length - after.length);
  return number === "" ? undefined : within(control, Number(number));
}

/** "512MB" is "512 MB" to the parser, and so it is in an address that somebody writes. */
const withoutSpace = (text: string) => text.replace(/\s/g, "");

/** A number that the control can stand at: within its limits, whole where that is asked; undefined for no number. */
export function within({ min, max, whole }: NumberControl, value: number): number | undefined {
  if (!Number.isFinite(value)) return undefined;
  const kept = Math.min(max, Math.max(min, value));
  return whole ? Math.round(kept) : kept;
}

/** The stop nearest to a value: where the slider's knob stands. */
export function nearestStop({ stops }: NumberControl, value: number): number {
  let best = 0;
  stops.forEach((stop, i) => {
    if (Math.abs(stop - value) < Math.abs(stops[best]! - value)) best = i;
  });
  return best;
}

/** A value with its unit, for people: "1,200", "512 MB", "none". */
export function shown(control: Control, value: Value): string {
  if (control.kind === "choice") return control.options.find(({ id }) => id === value)?.label ?? "";
  if (control.kind === "text") return String(value);
  if (value === null) return control.off?.label ?? "";
  const number = Number(value).toLocaleString("en-US", { maximumFractionDigits: 6 });
  return control.unit === "×" ? `× ${number}` : `${number}${control.unit === "" ? "" : ` ${control.unit}`}`;
}

/** What a set of changes comes to in words: "account concurrency 1,200, api memory 512 MB". */
export function described(controls: readonly Control[], values: Values): string {
  return controls
    .filter(({ path }) => !OF_THE_RUN.includes(path))
    .filter((control) => valueAt(control, values) !== control.initial && isShown(control, controls, values))
    .map(
      (control) =>
        `${control.group}: ${control.label.toLowerCase()} ${shown(control, valueAt(control, values))}`,
    )
    .join(", ");
}
