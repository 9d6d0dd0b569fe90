import * as z from "zod";
import { ARRIVALS } from "../arrivals/registry.ts";
import { DISTRIBUTIONS } from "../distributions/registry.ts";
import { distribution } from "../distributions/setting.ts";
import { lognormalShort } from "../distributions/short-form.ts";
import { INVOKES } from "../invoke/registry.ts";
import { retrySetting } from "../invoke/retry.ts";
import { KEEP_ALIVES } from "../lambda/keep-alive/registry.ts";
import { SCALING_RATES } from "../lambda/scaling-rate/registry.ts";
import { REUSE_RULES } from "../lambda/settings.ts";
import { MINUTE, nameOf, SECOND } from "../units.ts";
import { choice } from "./choice.ts";
import { durationSetting } from "./duration.ts";
import { environmentSetting } from "./environment.ts";
import {
  count,
  duration,
  durationBetween,
  factor,
  instant,
  MOST_CONCURRENCY,
  memoryBetween,
  positiveDuration,
  positiveNumber,
  share,
} from "./fields.ts";
import { layersSetting, packageSetting } from "./package.ts";
import { PLATFORMS } from "./platforms/registry.ts";
import { snapStartSetting } from "./snap-start.ts";

/**
 * The scenario format, in one place: the parser reads by it and the JSON Schema that editors complete from is
 * generated from it. What each part means is in the files of the registries.
 */

/** Of one emission. */
const MOST_AT_A_TIME = 100_000;

const text = () =>
  z.string({
    error: (issue) => (issue.input === undefined ? undefined : `expected text, got ${nameOf(issue.input)}`),
  });

/** What JSON reads as a number but not exactly. */
const notExact = (issue: { input?: unknown }) =>
  Number.isInteger(issue.input)
    ? `${nameOf(issue.input)} is not read exactly; write it in quotes`
    : `expected a whole number or text, got ${nameOf(issue.input)}`;

/** Names become folders, streams and paths, so they are plain words. */
const WORD = /^[A-Za-z0-9][A-Za-z0-9_-]{0,139}$/;
const word = (noun: string) =>
  text().regex(WORD, {
    error: (issue) => `${nameOf(issue.input)} is no ${noun}; use letters, digits, "-" and "_"`,
  });

/** Paths begin with these, so no function may have such a name. */
export const RESERVED_NAMES = ["total", "account", "traffic", "functions"];

export const isFunctionName = (name: string) => WORD.test(name) && !RESERVED_NAMES.includes(name);

const lifetime = () =>
  choice({
    kinds: [...DISTRIBUTIONS.map((kind) => kind.schema), z.strictObject({ type: z.literal("forever") })],
    noun: "a lifetime",
    example: `"2h" or "forever"`,
    ofText: (value) => (value === "forever" ? { type: "forever" } : { type: "constant", value }),
    ofUntyped: (given) => ("p50" in given || "p99" in given ? "lognormal" : undefined),
    shortForms: [{ type: "string", description: `A duration, or "forever".` }, lognormalShort()],
  });

const keepAlive = () =>
  choice({
    kinds: KEEP_ALIVES.map((kind) => kind.schema),
    noun: "a keep-alive rule",
    example: `"10m", "none", "forever" or { "type": "fixed", "value": "10m" }`,
    ofText: (value) => (value === "none" || value === "forever" ? { type: value } : { type: "fixed", value }),
    ofUntyped: (given) => ("p50" in given || "p99" in given ? "lognormal" : undefined),
    shortForms: [{ type: "string", description: `A duration, "none" or "forever".` }, lognormalShort()],
  });

const scaling = () =>
  choice({
    kinds: SCALING_RATES.map((kind) => kind.schema),
    noun: "a scaling rate",
    example: `"aws", "unlimited" or { "type": "burst", "burst": 100, "perMinute": 500 }`,
    ofText: (type) => ({ type }),
    shortForms: [{ enum: ["aws", "unlimited"] }],
  });

const account = z.strictObject({
  region: text().optional().meta({ description: "Sets the prices. us-east-1 unless written." }),
  concurrency: z
    .union([z.literal("unlimited"), count(1, MOST_CONCURRENCY)], {
      error: (issue) =>
        `expected a whole number from 1 to ${MOST_CONCURRENCY} or "unlimited", got ${nameOf(issue.input)}`,
    })
    .optional()
    .meta({ description: "The account's concurrency quota. 1000 unless written." }),
  minimumUnreserved: count(0, MOST_CONCURRENCY).optional().meta({
    description: "What must stay unreserved. 100 unless written (10 when concurrency is under 100).",
  }),
  scaling: scaling().optional().meta({ description: "How fast new environments may be created." }),
  requestRate: z
    .enum(["aws", "unlimited"])
    .optional()
    .meta({ description: `"aws": ten requests a second for each unit of concurrency.` }),
});

const invoke = () =>
  choice({
    name: "invoke",
    kinds: INVOKES.map((kind) => kind.schema),
    noun: "an invocation",
    example: `"sync", "async" or { "type": "sqs", "batchSize": 10 }`,
    ofText: (type) => ({ type }),
    shortForms: [{ enum: INVOKES.map((kind) => kind.type) }],
  });

/** Names a way to a function. */
const wayName = () =>
  word("name")
    .optional()
    .meta({ description: "Names its queue, its draws and its results; from-to unless written." });

const linkShare = () =>
  share().optional().meta({ description: "Of how many successes; 100% unless written." });

/** A way on which nobody waits: where messages go, and how they come there. */
const queued = {
  name: wayName(),
  to: text().optional().meta({ description: "The function it invokes, by `invoke`." }),
  into: text()
    .optional()
    .meta({ description: "In place of `to`: the name of a traffic entry or emission whose queue it joins." }),
  invoke: invoke().optional().meta({ description: `"async" unless written.` }),
};

const deadLetters = () =>
  z
    .strictObject(queued)
    .optional()
    .meta({ description: "Where what the queue gives up goes on to; it is only kept, unless written." });

const emission = z.strictObject({
  ...queued,
  share: linkShare(),
  count: positiveNumber()
    .max(MOST_AT_A_TIME, `must be at most ${MOST_AT_A_TIME}`)
    .optional()
    .meta({ description: "Messages at a time, on average; 1 unless written." }),
  deadLetters: deadLetters(),
});

const call = z.strictObject({
  name: wayName(),
  to: text().meta({ description: "The function it calls and waits for, after its own work." }),
  invoke: invoke().optional().meta({ description: `Synchronous: "sync" unless written.` }),
  retry: retrySetting().optional(),
  share: linkShare(),
});

const lambdaFunction = z.strictObject({
  runtime: text()
    .optional()
    .meta({ examples: ["nodejs22.x", "python3.12", "java21"] }),
  architecture: z.enum(["x86_64", "arm64"]).optional(),
  memorySize: memoryBetween(128, 10_240, "Lambda takes whole MB from 128 MB to 10240 MB").optional(),
  ephemeralStorage: memoryBetween(512, 10_240, "Lambda takes whole MB from 512 MB to 10240 MB")
    .optional()
    .meta({ description: "Size of /tmp; 512 MB unless written." }),
  package: packageSetting().optional(),
  layers: layersSetting().optional().meta({
    description:
      "Name and size of each; functions may share them. They are fetched at a cold start like code.",
  }),
  environment: environmentSetting().optional(),
  timeout: durationBetween(SECOND, 15 * MINUTE, "Lambda takes 1s to 15m (900s)").optional(),
  duration: durationSetting().optional().meta({ description: "Handler time of one invocation." }),
  initDuration: distribution()
    .optional()
    .meta({ description: "Extension, runtime and static code: a log's Init Duration." }),
  placement: distribution().optional().meta({ description: "Cold start: finding a place." }),
  download: distribution().optional().meta({ description: "Cold start: fetching the code." }),
  firstHandler: distribution()
    .optional()
    .meta({ description: "Cold start: extra time of the first handler run." }),
  userInit: distribution()
    .optional()
    .meta({ description: "The function's own static code, on top of the preset or of initDuration." }),
  connect: z
    .strictObject({ duration: distribution(), in: z.enum(["init", "handler"]) })
    .optional()
    .meta({ description: "Opening a connection: once in init, or in every invocation." }),
  snapStart: snapStartSetting()
    .optional()
    .meta({ description: "Cold starts restore a snapshot: true, or how long that takes." }),
  proactiveInit: share().optional().meta({
    description: "Share of new environments that were initialised ahead of the request they are created for.",
  }),
  maxMemoryUsed: memoryBetween(1, 10_240, "a whole number of MB from 1 MB to 10240 MB")
    .optional()
    .meta({ description: "What an invocation needs; above memorySize each runs out of memory." }),
  errors: share().optional().meta({ description: "Share of invocations that end in a function error." }),
  crashes: share().optional().meta({
    description: "Share of invocations in which the runtime exits: an error that resets the environment.",
  }),
  reservedConcurrency: count(0, MOST_CONCURRENCY)
    .optional()
    .meta({ description: "Floor and ceiling; 0 stops the function." }),
  provisionedConcurrency: count(0, MOST_CONCURRENCY)
    .optional()
    .meta({ description: "Environments that are always ready; 0: none." }),
  keepAlive: keepAlive().optional(),
  maximumLifetime: lifetime().optional(),
  emits: z.array(emission).max(100).optional().meta({
    description: "What each request that it has handled well sends on, to queues, topics or functions.",
  }),
  calls: z.array(call).max(100).optional().meta({
    description: "Functions that it calls and waits for: its environment stays busy, and is billed.",
  }),
  reuse: z.enum(REUSE_RULES).optional().meta({ description: "Which idle environment a request is given." }),
});

const traffic = z.strictObject({
  name: word("name")
    .optional()
    .meta({ description: "Names the entry's random draws; its target unless written." }),
  to: text().meta({ description: `A function, or "*" for every function of a trace.` }),
  invoke: invoke().optional().meta({ description: `"sync" unless written.` }),
  retry: retrySetting()
    .optional()
    .meta({ description: "How the callers try again; they do not, unless written." }),
  deadLetters: deadLetters(),
  start: duration().optional(),
  end: positiveDuration().optional(),
  scale: factor().optional().meta({ description: "So many times the traffic." }),
  duration: durationSetting()
    .optional()
    .meta({ description: "Handler time of this entry's requests; the function's unless written." }),
  arrivals: choice({
    kinds: ARRIVALS.map((kind) => kind.schema),
    noun: "an arrival process",
    example: `{ "type": "poisson", "rate": "80/s" }`,
  }),
});

/** Judged later, where a misspelt measure can be told from a misspelt expression. */
const thresholds = z.record(z.string(), z.record(z.string(), z.array(z.string())));

export const scenarioSchema = z.strictObject({
  $schema: z.string().optional(),
  lsim: z.literal(1, { error: (issue) => `expected 1 (the format's version), got ${nameOf(issue.input)}` }),
  name: word("scenario name"),
  about: text().optional(),
  platform: z.enum(Object.keys(PLATFORMS) as [keyof typeof PLATFORMS]).optional(),
  starts: instant().optional().meta({ description: "The calendar time at which the run begins." }),
  horizon: positiveDuration().meta({ description: "How long to simulate." }),
  warmup: duration().optional().meta({ description: "Simulated, but left out of every figure." }),
  seed: z
    .union([z.string().min(1), z.number().int({ error: notExact })], {
      error: (issue) => `expected a whole number or text, got ${nameOf(issue.input)}`,
    })
    .optional(),
  replications: count(1, 100_000)
    .optional()
    .meta({ description: "Independent repetitions; 10 unless written." }),
  account: account.optional(),
  functions: z.record(
    z.string().refine((name) => name === "*" || isFunctionName(name), {
      error: (issue) =>
        `${nameOf(issue.input)} is no function name; use letters, digits, "-" and "_", and none of ${RESERVED_NAMES.join(", ")}`,
    }),
    lambdaFunction,
  ),
  traffic: z.array(traffic).min(1, "is empty: nothing would arrive"),
  deploys: z
    .array(
      z.strictObject({
        at: duration(),
        functions: z.array(text()).min(1).optional().meta({ description: "All of them unless written." }),
      }),
    )
    .max(10_000)
    .optional()
    .meta({ description: "New code or configuration: environments made before are not used again." }),
  thresholds: thresholds.optional(),
  measure: z
    .strictObject({
      interval: positiveDuration().optional().meta({ description: "Of the timeline." }),
      detail: z.enum(["auto", "all", "total"]).optional(),
    })
    .optional(),
  pricing: z
    .strictObject({
      freeTier: z.boolean().optional(),
      billInit: z.boolean().optional(),
      file: z.string().nullable().optional().meta({ description: "A price table of your own (JSON)." }),
    })
    .optional(),
});

/** A scenario as written: what a program may hand over as an object. */
export type ScenarioFile = z.input<typeof scenarioSchema>;
export type ParsedFile = z.output<typeof scenarioSchema>;
