import { describe, expect, it } from "vitest";
import { THROTTLE_REASONS } from "../../sim/lambda/placement.ts";
import { cloudWatchCounts } from "../../sim/measure/cloudwatch.ts";
import { usageOf } from "../../sim/pricing/meter.ts";
import { one, run } from "../support/lab.ts";

describe("CloudWatch's counts", () => {
  it("100 requests, 30 throttled and 5 function errors: 70 invocations, 5 errors (7.14 %), 30 throttles, 70 billed", () => {
    const throttledAttempts = THROTTLE_REASONS.map((reason) =>
      reason === "scalingRate" ? 12 : reason.startsWith("Concurrent") ? 18 : 0,
    );
    const counters = {
      invocations: 70,
      errors: 5,
      throttledAttempts,
      provisionedInvocations: 0,
      spillover: 0,
      billedMs: 7000,
      provisionedBilledMs: 0,
    };
    const metrics = cloudWatchCounts(counters);
    expect(metrics).toMatchObject({ Invocations: 70, Errors: 5, Throttles: 30 });
    expect(metrics.Errors / metrics.Invocations).toBeCloseTo(0.0714, 4);
    const f = { architecture: "x86_64", memorySize: 128, provisionedConcurrency: 0 } as const;
    expect(usageOf(f, counters).requests).toBe(70);
  });

  it.each([
    [100, 70, 5],
    [41, 17, 17],
    [12, 20, 0],
  ])(
    "of a wave of %i requests at %i reserved, %i of which run into the timeout",
    (requests, reserved, slow) => {
      const durations = Array.from({ length: requests }, (_, i) => (i < slow ? "2s" : "100ms"));
      const { counters } = run(
        one(
          { reservedConcurrency: reserved, timeout: "1s" },
          { type: "trace", timestamps: durations.map(() => "1s"), durations },
          { horizon: "10s" },
        ),
      ).f;
      const served = Math.min(requests, reserved);
      expect(cloudWatchCounts(counters)).toMatchObject({
        Invocations: served,
        Errors: slow,
        Throttles: requests - served,
      });
      const f = { architecture: "x86_64", memorySize: 128, provisionedConcurrency: 0 } as const;
      expect(usageOf(f, counters).requests).toBe(served);
    },
  );
});
