import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { Command } from "@commander-js/extra-typings";
import { controlsOf } from "../../reports/explore/controls.ts";
import type { PageOptions } from "../../reports/explore/page.ts";
import type { Opened } from "../../study/source.ts";
import { VERSION } from "../../version.ts";
import { EXIT, InputError } from "../exit.ts";
import { type Finish, readOption, seedOption, setOption, wholeNumber } from "../options.ts";
import { loadScenario, reasonOf, type ScenarioOptions } from "../scenario-file.ts";
import { servePage } from "../serve-page.ts";
import { talk } from "../terminal.ts";

export interface ExploreOptions extends Omit<ScenarioOptions, "replications"> {
  /** Replications that the page begins with. */
  readonly replications: number;
  readonly out?: string | undefined;
  readonly serve: boolean;
  readonly port: number;
}

/** `lsim explore`. */
export const exploreCommand = (finish: Finish) =>
  new Command("explore")
    .description("make one HTML page with the engine inside: sliders play the scenario again in the browser")
    .argument("<file>", "scenario (JSON)")
    .addOption(setOption())
    .addOption(seedOption())
    .option(
      "--replications <n>",
      "independent repetitions that the page begins with",
      wholeNumber("--replications", 1, 1000),
      1,
    )
    .option("--out <page>", "the file to write (default: lsim-out/<name>-explore.html)")
    .option(
      "--serve",
      "open the page on this machine at 127.0.0.1 until Ctrl-C, and write no file unless --out is given",
      false,
    )
    .option("--port <n>", "port for --serve; 0 takes a free one", wholeNumber("--port", 0, 65_535), 0)
    .addOption(readOption())
    .addHelpText(
      "after",
      "\nExamples:\n  lsim explore scenarios/spike.json\n  lsim explore scenarios/spike.json --serve",
    )
    .action(async (file, options) => {
      finish(await explore(file, options));
    });

/** `lsim explore FILE`: writes the page, or serves it until Ctrl-C. Returns the exit code. */
export async function explore(file: string, options: ExploreOptions): Promise<number> {
  const { replications, ...given } = options;
  const opened = loadScenario(file, given);
  // Loaded only now: the page brings its font.
  const { explorePage, GENERATOR } = await import("../../reports/explore/page.ts");
  const page = explorePage(pageOf(file, opened, replications));
  if (options.out !== undefined || !options.serve) {
    const out = options.out ?? `lsim-out/${opened.scenario.name}-explore.html`;
    writePage(out, page, GENERATOR);
    const size = `${(Buffer.byteLength(page) / 1e6).toFixed(2)} MB`;
    talk(`Written: ${out} (${size}, needs no network: open it in a browser)\n`);
  }
  if (options.serve) await servePage(page, options.port);
  return EXIT.done;
}

/** What the page of a scenario is made of, with what the build made of its scripts. */
function pageOf(file: string, { scenario, source }: Opened, replications: number): PageOptions {
  const part = (name: string, encoding: BufferEncoding = "utf8") =>
    readFileSync(new URL(`./explore/${name}`, import.meta.url), encoding);
  return {
    name: scenario.name,
    about: scenario.about,
    version: VERSION,
    data: { source, controls: controlsOf(scenario, replications), file },
    parts: {
      main: part("main.js"),
      engine: part("engine.js.gz", "base64"),
      drawer: part("drawer.js.gz", "base64"),
      style: part("style.css"),
    },
    hashOf: (script) => `sha256-${createHash("sha256").update(script).digest("base64")}`,
  };
}

/** Writes the file whole or not at all; only a page of lsim, which names its generator, is written over. */
function writePage(out: string, page: string, generator: string): void {
  if (out === "") throw new InputError('--out "": is no file');
  const draft = `${out}.${process.pid}.tmp`;
  try {
    if (existsSync(out)) {
      if (statSync(out).isDirectory()) throw new InputError(`--out ${out}: is a folder; give a file`);
      if (!readFileSync(out, "utf8").slice(0, 2000).includes(`content="${generator} `))
        throw new InputError(`--out ${out}: is there already, and no page of lsim explore; give another one`);
    }
    mkdirSync(dirname(out), { recursive: true });
    writeFileSync(draft, page);
    renameSync(draft, out);
  } catch (error) {
    if (existsSync(draft)) rmSync(draft);
    if (error instanceof InputError) throw error;
    throw new InputError(`--out ${out}: cannot be written: ${reasonOf(error)}`);
  }
}
