// How lsim's programs are bundled: for shipping (build.mjs) and for measuring (bench/run.ts).

/** Puts these contents in the place of a module. */
const alone = (pattern, contents) => ({
  name: `instead of ${pattern}`,
  setup({ onLoad }) {
    onLoad({ filter: pattern }, () => ({ contents }));
  },
});

/** zod brings its messages in fifty languages; lsim has its own. */
export const plugins = [alone(/zod\/v4\/locales\/index\.js$/, "export {};")];

/** A program for Node. Some dependencies are CommonJS and call require() for Node's own modules. */
export const forNode = {
  bundle: true,
  format: "esm",
  platform: "node",
  target: "node20",
  plugins,
  banner: { js: "import{createRequire as __cr}from'node:module';const require=__cr(import.meta.url);" },
  logLevel: "warning",
};
