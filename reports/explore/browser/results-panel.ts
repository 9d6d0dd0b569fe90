import type { Cell, Figure, View } from "../view.ts";
import { byId, element, setText } from "./dom.ts";

/** The verdict, thresholds, figures and bill of the newest run. */
export class ResultsPanel {
  private view: View | undefined;
  private of: string | undefined;
  private readonly chooser = byId<HTMLSelectElement>("figures-of");

  constructor() {
    this.chooser.addEventListener("change", () => {
      this.of = this.chooser.value;
      if (this.view) this.showFigures(this.view);
    });
  }

  show(view: View): void {
    this.view = view;
    setText(byId("sentence"), view.sentence);
    byId("verdict").dataset.tone = view.good === undefined ? "none" : view.good ? "good" : "bad";
    const next = byId("next");
    next.hidden = view.next === undefined;
    setText(next, view.next === undefined ? "" : `Next: ${view.next}`);
    byId("thresholds").replaceChildren(...view.thresholds.map(thresholdItem));
    byId("cards").replaceChildren(...view.cards.map(card));
    this.showFigures(view);
    this.showBill(view);
    setText(byId("run"), view.run);
    byId("notes").replaceChildren(...view.notes.map((note) => element("li", {}, note)));
  }

  /** What a screen reader hears when the page has come to rest. */
  get spoken(): string {
    const { sentence, cards } = this.view ?? { sentence: "", cards: [] };
    const figures = cards.map(({ label, value, before, change }) =>
      change && before ? `${label} ${value}, baseline ${before}` : `${label} ${value}`,
    );
    return `${sentence} ${figures.join("; ")}.`;
  }

  private showFigures({ figures }: View): void {
    const names = figures.map(({ of }) => of);
    if (this.of === undefined || !names.includes(this.of)) this.of = names[0];
    if (this.chooser.options.length !== names.length) {
      this.chooser.replaceChildren(...names.map((name) => element("option", { value: name }, name)));
    }
    this.chooser.value = this.of ?? "";
    byId("figures-choice").hidden = names.length < 2;
    const rows = figures.find(({ of }) => of === this.of)?.rows ?? [];
    byId("figures").replaceChildren(
      tableHead(["Figure"], compared(rows)),
      element(
        "tbody",
        {},
        ...rows.map((row) =>
          element("tr", {}, element("th", { scope: "row" }, row.label), ...cells(row, compared(rows))),
        ),
      ),
    );
  }

  private showBill({ bill }: View): void {
    const isCompared = compared([bill.total]);
    const sum = (label: string, cell: Cell) =>
      element("tr", {}, element("th", { scope: "row" }, label), element("td"), ...cells(cell, isCompared));
    byId("bill").replaceChildren(
      tableHead(["Line", "Quantity × price"], isCompared),
      element(
        "tbody",
        {},
        ...bill.lines.map((line) =>
          element(
            "tr",
            {},
            element("th", { scope: "row" }, line.label),
            element("td", { class: "quantity" }, line.quantity),
            ...cells(line, isCompared),
          ),
        ),
      ),
      element(
        "tfoot",
        {},
        sum("Total of the run", bill.total),
        sum("A month of 730 h like this", bill.month),
      ),
    );
    setText(byId("bill-title"), bill.title);
  }
}

const compared = (rows: readonly Cell[]) => rows.some(({ before }) => before !== undefined);

function tableHead(first: readonly string[], isCompared: boolean): HTMLElement {
  const names = [...first, "Now", ...(isCompared ? ["Baseline", "Change"] : [])];
  return element(
    "thead",
    {},
    element("tr", {}, ...names.map((name) => element("th", { scope: "col" }, name))),
  );
}

function cells({ value, before, change, turn }: Cell, isCompared: boolean): HTMLElement[] {
  const now = element("td", { class: "now" }, value);
  if (!isCompared) return [now];
  return [now, element("td", {}, before ?? ""), element("td", { class: turn }, changeText({ change, turn }))];
}

/** The direction in words as well as in colour. */
function changeText({ change, turn }: Pick<Cell, "change" | "turn">): string {
  return [change, turn].filter((part) => part !== undefined).join(" ");
}

function card({ label, value, before, change, turn }: Figure): HTMLElement {
  const differs = before !== undefined && (change !== undefined || before !== value);
  return element(
    "div",
    { class: "figure" },
    element("dt", {}, label),
    element(
      "dd",
      {},
      element("strong", {}, value),
      differs &&
        element(
          "span",
          { class: "before" },
          `was ${before} `,
          element("span", { class: turn }, changeText({ change, turn })),
        ),
    ),
  );
}

function thresholdItem({ what, value, ok, straddles, before }: View["thresholds"][number]): HTMLElement {
  const turned = before && before.ok !== ok ? ` (baseline: ${before.ok ? "met" : "missed"})` : "";
  const differs = before && before.value !== value ? ` · baseline ${before.value}` : "";
  return element(
    "li",
    { class: ok ? "met" : "missed" },
    element("span", { class: "mark" }, ok ? "met" : "missed"),
    element("span", { class: "what" }, what),
    element("span", { class: "value" }, `${value}${differs}${turned}`),
    straddles && element("span", { class: "straddles" }, "the interval straddles the limit"),
  );
}
