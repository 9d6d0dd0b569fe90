/**
 * How a scenario gets at the files it names (traces, price tables): the caller supplies it, since the engine
 * does no I/O. Returns the file's text; throws FileProblem with a sentence when it cannot.
 */
export type FileReader = (name: string) => string;

/** A file that a scenario names cannot be used. */
export class FileProblem extends Error {
  readonly line: number | undefined;

  constructor(message: string, line?: number) {
    super(message);
    this.name = "FileProblem";
    this.line = line;
  }
}

/** For scenarios that name no files. */
export const noFiles: FileReader = (name) => {
  throw new FileProblem(`"${name}" cannot be read here: no file reader was given`);
};
