import { Command } from "@commander-js/extra-typings";
import { openScenario } from "../../study/source.ts";
import { planSweep } from "../../study/sweep.ts";
import { VERSION } from "../../version.ts";
import { EXIT, InputError } from "../exit.ts";
import { type Finish, readOption, setOption } from "../options.ts";
import { printProblems, readScenario, ScenarioFileError, type ScenarioOptions } from "../scenario-file.ts";
import { say } from "../terminal.ts";

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
      const { written, read, check } = readScenario(file, options);
      const { functions, traffic } = check(() => openScenario(written, read)).scenario;
      const parts = [
        count(functions.length, "function"),
        count(traffic.length, "traffic entry", "traffic entries"),
      ];
      if ((written as { sweep?: unknown }).sweep !== undefined) {
        const { points } = check(() => planSweep(written, { vary: [] }, read, VERSION));
        parts.push(`a sweep of ${count(points.length, "point")}`);
      }
      say(`${file}: ok (${parts.join(", ")})\n`);
    } catch (error) {
      if (error instanceof ScenarioFileError) say(`${printProblems(error)}\n`);
      else if (error instanceof InputError) say(`${error.message}\n`);
      else throw error;
      bad = true;
    }
  }
  if (bad) say("Nothing was simulated.\n");
  return bad ? EXIT.input : EXIT.done;
}

function count(n: number, one: string, many = `${one}s`): string {
  return `${n} ${n === 1 ? one : many}`;
}
