import { Command } from "@commander-js/extra-typings";
import { CommanderError } from "commander";
import { ScenarioError, TooLargeError } from "../sim/scenario/problem.ts";
import { withoutSecretArguments } from "../sim/scenario/secrets.ts";
import { scenarioTypeText } from "../sim/scenario/type-text.ts";
import { VERSION } from "../version.ts";
import { compareCommand } from "./commands/compare.ts";
import { exploreCommand } from "./commands/explore.ts";
import { mergeCommand } from "./commands/merge.ts";
import { newCommand, schemaText } from "./commands/new.ts";
import { planCommand } from "./commands/plan.ts";
import { reportCommand } from "./commands/report.ts";
import { runCommand } from "./commands/run.ts";
import { sweepCommand } from "./commands/sweep.ts";
import { tuneCommand } from "./commands/tune.ts";
import { validateCommand } from "./commands/validate.ts";
import { workerCommand } from "./commands/worker.ts";
import { EXIT, InputError, Interrupted } from "./exit.ts";
import { printProblems, ScenarioFileError } from "./scenario-file.ts";
import { say, talk } from "./terminal.ts";

let exitCode: number = EXIT.done;

const program = new Command("lsim")
  .description("Simulates AWS Lambda from a scenario file: latency, throttles, cold starts and the bill.")
  .version(VERSION)
  .exitOverride()
  .configureOutput({ writeErr: (text) => talk(text) })
  .addHelpText(
    "after",
    `
Examples:
  lsim new shop                                    a starter scenario, with editor completion
  lsim run shop.json                               simulate; summary, result and charts
  lsim run shop.json --set api.memorySize=1024MB   the same with another memory size
  lsim run shop.json --check                       exit with 99 when a threshold is missed (for CI)
  lsim sweep shop.json --vary api.memorySize=512MB,1024MB   a grid of settings
  lsim compare shop.json --with api.memorySize=1024MB   what that changes, and how sure it is
  lsim tune shop.json --function api               memory sizes: cost, duration, cold starts, throttles
  lsim plan shop.json --search api.memorySize=512MB..2048MB:256MB
                                                   the cheapest settings that meet the thresholds
  lsim explore shop.json                           a page with sliders that simulates in the browser
  lsim report lsim-out/shop                        a capacity-review report, one HTML file
  lsim validate shop.json                          problems only

Exit codes: 0 done, 1 a fault of lsim, 2 your input, 99 a threshold missed with --check or no plan found, 130 interrupted.`,
  );

for (const command of [
  runCommand,
  planCommand,
  sweepCommand,
  tuneCommand,
  compareCommand,
  exploreCommand,
  reportCommand,
  mergeCommand,
  workerCommand,
  validateCommand,
  newCommand,
]) {
  program.addCommand(
    command((code) => {
      exitCode = code;
    }).copyInheritedSettings(program),
  );
}

program
  .command("schema", { hidden: true })
  .description("print the scenario's JSON Schema, or its TypeScript types")
  .option("--types", "TypeScript", false)
  .action(({ types }) => {
    say(types ? scenarioTypeText() : schemaText(), "json");
  });

/** What a failure comes to: the user's input, an interruption, or a fault of ours with the way to see it again. */
function report(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.done : EXIT.input;
  if (error instanceof ScenarioFileError) {
    talk(`${printProblems(error)}\nNothing was simulated.\n`);
    return EXIT.input;
  }
  if (error instanceof TooLargeError) {
    talk(`${error.message}\nThe run was stopped; nothing was written.\n`);
    return EXIT.input;
  }
  if (error instanceof InputError || error instanceof ScenarioError) {
    talk(`${error.message}\nNothing was simulated.\n`);
    return EXIT.input;
  }
  if (error instanceof Interrupted) {
    talk(`${error.message}\n`);
    return EXIT.interrupted;
  }
  const { stack, message } = error as Error;
  talk(
    `A fault of lsim ${VERSION}: ${message}\n${stack ?? ""}\nReplay: lsim ${withoutSecretArguments(process.argv.slice(2)).join(" ")}\nPlease report it with the scenario.\n`,
  );
  return EXIT.fault;
}

// A reader that has seen enough (`lsim run … | head`) is no fault.
for (const stream of [process.stdout, process.stderr]) {
  stream.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code === "EPIPE") process.exit(exitCode);
    throw error;
  });
}

try {
  await program.parseAsync();
} catch (error) {
  exitCode = report(error);
}
process.exitCode = exitCode;
