import { mkdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { Command } from "@commander-js/extra-typings";
import { EXIT, InputError } from "../exit.ts";
import type { Finish } from "../options.ts";
import { REPORT_KINDS, type ReportFile, type ReportKind, reportFiles } from "../report-files.ts";
import { savedStudy } from "../saved-study.ts";
import { reasonOf } from "../scenario-file.ts";
import { talk } from "../terminal.ts";

/** `lsim report`. */
export const reportCommand = (finish: Finish) =>
  new Command("report")
    .description("make a capacity-review report from result folders: HTML, Markdown, charts as PNG")
    .argument(
      "<folders...>",
      "folders that run, plan, sweep, tune or compare wrote; the first is what it is about",
    )
    .option("--to <kinds>", `what to write, of ${REPORT_KINDS.join(", ")}`, readKinds, [
      "html",
    ] as readonly ReportKind[])
    .option("--title <text>", "its title (default: the scenario's name)")
    .option("--out <folder>", "where it goes (default: into the first folder)")
    .option("--quiet", "say nothing", false)
    .addHelpText(
      "after",
      `
Examples:
  lsim report lsim-out/spike
  lsim report lsim-out/spike lsim-out/spike-plan --title "Spike, before launch" --to html,md
  lsim report lsim-out/spike --to png`,
    )
    .action(async (folders, options) => {
      const studies = folders.map((folder) => savedStudy(folder));
      if (options.title === "") throw new InputError('--title "": give some text, or leave it out');
      const files = await reportFiles(studies, options.to, options.title);
      const out = options.out ?? folders[0]!;
      writeFiles(out, files);
      if (!options.quiet) talk(`Written: ${files.map(({ name }) => join(out, name)).join(", ")}\n`);
      finish(EXIT.done);
    });

function readKinds(text: string): readonly ReportKind[] {
  return text.split(",").map((word) => {
    const kind = REPORT_KINDS.find((known) => known === word.trim());
    if (kind === undefined)
      throw new InputError(`--to "${text}": expected some of ${REPORT_KINDS.join(", ")}, as in html,md`);
    return kind;
  });
}

/** Writes files into a folder, each whole or not at all; what else is there stays. */
function writeFiles(folder: string, files: readonly ReportFile[]): void {
  for (const { name, content } of files) {
    const path = join(folder, name);
    const draft = join(dirname(path), `.${basename(path)}.tmp-${process.pid}`);
    try {
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(draft, content);
      renameSync(draft, path);
    } catch (error) {
      rmSync(draft, { force: true });
      throw new InputError(`${path}: cannot be written: ${reasonOf(error)}`);
    }
  }
}
