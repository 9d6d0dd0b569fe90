import * as z from "zod";
import { scaled, sumOf } from "../distributions/combine.ts";
import type { Distribution } from "../distributions/contract.ts";
import { DISTRIBUTIONS } from "../distributions/registry.ts";
import { distribution } from "../distributions/setting.ts";
import { lognormalShort, lognormalUntyped } from "../distributions/short-form.ts";
import { cpuSpeed, durationFactor } from "../lambda/memory.ts";
import { nameOf } from "../units.ts";
import { type Chosen, choice } from "./choice.ts";
import { memoryBetween, share } from "./fields.ts";
import type { Findings } from "./findings.ts";
import { OURS } from "./platforms/contract.ts";
import type { Path } from "./problem.ts";

const parallelism = () =>
  z
    .number({ error: (issue) => `expected a number of vCPUs, got ${nameOf(issue.input)}` })
    .min(1, "must be at least 1: single-threaded")
    .optional()
    .meta({ description: "vCPUs the code can use at once; 1 (single-threaded) unless written." });

/** What any distribution of handler time may carry besides. */
const measured = () => ({
  at: memoryBetween(128, 10_240, "Lambda takes whole MB from 128 MB to 10240 MB").optional().meta({
    description: "The memory size this was measured at; at others it is longer or shorter.",
  }),
  cpuBound: share().optional().meta({
    description: "Share of it that was CPU work at that size; all of it unless written.",
  }),
  parallelism: parallelism(),
});

/** Waiting and CPU work apart. */
const work = z.strictObject({
  type: z.literal("work"),
  io: distribution().optional().meta({ description: "Time that does not depend on memory." }),
  cpu: distribution().optional().meta({ description: "CPU work as time on one full vCPU (1769 MB)." }),
  parallelism: parallelism(),
});

/** Handler time: any distribution, with the memory size it was measured at or not, or waiting and CPU work apart. */
export const durationSetting = () =>
  choice({
    name: "duration",
    kinds: () => [...DISTRIBUTIONS.map((kind) => kind.schema.extend(measured())), work],
    noun: "a distribution",
    example: `"250ms" or { "p50": "180ms", "p99": "1.2s" }`,
    ofText: (value) => ({ type: "constant", value }),
    ofUntyped: (given) => ("io" in given || "cpu" in given ? "work" : lognormalUntyped(given)),
    shortForms: [
      { type: "string", description: "Always this long." },
      lognormalShort({
        at: { type: "string" },
        cpuBound: { type: "string" },
        parallelism: { type: "number", minimum: 1 },
      }),
      {
        type: "object",
        description: "Waiting, and CPU work as time on one full vCPU (1769 MB).",
        properties: {
          io: { $ref: "#/definitions/distribution" },
          cpu: { $ref: "#/definitions/distribution" },
          parallelism: { type: "number", minimum: 1 },
        },
        additionalProperties: false,
      },
    ],
  });

/** The law of handler time at a function's memory size; what is wrong becomes a problem under `path`. */
export function completeDuration(
  given: Chosen,
  memorySize: number,
  path: Path,
  found: Findings,
): Distribution | undefined {
  return given.type === "work"
    ? ofWork(given as z.output<typeof work>, memorySize, path, found)
    : ofMeasured(given, memorySize, path, found);
}

interface Carried {
  readonly at?: number;
  readonly cpuBound?: number;
  readonly parallelism?: number;
}

function ofMeasured(
  given: Chosen,
  memorySize: number,
  path: Path,
  found: Findings,
): Distribution | undefined {
  const { at, cpuBound, parallelism, ...settings } = given as Chosen & Carried;
  const law = found.build<Distribution>(DISTRIBUTIONS, settings as Chosen, path);
  if (at === undefined) {
    if (cpuBound !== undefined)
      found.problem([...path, "cpuBound"], `needs "at", the memory size the duration was measured at`);
    if (parallelism !== undefined) found.problem([...path, "parallelism"], `needs "at", or "io" and "cpu"`);
    return law;
  }
  // Who says at which size it was measured expects it to matter.
  if (cpuBound === undefined) found.note([...path, "cpuBound"].join("."), "100%", OURS);
  const bound = cpuBound ?? 1;
  const most = parallelism ?? found.note([...path, "parallelism"].join("."), 1, OURS);
  if (!law) return undefined;
  const factor = durationFactor({ at, cpuBound: bound, parallelism: most }, memorySize);
  const threads = most === 1 ? "" : ` on up to ${most} vCPUs`;
  return {
    ...scaled(law, factor),
    text: `${law.text}, at ${at} MB, ${Number((100 * bound).toPrecision(3))} % CPU${threads}`,
  };
}

function ofWork(
  { io, cpu, parallelism }: z.output<typeof work>,
  memorySize: number,
  path: Path,
  found: Findings,
): Distribution | undefined {
  const most = parallelism ?? (cpu ? found.note([...path, "parallelism"].join("."), 1, OURS) : 1);
  if (!io && !cpu) {
    found.problem(path, `gives neither "io" nor "cpu"`);
    return undefined;
  }
  if (!cpu && parallelism !== undefined) found.problem([...path, "parallelism"], `needs "cpu"`);
  const build = (chosen: Chosen | undefined, key: string) =>
    chosen && found.build<Distribution>(DISTRIBUTIONS, chosen, [...path, key]);
  const waiting = build(io, "io");
  const working = build(cpu, "cpu");
  if ((io && !waiting) || (cpu && !working)) return undefined;
  const parts: Distribution[] = [];
  const texts: string[] = [];
  if (waiting) {
    parts.push(waiting);
    texts.push(`io ${waiting.text}`);
  }
  if (working) {
    parts.push(scaled(working, 1 / cpuSpeed(memorySize, most)));
    texts.push(`cpu ${working.text} on ${most === 1 ? "a full vCPU" : `up to ${most} full vCPUs`}`);
  }
  return { ...sumOf(parts), text: texts.join(" + ") };
}
