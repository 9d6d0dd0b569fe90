/** Exit codes: a contract with scripts and CI jobs. */
export const EXIT = {
  /** Done; missed thresholds are shown. */
  done: 0,
  /** A fault of lsim. */
  fault: 1,
  /** The user's input; nothing was written. */
  input: 2,
  /** No plan found, or with --check a threshold missed. */
  missed: 99,
  interrupted: 130,
} as const;

/** The user's input outside the scenario: an option, a path. */
export class InputError extends Error {
  constructor(message: string) {
    super(message);
    this.name = "InputError";
  }
}

/** Ctrl-C. The message says what became of the work. */
export class Interrupted extends Error {
  constructor(message = "Interrupted; nothing was written.") {
    super(message);
    this.name = "Interrupted";
  }
}
