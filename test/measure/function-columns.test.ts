import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { THROTTLE_REASONS } from "../../sim/lambda/placement.ts";
import { FunctionColumns } from "../../sim/measure/function-columns.ts";
import { FunctionRow } from "../../sim/measure/function-result.ts";
import { COLD_START_PHASES, type Counters, type FunctionFigures } from "../../sim/measure/result.ts";

// Mostly zeros, as in a real run, where whole columns are.
const number = fc.oneof(
  { weight: 2, arbitrary: fc.constant(0) },
  fc.double({ min: 0, max: 1e15, noNaN: true }),
);
const level = fc.record({ mean: number, variance: number, max: number });
const counters = fc.record<Counters>({
  requests: number,
  succeeded: number,
  failed: number,
  throttled: number,
  dropped: number,
  unfinished: number,
  attempts: number,
  invocations: number,
  coldStarts: number,
  warmStarts: number,
  provisionedInvocations: number,
  spillover: number,
  proactiveInits: number,
  suppressedInits: number,
  initTimeouts: number,
  errors: number,
  timeouts: number,
  resets: number,
  deadLettered: number,
  throttledAttempts: fc.array(number, {
    minLength: THROTTLE_REASONS.length,
    maxLength: THROTTLE_REASONS.length,
  }),
  billedMs: number,
  provisionedBilledMs: number,
  coldStartTimes: fc.record<Counters["coldStartTimes"]>({
    placement: number,
    download: number,
    init: number,
    firstHandler: number,
  }),
});
const figures = fc.record<FunctionFigures>({
  counters,
  concurrency: level,
  onDemandConcurrency: level,
  provisionedConcurrency: level,
  environments: fc.record({
    created: number,
    mean: number,
    idleMean: number,
    max: number,
    meanLifeS: number,
  }),
  latencyMean: fc.oneof(number, fc.constant(Number.NaN)),
  durationMean: number,
});

/** What a row reads, as plain fields. */
function read(row: FunctionRow): FunctionFigures {
  const { concurrency, onDemandConcurrency, provisionedConcurrency, environments } = row;
  return {
    counters: JSON.parse(JSON.stringify(row.counters)) as Counters,
    concurrency,
    onDemandConcurrency,
    provisionedConcurrency,
    environments,
    latencyMean: row.latencyMean,
    durationMean: row.durationMean,
  };
}

describe("the figures of functions in columns", () => {
  it("are read as they were written, each by itself", () => {
    fc.assert(
      fc.property(fc.array(figures, { minLength: 1, maxLength: 5 }), (all) => {
        const columns = new FunctionColumns(all.length, true);
        all.forEach((own, fn) => {
          columns.add(fn, own);
        });
        all.forEach((own, fn) => {
          expect(read(new FunctionRow(columns, fn))).toEqual(own);
        });
      }),
    );
  });

  it("have all concurrency on demand where nothing is provisioned", () => {
    fc.assert(
      fc.property(figures, (own) => {
        const columns = new FunctionColumns(1, false);
        columns.add(0, { ...own, onDemandConcurrency: own.concurrency });
        expect(new FunctionRow(columns, 0).onDemandConcurrency).toEqual(own.concurrency);
      }),
    );
  });

  it("name the phases of a cold start in their order", () => {
    const columns = new FunctionColumns(1, false);
    const [own] = fc.sample(figures, 1);
    const coldStartTimes = { placement: 1, download: 2, init: 3, firstHandler: 4 };
    columns.add(0, { ...own!, counters: { ...own!.counters, coldStartTimes } });
    const { counters } = new FunctionRow(columns, 0);
    expect(COLD_START_PHASES.map((phase) => counters.coldStartTimes[phase])).toEqual([1, 2, 3, 4]);
  });
});
