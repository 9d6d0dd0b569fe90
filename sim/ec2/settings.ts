import * as z from "zod";
import { count, duration, positiveNumber, share } from "../scenario/fields.ts";
import type { Findings } from "../scenario/findings.ts";
import { MINUTE, nameOf, parseMoney, printDuration } from "../units.ts";

/** A fleet of servers, complete: the alternative that a reviewer compares with. Times in microseconds. */
export interface FleetSettings {
  readonly instanceType: string;
  /** US dollars for a server and hour, as decimal text. */
  readonly pricePerHour: string;
  /** Where the price is from, and from when. */
  readonly priceSource: string;
  /** Requests that one server handles at a time. */
  readonly slots: number;
  /** Servers: at least, at most, and at the start. */
  readonly minimum: number;
  readonly maximum: number;
  readonly initial: number;
  /** From the decision for a new server until it takes requests. */
  readonly boot: number;
  /** Target tracking on utilisation (busy slots over slots), a point a minute. */
  readonly scaling: {
    readonly target: number;
    /** Points in a row above the target before servers are added, and below nine tenths of it before some are taken away. */
    readonly scaleOutPoints: number;
    readonly scaleInPoints: number;
  };
  /** Requests that may wait when all slots are busy; Infinity: all; beyond it they are refused. */
  readonly maximumQueue: number;
  /** Handler time on a server, over that on Lambda at the function's memory. */
  readonly durationFactor: number;
}

/** The most servers a fleet can have. */
const MOST_SERVERS = 10_000;
const MOST_SLOTS = 100_000;

/** On-demand Linux prices at hand, by Region and type: dollars an hour. */
const INSTANCE_PRICES: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  "us-east-1": { "m5.large": "0.096" },
};
const PRICE_SOURCE = "aws.amazon.com/ec2/pricing/on-demand, Linux";
const PRICE_DATE = "2026";

const SCALING_SOURCE = {
  source: "EC2 Auto Scaling user guide, target tracking: 3 points of a minute out, 15 in",
  date: "2026",
};
const BOOT_SOURCE = {
  source: "assumed, so that measuring (3 minutes) and starting a server take five minutes",
  date: "2026",
};
const ASSUMED = { source: "assumed", date: "2026" };

const hourly = () =>
  z
    .string({ error: (issue) => `expected dollars an hour such as "$0.096", got ${nameOf(issue.input)}` })
    .transform((text, context) => {
      const digits = /^\s*\$\s*(\d+(?:\.\d{1,15})?)\s*$/.exec(text)?.[1];
      if (digits !== undefined && parseMoney(text).ok) return digits;
      context.addIssue({
        code: "custom",
        message: `"${text}" is no price; write dollars an hour like "$0.096"`,
      });
      return z.NEVER;
    });

const servers = () => count(1, MOST_SERVERS, "a number of servers");

/** `ec2` of a scenario. */
export const fleetSetting = () =>
  z
    .strictObject({
      instanceType: z.string().min(1).optional().meta({ description: "Of EC2, or any name with a price." }),
      price: hourly()
        .optional()
        .meta({
          description: "Dollars for a server and hour; needed where the type's price is not known.",
          examples: ["$0.096"],
        }),
      slots: count(1, MOST_SLOTS).meta({ description: "Requests that one server handles at a time." }),
      servers: z
        .union(
          [
            servers(),
            z.strictObject({
              minimum: servers(),
              maximum: count(1, MOST_SERVERS, "a number of servers"),
              initial: servers().optional(),
            }),
          ],
          {
            error: (issue) =>
              `expected a number of servers or { "minimum": 2, "maximum": 10 }, got ${nameOf(issue.input)}`,
          },
        )
        .meta({ description: "How many: always so many, or between two bounds by auto scaling." }),
      boot: duration().optional().meta({ description: "Until a new server takes requests." }),
      autoScaling: z
        .strictObject({
          target: share().optional().meta({ description: "Utilisation to keep: busy slots over slots." }),
          scaleOutPoints: count(1, 60).optional(),
          scaleInPoints: count(1, 60).optional(),
        })
        .optional()
        .meta({ description: "Target tracking on the mean utilisation of each minute." }),
      maximumQueue: z
        .union([count(0, 1_000_000_000), z.literal("unlimited")])
        .optional()
        .meta({ description: "Requests that may wait; 0 refuses them when all slots are busy." }),
      durationFactor: positiveNumber()
        .max(1000, "must be at most 1000")
        .optional()
        .meta({ description: "Handler time on a server, over that on Lambda." }),
    })
    .meta({ description: "A fleet of servers to compare with." });

type Given = z.output<ReturnType<typeof fleetSetting>>;

/** Fills in what is not written; notes each default. */
export function completeFleet(given: Given, region: string, findings: Findings): FleetSettings {
  const instanceType = given.instanceType ?? findings.note("ec2.instanceType", "m5.large", ASSUMED);
  const known = INSTANCE_PRICES[region]?.[instanceType];
  if (given.price === undefined && known === undefined) {
    const types = Object.keys(INSTANCE_PRICES[region] ?? {});
    findings.problem(
      ["ec2", "price"],
      `is missing: there is no price at hand for "${instanceType}" in ${region}${types.length > 0 ? ` (known: ${types.join(", ")})` : ""}; write dollars an hour like "$0.096"`,
    );
  }
  const pricePerHour =
    given.price ?? findings.note("ec2.price", known ?? "0", { source: PRICE_SOURCE, date: PRICE_DATE });
  const range =
    typeof given.servers === "number"
      ? { minimum: given.servers, maximum: given.servers, initial: given.servers }
      : given.servers;
  if (range.maximum < range.minimum)
    findings.problem(
      ["ec2", "servers", "maximum"],
      `${range.maximum} is less than the minimum of ${range.minimum}`,
    );
  const initial = range.initial ?? range.minimum;
  if (initial < range.minimum || initial > range.maximum)
    findings.problem(
      ["ec2", "servers", "initial"],
      `${initial} is not from ${range.minimum} to ${range.maximum}, the bounds it starts within`,
    );
  const moves = range.minimum < range.maximum;
  const { autoScaling = {} } = given;
  const scaling = {
    target: autoScaling.target ?? 0.6,
    scaleOutPoints: autoScaling.scaleOutPoints ?? 3,
    scaleInPoints: autoScaling.scaleInPoints ?? 15,
  };
  if (scaling.target === 0)
    findings.problem(["ec2", "autoScaling", "target"], 'is 0%; write a utilisation to keep, like "60%"');
  const boot = given.boot ?? 2 * MINUTE;
  if (moves) {
    if (autoScaling.target === undefined) findings.note("ec2.autoScaling.target", "60%", ASSUMED);
    if (autoScaling.scaleOutPoints === undefined)
      findings.note("ec2.autoScaling.scaleOutPoints", scaling.scaleOutPoints, SCALING_SOURCE);
    if (autoScaling.scaleInPoints === undefined)
      findings.note("ec2.autoScaling.scaleInPoints", scaling.scaleInPoints, SCALING_SOURCE);
    if (given.boot === undefined) findings.note("ec2.boot", printDuration(boot), BOOT_SOURCE);
  }
  const queue = given.maximumQueue ?? findings.note("ec2.maximumQueue", "unlimited", ASSUMED);
  return {
    instanceType,
    pricePerHour,
    priceSource: given.price === undefined ? `${PRICE_SOURCE}, ${PRICE_DATE}` : "the scenario",
    slots: given.slots,
    minimum: range.minimum,
    maximum: range.maximum,
    initial,
    boot,
    scaling,
    maximumQueue: queue === "unlimited" ? Number.POSITIVE_INFINITY : queue,
    durationFactor: given.durationFactor ?? findings.note("ec2.durationFactor", 1, ASSUMED),
  };
}
