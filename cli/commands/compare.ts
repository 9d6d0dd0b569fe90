import { Command, Option } from "@commander-js/extra-typings";
import { toCsv } from "../../reports/escape.ts";
import { comparisonMarkdown, comparisonSentence, comparisonText } from "../../reports/text/comparison.ts";
import { parseSetting, type Setting } from "../../sim/scenario/paths.ts";
import { parseShare } from "../../sim/units.ts";
import { judgeChange, parseChangeLimit } from "../../study/change-limit.ts";
import { compare, MONTHLY_COST } from "../../study/compare.ts";
import { type ComparisonAbout, comparisonFile } from "../../study/comparison-file.ts";
import { replicateBy } from "../../study/replicate.ts";
import { type Precision, playBoth } from "../../study/sequential.ts";
import { type Side, studySide, unknownTo } from "../../study/side.ts";
import type { Opened } from "../../study/source.ts";
import { parseStatistic } from "../../study/statistic-words.ts";
import { VERSION } from "../../version.ts";
import { EXIT, InputError } from "../exit.ts";
import { expectedRequests, jobsFor } from "../jobs.ts";
import {
  collect,
  type Finish,
  formatOption,
  jobsOption,
  readOption,
  replicationsOption,
  seedOption,
  setOption,
  wholeNumber,
} from "../options.ts";
import { OutputFolder } from "../output-folder.ts";
import { ownCommand } from "../own-command.ts";
import { play } from "../play.ts";
import type { ScenarioOptions } from "../scenario-file.ts";
import { nameOfPath, openSide, type SideFile } from "../side-file.ts";
import { jsonText, type Telling, tell } from "../tell.ts";
import { writeCharts } from "../write-charts.ts";
import { compareWithServers } from "./against.ts";
import { sensitivity } from "./sensitivity.ts";

export interface CompareOptions extends ScenarioOptions, Telling {
  readonly with: readonly Setting[];
  /** Half-width to reach, as a share. */
  readonly precision?: number | undefined;
  readonly on: readonly string[];
  readonly most?: number | undefined;
  readonly failOn: readonly string[];
  readonly out?: string | undefined;
  readonly jobs?: number | undefined;
}

/** Replications beyond which --precision gives up. */
const MOST = 1000;
/** By how much assumptions are moved where the user does not say. */
const MOVED = 0.2;

/** `lsim compare`. */
export const compareCommand = (finish: Finish) =>
  new Command("compare")
    .description(
      "two scenarios or results beside each other, and whether they differ; or what a scenario depends on",
    )
    .argument("<a>", "scenario (JSON), result.json, or the folder of one")
    .argument("[b]", "the other; or give --with")
    .addOption(
      new Option("--with <path=value>", "B is A with this setting, as in account.concurrency=1500 (repeat)")
        .argParser(collect(parseSetting))
        .default([] as readonly Setting[], "none"),
    )
    .addOption(setOption())
    .addOption(seedOption())
    .addOption(replicationsOption())
    .addOption(
      new Option(
        "--precision <share>",
        "add replications until each difference is known this well, as in 1%",
      ).argParser(shareOf("--precision", 1)),
    )
    .addOption(
      new Option("--on <statistic>", `what --precision is about, as in "latency p(99)" (repeat)`)
        .argParser(collect(String))
        .default([] as readonly string[], "what thresholds judge, and the cost"),
    )
    .addOption(
      new Option("--most <n>", `replications beyond which --precision gives up (default: ${MOST})`).argParser(
        wholeNumber("--most", 2, 100_000),
      ),
    )
    .addOption(
      new Option(
        "--fail-on <change>",
        `exit with 99 when B is beyond it, as in "latency p(99) > +5%" (repeat)`,
      )
        .argParser(collect(String))
        .default([] as readonly string[], "none"),
    )
    .addOption(
      new Option(
        "--sensitivity [share]",
        "in place of B: move each assumption of A by this much, up and down (default: 20%)",
      ).argParser(shareOf("--sensitivity", 0.95)),
    )
    .addOption(
      new Option(
        "--against <what>",
        "in place of B: the servers that the scenario's ec2 block describes",
      ).choices(["ec2"] as const),
    )
    .option("--out <folder>", "where results go (default: lsim-out/<a>-vs-<b>)")
    .addOption(formatOption())
    .option("--quiet", "no text, no progress", false)
    .addOption(jobsOption())
    .addOption(readOption())
    .addHelpText(
      "after",
      `
Examples:
  lsim compare spike.json --with account.concurrency=1500
  lsim compare lsim-out/before lsim-out/after --fail-on "api latency p(99) > +5%"
  lsim compare old.json new.json --precision 1% --on "cost perMonth"
  lsim compare shop.json --sensitivity
  lsim compare scenarios/ec2-spiky.json --against ec2`,
    )
    .action(async (a, b, options) => {
      const { sensitivity: moved, against, ...rest } = options;
      if (against !== undefined) {
        if (b !== undefined || rest.with.length > 0 || moved !== undefined)
          throw new InputError(
            "--against ec2 compares one scenario with its servers: leave B, --with and --sensitivity out",
          );
        if (rest.precision !== undefined || rest.failOn.length > 0)
          throw new InputError(
            "--precision and --fail-on compare two scenarios: leave them out with --against",
          );
        finish(await compareWithServers(a, rest));
        return;
      }
      if (moved !== undefined) {
        if (b !== undefined || rest.with.length > 0)
          throw new InputError("--sensitivity is about one scenario: leave B and --with out");
        if (rest.precision !== undefined || rest.failOn.length > 0)
          throw new InputError(
            "--precision and --fail-on compare two scenarios: leave them out with --sensitivity",
          );
        finish(await sensitivity(a, { ...rest, moved: moved === true ? MOVED : moved }));
      } else finish(await compareFiles(a, b, rest));
    });

/** Reads "1%" as 0.01, above 0 and up to `most`. */
function shareOf(option: string, most: number) {
  return (text: string): number => {
    const parsed = parseShare(text);
    if (!parsed.ok || !(parsed.value > 0 && parsed.value <= most))
      throw new InputError(
        `${option} "${text}": expected a share above 0% and up to ${most * 100}%, as in ${option} 5%`,
      );
    return parsed.value;
  };
}

/** `lsim compare A B`: plays what is to be played, compares, writes. Returns the exit code. */
async function compareFiles(a: string, b: string | undefined, options: CompareOptions): Promise<number> {
  const [fromA, fromB] = openBoth(a, b, options);
  const labels = labelsOf(a, b, fromA, fromB, options);
  const functions = [...new Set([...functionsOf(fromA), ...functionsOf(fromB)])];
  const failOn = options.failOn.map((text) => parseChangeLimit(text, functions, "--fail-on"));
  const on = options.on.map((text) => parseStatistic(text, functions, "--on"));
  if (on.length > 0 && options.precision === undefined)
    throw new InputError(`--on says what --precision is about: give that too, as in --precision 1%`);
  if (options.most !== undefined && options.precision === undefined)
    throw new InputError("--most says when --precision gives up: give that too, as in --precision 1%");
  for (const { statistic } of failOn) checkKnown([fromA, fromB], statistic, "--fail-on");
  for (const statistic of on) checkKnown([fromA, fromB], statistic, "--on");
  const folder = new OutputFolder(options.out ?? `lsim-out/${folderName(a, b, fromA, fromB, options)}`);
  try {
    const started = performance.now();
    const played = await playSides(fromA, fromB, on, options);
    const seconds = (performance.now() - started) / 1000;
    const comparison = compare(played.a, played.b);
    const about: ComparisonAbout = {
      labels,
      limits: failOn.map((limit) => judgeChange(played.a, played.b, limit, comparison.paired)),
      ...(played.precision && { precision: played.precision }),
    };
    const json = comparisonFile(comparison, about, VERSION);
    folder.write("compare.json", jsonText(json));
    // Loaded only now, as charts are: tables are most of the program.
    const { comparisonTable } = await import("../../reports/comparison-table.ts");
    const csv = toCsv(comparisonTable(comparison));
    folder.write("compare.csv", csv);
    const { comparisonCharts } = await import("../../reports/charts/comparison.ts");
    const scenario = { name: `${labels[1]} against ${labels[0]}`, about: undefined };
    await writeCharts(
      folder,
      comparisonCharts(comparison, labels),
      scenario,
      comparisonText(comparison, about),
      comparisonSentence(comparison, about),
      { command: ownCommand() },
    );
    folder.commit();
    await tell(folder, options, {
      json,
      csv,
      markdown: () => comparisonMarkdown(comparison, about),
      text: (paint) => comparisonText(comparison, about, { paint, seconds }),
    });
    return about.limits.some(({ met }) => met) ? EXIT.missed : EXIT.done;
  } finally {
    folder.discard();
  }
}

/**
 * Both sides. B takes A's seed and number of replications, or a scenario those of the result it stands against, so that
 * both meet the same requests, unless the user says otherwise.
 */
function openBoth(a: string, b: string | undefined, options: CompareOptions): [SideFile, SideFile] {
  if (b === undefined && options.with.length === 0)
    throw new InputError(
      "compare with what? Give a second file, or --with PATH=VALUE, as in --with account.concurrency=1500",
    );
  if (b !== undefined && options.with.length > 0)
    throw new InputError("--with makes B of A: leave the second file out; --set changes both");
  const like = (file: SideFile): ScenarioOptions => {
    const [seed, replications] =
      "saved" in file
        ? [file.saved.seeds[0]!, file.saved.seeds.length]
        : [file.opened.scenario.seed, file.opened.scenario.replications];
    return { ...options, seed: options.seed ?? seed, replications: options.replications ?? replications };
  };
  const own = options.with.find(({ path }) => path === "seed" || path === "replications");
  if (own)
    throw new InputError(
      `--with ${own.path}: both sides meet the same requests; --${own.path} sets it for both`,
    );
  const first = openSide(a, options);
  if (b === undefined) {
    if ("saved" in first)
      throw new InputError(`--with changes a setting of a scenario, and ${a} is a result; give the scenario`);
    return [first, openSide(a, { ...like(first), set: [...options.set, ...options.with] })];
  }
  const second = openSide(b, like(first));
  if ("saved" in first && "saved" in second) {
    const given = options.set.length > 0 ? "--set" : options.seed !== undefined ? "--seed" : "--replications";
    if (given !== "--replications" || options.replications !== undefined)
      throw new InputError(
        `${given} changes what is simulated, and both ${a} and ${b} are results; give scenarios`,
      );
  } else if (("saved" in first || "saved" in second) && options.set.length > 0)
    throw new InputError(
      `--set changes both sides, and ${"saved" in first ? a : b} is a result; give two scenarios, or change the file`,
    );
  return "saved" in second && !("saved" in first) ? [openSide(a, like(second)), second] : [first, second];
}

function functionsOf(file: SideFile): readonly string[] {
  return "saved" in file ? file.saved.functions : file.opened.scenario.functions.map(({ name }) => name);
}

/** Before anything is played: a function that only one side has, or what a saved result does not keep. */
function checkKnown(
  files: readonly SideFile[],
  statistic: Parameters<Side["read"]>[0],
  option: string,
): void {
  for (const file of files) {
    const { of } = statistic;
    if (of !== "total" && !functionsOf(file).includes(of))
      throw new InputError(`${option}: only one side has a function "${of}"`);
    if ("saved" in file && !file.saved.read(statistic))
      throw new InputError(`${option}: ${unknownTo(file.saved, statistic)}`);
  }
}

/** Plays what is no result yet. */
async function playSides(
  a: SideFile,
  b: SideFile,
  on: Precision["on"],
  options: CompareOptions,
): Promise<{ a: Side; b: Side; precision?: ComparisonAbout["precision"] }> {
  const scenarios = [a, b].flatMap((file) => ("opened" in file ? [file.opened] : []));
  if (options.precision !== undefined && scenarios.length < 2)
    throw new InputError("--precision adds replications to both sides: give scenarios, no results");
  const [first] = scenarios;
  if (!first) return { a: (a as { saved: Side }).saved, b: (b as { saved: Side }).saved };
  const requests = scenarios.reduce((sum, { scenario }) => sum + expectedRequests(scenario), 0);
  const threads = options.precision === undefined ? first.scenario.replications * scenarios.length : 1024;
  const jobs = Math.min(jobsFor(requests, options.jobs), threads);
  return play({ jobs, quiet: options.quiet }, async ({ runner, show }) => {
    if (scenarios.length === 1) {
      const study = await replicateBy(runner, first, (done) => show(done / first.scenario.replications));
      const side = studySide(study);
      return { a: "saved" in a ? a.saved : side, b: "saved" in b ? b.saved : side };
    }
    const share = options.precision;
    const precision =
      share === undefined ? undefined : { share, on: aboutWhat(on, scenarios), most: options.most ?? MOST };
    const { studies, stopped } = await playBoth(runner, scenarios as [Opened, Opened], precision, show);
    return {
      a: studySide(studies[0]),
      b: studySide(studies[1]),
      ...(precision && stopped && { precision: { ...precision, ...stopped } }),
    };
  });
}

/** What the precision is about: what was asked, or what thresholds judge and the cost. */
function aboutWhat(on: Precision["on"], scenarios: readonly Opened[]): Precision["on"] {
  if (on.length > 0) return on;
  const [a, b] = scenarios.map(({ scenario }) => scenario);
  const judged = [...a!.thresholds, ...b!.thresholds].filter(
    ({ of }) =>
      of === "total" || [a!, b!].every(({ functions }) => functions.some(({ name }) => name === of)),
  );
  return [...judged, MONTHLY_COST];
}

/** What the sides are called: by their scenarios, else by their files, else by the settings that make B. */
function labelsOf(
  a: string,
  b: string | undefined,
  fromA: SideFile,
  fromB: SideFile,
  options: CompareOptions,
): [string, string] {
  const [nameA, nameB] = [fromA, fromB].map((file) =>
    "saved" in file ? file.saved.name : file.opened.scenario.name,
  ) as [string, string];
  if (b === undefined) return [nameA, `${nameA} with ${options.with.map(settingText).join(", ")}`];
  if (nameA !== nameB) return [nameA, nameB];
  const [pathA, pathB] = [nameOfPath(a), nameOfPath(b)];
  return pathA !== pathB ? [pathA, pathB] : [a, b];
}

function settingText({ path, value }: Setting): string {
  return `${path}=${typeof value === "string" ? value : JSON.stringify(value)}`;
}

/** "spike-vs-account.concurrency-1500". */
function folderName(
  a: string,
  b: string | undefined,
  fromA: SideFile,
  fromB: SideFile,
  options: CompareOptions,
): string {
  const [from, to] = labelsOf(a, b, fromA, fromB, options);
  const other = b === undefined ? options.with.map(settingText).join("-") : to;
  return `${plainName(from)}-vs-${plainName(other)}`;
}

/** A label as a folder's name. */
function plainName(text: string): string {
  const name = text.replace(/[^A-Za-z0-9._-]+/g, "-").replace(/^[-.]+|[-.]+$/g, "");
  return name.length > 80 ? name.slice(0, 80) : name || "b";
}
