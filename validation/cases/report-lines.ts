import { one, run, waves } from "../../test/support/lab.ts";
import { type Case, exactly } from "../case.ts";
import { type CsvRow, dataset } from "../data.ts";

/** Lines from before December 2020 are billed in steps of 100 ms, which lsim does not do. */
const byTheMillisecond = ({ billed_ms, restore_ms }: CsvRow) =>
  Number(billed_ms) % 100 !== 0 && restore_ms === "";

function billed({ duration_ms, init_ms }: CsvRow, billInit: boolean): number {
  const settings = { duration: `${duration_ms}ms`, initDuration: `${init_ms || 0}ms` };
  return run(one(settings, waves(["0s", 1]), { horizon: "1h", pricing: { billInit } })).f.counters.billedMs;
}

/** REPORT lines found in the wild. */
export const reportLines: Case[] = [
  {
    id: "report-lines",
    group: "recorded",
    subject: "billing",
    title: "Billed Duration of REPORT lines billed by the millisecond, with init billed or free",
    source: "report_lines/expected_fields.csv",
    unit: "calls",
    run: () => {
      const lines = dataset("report_lines/expected_fields.csv").filter(byTheMillisecond);
      const right = lines.filter((line) =>
        [true, false].some((billInit) => billed(line, billInit) === Number(line.billed_ms)),
      );
      return exactly("lines as billed", lines.length, right.length);
    },
  },
];
