import fc from "fast-check";
import { afterEach, describe, expect, test, vi } from "vitest";
import { PROVISIONED, THROTTLED } from "../../sim/lambda/placement.ts";
import { Attempts } from "../../sim/measure/attempts.ts";
import { Ledger } from "../../sim/measure/ledger.ts";
import { billFor } from "../../sim/pricing/bill.ts";
import { standingUsage, usageOf } from "../../sim/pricing/meter.ts";
import { moneyText } from "../../sim/pricing/money.ts";
import { runUsage } from "../../sim/pricing/run-usage.ts";
import { parseScenario } from "../../sim/scenario/parse.ts";
import type { Scenario } from "../../sim/scenario/scenario.ts";
import { simulate } from "../../sim/simulate.ts";
import { randomScenario } from "../support/random-scenario.ts";

interface Invocation {
  readonly fn: number;
  readonly at: number;
  readonly provisioned: boolean;
  /** Microseconds that are billed, before they are rounded up. */
  readonly time: number;
}

/** Every invocation of a run, as it is handed to the books: nothing of theirs is used. */
function invocationsOf(scenario: Scenario): Invocation[] {
  const found: Invocation[] = [];
  const add = (fn: number, at: number, placement: number, init: number, duration: number) => {
    if (placement >= THROTTLED || at < scenario.warmup) return;
    const time = (scenario.pricing.billInit ? init : 0) + duration;
    found.push({ fn, at, provisioned: placement === PROVISIONED, time });
  };
  const book = Ledger.prototype.book;
  vi.spyOn(Ledger.prototype, "book").mockImplementation(function (this: Ledger, requests, from, to) {
    const { functions, times, placements, inits, durations } = requests;
    for (let i = from; i < to; i++) add(functions[i]!, times[i]!, placements[i]!, inits[i]!, durations[i]!);
    book.call(this, requests, from, to);
  });
  const attempted = Attempts.prototype.book;
  vi.spyOn(Attempts.prototype, "book").mockImplementation(function (this: Attempts, columns, x, open) {
    const { fn, start, placement, init, duration } = columns;
    add(fn[x]!, start[x]!, placement[x]!, init[x]!, duration[x]!);
    attempted.call(this, columns, x, open);
  });
  return found;
}

const MODELLED = ["sync", "async", { type: "sqs", batchSize: 3 }, { type: "kinesis" }, "api-gateway"];

afterEach(() => {
  vi.restoreAllMocks();
});

describe("the bill from counters", () => {
  test("is that of the invocations, one by one, and of what is rented", () => {
    let billed = 0;
    const file = fc
      .tuple(randomScenario, fc.array(fc.constantFrom(...MODELLED), { minLength: 4, maxLength: 4 }))
      .map(([scenario, invokes]) => ({
        ...scenario,
        functions: Object.fromEntries(
          Object.entries(scenario.functions).map(([name, f]) => [
            name,
            { ...f, ephemeralStorage: "1536 MB", logs: { perInvocation: "1 KB" } },
          ]),
        ),
        traffic: scenario.traffic.map((entry, i) => ({ ...entry, invoke: invokes[i % invokes.length] })),
      }));
    fc.assert(
      fc.property(file, (given) => {
        const scenario = parseScenario(given);
        const { table } = scenario.pricing;
        const invocations = invocationsOf(scenario);
        const result = simulate(scenario);
        vi.restoreAllMocks();
        const bare = { ...scenario, entries: [] };
        const { run } = runUsage(bare, { ...result, entries: [] });
        scenario.functions.forEach((f, fn) => {
          const usage = run.of(fn);
          let sum = billFor(standingUsage(f, result.span), table, false).total;
          for (const { provisioned, time } of invocations.filter((i) => i.fn === fn)) {
            const ms = Math.ceil(time / 1000);
            const counters = {
              invocations: 1,
              billedMs: provisioned ? 0 : ms,
              provisionedBilledMs: provisioned ? ms : 0,
            };
            // Without the bytes of the log: they cannot be divided one by one.
            sum += billFor({ ...usageOf(f, counters), logs: 0 }, table, false).total;
            billed++;
          }
          sum += billFor({ logs: usage.logs ?? 0 }, table, false).total;
          // What a policy asked for, and the inits that nobody waited for (test/properties/provisioned.test.ts has them exactly).
          const none = { invocations: 0, billedMs: 0, provisionedBilledMs: 0 };
          sum += billFor(usageOf(f, none, result.functions[fn]!.provisioned), table, false).total;
          expect(moneyText(billFor(usage, table, false).total)).toBe(moneyText(sum));
        });
      }),
      { numRuns: 300, seed: 20_261_201 },
    );
    expect(billed).toBeGreaterThan(10_000);
  });
});
