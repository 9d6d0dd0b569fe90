import { eventKind } from "./async.ts";

/**
 * Events that match a rule of EventBridge, and those of its schedules. It invokes the function asynchronously, at least
 * once. It tries again for up to 24 hours and 185 times when Lambda does not take an event in; that never happens here, so
 * its retries play no part (EventBridge user guide, retrying the delivery of events).
 */
export const eventbridge = eventKind("eventbridge", "EventBridge events", "eventbridge");
