import * as z from "zod";

/**
 * Prices as data, in US dollars, written as decimal text so that bills are exact. A table of one's own has the same shape
 * (`pricing.file` in a scenario) and may hold only some of them.
 */
const amount = z.string().regex(/^\d+(\.\d{1,15})?$/, 'expected a decimal such as "0.0000002"');

/** Tiers must rise, and the last must have no end: otherwise some use would cost nothing. */
function areComplete(tiers: readonly { upTo?: number | undefined }[]): boolean {
  const ends = tiers.map(({ upTo }) => upTo ?? Number.POSITIVE_INFINITY);
  return ends.at(-1) === Number.POSITIVE_INFINITY && ends.every((end, i) => end > (ends[i - 1] ?? 0));
}
const COMPLETE = { error: "tiers must rise by upTo, and the last must leave upTo out" };

const end = z.number().positive().optional();
const about = {
  source: z.string().optional(),
  date: z.string().optional(),
  uncertain: z.boolean().optional(),
};

/** A price: an amount, or an amount or tiers (of a month's units) with where they are from. */
const price = z
  .union(
    [
      amount,
      z.strictObject({ price: amount, ...about }),
      z.strictObject({
        tiers: z
          .array(z.strictObject({ upTo: end, price: amount }))
          .min(1)
          .refine(areComplete, COMPLETE),
        ...about,
      }),
    ],
    {
      error:
        'expected a decimal such as "0.0000002", or { "price": "…" } or { "tiers": [{ "upTo": 1000, "price": "…" }, { "price": "…" }] }, with "source", "date" and "uncertain" where they differ',
    },
  )
  .optional();

const plan = z
  .strictObject({
    durationPerGbSecond: price,
    provisionedPerGbSecond: price,
    provisionedDurationPerGbSecond: price,
  })
  .optional();

export const PAYMENTS = ["no-upfront", "all-upfront"] as const;

const architecture = z
  .strictObject({
    /** Duration, per GB-second, by tiers of a month's GB-seconds; `upTo` is left out of the last. */
    durationTiers: z
      .array(z.strictObject({ upTo: end, perGbSecond: amount }))
      .min(1)
      .refine(areComplete, COMPLETE)
      .optional(),
    provisionedPerGbSecond: price,
    provisionedDurationPerGbSecond: price,
    snapStartCachePerGbSecond: price,
    snapStartRestorePerGb: price,
    savingsPlans: z.strictObject({ "no-upfront": plan, "all-upfront": plan }).optional(),
  })
  .optional();

const free = z.number().int().nonnegative().optional();

/** Prices as they are written, in a file or in rates.ts. */
export const priceFileSchema = z.strictObject({
  region: z.string().optional(),
  date: z.string(),
  source: z.string(),
  perRequest: price,
  freeRequests: free,
  freeGbSeconds: free,
  x86_64: architecture,
  arm64: architecture,
  ephemeralStoragePerGbSecond: price,
  pollers: z.strictObject({ sqsPerUnitHour: price, kafkaPerUnitHour: price }).optional(),
  services: z
    .strictObject({
      sqs: z.strictObject({ perRequest: price, perFifoRequest: price, freeRequests: free }).optional(),
      sns: z.strictObject({ perPublish: price }).optional(),
      eventBridge: z.strictObject({ perEvent: price, perScheduledEvent: price }).optional(),
      kinesis: z
        .strictObject({ perShardHour: price, perExtendedShardHour: price, perPutUnit: price })
        .optional(),
      dynamodb: z.strictObject({ perStreamRead: price }).optional(),
      apiGateway: z.strictObject({ perRestRequest: price, perHttpRequest: price }).optional(),
      logs: z.strictObject({ perGb: price }).optional(),
      nat: z.strictObject({ perHour: price, perGb: price }).optional(),
    })
    .optional(),
});

export type PriceFile = z.output<typeof priceFileSchema>;

/** One price, with where it is from. */
export interface Price {
  /** By how much a month uses, in priced units; the last has no end. */
  readonly tiers: readonly { readonly upTo?: number | undefined; readonly price: string }[];
  readonly source: string;
  readonly date: string;
  /** Nobody has checked it against the price list. */
  readonly uncertain: boolean;
}

/** All prices of a Region, by their place in a price file: "perRequest", "services.sqs.perRequest". */
export interface PriceList {
  readonly region: string;
  readonly date: string;
  readonly source: string;
  readonly prices: Readonly<Record<string, Price>>;
  /** What is free in a month, by its place in a price file. */
  readonly free: Readonly<Record<string, number>>;
}

/** Without these there is no bill of Lambda at all. */
export const NEEDED = [
  "perRequest",
  "freeRequests",
  "freeGbSeconds",
  ...(["x86_64", "arm64"] as const).flatMap((a) =>
    ["durationTiers", "provisionedPerGbSecond", "provisionedDurationPerGbSecond"].map(
      (name) => `${a}.${name}`,
    ),
  ),
];

/** A price file as a list; what it does not say is as in `base`, with the source and date it has there. */
export function priceList(file: PriceFile, region: string, base?: PriceList): PriceList {
  const { date, source, region: own, ...content } = file;
  const prices: Record<string, Price> = { ...base?.prices };
  const free: Record<string, number> = { ...base?.free };
  const walk = (value: unknown, path: string): void => {
    if (value === undefined) return;
    if (typeof value === "number") free[path] = value;
    else if (isPrice(value)) prices[path] = complete(value, { date, source });
    else
      for (const [key, inner] of Object.entries(value as object)) walk(inner, path ? `${path}.${key}` : key);
  };
  walk(content, "");
  return { region: own ?? region, date, source, prices, free };
}

type Written =
  | string
  | readonly { upTo?: number | undefined; perGbSecond: string }[]
  | (Partial<Pick<Price, "source" | "date" | "uncertain">> & ({ price: string } | { tiers: Price["tiers"] }));

function isPrice(value: unknown): value is Written {
  if (typeof value === "string" || Array.isArray(value)) return true;
  return "price" in (value as object) || "tiers" in (value as object);
}

function complete(written: Written, { date, source }: Pick<Price, "date" | "source">): Price {
  if (typeof written === "string") return { tiers: [{ price: written }], date, source, uncertain: false };
  if (!("source" in written || "price" in written || "tiers" in written)) {
    const tiers = (written as Extract<Written, readonly unknown[]>).map(({ upTo, perGbSecond }) => ({
      ...(upTo !== undefined && { upTo }),
      price: perGbSecond,
    }));
    return { tiers, date, source, uncertain: false };
  }
  return {
    tiers: "tiers" in written ? written.tiers : [{ price: written.price }],
    date: written.date ?? date,
    source: written.source ?? source,
    uncertain: written.uncertain ?? false,
  };
}

/** The first tier's price of something, in dollars for its unit; 0 where the list has none. */
export function firstPrice({ prices }: PriceList, path: string): string {
  return prices[path]?.tiers[0]?.price ?? "0";
}
