import { spawnSync } from "node:child_process";
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, it } from "vitest";
import { NAMES, readNotebook } from "../../notebooks/run.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));

/** A project that has installed the built package, and with it the tables it makes. */
const project = mkdtempSync(join(tmpdir(), "lsim-types-"));
mkdirSync(join(project, "node_modules"));
symlinkSync(root, join(project, "node_modules", "lsim"));
symlinkSync(join(root, "node_modules", "arquero"), join(project, "node_modules", "arquero"));
afterAll(() => rmSync(project, { recursive: true, force: true }));

/** What the compiler says of a program that uses the package, under `module` and its usual resolution. */
function check(program: string, module = "nodenext"): string {
  const file = join(project, "program.mts");
  writeFileSync(file, program);
  const resolution = module === "nodenext" ? [] : ["--moduleResolution", "bundler"];
  const { stdout } = spawnSync(
    process.execPath,
    [
      join(root, "node_modules/typescript/bin/tsc"),
      "--ignoreConfig",
      "--noEmit",
      "--strict",
      "--skipLibCheck",
      "--target",
      "es2022",
      "--module",
      module,
      ...resolution,
      file,
    ],
    { cwd: project, encoding: "utf8" },
  );
  return stdout;
}

const GOOD = `
import { charts, compare, type ScenarioFile, type Study, simulate, sweep, toMimeBundle, toTable, tune } from "lsim";

const shop: ScenarioFile = {
  lsim: 1,
  name: "shop",
  horizon: "1h",
  functions: {
    api: {
      memorySize: "512 MB",
      duration: { type: "lognormal", mean: "200ms", cv: 0.5, at: "512 MB", cpuBound: "70%" },
      keepAlive: { type: "fixed", value: "10m" },
      provisionedConcurrency: 5,
    },
    worker: { duration: { p50: "2s", p99: "9s" }, reservedConcurrency: 10 },
  },
  traffic: [
    { to: "api", arrivals: { type: "stages", start: "5/s", stages: [{ duration: "10m", target: "50/s" }] } },
    { to: "worker", invoke: { type: "sqs", batchSize: 10 }, arrivals: { type: "bursts", every: "10m", size: 400 } },
  ],
  thresholds: { api: { latency: ["p(99) < 2s"] }, total: { cost: ["perMonth < $1000"] } },
};
const study: Study = simulate(shop, { set: { "api.memorySize": "1024 MB" }, replications: 3 });
const names: string[] = toTable(study).columnNames();
const first = Object.values(charts(study))[0]!;
const bundle: Record<string, unknown> = await toMimeBundle(first);
const best: number | undefined = (await tune(shop, { function: "api", sizes: [256, "1 GB"] })).choice?.memoryMb;
const { points } = await sweep(shop, { vary: { "api.memorySize": ["512 MB", "1 GB"], "account.concurrency": "500..1000:250" } });
const paired: boolean = compare(study, shop).paired;
export { best, bundle, names, paired, points };
`;

describe("a program that imports lsim", () => {
  it.each(["nodenext", "esnext"])("compiles (%s)", (module) => {
    expect(check(GOOD, module)).toBe("");
  });

  it.each([
    ["memorySize:", "memorySze:", "memorySze"],
    ["cpuBound:", "cpuBond:", "cpuBond"],
    ['type: "sqs"', 'type: "sqz"', "sqz"],
    ["batchSize: 10", 'batchSize: "10"', "not assignable to type 'number'"],
    ["target: ", "targt: ", "targt"],
    ["latency: [", "latncy: [", "latncy"],
    ["replications: 3", "repetitions: 3", "repetitions"],
    ["sizes: [", "memory: [", "memory"],
    ['horizon: "1h"', "horizon: 60", "not assignable to type 'string'"],
  ])("does not with %s written %s", (right, wrong, named) => {
    const program = GOOD.replace(right, wrong);
    expect(program).not.toBe(GOOD);
    const said = check(program);
    expect(said).toMatch(/error TS\d+/);
    expect(said).toContain(named);
  });

  it("may hold every scenario that is shipped", () => {
    const folder = join(root, "scenarios");
    const names = readdirSync(folder).filter((n) => n.endsWith(".json") && !n.endsWith(".schema.json"));
    expect(names.length).toBeGreaterThan(15);
    const constants = names.map(
      (name, i) => `export const s${i}: ScenarioFile = ${readFileSync(join(folder, name), "utf8")};`,
    );
    expect(check(`import type { ScenarioFile } from "lsim";\n${constants.join("\n")}`)).toBe("");
  });

  it.each(NAMES)("may be the notebook %s", (name) => {
    const code = readNotebook(name).cells.filter(({ cell_type }) => cell_type === "code");
    const program = code.map(({ source }) => source.join("")).join("\n");
    const deno =
      "declare const Deno: { jupyter: { display(bundle: object, options: object): Promise<void> }; readTextFileSync(path: string): string };";
    expect(check(`${program}\n${deno}`)).toBe("");
  });
});
