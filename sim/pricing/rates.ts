import * as z from "zod";

/**
 * Prices as data, in US dollars, written as decimal text so that bills are exact.
 * A table of one's own has the same shape (`pricing.file` in a scenario).
 */
const price = z.string().regex(/^\d+(\.\d+)?$/, 'expected a decimal such as "0.0000002"');

const architecturePrices = z.strictObject({
  /** Duration, per GB-second, by tiers of a month's GB-seconds; `upTo` is left out of the last. */
  durationTiers: z
    .array(z.strictObject({ upTo: z.number().positive().optional(), perGbSecond: price }))
    .min(1),
  provisionedPerGbSecond: price,
  provisionedDurationPerGbSecond: price,
});

/** Tiers must rise, and the last must have no end: otherwise some use would cost nothing. */
function tiersComplete({ durationTiers }: z.output<typeof architecturePrices>): boolean {
  const ends = durationTiers.map(({ upTo }) => upTo ?? Number.POSITIVE_INFINITY);
  return ends.at(-1) === Number.POSITIVE_INFINITY && ends.every((end, i) => end > (ends[i - 1] ?? 0));
}
const completePrices = architecturePrices.refine(tiersComplete, {
  path: ["durationTiers"],
  error: "tiers must rise by upTo, and the last must leave upTo out",
});

export const priceTableSchema = z.strictObject({
  region: z.string(),
  date: z.string(),
  source: z.string(),
  perRequest: price,
  freeRequests: z.number().int().nonnegative(),
  freeGbSeconds: z.number().int().nonnegative(),
  x86_64: completePrices,
  arm64: completePrices,
});

export type PriceTable = z.output<typeof priceTableSchema>;
export type ArchitecturePrices = z.output<typeof architecturePrices>;

const BILLION = 1_000_000_000;

/** The tables that ship with this version, by Region. */
export const PRICE_TABLES: readonly PriceTable[] = [
  {
    region: "us-east-1",
    date: "2026-09",
    source: "aws.amazon.com/lambda/pricing and the AWS Price List for AWSLambda",
    perRequest: "0.0000002",
    freeRequests: 1_000_000,
    freeGbSeconds: 400_000,
    x86_64: {
      durationTiers: [
        { upTo: 6 * BILLION, perGbSecond: "0.0000166667" },
        { upTo: 15 * BILLION, perGbSecond: "0.0000150000" },
        { perGbSecond: "0.0000133334" },
      ],
      provisionedPerGbSecond: "0.0000041667",
      provisionedDurationPerGbSecond: "0.0000097222",
    },
    arm64: {
      durationTiers: [
        { upTo: 7.5 * BILLION, perGbSecond: "0.0000133334" },
        { upTo: 18.75 * BILLION, perGbSecond: "0.0000120001" },
        { perGbSecond: "0.0000106667" },
      ],
      provisionedPerGbSecond: "0.0000033334",
      provisionedDurationPerGbSecond: "0.0000077778",
    },
  },
];
