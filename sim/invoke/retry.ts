import { z } from "zod";
import { nearest } from "../math/functions.ts";
import { drawUniform, type Stream } from "../random.ts";
import { choice } from "../scenario/choice.ts";
import { count, duration, positiveDuration } from "../scenario/fields.ts";
import { MILLISECOND, printDuration, SECOND } from "../units.ts";
import { SettingError } from "./contract.ts";

/** What a client takes for a reason to try again. */
const REASONS = ["throttle", "error", "timeout"] as const;
export type RetryReason = (typeof REASONS)[number];

/** How a client tries again. Times in microseconds. */
export interface RetrySettings {
  /** Tries in all, the first one included. */
  readonly attempts: number;
  /** The wait before retry k (from 0) is at most base · 2^k, by reason. */
  readonly base: Record<RetryReason, number>;
  readonly maximumBackoff: number;
  /** "full": between nothing and the backoff, uniformly; "none": the backoff itself. */
  readonly jitter: "full" | "none";
  readonly on: ReadonlySet<RetryReason>;
  /** The same for the client of a gateway, which is told of errors by HTTP statuses. */
  readonly onStatus: ReadonlySet<RetryReason>;
  /** Tokens that a client starts with; Infinity: no quota. */
  readonly quota: number;
  readonly cost: Record<RetryReason, number>;
  /** Client processes, each with a quota of its own; requests are dealt to them in turn. */
  readonly clients: number;
  readonly text: string;
}

/**
 * AWS SDKs, standard mode as of 2026 (SDK reference guide, "Retry behavior"): three attempts; a random share of
 * min(20 s, base · 2^retry), base 50 ms for transient errors and 1 s for throttles; a quota of 500 tokens a client, of
 * which a retry takes 14 (transient) or 5 (throttle), given back when it succeeds; a success at once gives one more. A
 * function error is no reason to retry, since Lambda answers it with HTTP 200 and a header (Lambda API, Invoke); the 500, 502,
 * 503 and 504 of a gateway are transient errors.
 */
const STANDARD = {
  attempts: 3,
  base: { throttle: SECOND, error: 50 * MILLISECOND, timeout: 50 * MILLISECOND },
  maximumBackoff: 20 * SECOND,
  on: new Set<RetryReason>(["throttle", "timeout"]),
  onStatus: new Set<RetryReason>(REASONS),
  quota: 500,
  cost: { throttle: 5, error: 14, timeout: 14 },
} as const;

const custom = z.strictObject({
  type: z.literal("custom"),
  attempts: count(1, 100).meta({ description: "Tries in all, the first one included." }),
  backoff: duration().meta({
    description: "The longest wait before the first retry; it doubles with each one.",
  }),
  maximumBackoff: positiveDuration().optional().meta({ description: "20s unless written." }),
  jitter: z
    .enum(["full", "none"])
    .optional()
    .meta({ description: `"full" unless written: between nothing and the backoff, by chance.` }),
  on: z.array(z.enum(REASONS)).min(1).optional().meta({ description: "All three unless written." }),
  quota: z
    .union([z.literal("unlimited"), count(0, 1_000_000)])
    .optional()
    .meta({
      description: "Retry tokens of a client, as the SDKs have them (500 there). Unlimited unless written.",
    }),
  clients: count(1, 1_000_000)
    .optional()
    .meta({ description: "Client processes, each with its own quota. 1 unless written." }),
});

const TYPES = [
  z.strictObject({ type: z.literal("none") }),
  z.strictObject({ type: z.literal("standard"), clients: count(1, 1_000_000).optional() }),
  custom,
];

/** The `retry` of a traffic entry, as written. */
export const retrySetting = () =>
  choice({
    name: "retry",
    kinds: TYPES,
    noun: "a retry rule",
    example: `"standard", "none" or { "attempts": 3, "backoff": "100ms" }`,
    ofText: (type) => ({ type }),
    ofUntyped: () => "custom",
    shortForms: [{ enum: ["standard", "none"] }],
  });

type Custom = z.output<typeof custom>;

/** What a parsed `retry` says; undefined for none. Throws SettingError for settings that make no sense together. */
export function buildRetry(given: { readonly type: string }): RetrySettings | undefined {
  if (given.type === "none") return undefined;
  if (given.type === "standard") {
    const { clients = 1 } = given as { clients?: number };
    return {
      ...STANDARD,
      jitter: "full",
      clients,
      text: `SDK standard retries (${STANDARD.attempts} attempts)`,
    };
  }
  const { attempts, backoff, maximumBackoff, jitter = "full", on, quota, clients = 1 } = given as Custom;
  if (attempts === 1) return undefined;
  const longest = maximumBackoff ?? STANDARD.maximumBackoff;
  if (backoff > longest)
    throw new SettingError(
      "backoff",
      `${printDuration(backoff)} is more than the maximumBackoff of ${printDuration(longest)}${maximumBackoff === undefined ? `; write a "maximumBackoff" too` : ""}`,
    );
  const reasons = new Set(on ?? REASONS);
  return {
    attempts,
    base: { throttle: backoff, error: backoff, timeout: backoff },
    maximumBackoff: longest,
    jitter,
    on: reasons,
    onStatus: reasons,
    quota: quota === undefined || quota === "unlimited" ? Number.POSITIVE_INFINITY : quota,
    cost: STANDARD.cost,
    clients,
    text: `${attempts} attempts, backoff ${printDuration(backoff)}`,
  };
}

/** The retry quotas of an entry's clients: tokens that retries take and successes give back. */
export class RetryQuota {
  private readonly tokens: Float64Array;
  private readonly settings: RetrySettings;

  constructor(settings: RetrySettings) {
    this.settings = settings;
    this.tokens = new Float64Array(settings.clients).fill(settings.quota);
  }

  /** A retry for this reason takes its tokens; false when there are not enough, and nothing is taken. */
  take(client: number, reason: RetryReason): boolean {
    const cost = this.settings.cost[reason];
    if (this.tokens[client]! < cost) return false;
    this.tokens[client]! -= cost;
    return true;
  }

  /** A request has succeeded: what its last retry took comes back, or one token where it needed none. */
  give(client: number, reason: RetryReason | undefined): void {
    const { quota, cost } = this.settings;
    const back = reason === undefined ? 1 : cost[reason];
    this.tokens[client] = Math.min(quota, this.tokens[client]! + back);
  }
}

/** How long to wait before retry number `retry` (from 0), in microseconds. */
export function backoffOf(
  { maximumBackoff, base }: RetrySettings,
  reason: RetryReason,
  retry: number,
  jitter: Stream | undefined,
): number {
  const longest = Math.min(maximumBackoff, base[reason] * 2 ** retry);
  return nearest(jitter ? longest * drawUniform(jitter) : longest);
}
