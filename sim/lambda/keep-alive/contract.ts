import type { z } from "zod";
import type { Distribution } from "../../distributions/contract.ts";
import type { FileReader } from "../../scenario/files.ts";

/**
 * How long an idle environment is kept. The clock starts when its last invocation ends; idle for exactly that
 * long, it is still alive.
 */
export interface KeepAlive {
  readonly text: string;
  /** One draw for each time an environment falls idle (microseconds). Negative: never kept. */
  readonly environmentIdle: Distribution;
  /** When the whole function has had nothing to do for longer than this, all its environments are gone. */
  readonly functionIdle: number;
  /** How a scenario would write it, where it is no distribution. */
  readonly written?: () => unknown;
}

/** One kind of keep-alive rule. One file each; registry.ts lists them. */
export interface KeepAliveKind<S extends z.ZodObject = z.ZodObject> {
  readonly type: string;
  readonly schema: S;
  build(settings: z.output<S>, read: FileReader): KeepAlive;
}

/** Ties the settings' type to the builder, so that each kind's file is checked on its own. */
export function keepAliveKind<S extends z.ZodObject>(kind: KeepAliveKind<S>): KeepAliveKind<S> {
  return kind;
}
