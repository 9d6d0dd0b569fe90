import { apiGateway } from "./api-gateway.ts";
import { async } from "./async.ts";
import { dynamodb } from "./dynamodb.ts";
import { eventbridge } from "./eventbridge.ts";
import { functionUrl } from "./function-url.ts";
import { kafka } from "./kafka.ts";
import { kinesis } from "./kinesis.ts";
import { s3 } from "./s3.ts";
import { sns } from "./sns.ts";
import { sqs } from "./sqs.ts";
import { sync } from "./sync.ts";

/** Every way to invoke a function that a scenario can name. A new kind is one file and one line here. */
export const INVOKES = [
  sync,
  apiGateway,
  functionUrl,
  async,
  s3,
  sns,
  eventbridge,
  sqs,
  kinesis,
  dynamodb,
  kafka,
] as const;
