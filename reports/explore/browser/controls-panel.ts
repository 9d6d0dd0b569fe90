import {
  type ChoiceControl,
  type Control,
  isShown,
  type NumberControl,
  nearestStop,
  shown,
  type TextControl,
  type Value,
  type Values,
  valueAt,
  within,
} from "../control.ts";
import { byId, element, setText } from "./dom.ts";

/** A control in the page: shows where it stands. */
interface Row {
  readonly control: Control;
  readonly root: HTMLElement;
  show(value: Value): void;
}

/** Sliders, fields and choices for all settings, by group. Tells of every change while it is made. */
export class ControlsPanel {
  private readonly rows: readonly Row[];
  private readonly controls: readonly Control[];

  constructor(controls: readonly Control[], change: (path: string, value: Value) => void) {
    this.controls = controls;
    const panel = byId("controls");
    const groups = [...new Set(controls.map(({ group }) => group))];
    this.rows = controls.map((control, i) => rowOf(control, `c${i}`, (value) => change(control.path, value)));
    groups.forEach((group, i) => {
      const rows = this.rows.filter(({ control }) => control.group === group).map(({ root }) => root);
      // The first are at hand, the others one step away.
      const open = i < (matchMedia("(max-width: 860px)").matches ? 2 : 3);
      panel.append(element("details", { open }, element("summary", {}, group), ...rows));
    });
  }

  show(values: Values): void {
    for (const { control, root, show } of this.rows) {
      const value = valueAt(control, values);
      root.hidden = !isShown(control, this.controls, values);
      root.classList.toggle("changed", value !== control.initial);
      show(value);
    }
  }
}

type Change = (value: Value) => void;

function rowOf(control: Control, id: string, change: Change): Row {
  if (control.kind === "choice") return choiceRow(control, id, change);
  return control.kind === "text" ? textRow(control, id, change) : numberRow(control, id, change);
}

/** The label, a button that takes the change back, and a hint under them. */
function frame(
  control: Control,
  id: string,
  change: Change,
  parts: readonly HTMLElement[],
  toggle?: HTMLElement,
): HTMLElement {
  const reset = element(
    "button",
    { type: "button", class: "reset", title: `Back to ${shown(control, control.initial)}` },
    "↺",
  );
  reset.setAttribute("aria-label", `Reset ${control.label} to ${shown(control, control.initial)}`);
  reset.addEventListener("click", () => change(control.initial));
  const head = element("div", { class: "head" }, element("label", { for: id }, control.label), toggle, reset);
  const hint = control.hint ? element("p", { class: "hint", id: `${id}-hint` }, control.hint) : undefined;
  return element("div", { class: "control", "data-path": control.path }, head, ...parts, hint);
}

const describedBy = (control: Control, id: string) => (control.hint ? `${id}-hint` : undefined);

function choiceRow(control: ChoiceControl, id: string, change: Change): Row {
  const select = element(
    "select",
    { id, "aria-describedby": describedBy(control, id) },
    ...control.options.map((option) => element("option", { value: option.id }, option.label)),
  );
  select.addEventListener("change", () => change(select.value));
  const show = (value: Value) => {
    select.value = String(value);
  };
  return { control, root: frame(control, id, change, [select]), show };
}

function textRow(control: TextControl, id: string, change: Change): Row {
  const field = element("input", { id, type: "text", spellcheck: "false", autocomplete: "off" });
  field.addEventListener("change", () =>
    change(field.value.trim() === "" ? control.initial : field.value.trim()),
  );
  const show = (value: Value) => {
    if (document.activeElement !== field) field.value = String(value);
  };
  return { control, root: frame(control, id, change, [field]), show };
}

function numberRow(control: NumberControl, id: string, change: Change): Row {
  const { label, unit, stops, min, max, whole, off } = control;
  const slider = element("input", {
    id,
    type: "range",
    min: 0,
    max: stops.length - 1,
    step: 1,
    "aria-describedby": describedBy(control, id),
  });
  const field = element("input", {
    type: "number",
    min,
    max,
    step: whole ? 1 : "any",
    inputmode: whole ? "numeric" : "decimal",
    "aria-label": `${label}${unit === "" ? "" : ` in ${unit === "×" ? "times" : unit}`}, exact`,
  });
  slider.addEventListener("input", () => change(stops[slider.valueAsNumber] ?? control.initial));
  field.addEventListener("input", () => {
    const value = within(control, field.valueAsNumber);
    if (value !== undefined) change(value);
  });
  // What was typed beyond the limits shows as it was taken.
  field.addEventListener("change", () => show(current));
  const line = element(
    "div",
    { class: unit === "" ? "line" : "line with-unit" },
    slider,
    field,
    unit !== "" && element("span", { class: "unit" }, unit),
  );
  const toggle = off && element("input", { type: "checkbox", id: `${id}-on` });
  const offLabel = element("label", { class: "off", for: `${id}-on` });
  let last = control.initial ?? off?.from ?? min;
  let current: Value = control.initial;
  toggle?.addEventListener("change", () => change(toggle.checked ? last : null));
  const show = (value: Value) => {
    current = value;
    if (typeof value === "number") last = value;
    if (toggle && off) {
      toggle.checked = value !== null;
      line.hidden = value === null;
      setText(offLabel, value === null ? off.label : "set");
      toggle.setAttribute("aria-label", `${label}: ${value === null ? off.label : "set"}`);
    }
    if (typeof value !== "number") return;
    slider.value = String(nearestStop(control, value));
    slider.setAttribute("aria-valuetext", shown(control, value));
    if (field.valueAsNumber !== value) field.value = String(value);
  };
  const switchLine = toggle && element("span", { class: "switch" }, toggle, offLabel);
  const root = frame(control, id, change, [line], switchLine);
  return { control, root, show };
}
