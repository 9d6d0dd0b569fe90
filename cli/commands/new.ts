import { existsSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { Command } from "@commander-js/extra-typings";
import { scenarioJsonSchema } from "../../sim/scenario/json-schema.ts";
import { EXIT, InputError } from "../exit.ts";
import type { Finish } from "../options.ts";
import { reasonOf } from "../scenario-file.ts";
import { jsonText } from "../tell.ts";
import { say } from "../terminal.ts";

const SCHEMA = "scenario.schema.json";

/** A small scenario that runs as it is; every setting in it is one that people change first. */
function starter(name: string): object {
  return {
    $schema: `./${SCHEMA}`,
    lsim: 1,
    name,
    about: "One function behind an API: 50 requests a second, doubling for five minutes.",
    horizon: "15m",
    warmup: "1m",
    account: { concurrency: 1000 },
    functions: {
      api: {
        runtime: "nodejs22.x",
        architecture: "arm64",
        memorySize: "512 MB",
        timeout: "10s",
        duration: { p50: "120ms", p99: "900ms" },
        errors: "0.1%",
      },
    },
    traffic: [
      {
        to: "api",
        arrivals: {
          type: "stages",
          start: "50/s",
          stages: [
            { duration: "5m", target: "50/s" },
            { duration: "30s", target: "100/s" },
            { duration: "5m", target: "100/s" },
            { duration: "30s", target: "50/s" },
            { duration: "4m", target: "50/s" },
          ],
        },
      },
    ],
    thresholds: {
      api: { latency: ["p(99) < 2s"], throttles: ["rate < 0.1%"], coldStarts: ["rate < 1%"] },
      total: { cost: ["perMonth < $1000"] },
    },
  };
}

/** `lsim new`. */
export const newCommand = (finish: Finish) =>
  new Command("new")
    .description("write a small starter scenario, with the schema beside it")
    .argument("<name>", "name of the scenario; NAME.json is written")
    .addHelpText("after", "\nExample:\n  lsim new shop && lsim run shop.json")
    .action((name) => {
      finish(create(name));
    });

/** `lsim new NAME`: a starter scenario with the schema beside it, so that editors complete it. Returns the exit code. */
export function create(name: string): number {
  const file = name.endsWith(".json") ? name : `${name}.json`;
  const word = (file.split(/[\\/]/).at(-1) as string).replace(/\.json$/, "");
  if (!/^[A-Za-z0-9][A-Za-z0-9_-]*$/.test(word)) {
    throw new InputError(`"${word}" is no scenario name; use letters, digits, "-" and "_"`);
  }
  if (existsSync(file)) throw new InputError(`${file} is there already; nothing was written`);
  const schema = join(dirname(file), SCHEMA);
  if (existsSync(schema) && !isOurs(schema))
    throw new InputError(`${schema} is there already, and is no schema of lsim's; nothing was written`);
  writeWhole(file, jsonText(starter(word)));
  writeWhole(schema, schemaText());
  say(`${file} and ${schema} written. Now: lsim run ${file}\n`);
  return EXIT.done;
}

/** The JSON Schema as it is shipped. */
export function schemaText(): string {
  return jsonText(scenarioJsonSchema());
}

function writeWhole(file: string, content: string): void {
  const draft = `${file}.${process.pid}.tmp`;
  try {
    writeFileSync(draft, content);
    renameSync(draft, file);
  } catch (error) {
    throw new InputError(`${file}: cannot be written: ${reasonOf(error)}`);
  }
}

/** A schema of this or another version, which may be replaced. */
function isOurs(file: string): boolean {
  const title = (text: string) => /"title":\s*"([^"]*)"/.exec(text)?.[1];
  const own = title(schemaText());
  return own !== undefined && title(readFileSync(file, "utf8")) === own;
}
