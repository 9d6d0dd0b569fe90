import * as z from "zod";
import type { Distribution } from "../distributions/contract.ts";
import { lognormal } from "../distributions/lognormal.ts";
import { distribution } from "../distributions/setting.ts";
import { MILLISECOND, nameOf } from "../units.ts";
import { choiceSchemas, explain } from "./choice.ts";
import { noFiles } from "./files.ts";
import type { Findings } from "./findings.ts";
import type { Dated } from "./platforms/contract.ts";

const long = z.strictObject({
  restore: distribution().optional().meta({ description: "A cold start: restoring the snapshot." }),
});

/** true, false, or how long a restore takes. False comes out as undefined. */
export const snapStartSetting = () => {
  const schema = z.unknown().transform((given, context): z.output<typeof long> | undefined => {
    if (typeof given === "boolean") return given ? {} : undefined;
    if (typeof given !== "object" || given === null) {
      const message = `expected true, false or an object such as { "restore": "200ms" }, got ${nameOf(given)}`;
      context.addIssue({ code: "custom", message, input: given });
      return z.NEVER;
    }
    const parsed = long.safeParse(given, { error: explain, reportInput: true });
    if (parsed.success) return parsed.data;
    for (const issue of parsed.error.issues) context.addIssue(issue as never);
    return z.NEVER;
  });
  choiceSchemas.set(schema, { kinds: [long], noun: "", example: "", shortForms: [{ type: "boolean" }] });
  return schema;
};

/** A median of 200 ms and a standard deviation of 0.35 in its logarithm: 451 ms at the 99th percentile. */
export const RESTORE: Dated<Distribution> = {
  value: lognormal.build(
    { type: "lognormal", p50: 200 * MILLISECOND, p99: Math.round(451.5 * MILLISECOND) },
    noFiles,
  ),
  source: "assumed; by the AWS Lambda developer guide, SnapStart starts in under a second as a rule",
  date: "2026",
};

/** Runtimes with SnapStart: Java 11, Python 3.12, .NET 8, and what came after each. */
function hasSnapStart(runtime: string): boolean {
  const match = /^(java|python|dotnet)(\d+)(?:\.(\d+))?$/.exec(runtime);
  if (!match) return false;
  const version = Number(match[2]) * 100 + Number(match[3] ?? 0);
  return version >= { java: 1100, python: 312, dotnet: 800 }[match[1] as "java" | "python" | "dotnet"];
}

/** What AWS refuses together with SnapStart (developer guide, SnapStart). */
export function checkSnapStart(
  f: {
    readonly name: string;
    readonly runtime: string;
    readonly packageType: "zip" | "image";
    readonly provisioned: boolean;
    readonly ephemeralStorage: number;
  },
  found: Findings,
): void {
  const path = ["functions", f.name, "snapStart"];
  if (!hasSnapStart(f.runtime)) {
    found.problem(
      path,
      `is not offered for "${f.runtime}"; Lambda has it for java11, python3.12, dotnet8 and later`,
    );
  }
  if (f.packageType === "image") found.problem(path, "needs a zip package; images cannot be restored");
  if (f.provisioned) found.problem(path, "cannot go with provisionedConcurrency");
  if (f.ephemeralStorage > 512) {
    found.problem(path, `allows 512 MB of ephemeralStorage, not ${f.ephemeralStorage} MB`);
  }
}
