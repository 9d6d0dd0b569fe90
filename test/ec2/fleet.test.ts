import { describe, expect, it } from "vitest";
import { simulateFleet } from "../../sim/ec2/fleet.ts";
import { toUsd } from "../../sim/pricing/money.ts";
import { parseScenario } from "../../sim/scenario/parse.ts";
import { simulate } from "../../sim/simulate.ts";
import { HOUR, MILLISECOND, MINUTE, SECOND } from "../../sim/units.ts";
import { against } from "../../study/against.ts";
import { fleetCost, fleetStudy } from "../../study/fleet.ts";
import { replicate } from "../../study/replicate.ts";
import { evenly, exponential, lab, near, poisson, SEEDS, waves } from "../support/lab.ts";
import { erlangB } from "../support/theory.ts";

type Fleet = Record<string, unknown>;

/** A function's requests and a fleet for them. */
function fleet(ec2: Fleet, duration: unknown, arrivals: unknown, horizon: string, more: object = {}) {
  const scenario = lab({
    horizon,
    functions: { f: { duration } as never },
    traffic: [{ to: "f", arrivals }] as never,
    ec2: { instanceType: "box", price: "$0.36", ...ec2 } as never,
    ...more,
  });
  return { scenario, play: (seed: string = SEEDS[0]) => simulateFleet(scenario, scenario.ec2!, seed) };
}

describe("a fleet of fixed size", () => {
  it("without a queue is an Erlang loss system, whatever its division into servers", () => {
    for (const seed of SEEDS) {
      for (const [servers, slots] of [
        [8, 1],
        [2, 4],
      ]) {
        const { play } = fleet(
          { servers, slots, maximumQueue: 0 },
          exponential("1s"),
          poisson("5/s"),
          "60000s",
        );
        const { refused, requests, busy } = play(seed);
        // 300,000 requests: 4.5 standard errors of the statement's 0.0021 for a million.
        expect(near(refused / requests, erlangB(8, 5), 0.0021 * Math.sqrt(1e6 / 3e5))).toBe(true);
        expect(near(busy.mean, 5 * (1 - erlangB(8, 5)), 0.023 * Math.sqrt(1e6 / 3e5))).toBe(true);
      }
    }
  });

  it("with a queue waits as M/M/c does", () => {
    for (const seed of SEEDS) {
      const { play } = fleet({ servers: 5, slots: 2 }, exponential("1s"), poisson("8/s"), "40000s");
      const { wait, refused } = play(seed);
      expect(refused).toBe(0);
      // W_q of M/M/10 at 8 Erlang; 320,000 requests.
      expect(near(wait.mean / SECOND, 0.20459, 0.017 * Math.sqrt(1e6 / 3.2e5))).toBe(true);
    }
  });

  it("plays the draws that Lambda plays", () => {
    const { scenario, play } = fleet(
      { servers: 100, slots: 10 },
      { type: "lognormal", mean: "300ms", cv: 1 },
      poisson("50/s"),
      "200s",
      { functions: { f: { errors: "3%", duration: { type: "lognormal", mean: "300ms", cv: 1 } } } },
    );
    const lambda = simulate(scenario, { seed: "7" }).functions[0]!;
    const servers = play("7");
    expect(servers.requests).toBe(lambda.counters.requests);
    expect(servers.failed).toBe(lambda.counters.failed);
    expect(servers.latency.sum).toBe(lambda.histograms!.latency.sum);
    expect(servers.unfinished).toBe(lambda.counters.unfinished);
  });

  it("counts what arrives after the warm-up, as Lambda's books do", () => {
    const { scenario, play } = fleet(
      { servers: 1, slots: 5, maximumQueue: 3 },
      exponential("200ms"),
      poisson("30/s"),
      "300s",
      { warmup: "100s" },
    );
    const lambda = simulate(scenario, { seed: "3" }).functions[0]!.counters;
    const { requests, span, refused, succeeded, unfinished, latency } = play("3");
    expect([requests, span]).toEqual([lambda.requests, 200 * SECOND]);
    expect(refused).toBeGreaterThan(0);
    expect(succeeded + refused + unfinished).toBe(requests);
    expect(latency.count).toBe(succeeded);
  });

  it("keeps to its order: two slots, four requests of a second at once", () => {
    const { play } = fleet({ servers: 2, slots: 1 }, "1s", waves(["0s", 4]), "10s");
    const { latency, wait, utilisation, queueMax, succeeded } = play();
    expect([latency.min, latency.max, wait.sum]).toEqual([SECOND, 2 * SECOND, 2 * SECOND]);
    expect([utilisation, queueMax, succeeded]).toEqual([0.2, 2, 4]);
    const refusing = fleet({ servers: 2, slots: 1, maximumQueue: 1 }, "1s", waves(["0s", 4]), "10s");
    expect(refusing.play().refused).toBe(1);
  });

  it("takes a longer handler on slower servers", () => {
    const { play } = fleet({ servers: 1, slots: 9, durationFactor: 1.5 }, "200ms", evenly("1/s"), "60s");
    expect(play().latency.mean).toBe(300 * MILLISECOND);
  });
});

describe("auto scaling of a fleet", () => {
  // 10 busy slots of 10 from the start on; a target of 50 % wants 2 servers, then 4 …
  const scaling = {
    slots: 10,
    servers: { minimum: 1, maximum: 8 },
    autoScaling: { target: "50%" },
    boot: "2m",
  };

  it("needs three points and the start of a server: five minutes, as the alarm and the boot say", () => {
    const { play } = fleet(scaling, "1s", evenly("10/s"), "30m", { measure: { interval: "10s" } });
    const { timeline } = play();
    const firstAt = (n: number) => timeline.servers.findIndex((servers) => servers >= n) * 10;
    // Points at 1, 2 and 3 minutes are above 50 %; 10 of 10 busy / 0.5 = 2 servers, which are there at 5 minutes.
    expect(firstAt(2)).toBe(300);
    // Two servers with 10 busy of 20 slots are on target: it stays there.
    expect(Math.max(...timeline.servers)).toBe(2);
  });

  it("grows by 1 / target at a time, because a full fleet shows no more than that it is full", () => {
    const { play } = fleet(scaling, "1s", evenly("35/s"), "40m");
    const { timeline, servers } = play();
    const steps = [...new Set([...timeline.servers].map((n) => Math.round(n)))];
    expect(steps.slice(0, 3)).toEqual([1, 2, 4]);
    expect(servers.max).toBeLessThanOrEqual(8);
  });

  it("goes down after fifteen points below nine tenths of the target, and never below its minimum", () => {
    const { play } = fleet(
      { ...scaling, servers: { minimum: 2, maximum: 8, initial: 8 } },
      "1s",
      evenly("11/s"),
      "60m",
      { measure: { interval: "1m" } },
    );
    const { timeline } = play();
    expect(timeline.servers[14]).toBe(8);
    // 11 of 80 slots at 50 %: 2.2, so 3 servers.
    expect(timeline.servers[16]).toBe(3);
    expect(timeline.servers.at(-1)).toBe(3);
  });

  it("lets a server that goes finish its requests, and pays it until then", () => {
    const { play } = fleet(
      {
        slots: 2,
        servers: { minimum: 1, maximum: 2, initial: 2 },
        autoScaling: { target: "100%", scaleInPoints: 1 },
      },
      "150s",
      waves(["30s", 2]),
      "10m",
    );
    const { succeeded, paidTime } = play();
    expect(succeeded).toBe(2);
    // One server stays ten minutes; the other's request ends at 180 s, and it went out of service before that.
    expect(paidTime).toBe(10 * MINUTE + 180 * SECOND);
  });

  it("gives the same again for the same seed", () => {
    const { play } = fleet(scaling, exponential("1s"), poisson("30/s"), "30m");
    expect(JSON.stringify(play("5"))).toBe(JSON.stringify(play("5")));
    expect(JSON.stringify(play("5"))).not.toBe(JSON.stringify(play("6")));
  });
});

describe("the bill of a fleet", () => {
  it("is the price of each server's seconds, exactly", () => {
    expect(toUsd(fleetCost("0.096", 5 * 730 * HOUR))).toBe(350.4);
    expect(toUsd(fleetCost("0.096", 730 * HOUR))).toBe(70.08);
    expect(toUsd(fleetCost("0.20", 5 * 730 * HOUR))).toBe(730);
  });

  it("meets Lambda's at the rate it says", () => {
    const at = (rate: string) => {
      const { scenario } = fleet({ servers: 1, slots: 50 }, "200ms", evenly(rate), "1h", { replications: 2 });
      return against(replicate(scenario), fleetStudy(scenario, scenario.ec2!));
    };
    const { rate } = at("1/s").breakEven;
    // 128 MB for 200 ms and a request: 0.0000006166675 dollars; 0.36 an hour is 0.0001 a second.
    expect(rate).toBeCloseTo(0.0001 / (0.0000166667 / 8 / 5 + 0.0000002), 6);
    const cost = (found: ReturnType<typeof at>) =>
      found.rows.find((r) => r.name === "cost a month")!.difference.mean;
    expect(cost(at(`${rate! * 0.99}/s`))).toBeGreaterThan(0);
    expect(cost(at(`${rate! * 1.01}/s`))).toBeLessThan(0);
  });

  it("never meets it where a server takes too little", () => {
    const { scenario } = fleet({ servers: 1, slots: 1 }, "200ms", evenly("1/s"), "1h", { replications: 2 });
    expect(against(replicate(scenario), fleetStudy(scenario, scenario.ec2!)).breakEven.rate).toBeUndefined();
  });
});

describe("a fleet's settings", () => {
  const problems = (ec2: unknown) => {
    try {
      parseScenario({
        lsim: 1,
        name: "x",
        horizon: "1m",
        functions: { f: { duration: "1s" } },
        traffic: [{ to: "f", arrivals: { type: "poisson", rate: "1/s" } }],
        ec2,
      });
      return [];
    } catch (error) {
      return (error as { problems: { path: unknown[]; message: string }[] }).problems.map(
        ({ path, message }) => `${path.join(".")}: ${message}`,
      );
    }
  };

  it.each([
    [{ slots: 2, servers: 2, instanceType: "c9.huge" }, /^ec2\.price: is missing: .*"c9\.huge".*m5\.large/],
    [{ slots: 2, servers: 2, price: "0.1" }, /^ec2\.price: "0\.1" is no price; write dollars an hour/],
    [{ slots: 0, servers: 2 }, /^ec2\.slots: 0 is too small/],
    [
      { slots: 1, servers: { minimum: 4, maximum: 2 } },
      /^ec2\.servers\.maximum: 2 is less than the minimum of 4/,
    ],
    [
      { slots: 1, servers: { minimum: 1, maximum: 2, initial: 3 } },
      /^ec2\.servers\.initial: 3 is not from 1 to 2/,
    ],
    [
      { slots: 1, servers: { minimum: 1, maximum: 2 }, autoScaling: { target: "0%" } },
      /^ec2\.autoScaling\.target: is 0%/,
    ],
    [{ servers: 2 }, /^ec2\.slots/],
    [{ slots: 1, servers: 1, boot: 5 }, /^ec2\.boot: 5 has no unit/],
  ])("%j is refused with its place", (ec2, message) => {
    expect(problems(ec2).join("\n")).toMatch(message);
  });
});
