import type { z } from "zod";
import type { Stream } from "../random.ts";
import type { FileReader } from "../scenario/files.ts";

/** Draws one random quantity (microseconds, as a real number), in batches or one at a time. */
export interface Sampler {
  /** Writes draws to out[from], …, out[to − 1]. */
  fill(out: Float64Array, from: number, to: number): void;
  next(): number;
  /** The value a draw with `p` of the law below it and `q = 1 − p` above it gives; where the law has a `quantile`. */
  at?(p: number, q: number): number;
}

/** A part of a law: how much of it, and what it looks like alone. */
export interface Part {
  readonly share: number;
  readonly law: Distribution;
}

/** A law ready to be drawn from. Values are microseconds. */
export interface Distribution {
  readonly mean: number;
  /** No draw is below it; the loop uses it to skip a draw that cannot matter. */
  readonly minimum: number;
  /** The whole law is one value: no draw is needed. */
  readonly constant: boolean;
  /** In words, for summaries and errors: "lognormal, p50 180 ms, p99 1.2 s". */
  readonly text: string;
  /** How a scenario would write it: of the laws that defaults are made of, so that they can be changed like others. */
  readonly written?: (() => unknown) | undefined;
  sampler(stream: Stream): Sampler;
  /** The value with `p` of the law below it and `q = 1 − p` above it, exactly: of laws that can be cut by it. */
  quantile?(p: number, q: number): number;
  /** What lies from `low` to `high`, both included: of laws that are cut another way. Undefined when nothing does. */
  within?(low: number, high: number): Part | undefined;
}

/** One kind of distribution: its format and what it means. One file each; registry.ts lists them. */
export interface DistributionKind<S extends z.ZodObject = z.ZodObject> {
  readonly type: string;
  /** The settings, as the scenario writes them, with `type` as a literal. */
  readonly schema: S;
  /** Builds the law. Throws RangeError with a sentence for a combination that makes no sense. */
  build(settings: z.output<S>, read: FileReader): Distribution;
}

/** Ties the settings' type to the builder, so that each kind's file is checked on its own. */
export function distributionKind<S extends z.ZodObject>(kind: DistributionKind<S>): DistributionKind<S> {
  return kind;
}
