import { type PriceFile, type PriceList, priceList } from "./price-list.ts";

const BILLION = 1_000_000_000;
const MILLION = 1_000_000;

/** Where a price of another service is from, which nobody has checked against its price list. */
const unchecked = (page: string, price: string) => ({
  price,
  source: `${page} pricing page, from general knowledge`,
  date: "2026",
  uncertain: true,
});

const listed = (page: string, price: string) => ({ price, source: `${page} pricing page`, date: "2026" });

const API_TIERS = {
  source: "Amazon API Gateway pricing page; tiers as in the AWS whitepaper on private APIs",
  date: "2026",
  uncertain: true,
};

/** The tables that ship with this version, as a price file has them. */
const TABLES: readonly (PriceFile & { readonly region: string })[] = [
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
      snapStartCachePerGbSecond: "0.0000015046",
      snapStartRestorePerGb: "0.0001397998",
      savingsPlans: {
        "no-upfront": {
          durationPerGbSecond: "0.0000147",
          provisionedPerGbSecond: "0.00000367",
          provisionedDurationPerGbSecond: "0.00000856",
        },
        "all-upfront": { durationPerGbSecond: "0.0000138" },
      },
    },
    arm64: {
      durationTiers: [
        { upTo: 7.5 * BILLION, perGbSecond: "0.0000133334" },
        { upTo: 18.75 * BILLION, perGbSecond: "0.0000120001" },
        { perGbSecond: "0.0000106667" },
      ],
      provisionedPerGbSecond: "0.0000033334",
      provisionedDurationPerGbSecond: "0.0000077778",
      // The price list does not tell architectures apart here.
      snapStartCachePerGbSecond: { price: "0.0000015046", uncertain: true },
      snapStartRestorePerGb: { price: "0.0001397998", uncertain: true },
      savingsPlans: {
        "no-upfront": { durationPerGbSecond: "0.0000117" },
        "all-upfront": { durationPerGbSecond: "0.0000111" },
      },
    },
    ephemeralStoragePerGbSecond: "0.0000000309",
    // By event poller unit: how many pollers make one is assumed (see items.ts).
    pollers: {
      sqsPerUnitHour: { price: "0.00925", uncertain: true },
      kafkaPerUnitHour: { price: "0.185", uncertain: true },
    },
    services: {
      sqs: {
        perRequest: unchecked("Amazon SQS", "0.0000004"),
        perFifoRequest: unchecked("Amazon SQS", "0.0000005"),
        freeRequests: 1_000_000,
      },
      sns: { perPublish: unchecked("Amazon SNS", "0.0000005") },
      eventBridge: { perEvent: unchecked("Amazon EventBridge", "0.000001") },
      kinesis: {
        perShardHour: listed("Amazon Kinesis Data Streams", "0.015"),
        perPutUnit: listed("Amazon Kinesis Data Streams", "0.000000014"),
      },
      // "You are not charged for GetRecords API calls invoked by AWS Lambda as part of DynamoDB triggers."
      dynamodb: { perStreamRead: unchecked("Amazon DynamoDB", "0") },
      apiGateway: {
        perRestRequest: {
          tiers: [
            { upTo: 333 * MILLION, price: "0.0000035" },
            { upTo: BILLION, price: "0.0000028" },
            { upTo: 20 * BILLION, price: "0.00000238" },
            { price: "0.00000151" },
          ],
          ...API_TIERS,
        },
        perHttpRequest: {
          tiers: [{ upTo: 300 * MILLION, price: "0.000001" }, { price: "0.0000009" }],
          ...API_TIERS,
        },
      },
      logs: {
        perGb: {
          // The ends of the tiers (10, 30 and 50 TB) are those of reports about the change of 2025-05-01.
          tiers: [
            { upTo: 10 * 1024, price: "0.50" },
            { upTo: 30 * 1024, price: "0.25" },
            { upTo: 50 * 1024, price: "0.10" },
            { price: "0.05" },
          ],
          source: "Amazon CloudWatch pricing page, logs of Lambda",
          date: "2026",
        },
      },
      nat: { perHour: listed("Amazon VPC", "0.045"), perGb: listed("Amazon VPC", "0.045") },
    },
  },
];

/** The price lists that ship with this version, one a Region. */
export const PRICE_TABLES: readonly PriceList[] = TABLES.map((file) => priceList(file, file.region));
