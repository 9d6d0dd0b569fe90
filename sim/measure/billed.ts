import { MILLISECOND } from "../units.ts";

/**
 * What an invocation is billed for, in milliseconds: its duration, and its init where `billInit` is 1 (AWS, since
 * 2025-08-01), each in microseconds, rounded up together.
 */
export function billedMs(billInit: 0 | 1, init: number, duration: number): number {
  return Math.ceil((billInit * init + duration) / MILLISECOND);
}
