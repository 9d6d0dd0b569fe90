import { Command, Option } from "@commander-js/extra-typings";
import { CommanderError } from "commander";
import { parseSetting, type Setting } from "../sim/scenario/paths.ts";
import { ScenarioError, TooLargeError } from "../sim/scenario/problem.ts";
import { withoutSecretArguments } from "../sim/scenario/secrets.ts";
import { VERSION } from "../version.ts";
import { create, schemaText } from "./commands/new.ts";
import { FORMATS, run } from "./commands/run.ts";
import { validate } from "./commands/validate.ts";
import { EXIT, InputError, Interrupted } from "./exit.ts";
import { printProblems, ScenarioFileError } from "./scenario-file.ts";

function collect<T>(read: (text: string) => T) {
  return (text: string, before: readonly T[]) => [...before, read(text)];
}

function wholeNumber(noun: string, low: number, high: number) {
  return (text: string) => {
    const value = Number(text);
    if (!Number.isInteger(value) || value < low || value > high) {
      throw new InputError(`${noun} "${text}": expected a whole number from ${low} to ${high}`);
    }
    return value;
  };
}

const setOption = () =>
  new Option("--set <path=value>", "change a setting for this run, as in api.memorySize=1024MB (repeat)")
    .argParser(collect(parseSetting))
    .default([] as readonly Setting[], "none");
const readOption = () =>
  new Option("--allow-read <folder>", "let the scenario read files from this folder too (repeat)")
    .argParser(collect(String))
    .default([] as readonly string[], "none");

let exitCode: number = EXIT.done;

const program = new Command("lsim")
  .description("Simulates AWS Lambda from a scenario file: latency, throttles, cold starts and the bill.")
  .version(VERSION)
  .exitOverride()
  .configureOutput({ writeErr: (text) => process.stderr.write(text) })
  .addHelpText(
    "after",
    `
Examples:
  lsim new shop                                    a starter scenario, with editor completion
  lsim run shop.json                               simulate; summary, result and charts
  lsim run shop.json --set api.memorySize=1024MB   the same with another memory size
  lsim run shop.json --check                       exit with 99 when a threshold is missed (for CI)
  lsim validate shop.json                          problems only

Exit codes: 0 done, 1 a fault of lsim, 2 your input, 99 a threshold missed with --check, 130 interrupted.`,
  );

program
  .command("run")
  .description("simulate a scenario, judge its thresholds, write results and charts")
  .argument("<file>", "scenario (JSON)")
  .addOption(setOption())
  .option("--seed <seed>", "seed of the first replication; the others follow from it")
  .option("--replications <n>", "independent repetitions", wholeNumber("--replications", 1, 100_000))
  .option("--interval <duration>", "interval of the timeline, as in 10s")
  .option("--out <folder>", "where results go (default: lsim-out/<name>)")
  .addOption(new Option("--format <format>", "what stdout holds").choices(FORMATS).default("text" as const))
  .option("--check", "exit with 99 when a threshold is missed", false)
  .option("--quiet", "no summary, no progress", false)
  .option("--jobs <n>", "processor cores to use (this version runs on one)", wholeNumber("--jobs", 1, 1024))
  .addOption(readOption())
  .addHelpText(
    "after",
    "\nExample:\n  lsim run scenarios/spike.json --set account.concurrency=1500 --replications 20",
  )
  .action(async (file, { set, seed, replications, interval, out, format, check, quiet, allowRead }) => {
    exitCode = await run(file, { set, seed, replications, interval, out, format, check, quiet, allowRead });
  });

program
  .command("validate")
  .description("check scenarios; print problems only")
  .argument("<file...>", "scenarios (JSON)")
  .addOption(setOption())
  .addOption(readOption())
  .addHelpText("after", "\nExample:\n  lsim validate scenarios/*.json")
  .action((files, { set, allowRead }) => {
    exitCode = validate(files, { set, allowRead });
  });

program
  .command("new")
  .description("write a small starter scenario, with the schema beside it")
  .argument("<name>", "name of the scenario; NAME.json is written")
  .addHelpText("after", "\nExample:\n  lsim new shop && lsim run shop.json")
  .action((name) => {
    exitCode = create(name);
  });

program
  .command("schema", { hidden: true })
  .description("print the scenario's JSON Schema")
  .action(() => {
    process.stdout.write(schemaText());
  });

/** What a failure comes to: the user's input, an interruption, or a fault of ours with the way to see it again. */
function report(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.done : EXIT.input;
  if (error instanceof ScenarioFileError) {
    process.stderr.write(`${printProblems(error)}\nNothing was simulated.\n`);
    return EXIT.input;
  }
  if (error instanceof TooLargeError) {
    process.stderr.write(`${error.message}\nThe run was stopped; nothing was written.\n`);
    return EXIT.input;
  }
  if (error instanceof InputError || error instanceof ScenarioError) {
    process.stderr.write(`${error.message}\nNothing was simulated.\n`);
    return EXIT.input;
  }
  if (error instanceof Interrupted) {
    process.stderr.write("Interrupted; nothing was written.\n");
    return EXIT.interrupted;
  }
  const { stack, message } = error as Error;
  process.stderr.write(
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
