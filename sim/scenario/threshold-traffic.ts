import type { EntrySettings } from "./scenario.ts";
import type { Measure } from "./threshold.ts";

/** What some of a function's traffic must be for a measure of it to exist. */
interface Need {
  readonly met: (entry: EntrySettings) => boolean;
  /** What there is not, and what to do. */
  readonly words: string;
}

const MODEL: Need = {
  met: () => true,
  words: `all requests get one attempt and its answer at once; it needs a "retry", or an "invoke" that queues, such as "async"`,
};
const QUEUE: Need = {
  met: ({ invoke }) => invoke.queues,
  words: `no message waits in a queue, all callers wait for their answers; it needs an "invoke" that queues, such as "async" (for callers there is "latency")`,
};

const NEEDS: Partial<Record<Measure, Need>> = {
  queueWait: MODEL,
  retries: MODEL,
  attempts: MODEL,
  messageAge: QUEUE,
  queueDepth: QUEUE,
  deadLettered: QUEUE,
  batchSize: {
    met: ({ invoke }) => invoke.queues && invoke.source !== "events",
    words: "no invocation takes several messages; it needs a queue or stream that is polled in batches",
  },
  iteratorAge: {
    met: ({ invoke: { queues, source } }) => queues && (source === undefined || source === "stream"),
    words: `no stream is read (for queues there is "messageAge")`,
  },
  endToEnd: {
    met: ({ chained }) => chained,
    words: `nothing comes of requests but their answers; it needs a function on their way that "emits" (for answers there is "latency")`,
  },
};

/**
 * Why a measure cannot exist, in words, or undefined where it can. `entries` are those that lead to the function, or all
 * of them for the total.
 */
export function missingTraffic(measure: Measure, entries: readonly EntrySettings[]): string | undefined {
  const need = NEEDS[measure];
  return need === undefined || entries.some(need.met) ? undefined : need.words;
}
