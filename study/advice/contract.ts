import type { Study } from "../replicate.ts";

/** Something worth changing, with what it rests on. */
export interface Finding {
  /** The rule that found it. */
  readonly rule: string;
  /** The function it is about, or "total". */
  readonly of: string;
  /** What is the matter, with its numbers, in one sentence. */
  readonly sentence: string;
  /** The numbers, by name: durations in milliseconds, money in US dollars, shares from 0 to 1. */
  readonly evidence: Readonly<Record<string, number>>;
  /** What to try, as the rest of a command line ("lsim run FILE …"), or in words where there is no setting for it. */
  readonly change: string;
}

/** One thing to look for. One file each; registry.ts lists them. It looks at one study and simulates nothing. */
export interface Rule {
  readonly name: string;
  /** When it speaks, in words, with its limits: they are lsim's own choice. */
  readonly when: string;
  look(study: Study): Finding[];
}
