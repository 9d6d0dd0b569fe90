import { z } from "zod";
import { TokenBucket } from "../lambda/token-bucket.ts";
import type { Status } from "../measure/entry.ts";
import { count, durationBetween, rate } from "../scenario/fields.ts";
import { MILLISECOND, MINUTE, printCount, printDuration, SECOND } from "../units.ts";
import { callerSettings, callersPlan } from "./caller-settings.ts";
import type { Front } from "./callers.ts";
import { invokeKind, type Port, SettingError } from "./contract.ts";

/**
 * What an account's APIs of all kinds may take together (API Gateway quotas, 2026): a token bucket. Its size is set by
 * AWS by the rate; it is half of it in both cases that are documented (10,000 and 5,000; 2,500 and 1,250 in newer Regions).
 */
const RATE = 10_000;
const BURST_SHARE = 0.5;

/**
 * How long an API waits for the function, and what it says then. REST: 29 s, which AWS may raise to 300 s; 504 (API Gateway
 * quotas; gateway response types). HTTP: up to 30 s (HTTP API quotas); 503 "Service Unavailable" (field reports; not
 * documented).
 */
const APIS: Record<"rest" | "http", { usual: number; most: number; timedOut: Status; noun: string }> = {
  rest: { usual: 29 * SECOND, most: 5 * MINUTE, timedOut: 504, noun: "a REST API" },
  http: { usual: 30 * SECOND, most: 30 * SECOND, timedOut: 503, noun: "an HTTP API" },
};
const SHORTEST = 50 * MILLISECOND;

/**
 * Amazon API Gateway with a Lambda proxy integration. It refuses what is over the account's rate (429), never tries again,
 * and treats every error as internal: 500 when Lambda rejects the call, 502 when the function fails (Lambda developer
 * guide, handling Lambda errors with an API Gateway API). The function runs on when it is given up.
 */
export const apiGateway = invokeKind({
  type: "api-gateway",
  schema: z.strictObject({
    type: z.literal("api-gateway"),
    api: z
      .enum(["rest", "http"])
      .optional()
      .meta({ description: `A REST or an HTTP API. "rest" unless written.` }),
    integrationTimeout: durationBetween(SHORTEST, 5 * MINUTE, "API Gateway takes 50ms to 300s")
      .optional()
      .meta({
        description:
          "How long the API waits for the function: up to 300s (REST; AWS raises it on request) or 30s (HTTP). 29s or 30s unless written.",
      }),
    rate: rate().optional().meta({
      description:
        "Requests a second that all APIs of the account may take together. 10000/s unless written.",
    }),
    burst: count(1, 1_000_000).optional().meta({
      description:
        "Requests that may come at once beyond the rate: the size of the bucket. Half the rate unless written.",
    }),
    ...callerSettings,
  }),
  build: ({ api = "rest", integrationTimeout, rate: perSecond, burst, ...given }, context) => {
    const { usual, most, timedOut, noun } = APIS[api];
    const timeout = integrationTimeout ?? usual;
    if (timeout > most)
      throw new SettingError(
        "integrationTimeout",
        `${printDuration(timeout)} is more than ${noun} can wait: at most ${printDuration(most)}`,
      );
    if (perSecond === undefined && burst !== undefined)
      throw new SettingError("burst", `goes with a "rate": AWS sets the one by the other; write both`);
    if (perSecond !== undefined && (perSecond < 1 || !Number.isInteger(perSecond)))
      throw new SettingError("rate", "must be a whole number of requests a second, at least 1/s");
    const limit =
      perSecond === undefined
        ? undefined
        : { rate: perSecond, burst: burst ?? Math.max(1, Math.floor(BURST_SHARE * perSecond)) };
    const text = [
      `API Gateway ${api.toUpperCase()}`,
      `integration timeout ${printDuration(timeout)}`,
      ...(limit ? [limitText(limit)] : []),
    ].join(", ");
    const open = (port: Port): Front => {
      const quota = port.shared("api-gateway", () => new AccountQuota());
      if (limit) quota.set(limit);
      return { admits: (now) => quota.admits(now), timeout, throttled: 500, failed: 502, timedOut };
    };
    const plan = callersPlan("api-gateway", given, context, { text, open });
    const service = { kind: "api-gateway", api } as const;
    return { ...plan, service, ...(limit && { accountQuota: { setting: "rate", text: limitText(limit) } }) };
  },
});

interface Limit {
  readonly rate: number;
  readonly burst: number;
}

const limitText = ({ rate, burst }: Limit): string =>
  `${printCount(rate)} requests/s with bursts of ${printCount(burst)}`;

/** The bucket that all APIs of the account share. Those that write its limits agree on them. */
class AccountQuota {
  private bucket = bucketOf({ rate: RATE, burst: BURST_SHARE * RATE });

  /** Before the first request. */
  set(limit: Limit): void {
    this.bucket = bucketOf(limit);
  }

  admits(now: number): boolean {
    if (!this.bucket.has(now)) return false;
    this.bucket.take();
    return true;
  }
}

function bucketOf({ rate, burst }: Limit): TokenBucket {
  return new TokenBucket(burst, rate, SECOND);
}
