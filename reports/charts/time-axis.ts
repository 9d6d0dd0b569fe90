import { DAY, HOUR, MINUTE, SECOND } from "../../sim/units.ts";
import type { Json } from "./chart.ts";

const STEPS = [
  1, 2, 5, 10, 15, 20, 30, 60, 120, 300, 600, 900, 1200, 1800, 3600, 7200, 10_800, 14_400, 21_600, 43_200,
];
const DAYS = [1, 2, 5, 7, 14, 30, 90, 365].map((days) => days * 86_400);

/** Widths of a row on a chart: `rows` intervals become at most `most`, each at least `least` intervals wide. */
export function rowsTogether(rows: number, interval: number, most: number, least: number): number {
  const seconds = interval / SECOND;
  const fits = (width: number) =>
    width % seconds === 0 && width >= least * seconds && rows * seconds <= width * most;
  const width = [...STEPS, ...DAYS].find(fits);
  return width === undefined ? Math.max(1, Math.ceil(rows / most)) : width / seconds;
}

/** An axis in seconds with clock labels: "2:00" as minutes and seconds, or hours and minutes, or days. */
export function timeAxis(start: number, end: number): { title: string; values: number[]; labelExpr: string } {
  const span = (end - start) / SECOND;
  const step = [...STEPS, ...DAYS].find((s) => span / s <= 10) ?? DAYS.at(-1)!;
  const values: number[] = [];
  for (let at = Math.ceil(start / SECOND / step) * step; at <= end / SECOND; at += step) values.push(at);
  const clock = (unit: number) =>
    `floor(datum.value / ${unit}) + ':' + format(floor(datum.value % ${unit} / ${unit / 60}), '02')`;
  if (end <= HOUR) return { title: "time (minutes:seconds)", values, labelExpr: clock(60) };
  if (end <= 2 * DAY) return { title: "time (hours:minutes)", values, labelExpr: clock(3600) };
  return { title: "time (days)", values, labelExpr: "format(datum.value / 86400, '~g')" };
}

/** The unit in which a rate (events a second) reads best. */
export function rateUnit(perSecond: number): { name: string; seconds: number } {
  if (perSecond === 0 || perSecond >= 0.5) return { name: "second", seconds: 1 };
  if (perSecond * 60 >= 0.5) return { name: "minute", seconds: MINUTE / SECOND };
  if (perSecond * 3600 >= 0.5) return { name: "hour", seconds: HOUR / SECOND };
  return { name: "day", seconds: DAY / SECOND };
}

export function timeX(start: number, end: number, shown: boolean): Json {
  const { title, values, labelExpr } = timeAxis(start, end);
  const axis = { values, labelExpr, grid: true, gridColor: "#F1F2F5", title: shown ? title : null };
  return {
    field: "t",
    type: "quantitative",
    scale: { domain: [start / SECOND, end / SECOND], nice: false, zero: false },
    axis: { ...axis, labels: shown, ticks: shown, domain: true },
  };
}
