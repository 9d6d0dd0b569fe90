import { DATA } from "./attribution.ts";
import { GROUPS, type Group, TOLERANCES } from "./case.ts";
import { type Outcome, tally } from "./evaluate.ts";
import { printDifference, printTolerance, printValue, printVerdict } from "./print.ts";

/** A picture of the report: its file beside VALIDATION.md, and what it shows in a sentence. */
export interface Figure {
  readonly file: string;
  readonly title: string;
  readonly finding: string;
}

const HEADINGS: Record<Group, string> = {
  theory: "Theory: closed forms of queueing and renewal theory",
  aws: "AWS: worked examples of its guides and price list",
  recorded: "Recorded: what AWS and Azure did",
};

const plural = (n: number, noun: string) => `${n} ${noun}${n === 1 ? "" : "s"}`;

/** The verdict in a sentence. */
export function verdictSentence(outcomes: readonly Outcome[]): string {
  const { ok, MISS, known, "not run": notRun } = tally(outcomes);
  const rows = ok + MISS + known;
  const rest = notRun > 0 ? `; ${plural(notRun, "case")} not run` : "";
  return `${plural(rows, "row")}: ${ok} ok, ${MISS} MISS, ${known} known to be off${rest}.`;
}

/** Pipes would end a cell. */
const cell = (text: string) => text.replaceAll("|", "\\|");
const line = (cells: readonly string[]) => `| ${cells.map(cell).join(" | ")} |`;

function caseRows({ case: one, rows, notRun }: Outcome): string[] {
  const right = rows.filter(({ verdict }) => verdict === "ok").length;
  const sum = notRun !== undefined ? "not run" : `${right} of ${rows.length} ok`;
  const head = [`**\`${one.id}\`** ${one.title}`, "", "", "", notRun ?? "", sum, one.source];
  const values = rows.map((row) => {
    const unit = row.unit ?? one.unit;
    return [
      row.known === undefined ? row.what : `${row.what} (${row.known.why})`,
      printValue(row.expected, row, unit),
      printValue(row.got, row, unit),
      printDifference(row, unit),
      printTolerance(row, unit),
      printVerdict(row, row.verdict),
      "",
    ];
  });
  return [head, ...values].map(line);
}

function table(outcomes: readonly Outcome[]): string {
  const head = ["case", "expected", "got", "difference", "tolerance", "verdict", "source"];
  const rule = "| --- | ---: | ---: | ---: | --- | --- | --- |";
  return [line(head), rule, ...outcomes.flatMap(caseRows)].join("\n");
}

function knownToBeOff(outcomes: readonly Outcome[]): string {
  return outcomes
    .flatMap(({ case: { off }, rows }) =>
      off && rows.length > 0 ? [`### ${off.heading}\n\n${off.say(rows)}`] : [],
    )
    .join("\n\n");
}

const dataTable = () =>
  [
    line(["file", "what", "from GitHub", "licence"]),
    "| --- | --- | --- | --- |",
    ...DATA.map(({ file, what, source, licence }) =>
      line([`\`${file.replaceAll(", ", "`, `")}\``, what, source, licence]),
    ),
  ].join("\n");

/** VALIDATION.md. Nothing in it depends on the machine or the day. */
export function report(outcomes: readonly Outcome[], figures: readonly Figure[], version: string): string {
  const groups = GROUPS.map(
    (group) => `### ${HEADINGS[group]}\n\n${table(outcomes.filter((o) => o.case.group === group))}`,
  );
  const tolerances = Object.entries(TOLERANCES).map(([name, meaning]) => `* **${name}**: ${meaning}.`);
  return `# Validation of lsim ${version}

**${verdictSentence(outcomes)}**

A row is one figure of lsim ${version} beside the figure that it should be: from a closed form, from a worked example
of AWS, or from recorded data. *Known* rows are places where the model is known to be off. Each states between what its
difference is known to lie: it does not count as ok, and when it leaves that band, either way, it is a MISS. A row of
several seeds shows the seed that is farthest off, unless its tolerance says that it is a mean of runs; rows of the same
seeds share their random draws, and so tend to be off in the same direction.

This file is written by

\`\`\`
LSIM_DATA=<folder> npm run validate-model
\`\`\`

which ends with exit code 1 when a row is a MISS. Without the recorded data it runs the other cases, and leaves this
file as it is unless \`--partial\` is given; \`--only <word>\` runs the cases of an id or subject and writes nothing.

The folder holds these recorded data, cut from public repositories at the commits named; they are not part of lsim.

${dataTable()}

${figures.map(({ file, title, finding }) => `![${title}](${file})\n\n${finding}`).join("\n\n")}

## What the recorded rows show, and what they do not

* **Replays and the Azure sample** compare lsim with other, separate models of the same rules on recorded traffic: they
  show that lsim does what its rules say, not that AWS does.
* **In sample**: the two clocks and lifetimes of \`aws-2020\` were read off the same logs that \`preset-2020\` replays, and
  \`cold-start-presets\` draws from the table that it is compared with. They show that the model can describe AWS then.
  The table of \`keep-alive-2025\` is by the same authors as these probes, and the same at 300 s; these are a hundred
  probes at each time, of one rarely called function in one Region in 2025, and say nothing of busy functions. The
  constants of \`whole-path\` are meant to fit STeLLAR.
* **Out of sample**: \`cold-start-2025\`, mikhail.io in \`whole-path\`, \`steady-replayed\`, \`steady-even\`,
  \`report-lines\`, and \`power-curve\` at the sizes it was not fitted to. These say what a forecast is worth.

## Where the model is known to be off, and by how much

${knownToBeOff(outcomes)}

### What has no rows here

Events, streams, retries, gateways, the allocation and auto scaling of provisioned concurrency, and the bill of other services are
tested against AWS's documented rules and worked examples (\`npm test\`), as there is no recorded data of them at hand. The network
between client and Lambda is not simulated.

## All rows

Tolerances, and where they come from:

${tolerances.join("\n")}

Ids such as \`A12\` are those of the list of acceptance cases by which the model was specified.

${groups.join("\n\n")}
`;
}

/** Whether a report on disk holds recorded rows that a run without data would lose. */
export function holdsRecorded(text: string): boolean {
  const section = text.split(`### ${HEADINGS.recorded}`)[1];
  return section !== undefined && /\| \d+ of \d+ ok \|/.test(section);
}
