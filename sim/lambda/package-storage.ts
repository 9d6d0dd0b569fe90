import type { FunctionSettings } from "./settings.ts";

/** What an account's packages take, in MB, and what they would take if each held the content of its layers. */
export interface PackageStorage {
  /** Code and layers kept by Lambda; each layer once. Images are kept in a registry of their own, and not counted. */
  readonly storedMb: number;
  readonly storedWithoutLayersMb: number;
  /** Uploaded when the code of every function is deployed once more; its layers stay where they are. */
  readonly uploadedMb: number;
  readonly uploadedWithoutLayersMb: number;
}

/** Undefined where no function says how large its package is. Code of unknown size counts as nothing. */
export function packageStorage(
  functions: readonly Pick<FunctionSettings, "package">[],
): PackageStorage | undefined {
  const packages = functions.map((f) => f.package);
  if (packages.every(({ size, layers }) => size === undefined && layers.length === 0)) return undefined;
  const zips = packages.filter(({ type }) => type === "zip");
  const layers = packages.flatMap((p) => p.layers);
  const shared = new Map(layers.map(({ name, size }) => [name, size]));
  const code = (of: typeof packages) => sum(of.map(({ size = 0 }) => size));
  const copies = sum(layers.map(({ size }) => size));
  return {
    storedMb: code(zips) + sum([...shared.values()]),
    storedWithoutLayersMb: code(zips) + copies,
    uploadedMb: code(packages),
    uploadedWithoutLayersMb: code(packages) + copies,
  };
}

function sum(values: readonly number[]): number {
  return values.reduce((a, b) => a + b, 0);
}
