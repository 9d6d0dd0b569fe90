import { eventKind } from "./async.ts";

/**
 * Notifications of S3 about objects. S3 invokes the function asynchronously, and delivers each notification at least once
 * (S3 user guide, event notifications; Lambda developer guide, S3).
 */
export const s3 = eventKind("s3", "S3 events");
