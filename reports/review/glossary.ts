/** The words of reports, as AWS and the field use them. In the order of the alphabet. */
export const GLOSSARY: readonly { readonly term: string; readonly text: string }[] = [
  { term: "attempt", text: "any try to invoke a function; a request that is retried has several" },
  { term: "billed duration", text: "the time an invocation is paid for, rounded up to a millisecond" },
  { term: "cold start", text: "a request had to wait for the init of a new execution environment" },
  { term: "concurrency", text: "executions in progress at a time; what limits and quotas are about" },
  {
    term: "digest",
    text: "a fingerprint of all counters and times: the same scenario, seed and version give the same one",
  },
  { term: "duration", text: "the time the handler runs" },
  {
    term: "execution environment",
    text: "what runs a function, one invocation at a time, and waits for the next",
  },
  { term: "invocation", text: "an attempt that Lambda accepted; throttled ones are none" },
  { term: "keep-alive", text: "how long an idle execution environment is kept" },
  {
    term: "latency",
    text: "from the intended start of a request to its answer, with waiting, init and retries; only of answered requests",
  },
  { term: "p99", text: "99 of 100 values are at most this" },
  {
    term: "provisioned concurrency",
    text: "environments that are ready before requests come, and paid for while they are",
  },
  { term: "replication", text: "the same scenario played again with other random draws" },
  { term: "request", text: "what a caller wants, however many attempts it takes" },
  { term: "reserved concurrency", text: "a function's own part of the account's concurrency, and its limit" },
  { term: "scaling rate", text: "how many new environments may come in a given time" },
  { term: "spillover", text: "invocations that provisioned concurrency had no room for" },
  { term: "threshold", text: "an objective of the scenario, as in p(99) < 2s" },
  { term: "throttled", text: "refused by a limit" },
  { term: "warm start", text: "an idle environment took the request at once" },
  {
    term: "± (interval)",
    text: "half the width of the 95 % confidence interval over replications; it says how far chance goes, not how right the assumptions are",
  },
];
