import type { BuildOptions, Plugin } from "esbuild";

export const plugins: Plugin[];
export const forNode: BuildOptions;
