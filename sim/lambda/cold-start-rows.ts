import { log } from "../math/functions.ts";
import { LAMBDA_PERF } from "./cold-start-data.ts";

/** Measured cold starts of one runtime, architecture, package type and memory size. Times in ms. */
export interface ColdStartRow {
  /** As the table names it: "python3.12", "go (prov.al2023)". */
  readonly runtime: string;
  readonly architecture: "x86_64" | "arm64";
  readonly packageType: "zip" | "image";
  readonly memorySize: number;
  /** How many cold starts were measured. */
  readonly n: number;
  /** Of Init Duration. */
  readonly min: number;
  readonly p50: number;
  readonly p90: number;
  readonly p99: number;
  readonly max: number;
  /** Mean duration of the first handler run. */
  readonly firstHandler: number;
}

/** The runtime of a function that names none, or one of a family that was never measured. */
export const DEFAULT_RUNTIME = "nodejs22.x";

/** Runtimes that are an operating system only: taken as Go, the most used language of those that bring their own. */
const OS_ONLY = new Map([
  ["provided.al2023", "go (prov.al2023)"],
  ["provided.al2", "go (prov.al2)"],
  ["provided", "go (prov.al2)"],
  ["go1.x", "go (prov.al2)"],
]);

/** Systems that may come after it. */
const NEWER_SYSTEM = /^provided\.al20\d\d$/;

const VERSIONED =
  /^(?:(nodejs|java|dotnet)(?:core)?(\d+)(?:\.(\d+))?(?:\.x|\.al2)?|(python|ruby)(\d+)\.(\d+))$/;

/** Native programs: their image holds a binary and little else. */
const STATIC = /^(go|rust|c\+\+|apple swift|graalvm|quarkus|dotnet\d+ aot)\b/;

const tables = new Map<string, ColdStartRow[]>();

/** All rows by runtime; read at first use, since most programs that bundle this never ask. */
function rowsByRuntime(): ReadonlyMap<string, readonly ColdStartRow[]> {
  if (tables.size > 0) return tables;
  let [runtime, rows]: [string, ColdStartRow[]] = ["", []];
  for (const line of LAMBDA_PERF.rows.trim().split("\n")) {
    const [architecture, packageType, ...numbers] = line.split(" ");
    if (architecture !== "x86_64" && architecture !== "arm64") {
      [runtime, rows] = [line, []];
      tables.set(runtime, rows);
      continue;
    }
    const [memorySize, n, min, p50, p90, p99, max, firstHandler] = numbers.map(Number) as [
      number,
      number,
      number,
      number,
      number,
      number,
      number,
      number,
    ];
    rows.push({
      runtime,
      architecture,
      packageType: packageType as "zip" | "image",
      memorySize,
      n,
      min,
      p50,
      p90,
      p99,
      max,
      firstHandler,
    });
  }
  return tables;
}

export function coldStartRows(): readonly ColdStartRow[] {
  return [...rowsByRuntime().values()].flat();
}

/**
 * The table's runtime for a scenario's: its own name ("java21", "rust (prov.al2023)"), a language of its own without
 * the operating system, on the newest one ("rust", "dotnet8 aot"), an operating system ("provided.al2023": Go), or
 * the nearest version of the family ("python3.8"). Others are taken as Node.js.
 */
export function measuredRuntime(runtime: string): string {
  return knownRuntime(runtime) ?? DEFAULT_RUNTIME;
}

/** Whether the table says anything about a runtime; of others `measuredRuntime` is Node.js. */
export function isKnownRuntime(runtime: string): boolean {
  return knownRuntime(runtime) !== undefined;
}

/** The runtimes one can name, older versions first: those of the table, with and without their operating system. */
export function runtimeNames(): string[] {
  const names = [...rowsByRuntime().keys(), ...OS_ONLY.keys()];
  const age = (name: string) => versionOf(name)?.number ?? 0;
  return [...new Set([...names, ...names.map(withoutSystem)])].sort((a, b) => age(a) - age(b));
}

/** "rust (prov.al2023)" as "rust". */
function withoutSystem(name: string): string {
  return name.replace(/ ?\(prov\.al\d+\)$/, "");
}

function knownRuntime(runtime: string): string | undefined {
  const byRuntime = rowsByRuntime();
  if (byRuntime.has(runtime)) return runtime;
  const plain =
    OS_ONLY.get(runtime) ?? (NEWER_SYSTEM.test(runtime) ? OS_ONLY.get("provided.al2023") : undefined);
  if (plain !== undefined) return plain;
  const names = [...byRuntime.keys()];
  const ported = names.filter((name) => withoutSystem(name) === runtime);
  if (ported.length > 0) return ported.find((name) => name.endsWith("(prov.al2023)")) ?? ported[0]!;
  return nearestVersion(runtime, names);
}

function nearestVersion(runtime: string, names: readonly string[]): string | undefined {
  const wanted = versionOf(runtime);
  let best: string | undefined;
  let least = Number.POSITIVE_INFINITY;
  for (const name of names) {
    const version = versionOf(name);
    if (!wanted || version?.family !== wanted.family) continue;
    const distance = Math.abs(version.number - wanted.number);
    if (distance < least) [best, least] = [name, distance];
  }
  return best;
}

function versionOf(runtime: string): { family: string; number: number } | undefined {
  const match = VERSIONED.exec(runtime);
  if (!match) return undefined;
  const [, family = match[4]!, major = match[5], minor = match[6] ?? 0] = match;
  return { family, number: Number(major) * 100 + Number(minor) };
}

/** Whether the runtime's image holds a static binary, which starts as fast as from a zip package. */
export function isStaticBinary(runtime: string): boolean {
  return STATIC.test(measuredRuntime(runtime));
}

/**
 * The row nearest to a function. Init Duration does not depend on the memory size between 128 and 1,024 MB, so other
 * sizes take the nearest one measured (by ratio). Where a package type or an architecture was not measured, the other
 * one stands in.
 */
export function coldStartRow(
  runtime: string,
  architecture: "x86_64" | "arm64",
  packageType: "zip" | "image",
  memorySize: number,
): ColdStartRow {
  const all = rowsByRuntime().get(measuredRuntime(runtime))!;
  const built = all.filter((row) => row.architecture === architecture);
  const packaged = built.filter((row) => row.packageType === packageType);
  const rows = [packaged, built, all].find((some) => some.length > 0)!;
  const away = (row: ColdStartRow) => Math.abs(log(row.memorySize / memorySize));
  return rows.reduce((a, b) => (away(b) < away(a) ? b : a));
}
