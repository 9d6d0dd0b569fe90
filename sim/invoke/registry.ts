import { async } from "./async.ts";
import { eventbridge } from "./eventbridge.ts";
import { s3 } from "./s3.ts";
import { sns } from "./sns.ts";
import { sync } from "./sync.ts";

/** Every way to invoke a function that a scenario can name. A new kind is one file and one line here. */
export const INVOKES = [sync, async, s3, sns, eventbridge] as const;
