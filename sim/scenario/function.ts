import { constantDistribution } from "../distributions/constant.ts";
import type { Distribution } from "../distributions/contract.ts";
import { DISTRIBUTIONS } from "../distributions/registry.ts";
import { KEEP_ALIVES } from "../lambda/keep-alive/registry.ts";
import type { FunctionSettings } from "../lambda/settings.ts";
import { printShare, SECOND } from "../units.ts";
import { completeColdStart } from "./cold-start.ts";
import { completeDuration } from "./duration.ts";
import type { Findings } from "./findings.ts";
import { completePackage, packageSize } from "./package.ts";
import type { Platform } from "./platforms/contract.ts";
import { LAMBDA_DEFAULTS } from "./platforms/contract.ts";
import { completeProvisioned } from "./provisioned.ts";
import { completeRuntime } from "./runtime.ts";
import type { ParsedFile } from "./schema.ts";
import { checkSnapStart } from "./snap-start.ts";

type Given = ParsedFile["functions"][string];

/** A function as written with every default filled in. */
export function completeFunction(
  name: string,
  given: Given,
  platform: Platform,
  found: Findings,
): FunctionSettings {
  const at = (setting: string) => `functions.${name}.${setting}`;
  const runtime = completeRuntime(name, given.runtime, found);
  const architecture =
    given.architecture ?? found.note(at("architecture"), "x86_64" as const, LAMBDA_DEFAULTS);
  const memorySize = given.memorySize ?? found.note(at("memorySize"), 128, LAMBDA_DEFAULTS);
  const ephemeralStorage = given.ephemeralStorage ?? 512;
  const packaged = completePackage(name, given, found);
  if (given.snapStart) {
    const provisioned = given.provisionedConcurrency !== undefined && given.provisionedConcurrency !== 0;
    checkSnapStart({ name, runtime, packageType: packaged.type, provisioned, ephemeralStorage }, found);
  }
  const query = {
    runtime,
    architecture,
    memorySize,
    packageType: packaged.type,
    packageSize: packageSize(packaged),
  };
  checkFailures(name, given, found);
  const { coldStart, connect, notes } = completeColdStart(name, given, query, platform, found);
  return {
    name,
    runtime,
    architecture,
    memorySize,
    package: packaged,
    timeout: given.timeout ?? defaultTimeout(at("timeout"), found),
    duration:
      given.duration && completeDuration(given.duration, memorySize, ["functions", name, "duration"], found),
    coldStart,
    connect,
    proactiveInit: given.proactiveInit ?? 0,
    snapStart: given.snapStart !== undefined,
    errors: given.errors ?? 0,
    crashes: given.crashes ?? 0,
    maxMemoryUsed: given.maxMemoryUsed,
    ephemeralStorage,
    logBytes: given.logs?.perInvocation ?? 0,
    reservedConcurrency: given.reservedConcurrency,
    ...completeProvisioned(name, given.provisionedConcurrency, platform.allocation, found),
    keepAlive: keepAlive(name, given, platform, found),
    maximumLifetime: lifetime(name, given, platform, found),
    reuse: given.reuse ?? "mru",
    notes,
  };
}

/** An invocation ends in one way, so the shares of the two failures are parts of one whole. */
function checkFailures(name: string, { errors = 0, crashes = 0 }: Given, found: Findings): void {
  // Rounding: 99.9% and 0.1% are 100%.
  if (errors + crashes <= 1 + 1e-12) return;
  found.problem(
    ["functions", name, "crashes"],
    `${printShare(crashes)}, with errors of ${printShare(errors)}, comes to ${printShare(errors + crashes)} of invocations; both together must be at most 100 %`,
  );
}

/** The same function under another name. Its settings are not copied but inherited, as there may be many thousands. */
export function renamed(f: FunctionSettings, name: string): FunctionSettings {
  return Object.assign(Object.create(f), { name });
}

function defaultTimeout(path: string, found: Findings): number {
  found.note(path, "3s", LAMBDA_DEFAULTS);
  return 3 * SECOND;
}

function keepAlive(name: string, given: Given, { keepAlive: preset }: Platform, found: Findings) {
  if (!given.keepAlive) {
    const { text, written, environmentIdle } = preset.value;
    return found.take(`functions.${name}.keepAlive`, preset, text, written ?? environmentIdle.written);
  }
  const path = ["functions", name, "keepAlive"];
  return found.build<FunctionSettings["keepAlive"]>(KEEP_ALIVES, given.keepAlive, path) ?? preset.value;
}

function lifetime(
  name: string,
  { maximumLifetime: given }: Given,
  { maximumLifetime: preset }: Platform,
  found: Findings,
): Distribution {
  if (!given) {
    const { text, written } = preset.value;
    return found.take(`functions.${name}.maximumLifetime`, preset, text, written);
  }
  if (given.type === "forever") return constantDistribution(Number.POSITIVE_INFINITY);
  const path = ["functions", name, "maximumLifetime"];
  return found.build<Distribution>(DISTRIBUTIONS, given, path) ?? preset.value;
}
