import * as z from "zod";
import type { FunctionSettings, PackageSettings } from "../lambda/settings.ts";
import { nameOf, printNumber } from "../units.ts";
import { sizeUpTo } from "./fields.ts";
import type { Findings } from "./findings.ts";
import { printPath } from "./problem.ts";

/** What AWS takes (Lambda quotas): code and layers of a zip package unpacked, an image, and layers a function. */
const LARGEST_ZIP = 250;
const LARGEST_IMAGE = 10 * 1024;
const MOST_LAYERS = 5;

/** A layer's name, with a version where one is meant: "deps", "deps:3". */
const LAYER = /^[A-Za-z0-9_-]{1,140}(:\d+)?$/;

export const packageSetting = () =>
  z.strictObject({
    type: z.enum(["zip", "image"]),
    size: sizeUpTo(LARGEST_IMAGE, "Lambda takes images up to 10 GB").optional().meta({
      description: "Of the code, unpacked and without layers.",
    }),
  });

export const layersSetting = () =>
  z
    .record(
      z.string().regex(LAYER, {
        error: (issue) =>
          `${nameOf(issue.input)} is no layer name; use letters, digits, "-" and "_", and a version as in "deps:3"`,
      }),
      sizeUpTo(LARGEST_ZIP, "Lambda takes 250 MB of code and layers, unpacked"),
    )
    .refine((layers) => Object.keys(layers).length <= MOST_LAYERS, {
      error: (issue) =>
        `names ${Object.keys(issue.input as object).length} layers; Lambda takes ${MOST_LAYERS}`,
    });

/** A function's package, checked against AWS's limits. */
export function completePackage(
  name: string,
  given: {
    readonly package?: { readonly type: "zip" | "image"; readonly size?: number | undefined } | undefined;
    readonly layers?: Readonly<Record<string, number>> | undefined;
  },
  found: Findings,
): PackageSettings {
  const { type = "zip", size } = given.package ?? {};
  const layers = Object.entries(given.layers ?? {}).map(([layer, mb]) => ({ name: layer, size: mb }));
  const complete = { type, size, layers };
  if (type === "image" && layers.length > 0) {
    found.problem(["functions", name, "layers"], "go with zip packages; an image holds all it needs");
  } else if (type === "zip" && packageSize(complete) > LARGEST_ZIP) {
    const parts = layers.length === 0 ? "the code unpacks" : "code and layers unpack";
    found.problem(
      ["functions", name, ...(size === undefined ? ["layers"] : ["package", "size"])],
      `${parts} to ${printNumber(packageSize(complete))} MB; Lambda takes ${LARGEST_ZIP} MB in a zip package (an image may have 10 GB)`,
    );
  }
  return complete;
}

/** Code and layers together, in MB; what is not known counts as nothing. */
export function packageSize({ size = 0, layers }: PackageSettings): number {
  return layers.reduce((sum, layer) => sum + layer.size, size);
}

/** One layer is one archive: it cannot have two sizes. */
export function checkLayers(functions: readonly FunctionSettings[], found: Findings): void {
  const first = new Map<string, { size: number; of: string }>();
  for (const f of functions) {
    for (const { name, size } of f.package.layers) {
      const path = ["functions", f.name, "layers", name];
      const before = first.get(name);
      if (before === undefined) first.set(name, { size, of: f.name });
      else if (before.size !== size) {
        found.problem(
          path,
          `is ${size} MB here and ${before.size} MB in ${printPath(["functions", before.of])}; give another layer another name`,
        );
      }
    }
  }
}
