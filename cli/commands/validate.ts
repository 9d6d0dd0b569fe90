import { Command } from "@commander-js/extra-typings";
import { EXIT, InputError } from "../exit.ts";
import { type Finish, readOption, setOption } from "../options.ts";
import { loadScenario, printProblems, ScenarioFileError, type ScenarioOptions } from "../scenario-file.ts";

/** `lsim validate`. */
export const validateCommand = (finish: Finish) =>
  new Command("validate")
    .description("check scenarios; print problems only")
    .argument("<file...>", "scenarios (JSON)")
    .addOption(setOption())
    .addOption(readOption())
    .addHelpText("after", "\nExample:\n  lsim validate scenarios/*.json")
    .action((files, { set, allowRead }) => {
      finish(validate(files, { set, allowRead }));
    });

/** `lsim validate FILE…`: problems only. Returns the exit code. */
export function validate(files: readonly string[], options: ScenarioOptions): number {
  let bad = false;
  for (const file of files) {
    try {
      const { functions, traffic } = loadScenario(file, options).scenario;
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
