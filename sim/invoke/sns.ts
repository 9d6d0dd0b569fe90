import { eventKind } from "./async.ts";

/**
 * Messages of an SNS topic. SNS invokes the function asynchronously, at least once. It has retries of its own, for days,
 * for when Lambda does not take a message in; that never happens here, so they play no part (SNS developer guide, message
 * delivery retries).
 */
export const sns = eventKind("sns", "SNS messages", "sns");
