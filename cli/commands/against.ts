import { toCsv } from "../../reports/escape.ts";
import { againstText, againstVerdict } from "../../reports/text/against.ts";
import { type Against, against, againstFile } from "../../study/against.ts";
import { fleetStudy } from "../../study/fleet.ts";
import { replicateBy } from "../../study/replicate.ts";
import { VERSION } from "../../version.ts";
import { EXIT, InputError } from "../exit.ts";
import { expectedRequests, jobsFor } from "../jobs.ts";
import { OutputFolder } from "../output-folder.ts";
import { ownCommand } from "../own-command.ts";
import { play } from "../play.ts";
import { loadScenario } from "../scenario-file.ts";
import { fenced, jsonText, tell } from "../tell.ts";
import { writeCharts } from "../write-charts.ts";
import type { CompareOptions } from "./compare.ts";

/** `lsim compare FILE --against ec2`: the scenario's requests on Lambda and on its fleet of servers. */
export async function compareWithServers(file: string, options: CompareOptions): Promise<number> {
  const opened = loadScenario(file, options);
  const { scenario } = opened;
  const { ec2 } = scenario;
  if (!ec2)
    throw new InputError(
      `${file} has no "ec2" block: say what servers there would be, as in --set 'ec2={"slots":20,"servers":{"minimum":2,"maximum":10}}'`,
    );
  if (scenario.traffic.some(({ arrivals }) => arrivals.clients))
    throw new InputError(
      `${file} has closed clients, whose next request depends on the answer to the last: servers are compared under the same requests, so give open arrivals`,
    );
  const folder = new OutputFolder(options.out ?? `lsim-out/${scenario.name}-vs-ec2`);
  try {
    const requests = expectedRequests(scenario);
    const jobs = Math.min(jobsFor(requests, options.jobs), scenario.replications);
    const compared = await play({ jobs, quiet: options.quiet }, async ({ runner, show }) => {
      const share = (done: number) => done / scenario.replications / 2;
      const lambda = await replicateBy(runner, opened, (done) => show(share(done)));
      const fleet = fleetStudy(scenario, ec2, (done) => show(0.5 + share(done)));
      return against(lambda, fleet);
    });
    await write(folder, compared);
    await tell(folder, options, {
      json: fileOf(compared),
      csv: () => csvOf(compared),
      markdown: () => fenced(`${scenario.name}: Lambda or servers`, againstText(compared)),
      text: (paint) => againstText(compared, paint),
    });
    return EXIT.done;
  } finally {
    folder.discard();
  }
}

const fileOf = (compared: Against) => ({ lsimAgainst: 1, version: VERSION, ...againstFile(compared) });

async function csvOf(compared: Against): Promise<string> {
  const { againstTable } = await import("../../reports/against-table.ts");
  return toCsv(againstTable(compared));
}

async function write(folder: OutputFolder, compared: Against): Promise<void> {
  folder.write("compare.json", jsonText(fileOf(compared)));
  folder.write("compare.csv", await csvOf(compared));
  const { againstChart } = await import("../../reports/charts/against.ts");
  const { scenario } = compared.lambda;
  await writeCharts(
    folder,
    [againstChart(compared)],
    scenario,
    againstText(compared),
    againstVerdict(compared),
    { command: ownCommand() },
  );
  folder.commit();
}
