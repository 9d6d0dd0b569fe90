import manifest from "./package.json" with { type: "json" };

/** The version of lsim, part of every result. */
export const VERSION: string = manifest.version;
