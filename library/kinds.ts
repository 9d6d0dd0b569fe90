import type { ColumnTable } from "arquero";
import type { Chart } from "../reports/charts/chart.ts";
import { comparisonCharts } from "../reports/charts/comparison.ts";
import { billTableChart, isBill } from "../reports/charts/cost-lines.ts";
import { differences } from "../reports/charts/differences.ts";
import { planCharts } from "../reports/charts/plan.ts";
import { isQueuesTable, queuesTableChart } from "../reports/charts/queues.ts";
import { charts as studyCharts } from "../reports/charts/registry.ts";
import { sweepCharts } from "../reports/charts/sweep-charts.ts";
import type { TableWords } from "../reports/charts/table-words.ts";
import { isTimeline, timelineOverview } from "../reports/charts/timeline-overview.ts";
import { tornado, tornadoOf } from "../reports/charts/tornado.ts";
import { tuneChart, tuneTableChart } from "../reports/charts/tune.ts";
import { comparisonTable, isComparisonTable, statisticsOfTable } from "../reports/comparison-table.ts";
import { figureTable } from "../reports/figure-table.ts";
import { tableOf } from "../reports/rows.ts";
import { isSensitivityTable, sensitivityOfTable, sensitivityTable } from "../reports/sensitivity-table.ts";
import { isSweepTable, sweepColumns, sweepOfTable, sweepTable } from "../reports/sweep-table.ts";
import { isTuneTable, tuneTable } from "../reports/tune-table.ts";
import { assess } from "../study/assess.ts";
import type { Comparison } from "../study/compare.ts";
import type { Plan } from "../study/plan.ts";
import { planRows } from "../study/plan-file.ts";
import type { Study } from "../study/replicate.ts";
import type { Sensitivity } from "../study/sensitivity.ts";
import type { Sweep } from "../study/sweep.ts";
import type { Tuning } from "../study/tune.ts";

/** What studies come to. A new one joins here, and in KINDS. */
export type StudyResult = Study | Sweep | Plan | Comparison | Sensitivity | Tuning;

interface Kind<T extends StudyResult> {
  /** A property that results of this kind have and no others. */
  readonly mark: string;
  readonly table: (result: T) => ColumnTable;
  readonly charts: (result: T) => readonly Chart[];
}

const kind = <T extends StudyResult>(kind: Kind<T>) => kind as unknown as Kind<StudyResult>;

const KINDS = [
  kind<Study>({ mark: "account", table: figureTable, charts: studyCharts }),
  kind<Sweep>({
    mark: "lsimSweep",
    table: (sweep) => sweepTable(sweepColumns(sweep)),
    charts: (sweep) => sweepCharts(sweep, assess(sweep)),
  }),
  kind<Plan>({ mark: "candidates", table: (plan) => tableOf(planRows(plan)), charts: planCharts }),
  kind<Comparison>({
    mark: "paired",
    table: comparisonTable,
    charts: (comparison) => comparisonCharts(comparison, ["A", "B"]),
  }),
  kind<Sensitivity>({
    mark: "assumptions",
    table: sensitivityTable,
    charts: (sensitivity) => [tornado(sensitivity) ?? []].flat(),
  }),
  kind<Tuning>({ mark: "tuned", table: tuneTable, charts: (tuning) => [tuneChart(tuning)] }),
];

/** How to look at a result. Throws TypeError for what is none. */
export function kindOf(result: StudyResult): Kind<StudyResult> {
  const found = KINDS.find(({ mark }) => typeof result === "object" && result !== null && mark in result);
  if (!found)
    throw new TypeError("expected what simulate() or another study returns; an await may be missing");
  return found;
}

interface TableKind {
  readonly is: (columns: readonly string[]) => boolean;
  readonly charts: (tidy: ColumnTable, words: TableWords) => readonly (Chart | undefined)[];
}

const TABLE_KINDS: readonly TableKind[] = [
  { is: isQueuesTable, charts: (tidy, { name }) => [queuesTableChart(tidy, name)] },
  { is: isBill, charts: (tidy, { name }) => [billTableChart(tidy, name)] },
  { is: isTimeline, charts: (tidy, words) => [timelineOverview(tidy, words)] },
  {
    is: isSweepTable,
    charts: (tidy, { name = "" }) => {
      const sweep = sweepOfTable(tidy, name);
      return sweepCharts(sweep, assess(sweep));
    },
  },
  {
    is: isComparisonTable,
    charts: (tidy, { labels = ["A", "B"] }) => [differences({ statistics: statisticsOfTable(tidy) }, labels)],
  },
  {
    is: isSensitivityTable,
    charts: (tidy, { name }) => [tornadoOf(sensitivityOfTable(tidy), name && `${name} · `)],
  },
  { is: isTuneTable, charts: (tidy, { name }) => [tuneTableChart(tidy, name)] },
];

/**
 * Charts of a tidy table that `toTable`, `timelineTable` or a CSV file gave, whatever was done to its rows. Throws TypeError
 * for a table without rows, or of nothing that has charts.
 */
export function chartsOfTable(tidy: ColumnTable, words: TableWords = {}): readonly Chart[] {
  const kind = TABLE_KINDS.find(({ is }) => is(tidy.columnNames()));
  if (!kind)
    throw new TypeError(
      "expected the columns of a timeline (timelineTable, timeline.csv), queues (queuesTable, queues.csv), a bill (billTable, bill.csv), or those that toTable gives of a sweep, a comparison, a sensitivity or a tuning (sweep.csv, compare.csv, sensitivity.csv, tune.csv)",
    );
  if (tidy.numRows() === 0) throw new TypeError("the table has no rows");
  return kind.charts(tidy, words).filter((chart) => chart !== undefined);
}
