import { async } from "./async.ts";
import { sqs } from "./sqs.ts";
import { sync } from "./sync.ts";

/** Every way to invoke a function that a scenario can name. A new kind is one file and one line here. */
export const INVOKES = [sync, async, sqs] as const;
