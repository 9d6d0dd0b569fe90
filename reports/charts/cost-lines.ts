import type { ColumnTable } from "arquero";
import { type Bill, type BillLine, meanBill } from "../../sim/pricing/bill.ts";
import { toUsd } from "../../sim/pricing/money.ts";
import { printCount, printDuration, printMoney, printNumber, printShare } from "../../sim/units.ts";
import { functionBill } from "../../study/function-bill.ts";
import type { Study } from "../../study/replicate.ts";
import { hasColumns, rowsOf, type TidyRow } from "../rows.ts";
import {
  axisTop,
  type Chart,
  COLOUR,
  type Json,
  note,
  provenance,
  shortName,
  specOf,
  WIDTH,
} from "./chart.ts";
import { functionParts } from "./parts.ts";
import { textWidth } from "./text-widths.ts";

const BAR = 34;

/** A line of a bill as the chart draws it. */
interface CostLine extends Pick<BillLine, "item" | "quantity" | "unit" | "unitPrice" | "uncertain"> {
  readonly costUsd: number;
  readonly kind: "free" | "provisioned" | "service" | "amount";
}

/** What costs what: the bill's lines, by function where there are several. They sum to the account's total. */
export function costLines(study: Study): Chart | undefined {
  const bill = meanBill(study.replications.map((r) => r.bill));
  if (bill.lines.length === 0) return undefined;
  const groups = groupsOf(study, bill);
  const about = `${provenance(study, printDuration(study.scenario.horizon))} · prices of ${study.scenario.pricing.table.date}`;
  return billChart(groups, about, findingOf(study, bill, groups));
}

const COLUMNS = ["item", "quantity", "unit", "unitPriceUsd", "costUsd", "uncertain", "service"];

/** The table is a bill: its columns say so. */
export function isBill(names: readonly string[]): boolean {
  return hasColumns(names, COLUMNS);
}

/** The same of a tidy table (bill.csv); a column `of` tells several bills apart. */
export function billTableChart(tidy: ColumnTable, name = "bill"): Chart {
  const rows = rowsOf(tidy);
  const groups = [...new Set(rows.map((row) => row.of ?? ""))].map((of): Group => {
    const lines = rows.filter((row) => (row.of ?? "") === of).map(lineOfRow);
    return { name: String(of), lines, total: lines.reduce((sum, { costUsd }) => sum + costUsd, 0) };
  });
  const finding = groups
    .map(({ name, lines, total }) => {
      const largest = lines.reduce((best, line) => (line.costUsd > best.costUsd ? line : best));
      const share =
        total > 0 ? `, of which ${largest.item} is ${printShare(Math.min(1, largest.costUsd / total))}` : "";
      return `${name || "The bill"} comes to ${printMoney(total)}${share}`;
    })
    .join("; ");
  return billChart(groups, shortName(name, 60), `${finding}.`);
}

function lineOfRow(row: TidyRow): CostLine {
  const costUsd = Number(row.costUsd ?? 0);
  const item = String(row.item);
  const own = row.service === "Lambda" ? "amount" : "service";
  return {
    item,
    quantity: Number(row.quantity),
    unit: String(row.unit),
    // A reader of CSV makes a number of it.
    unitPrice:
      typeof row.unitPriceUsd === "number"
        ? row.unitPriceUsd.toFixed(15).replace(/\.?0+$/, "")
        : ((row.unitPriceUsd as string | null) ?? undefined),
    uncertain: row.uncertain === true,
    costUsd,
    kind: costUsd < 0 ? "free" : /provisioned/.test(item) && own === "amount" ? "provisioned" : own,
  };
}

function billChart(groups: readonly Group[], subtitle: string, finding: string): Chart {
  const values = groups.flatMap(({ lines }) => lines.map(({ costUsd }) => costUsd));
  const high = Math.max(0, ...values);
  const low = Math.min(0, ...values);
  const top = axisTop(high) || 1;
  const domain = [low < 0 ? -axisTop(-low) : 0, top];
  const gutter =
    Math.max(...groups.flatMap(({ lines }) => lines.map(({ item }) => textWidth(item, 13)))) + 12;
  const vconcat = groups.map(({ name, lines, total }, i) =>
    view(name, lines, total, domain, gutter, i === groups.length - 1),
  );
  const title = "The bill, line by line";
  return {
    name: "cost-lines",
    title,
    question: "What costs what?",
    finding,
    numbers: {
      columns: ["of", "item", "quantity", "unit", "unit price (US$)", "cost (US$)"],
      rows: groups.flatMap(({ name, lines }) =>
        lines.map(({ item, quantity, unit, unitPrice, costUsd }) => [
          name || "account",
          item,
          printNumber(quantity, 6),
          unit,
          unitPrice ?? "not priced",
          unitPrice === undefined ? null : printMoney(costUsd),
        ]),
      ),
    },
    spec: specOf(title, subtitle, finding, {
      spacing: 34,
      bounds: "flush",
      resolve: { scale: { x: "independent" } },
      vconcat,
    }),
  };
}

interface Group {
  readonly name: string;
  readonly lines: readonly CostLine[];
  readonly total: number;
}

/** The account's lines; or each shown function's, and what is left of the account's. */
function groupsOf(study: Study, account: Bill): Group[] {
  const parts = functionParts(study);
  const whole = { name: "", lines: account.lines.map(costLine), total: toUsd(account.total) };
  if (parts.length < 2) return [whole];
  const left = new Map(account.lines.map((line) => [line.item, line]));
  const groups = parts.map(({ name, fn }) => {
    const bill = meanBill(study.replications.map((r) => functionBill(study, r, fn!)));
    for (const line of bill.lines) {
      const rest = left.get(line.item);
      if (rest)
        left.set(line.item, {
          ...rest,
          quantity: rest.quantity - line.quantity,
          cost: rest.cost - line.cost,
        });
    }
    return { name, lines: bill.lines.map(costLine), total: toUsd(bill.total) };
  });
  // What functions that are not shown cost, and the free tier, which is the account's. Less than a millionth of the
  // bill is the rounding of means.
  const rest = [...left.values()].filter(
    (line) => Math.abs(toUsd(line.cost)) > Math.abs(toUsd(account.total)) * 1e-6,
  );
  groups.sort((a, b) => b.total - a.total);
  if (rest.length === 0) return groups;
  return [
    ...groups,
    {
      name: "rest of the account",
      lines: rest.map(costLine),
      total: rest.reduce((sum, line) => sum + toUsd(line.cost), 0),
    },
  ];
}

function view(
  name: string,
  lines: readonly CostLine[],
  total: number,
  domain: number[],
  gutter: number,
  last: boolean,
): Json {
  const values = lines.map((line) => ({
    item: line.item,
    costUsd: Number(line.costUsd.toPrecision(8)),
    label: labelOf(line),
    kind: line.kind,
  }));
  const y = {
    field: "item",
    type: "nominal",
    sort: null,
    title: null,
    scale: { paddingInner: 0.35, paddingOuter: 0.2 },
  };
  const x = {
    field: "costUsd",
    type: "quantitative",
    scale: { domain, nice: false },
    axis: {
      title: last ? "cost of the run (US$)" : null,
      labels: last,
      ticks: last,
      grid: true,
      tickCount: 5,
      labelExpr: "format(datum.value, '$,')",
    },
  };
  return {
    width: WIDTH,
    height: values.length * BAR,
    layer: [
      {
        data: { values },
        mark: { type: "bar" },
        encoding: {
          x,
          y: {
            ...y,
            axis: {
              labelFontSize: 13,
              labelColor: COLOUR.text,
              labelLimit: 400,
              minExtent: Math.ceil(gutter),
              ticks: false,
              domain: true,
              grid: false,
            },
          },
          color: {
            field: "kind",
            type: "nominal",
            scale: {
              domain: ["amount", "provisioned", "service", "free"],
              range: [COLOUR.amount, COLOUR.provisioned, COLOUR.service, "#C9CED6"],
            },
            legend: null,
          },
        },
      },
      ...[true, false].map((inside) => ({
        // A label that has no room beside its bar stands in it.
        data: { values: values.filter((v) => inside === fitsInside(v.costUsd, domain)) },
        mark: {
          type: "text",
          baseline: "middle",
          align: inside ? "right" : "left",
          dx: inside ? -8 : 6,
          fontWeight: 600,
          color: inside ? "#FFFFFF" : COLOUR.text,
        },
        encoding: { x: inside ? x : { ...x, field: "from" }, y, text: { field: "label", type: "nominal" } },
        ...(inside ? {} : { transform: [{ calculate: "max(0, datum.costUsd)", as: "from" }] }),
      })),
      note(name ? `${name} · ${printMoney(total)}` : `total ${printMoney(total)}`, 0, -12, {
        fontWeight: 600,
        fontSize: 13,
      }),
    ],
  };
}

/** "$12.50 = 625,000 GB-s × $0.00002", and what is to be known of the price. */
function labelOf({ costUsd, quantity, unit, unitPrice, uncertain }: CostLine): string {
  const amount = `${Number.isInteger(quantity) ? printCount(quantity) : printNumber(quantity)} ${unit}`;
  if (unitPrice === undefined) return `${amount}, not priced`;
  const price = unitPrice.includes(".") ? unitPrice.replace(/\.?0+$/, "") : unitPrice;
  return `${printMoney(costUsd)} = ${amount} × $${price}${uncertain ? " (unverified)" : ""}`;
}

function costLine(line: BillLine): CostLine {
  const { item, quantity, unit, unitPrice, uncertain, cost } = line;
  return { item, quantity, unit, unitPrice, uncertain, costUsd: toUsd(cost), kind: kindOf(line) };
}

/** What a bar's colour says. */
function kindOf({ free, service, key }: BillLine): CostLine["kind"] {
  if (free) return "free";
  if (key.startsWith("provisioned")) return "provisioned";
  return service === "Lambda" ? "amount" : "service";
}

function fitsInside(costUsd: number, domain: readonly number[]): boolean {
  return costUsd / (domain[1]! - domain[0]!) > 0.55;
}

function findingOf(study: Study, { lines, total }: Bill, groups: readonly Group[]): string {
  const sum = toUsd(total);
  const largest = lines.reduce((best, line) => (line.cost > best.cost ? line : best));
  const monthly =
    study.replications.reduce((all, r) => all + toUsd(r.monthly.total), 0) / study.replications.length;
  const share =
    sum > 0 ? `, of which ${largest.item} is ${printShare(Math.min(1, toUsd(largest.cost) / sum))}` : "";
  const dearest =
    groups.length > 1 && sum > 0
      ? `; ${groups[0]!.name} makes ${printShare(groups[0]!.total / sum)} of it`
      : "";
  return `The run costs ${printMoney(sum)}${share}${dearest}; at this rate a month costs ${printMoney(monthly)}.`;
}
