import { toCsv } from "../reports/escape.ts";
import { sweepMarkdown, sweepSummary, sweepVerdict } from "../reports/text/sweep-summary.ts";
import { assess } from "../study/assess.ts";
import type { Sweep } from "../study/sweep.ts";
import { EXIT } from "./exit.ts";
import type { OutputFolder } from "./output-folder.ts";
import { jsonText, type Telling, tell } from "./tell.ts";
import { writeCharts } from "./write-charts.ts";

/** Tables that can be asked for. */
export const TABLES = ["csv", "parquet", "arrow"] as const;
export type TableKind = (typeof TABLES)[number];

export interface SweepOutput extends Telling {
  readonly table: readonly TableKind[];
  readonly check: boolean;
}

/** Writes all that there is to say of a sweep, and says it. Returns the exit code. */
export async function tellSweep(folder: OutputFolder, sweep: Sweep, options: SweepOutput): Promise<number> {
  const found = assess(sweep);
  const csv = await writeTables(folder, sweep, options.table);
  folder.write("sweep.json", jsonText(sweep));
  const { sweepCharts } = await import("../reports/charts/sweep-charts.ts");
  const { about } = sweep.scenario as { about?: string };
  const named = { name: sweep.name, about };
  await writeCharts(
    folder,
    sweepCharts(sweep, found),
    named,
    sweepSummary(sweep, found),
    sweepVerdict(sweep, found),
  );
  folder.commit();
  await tell(folder, options, {
    json: sweep,
    csv,
    markdown: () => sweepMarkdown(sweep, found),
    text: (paint) => sweepSummary(sweep, found, paint),
  });
  return options.check && found.judged && found.meeting.length === 0 ? EXIT.missed : EXIT.done;
}

/** Writes the tables and returns the CSV, which may be wanted on stdout too. */
async function writeTables(folder: OutputFolder, sweep: Sweep, kinds: readonly TableKind[]): Promise<string> {
  const { sweepColumns, sweepTable } = await import("../reports/sweep-table.ts");
  const columns = sweepColumns(sweep);
  const table = sweepTable(columns);
  const csv = toCsv(table);
  if (kinds.includes("csv")) folder.write("sweep.csv", csv);
  if (kinds.includes("arrow")) folder.write("sweep.arrow", table.toArrowIPC({ format: "file" }));
  if (kinds.includes("parquet")) {
    const { parquetWriteBuffer } = await import("hyparquet-writer");
    const columnData = columns.map(({ name, type, cells }) => ({ name, type, data: [...cells] }));
    folder.write("sweep.parquet", new Uint8Array(parquetWriteBuffer({ columnData })));
  }
  return csv;
}
