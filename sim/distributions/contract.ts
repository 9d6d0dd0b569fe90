import type { z } from "zod";
import type { Stream } from "../random.ts";
import type { FileReader } from "../scenario/files.ts";

/** Draws one random quantity (microseconds, as a real number), in batches or one at a time, one stream step each. */
export interface Sampler {
  /** Writes draws to out[from], …, out[to − 1]. */
  fill(out: Float64Array, from: number, to: number): void;
  next(): number;
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
  sampler(stream: Stream): Sampler;
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
