import { z } from "zod";
import { noFiles } from "../scenario/files.ts";
import { callerSettings, callersPlan } from "./caller-settings.ts";
import { invokeKind } from "./contract.ts";

/**
 * Request and response: the caller waits. Lambda never tries again by itself, and a refused request (HTTP 429) waits in no
 * queue (Lambda developer guide); what tries again is the client, by the entry's `retry`.
 */
export const sync = invokeKind({
  type: "sync",
  schema: z.strictObject({ type: z.literal("sync"), ...callerSettings }),
  build: (given, context) => callersPlan("sync", given, context),
});

/** The plan where nothing is written about it. */
export const SYNC = callersPlan("sync", {}, { retry: undefined, read: noFiles });
