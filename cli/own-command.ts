import { withoutSecretArguments } from "../sim/scenario/secrets.ts";

/** Options that change nothing in the results, and those of them that have a value. */
const ALONE = ["--quiet", "--check", "--report"];
const WITH_VALUE = ["--jobs", "--out", "--format"];

/** The command that makes the same results again: as it was given, without what only says how and where. */
export function ownCommand(argv: readonly string[] = process.argv.slice(2)): string {
  const kept: string[] = [];
  for (let i = 0; i < argv.length; i++) {
    const arg = argv[i]!;
    if (ALONE.includes(arg) || WITH_VALUE.some((option) => arg.startsWith(`${option}=`))) continue;
    if (WITH_VALUE.includes(arg)) i++;
    else kept.push(arg);
  }
  return ["lsim", ...withoutSecretArguments(kept).map(quoted)].join(" ");
}

/** An argument as a shell takes it. */
function quoted(arg: string): string {
  return /^[A-Za-z0-9_./:=,@%+-]+$/.test(arg) ? arg : `'${arg.replace(/'/g, "'\\''")}'`;
}
