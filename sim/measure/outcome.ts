/** How an accepted invocation ends. */
export const SUCCEEDED = 0;
export const FAILED = 1;
export const TIMED_OUT = 2;
