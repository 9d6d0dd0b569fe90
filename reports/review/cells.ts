import { printNumber } from "../../sim/units.ts";
import type { Numbers } from "../charts/chart.ts";
import type { Block, DrawnChart, Section, TableBlock } from "./review.ts";

/** Charts with their questions as headings. */
export function chartSections(charts: readonly DrawnChart[], prefix: string): Section[] {
  return charts.map((chart) => ({
    id: `${prefix}${chart.name}`,
    heading: chart.question,
    blocks: [{ kind: "chart", chart }],
  }));
}

/** A chart's numbers as a table. */
export function numbersTable({ columns, rows }: Numbers): TableBlock {
  return {
    kind: "table",
    columns,
    numeric: columns.map((_, i) => rows.every((row) => isFigure(row[i]))),
    rows: rows.map((row) =>
      row.map((cell) => (cell === null ? "–" : typeof cell === "number" ? printNumber(cell, 4) : cell)),
    ),
    folded: "Numbers",
  };
}

/** A number, or a text that is one with its unit. */
function isFigure(cell: string | number | null | undefined): boolean {
  return cell == null || typeof cell === "number" || /^[-+$]*[\d.,]+( ?[^\s\d]{1,3})?( ± .*)?$/.test(cell);
}

/** A section, unless it holds nothing. */
export function section(id: string, heading: string, blocks: readonly (Block | undefined)[]): Section[] {
  const known = blocks.filter((block) => block !== undefined);
  return known.length > 0 ? [{ id, heading, blocks: known }] : [];
}

/** A value of a settings file for people: of a block its settings one after the other. */
export function written(value: unknown): string {
  if (value === null || value === undefined) return "not set";
  if (typeof value === "string") return value;
  if (typeof value !== "object" || Array.isArray(value)) return JSON.stringify(value) ?? String(value);
  return Object.entries(value)
    .map(([key, inner]) =>
      key === "type" ? String(inner) : `${key} ${typeof inner === "string" ? inner : JSON.stringify(inner)}`,
    )
    .join(", ");
}
