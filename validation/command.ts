import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Case, type Row, strayed } from "./case.ts";
import { evaluate, type Outcome, tally } from "./evaluate.ts";
import { drawFigures } from "./pictures/draw.ts";
import { printDifference, printTolerance, printValue } from "./print.ts";
import { holdsRecorded, report, verdictSentence } from "./report.ts";

const USAGE = "usage: npm run validate-model [-- --partial | --only <id or subject>]";

interface Arguments {
  readonly partial: boolean;
  readonly only: string | undefined;
}

function parsed(args: readonly string[]): Arguments | undefined {
  if (args.length === 0) return { partial: false, only: undefined };
  if (args.length === 1 && args[0] === "--partial") return { partial: true, only: undefined };
  if (args.length === 2 && args[0] === "--only") return { partial: false, only: args[1] };
  return undefined;
}

const how = (row: Row): string => {
  const direction = strayed(row);
  return direction === undefined ? "" : `: ${direction}`;
};

/** What the terminal shows of a case: a line, and its misses. */
function summary({ case: one, rows, notRun }: Outcome): string[] {
  if (notRun !== undefined) return [`-     ${one.id}: not run, ${notRun}`];
  const counts = tally([{ case: one, rows }]);
  const known = counts.known > 0 ? `, ${counts.known} known` : "";
  const sign = counts.MISS > 0 ? "MISS " : "ok   ";
  const misses = rows.filter(({ verdict }) => verdict === "MISS");
  return [
    `${sign} ${one.id}: ${counts.ok} of ${rows.length}${known}`,
    ...misses.map((row) => {
      const unit = row.unit ?? one.unit;
      const [expected, got] = [row.expected, row.got].map((value) => printValue(value, row, unit));
      return `      ${row.what}: got ${got}, not ${expected} (${printDifference(row, unit)}; ${printTolerance(row, unit)})${how(row)}`;
    }),
  ];
}

/**
 * Runs the cases and writes VALIDATION.md and its charts under `root`. Gives the exit code: 1 when a row is a miss, 2
 * for arguments that mean nothing. Some of the cases are never written: a report is of all of them.
 */
export async function validateModel(
  cases: readonly Case[],
  {
    args,
    root,
    version,
    print,
  }: { args: readonly string[]; root: string; version: string; print: (line: string) => void },
): Promise<number> {
  const options = parsed(args);
  if (options === undefined) {
    print(USAGE);
    return 2;
  }
  const { only, partial } = options;
  const chosen = cases.filter(({ id, subject }) => only === undefined || id === only || subject === only);
  if (chosen.length === 0) {
    print(`no case or subject is called ${JSON.stringify(only)}`);
    return 2;
  }
  const outcomes = chosen.map((one) => {
    const outcome = evaluate(one);
    for (const line of summary(outcome)) print(line);
    return outcome;
  });
  print(verdictSentence(outcomes));
  const counts = tally(outcomes);
  if (only === undefined) await write(outcomes, counts["not run"] > 0 && !partial, { root, version, print });
  return counts.MISS > 0 ? 1 : 0;
}

async function write(
  outcomes: readonly Outcome[],
  keep: boolean,
  { root, version, print }: { root: string; version: string; print: (line: string) => void },
): Promise<void> {
  const file = join(root, "VALIDATION.md");
  if (keep && existsSync(file) && holdsRecorded(readFileSync(file, "utf8"))) {
    print(
      "VALIDATION.md is left as it is: it holds recorded rows that were not run now (--partial overwrites them)",
    );
    return;
  }
  const figures = await drawFigures(outcomes);
  for (const { file: name, svg } of figures) {
    mkdirSync(join(root, "validation/charts"), { recursive: true });
    writeFileSync(join(root, name), svg);
  }
  writeFileSync(file, report(outcomes, figures, version));
  print(`wrote VALIDATION.md and ${figures.length} charts`);
}
