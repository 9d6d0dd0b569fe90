import {
  type Control,
  changesOf,
  OF_THE_RUN,
  readValue,
  textOf,
  type Value,
  type Values,
  valueAt,
  written,
} from "./control.ts";

/** What a page shows: where the controls stand, and what it is compared with; null: with nothing. */
export interface PageState {
  readonly values: Values;
  readonly baseline: Values | null;
}

/** Marks the settings of the baseline. */
const BASE = "~";
const NO_BASELINE = "none";

/**
 * The state as the part of an address behind "#", in the words of `--set`: what differs from the scenario as it was
 * opened. "" says that nothing does.
 */
export function addressOf(controls: readonly Control[], { values, baseline }: PageState): string {
  const parts = new URLSearchParams();
  for (const { path, value } of changesOf(controls, values)) parts.append(path, textOf(value));
  if (baseline === null) parts.append("baseline", NO_BASELINE);
  else
    for (const { path, value } of changesOf(controls, baseline))
      if (!OF_THE_RUN.includes(path)) parts.append(`${BASE}${path}`, textOf(value));
  return parts.toString();
}

/** Reads an address back. `unknown` names what is no control's, or is nothing that it could stand at. */
export function stateFrom(
  controls: readonly Control[],
  hash: string,
): { state: PageState; unknown: string[] } {
  const values: Record<string, Value> = {};
  const baseline: Record<string, Value> = {};
  let hasBaseline = true;
  const unknown: string[] = [];
  for (const [key, text] of new URLSearchParams(hash.replace(/^#/, ""))) {
    if (key === "baseline" && text === NO_BASELINE) {
      hasBaseline = false;
      continue;
    }
    const path = key.startsWith(BASE) ? key.slice(BASE.length) : key;
    const control = controls.find((c) => c.path === path);
    const value = control && readValue(control, text);
    if (value === undefined) unknown.push(key);
    else (path === key ? values : baseline)[path] = value;
  }
  return { state: { values, baseline: hasBaseline ? baseline : null }, unknown };
}

/** The same settings on the command line, quoted for a shell. */
export function commandOf(file: string, controls: readonly Control[], values: Values): string {
  const run = controls
    .filter(({ path }) => OF_THE_RUN.includes(path))
    .map((control) => ({ control, value: valueAt(control, values) }))
    .filter(({ control, value }) => control.path === "replications" || value !== control.initial)
    .map(({ control, value }) => `--${control.path} ${quoted(textOf(written(control, value)))}`);
  const sets = changesOf(controls, values)
    .filter(({ path }) => !OF_THE_RUN.includes(path))
    .map(({ path, value }) => `--set ${quoted(`${path}=${textOf(value)}`)}`);
  return ["lsim run", quoted(file), ...run, ...sets].join(" ");
}

function quoted(text: string): string {
  return /^[\w./:=@%+,-]+$/.test(text) ? text : `'${text.replace(/'/g, "'\\''")}'`;
}
