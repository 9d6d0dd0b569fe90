// Theory, AWS's worked examples and recorded data against lsim: writes VALIDATION.md. See command.ts.
import { join } from "node:path";
import { VERSION } from "../version.ts";
import { validateModel } from "./command.ts";
import { CASES } from "./registry.ts";

process.exitCode = await validateModel(CASES, {
  args: process.argv.slice(2),
  root: join(import.meta.dirname, ".."),
  version: VERSION,
  print: (line) => console.log(line),
});
