import { type BasicType, ByteWriter, ParquetWriter, schemaFromColumnData } from "hyparquet-writer";
import { THROTTLED } from "../../sim/lambda/placement.ts";
import {
  type InvocationBatch,
  RECORDED_OUTCOMES,
  type RecordListener,
  sourceNames,
  type Window,
} from "../../sim/measure/record-batch.ts";
import type { Scenario } from "../../sim/scenario/scenario.ts";
import { MILLISECOND, SECOND } from "../../sim/units.ts";
import { INVOCATION_COLUMNS, placementName, reasonName } from "./csv.ts";

/** Rows that are written together: what is held of the file at any time. */
const ROW_GROUP = 100_000;

type Column = (typeof INVOCATION_COLUMNS)[number];

const TYPES: Record<Column, BasicType> = {
  t_s: "DOUBLE",
  function: "STRING",
  entry: "STRING",
  placement: "STRING",
  reason: "STRING",
  waitMs: "DOUBLE",
  durationMs: "DOUBLE",
  initMs: "DOUBLE",
  billedMs: "INT32",
  outcome: "STRING",
  environment: "INT64",
};

/** invocations.parquet: the same rows as invocations.csv; what a refused attempt has not is null. */
export class InvocationsParquet implements RecordListener {
  private readonly functions: readonly string[];
  private readonly sources: readonly string[];
  private readonly from: number;
  private readonly write: (bytes: Uint8Array) => void;
  private readonly bytes = new ByteWriter();
  private readonly file: ParquetWriter;
  private rows: Record<Column, (number | bigint | string | null)[]> = emptyRows();

  constructor(scenario: Scenario, { from }: Window, write: (bytes: Uint8Array) => void) {
    this.functions = scenario.functions.map(({ name }) => name);
    this.sources = sourceNames(scenario);
    this.from = from;
    this.write = write;
    const columnData = columnsOf(this.rows);
    this.file = new ParquetWriter({ writer: this.bytes, schema: schemaFromColumnData({ columnData }) });
  }

  invocations(batch: InvocationBatch): void {
    const { rows } = this;
    for (let i = 0; i < batch.count; i++) {
      const at = batch.times[i]!;
      if (at < this.from) continue;
      const placement = batch.placements[i]!;
      const runs = placement < THROTTLED;
      rows.t_s.push(at / SECOND);
      rows.function.push(this.functions[batch.functions[i]!]!);
      rows.entry.push(this.sources[batch.sources[i]!]!);
      rows.placement.push(placementName(placement));
      rows.reason.push(runs ? null : reasonName(placement));
      rows.waitMs.push(runs ? batch.waits[i]! / MILLISECOND : null);
      rows.durationMs.push(runs ? batch.durations[i]! / MILLISECOND : null);
      rows.initMs.push(runs ? batch.inits[i]! / MILLISECOND : null);
      rows.billedMs.push(runs ? batch.billed[i]! : null);
      rows.outcome.push(RECORDED_OUTCOMES[batch.outcomes[i]!]!);
      rows.environment.push(runs ? BigInt(batch.environments[i]!) : null);
    }
    if (rows.t_s.length >= ROW_GROUP) this.writeGroup();
  }

  environments(): void {}

  /** The run is over: writes what is left, and the end of the file. */
  close(): void {
    if (this.rows.t_s.length > 0) this.writeGroup();
    this.file.finish();
    this.flush();
  }

  private writeGroup(): void {
    this.file.write({ columnData: columnsOf(this.rows), rowGroupSize: this.rows.t_s.length });
    this.rows = emptyRows();
    this.flush();
  }

  /** Hands on what is complete, so that the buffer stays as large as one group. */
  private flush(): void {
    this.write(this.bytes.getBytes().slice());
    this.bytes.index = 0;
  }
}

const emptyRows = () =>
  Object.fromEntries(INVOCATION_COLUMNS.map((name): [Column, never[]] => [name, []])) as unknown as Record<
    Column,
    (number | bigint | string | null)[]
  >;

const columnsOf = (rows: Record<Column, (number | bigint | string | null)[]>) =>
  INVOCATION_COLUMNS.map((name) => ({ name, type: TYPES[name], data: rows[name], offsetIndex: false }));
