import { MINUTE, SECOND } from "../units.ts";

/**
 * A batch that the function has refused is sent again after 1 s, then twice as long each time, up to a minute (AWS
 * documents that mappings back off, not by how much: assumed). Microseconds.
 */
export const FIRST_BACKOFF = SECOND;

/** The wait after the next refusal. */
export const nextBackoff = (backoff: number): number => Math.min(2 * backoff, MINUTE);
