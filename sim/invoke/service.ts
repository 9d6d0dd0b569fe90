/** The service that an entry's requests come through, as far as its use of it is billed. */
export type ServiceFacts =
  /** Lambda's own queue of events: those of a large payload count for more than one request. */
  | { readonly kind: "events" }
  | { readonly kind: "sns" }
  /** `scheduled`: its own schedules make the events. */
  | { readonly kind: "eventbridge"; readonly scheduled?: boolean }
  | { readonly kind: "sqs"; readonly fifo: boolean; readonly provisioned: boolean }
  /** `extended`: records are kept for more than 24 hours. */
  | { readonly kind: "kinesis"; readonly shards: number; readonly extended: boolean }
  /** Each shard is read so often (microseconds), whether there is anything or not; 0: when there is. */
  | { readonly kind: "dynamodb"; readonly shards: number; readonly pollInterval: number }
  | { readonly kind: "kafka"; readonly provisioned: boolean }
  | { readonly kind: "api-gateway"; readonly api: "rest" | "http" };
