import { EXIT, InputError } from "../exit.ts";
import { loadScenario, printProblems, ScenarioFileError, type ScenarioOptions } from "../scenario-file.ts";

/** `lsim validate FILE…`: problems only. Returns the exit code. */
export function validate(files: readonly string[], options: ScenarioOptions): number {
  let bad = false;
  for (const file of files) {
    try {
      const { functions, traffic } = loadScenario(file, options);
      process.stdout.write(
        `${file}: ok (${count(functions.length, "function")}, ${count(traffic.length, "traffic entry", "traffic entries")})\n`,
      );
    } catch (error) {
      if (error instanceof ScenarioFileError) process.stdout.write(`${printProblems(error)}\n`);
      else if (error instanceof InputError) process.stdout.write(`${error.message}\n`);
      else throw error;
      bad = true;
    }
  }
  if (bad) process.stdout.write("Nothing was simulated.\n");
  return bad ? EXIT.input : EXIT.done;
}

function count(n: number, one: string, many = `${one}s`): string {
  return `${n} ${n === 1 ? one : many}`;
}
