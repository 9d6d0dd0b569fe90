import fc from "fast-check";
import type { ScenarioFile } from "../../sim/scenario/schema.ts";

/** Small random scenarios that use every mechanism, alone and together; some seconds of simulated time each. */

const ms = (low: number, high: number) => fc.integer({ min: low, max: high }).map((n) => `${n}ms`);
const seconds = (low: number, high: number) => fc.integer({ min: low, max: high }).map((n) => `${n}s`);
const perSecond = (low: number, high: number) => fc.integer({ min: low, max: high }).map((n) => `${n}/s`);
const percent = (high: number) => fc.integer({ min: 0, max: high }).map((n) => `${n}%`);
const cv = fc.integer({ min: 1, max: 30 }).map((n) => n / 10);

function law(low: number, high: number): fc.Arbitrary<unknown> {
  const mean = ms(Math.max(1, low), high);
  return fc.oneof(
    ms(low, high),
    fc.record({ type: fc.constant("exponential"), mean }),
    fc.record({ type: fc.constant("lognormal"), mean, cv }),
    fc.record({ type: fc.constant("gamma"), mean, cv }),
    fc.record({ type: fc.constant("weibull"), mean, shape: cv.map((x) => x + 0.1) }),
    fc
      .tuple(fc.integer({ min: low, max: high }), fc.integer({ min: 0, max: high }))
      .map(([min, more]) => ({ type: "uniform", min: `${min}ms`, max: `${min + more + 1}ms` })),
    fc.array(mean, { minLength: 1, maxLength: 5 }).map((values) => ({ type: "empirical", values })),
    fc.tuple(mean, mean).map(([a, b]) => ({
      type: "mixture",
      of: [
        { weight: 1, type: "constant", value: a },
        { weight: 2, type: "exponential", mean: b },
      ],
    })),
  );
}

const arrivals: fc.Arbitrary<unknown> = fc.oneof(
  fc.record({ type: fc.constant("poisson"), rate: perSecond(0, 40) }),
  fc.record({ type: fc.constant("constant"), rate: perSecond(0, 40) }),
  fc.record({
    type: fc.constant("stages"),
    start: perSecond(0, 20),
    stages: fc.array(fc.record({ duration: seconds(0, 5), target: perSecond(0, 60) }), {
      minLength: 1,
      maxLength: 4,
    }),
    evenly: fc.boolean(),
  }),
  fc.record({ type: fc.constant("bursts"), every: seconds(1, 6), size: fc.integer({ min: 1, max: 40 }) }),
  fc.record({ type: fc.constant("renewal"), gap: law(1, 400) }),
  fc.record({
    type: fc.constant("mmpp"),
    states: fc.array(fc.record({ rate: perSecond(0, 60), mean: seconds(1, 4) }), {
      minLength: 2,
      maxLength: 3,
    }),
  }),
  fc.record({ type: fc.constant("schedule"), every: seconds(1, 5) }),
  fc.record({
    type: fc.constant("times"),
    at: fc.array(ms(0, 15_000), { minLength: 1, maxLength: 40 }),
  }),
  fc.record({
    type: fc.constant("trace"),
    counts: fc.array(fc.integer({ min: 0, max: 30 }), { minLength: 1, maxLength: 15 }),
    interval: fc.constant("1s"),
    spread: fc.constantFrom("poisson", "even"),
  }),
  fc.record({
    type: fc.constant("closed"),
    clients: fc.integer({ min: 1, max: 20 }),
    thinkTime: law(0, 900),
  }),
);

const keepAlive = fc.oneof(
  fc.constantFrom("none", "forever"),
  fc.record({ type: fc.constant("fixed"), value: ms(0, 4000) }),
  fc.record({
    type: fc.constant("two-clocks"),
    environmentIdle: ms(500, 6000),
    functionIdle: ms(200, 3000),
  }),
  law(10, 3000),
);

const scaling = fc.oneof(
  fc.constantFrom("aws", "unlimited"),
  fc.record({
    type: fc.constant("burst"),
    burst: fc.integer({ min: 0, max: 10 }),
    perMinute: fc.integer({ min: 0, max: 200 }),
    step: fc.constantFrom("continuous", "minute"),
  }),
);

const optional = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined });

const lambdaFunction = fc
  .record({
    memorySize: fc.constantFrom("128 MB", "512 MB", "1769 MB"),
    timeout: fc.constantFrom("1s", "3s", "20s"),
    duration: law(0, 900),
    initDuration: optional(law(0, 1500)),
    placement: optional(law(0, 300)),
    firstHandler: optional(law(0, 300)),
    connect: optional(fc.record({ duration: law(0, 100), in: fc.constantFrom("init", "handler") })),
    proactiveInit: optional(percent(100)),
    errors: optional(percent(30)),
    crashes: optional(percent(30)),
    reservedConcurrency: optional(fc.integer({ min: 0, max: 12 })),
    provisionedConcurrency: optional(fc.integer({ min: 1, max: 6 })),
    policy: fc.constantFrom("number", "fixed", "schedule", "target-tracking"),
    keepAlive: optional(keepAlive),
    maximumLifetime: optional(fc.oneof(fc.constant("forever"), law(500, 8000))),
    reuse: fc.constantFrom("mru", "lru", "random", "newest"),
  })
  .map(({ reservedConcurrency: reserved, provisionedConcurrency: provisioned, policy, ...rest }) => ({
    ...rest,
    reservedConcurrency: reserved,
    // It is taken from the reservation, so it cannot be more.
    provisionedConcurrency: policyOf(
      policy,
      provisioned === undefined || reserved === undefined
        ? provisioned
        : Math.min(provisioned, reserved) || undefined,
    ),
  }));

/** Provisioned concurrency of up to `most` that moves within some seconds. */
function policyOf(type: string, most: number | undefined): unknown {
  if (most === undefined || type === "number") return most;
  const allocation = { preparation: { type: "uniform", min: "0s", max: "3s" }, perMinute: 60 * most };
  if (type === "fixed") return { type, capacity: most, at: "2s", allocation };
  const schedule = (setting: string) => [
    { at: "3s", [setting]: most },
    { at: "5s", [setting]: Math.ceil(most / 2) },
    { at: "6s", [setting]: most },
    { at: "11s", [setting]: 0 },
  ];
  if (type === "schedule") return { type, base: most >> 1, schedule: schedule("capacity"), allocation };
  return { type, target: 0.5, min: 0, max: most, base: 0, schedule: schedule("min"), allocation };
}

const NAMES = ["a", "b", "c"];

/** Keys that are undefined are left out, as a file would. */
const clean = <T>(value: T): T => JSON.parse(JSON.stringify(value)) as T;

export const randomScenario: fc.Arbitrary<ScenarioFile> = fc
  .record({
    functions: fc.array(lambdaFunction, { minLength: 1, maxLength: 3 }),
    entries: fc.array(
      fc.record({
        to: fc.nat({ max: 2 }),
        arrivals,
        start: optional(ms(0, 9000)),
        scale: optional(fc.constantFrom(0.3, 2)),
      }),
      { minLength: 1, maxLength: 4 },
    ),
    concurrency: fc.integer({ min: 45, max: 90 }),
    scaling,
    requestRate: fc.constantFrom("aws", "unlimited"),
    warmup: optional(ms(1, 8000)),
    interval: optional(ms(700, 5000)),
    deploys: optional(fc.array(fc.record({ at: ms(0, 14_999) }), { maxLength: 2 })),
    billInit: fc.boolean(),
    detail: fc.constantFrom("auto", "total", "all"),
    seed: fc.integer({ min: 1, max: 1_000_000 }),
  })
  .map(({ functions, entries, concurrency, scaling, requestRate, billInit, detail, interval, ...rest }) =>
    clean({
      lsim: 1,
      name: "random",
      horizon: "15s",
      ...rest,
      account: { concurrency, minimumUnreserved: 5, scaling, requestRate },
      functions: Object.fromEntries(functions.map((f, i) => [NAMES[i], f])),
      traffic: entries.map(({ to, ...entry }, i) => ({
        ...entry,
        name: `entry${i}`,
        to: NAMES[to % functions.length],
      })),
      measure: { interval, detail },
      pricing: { billInit },
    } as unknown as ScenarioFile),
  );
