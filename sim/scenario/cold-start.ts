import { sumOf } from "../distributions/combine.ts";
import { constantDistribution } from "../distributions/constant.ts";
import type { Distribution } from "../distributions/contract.ts";
import { DISTRIBUTIONS } from "../distributions/registry.ts";
import type { ColdStartSettings } from "../lambda/settings.ts";
import type { Findings } from "./findings.ts";
import type { ColdStartQuery, Dated, Platform } from "./platforms/contract.ts";
import { unknownRuntime } from "./runtime.ts";
import type { ParsedFile } from "./schema.ts";
import { RESTORE } from "./snap-start.ts";

const PHASES = ["placement", "download", "initDuration", "firstHandler"] as const;
type Phase = (typeof PHASES)[number];

const zero = constantDistribution(0);

/**
 * A function's cold start, and its connection where the handler opens it.
 *
 * Where a function writes any of the four phases, the others are zero unless written: what you write is what you get.
 * Its own static code (`userInit`), decrypting its environment and connecting in init come on top of either. With
 * SnapStart all init happened when the version was published, so a cold start is the restore alone.
 */
export function completeColdStart(
  name: string,
  given: ParsedFile["functions"][string],
  query: ColdStartQuery,
  platform: Platform,
  found: Findings,
): { coldStart: ColdStartSettings; connect: Distribution | undefined; notes: string[] } {
  const build = (chosen: typeof given.userInit, ...setting: string[]) =>
    chosen && found.build<Distribution>(DISTRIBUTIONS, chosen, ["functions", name, ...setting]);
  const preset = (phase: string, fact: Dated<Distribution>) =>
    found.take(`functions.${name}.${phase}`, fact, fact.value.text, fact.value.written);

  const written = Object.fromEntries(PHASES.map((phase) => [phase, build(given[phase], phase)])) as Record<
    Phase,
    Distribution | undefined
  >;
  const usesPreset = PHASES.every((phase) => given[phase] === undefined);
  const facts = usesPreset ? platform.coldStart(query) : undefined;
  const phase = (key: Phase) => written[key] ?? (facts ? preset(key, facts[key]) : zero);

  const connect = build(given.connect?.duration, "connect", "duration");
  const inInit = given.connect?.in === "init";
  const result = (coldStart: ColdStartSettings, ...notes: string[]) => ({
    coldStart,
    connect: inInit ? undefined : connect,
    notes,
  });
  const own = [
    build(given.userInit, "userInit"),
    build(given.environment?.decrypt, "environment", "decrypt"),
    inInit ? connect : undefined,
  ].filter((law) => law !== undefined);

  if (given.snapStart) {
    const coldStart = {
      placement: written.placement ?? zero,
      download: written.download ?? zero,
      init: given.snapStart.restore
        ? (build(given.snapStart.restore, "snapStart", "restore") ?? zero)
        : preset("snapStart.restore", RESTORE),
      firstHandler: phase("firstHandler"),
    };
    return result(coldStart, ...publishingNote(given));
  }
  const coldStart = {
    placement: phase("placement"),
    download: phase("download"),
    init: sumOf([phase("initDuration"), ...own]),
    firstHandler: phase("firstHandler"),
  };
  return result(
    coldStart,
    ...unknownRuntime(name, query.runtime, usesPreset, found),
    ...bareInitNote(coldStart, usesPreset),
  );
}

/** With SnapStart, what init does was done once, when the version was published. */
function publishingNote(given: ParsedFile["functions"][string]): string[] {
  const ignored = [
    ...(given.initDuration ? ["initDuration"] : []),
    ...(given.userInit ? ["userInit"] : []),
    ...(given.environment?.decrypt ? ["environment.decrypt"] : []),
    ...(given.connect?.in === "init" ? ["connect in init"] : []),
  ];
  if (ignored.length === 0) return [];
  const list = ignored.length === 1 ? ignored[0] : `${ignored.slice(0, -1).join(", ")} and ${ignored.at(-1)}`;
  return [
    `with SnapStart, init happens when a version is published: ${list} add${ignored.length === 1 ? "s" : ""} nothing to a cold start`,
  ];
}

/** Where only init is written, a cold start may look shorter than callers find it. */
function bareInitNote({ placement, download, init }: ColdStartSettings, usesPreset: boolean): string[] {
  if (usesPreset || init.mean === 0 || placement.mean > 0 || download.mean > 0) return [];
  return ["a log's Init Duration leaves placement and download out; give them too, if they matter"];
}
