import { tornado } from "../../reports/charts/tornado.ts";
import { toCsv } from "../../reports/escape.ts";
import { sensitivityMarkdown, sensitivitySentence, sensitivityText } from "../../reports/text/sensitivity.ts";
import { assumptionsOf } from "../../study/assumptions.ts";
import { aboutCostAndLatency, sensitivityOf } from "../../study/sensitivity.ts";
import { sensitivityFile } from "../../study/sensitivity-file.ts";
import { parseStatistic } from "../../study/statistic-words.ts";
import { VERSION } from "../../version.ts";
import { EXIT, InputError } from "../exit.ts";
import { expectedRequests, jobsFor } from "../jobs.ts";
import { OutputFolder } from "../output-folder.ts";
import { ownCommand } from "../own-command.ts";
import { play } from "../play.ts";
import { openSide } from "../side-file.ts";
import { jsonText, tell } from "../tell.ts";
import { writeCharts } from "../write-charts.ts";
import type { CompareOptions } from "./compare.ts";

/** `lsim compare FILE --sensitivity`: moves each assumption, compares, writes. Returns the exit code. */
export async function sensitivity(
  file: string,
  options: Omit<CompareOptions, "with" | "precision" | "most" | "failOn"> & {
    readonly moved: number;
  },
): Promise<number> {
  const side = openSide(file, options);
  if ("saved" in side)
    throw new InputError(`--sensitivity plays a scenario anew, and ${file} is a result; give the scenario`);
  const { opened } = side;
  const { scenario } = opened;
  const names = scenario.functions.map(({ name }) => name);
  const on =
    options.on.length > 0
      ? options.on.map((text) => parseStatistic(text, names, "--on"))
      : aboutCostAndLatency(opened);
  const { assumptions } = assumptionsOf(opened, options.moved);
  if (assumptions.length === 0) throw new InputError(`${file}: holds no assumption that could be moved`);
  const folder = new OutputFolder(options.out ?? `lsim-out/${scenario.name}-sensitivity`);
  try {
    const started = performance.now();
    const requests = expectedRequests(scenario) * (1 + 2 * assumptions.length);
    const jobs = Math.min(jobsFor(requests, options.jobs), scenario.replications);
    const study = await play({ jobs, quiet: options.quiet }, ({ runner, show }) =>
      sensitivityOf(runner, opened, { by: options.moved, on }, show),
    );
    const seconds = (performance.now() - started) / 1000;
    const json = sensitivityFile(study, VERSION);
    folder.write("sensitivity.json", jsonText(json));
    // Loaded only now, as charts are: tables are most of the program.
    const { sensitivityTable } = await import("../../reports/sensitivity-table.ts");
    const csv = toCsv(sensitivityTable(study));
    folder.write("sensitivity.csv", csv);
    const chart = tornado(study);
    await writeCharts(
      folder,
      chart ? [chart] : [],
      scenario,
      sensitivityText(study),
      sensitivitySentence(study),
      {
        command: ownCommand(),
      },
    );
    folder.commit();
    await tell(folder, options, {
      json,
      csv,
      markdown: () => sensitivityMarkdown(study),
      text: (paint) => sensitivityText(study, { paint, seconds }),
    });
    return EXIT.done;
  } finally {
    folder.discard();
  }
}
