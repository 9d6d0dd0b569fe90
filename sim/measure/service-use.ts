/** Messages that one call to SQS receives or deletes at most. */
export const MESSAGES_A_CALL = 10;

/**
 * What an entry's model did with the service behind it, beside handing messages over: what that service bills. It is no
 * part of the digest. Only what happened after the warm-up.
 */
export class ServiceUse {
  /** SQS: ReceiveMessage calls by how many messages they returned, from 1 to 10. */
  readonly received = new Float64Array(MESSAGES_A_CALL + 1);
  /** SQS: DeleteMessageBatch calls. */
  deletes = 0;
  /** SQS: time of pollers that had nothing to do, summed over them (microseconds). */
  idlePollerTime = 0;
  /** Time of Kafka's pollers, busy or not, summed over them; of SQS's, of what they may invoke at once (microseconds). */
  pollerTime = 0;
  /** API Gateway: attempts that it let through to Lambda. */
  forwarded = 0;

  /** `messages` are received at once: in calls as full as can be. */
  receive(messages: number): void {
    this.received[MESSAGES_A_CALL]! += Math.floor(messages / MESSAGES_A_CALL);
    const rest = messages % MESSAGES_A_CALL;
    if (rest > 0) this.received[rest]!++;
  }

  /** `messages` are deleted at once. */
  delete(messages: number): void {
    this.deletes += Math.ceil(messages / MESSAGES_A_CALL);
  }
}
