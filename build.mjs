// Bundles the command line and the library door into dist/. esbuild is a dependency, not a devDependency,
// so that `NODE_ENV=production npm ci` builds too.
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";
import { forNode, plugins } from "./bundle.mjs";

rmSync("dist", { recursive: true, force: true });
await build({
  entryPoints: {
    heap: "cli/heap.ts",
    cli: "cli/main.ts",
    worker: "cli/worker.ts",
    "fleet-processor": "cli/fleet/processor.ts",
    index: "index.ts",
  },
  ...forNode,
  outdir: "dist",
  splitting: true,
  sourcemap: "linked",
  // piscina finds its own worker file beside itself, the PNG renderer its binary; the fleet engine is installed by those who use it.
  external: ["canvas", "piscina", "bullmq", "ioredis", "@resvg/resvg-js"],
});

// The types of the door, for editors. The compiler is a devDependency: what is built without it runs all the same.
const compiler = "node_modules/typescript/bin/tsc";
if (existsSync(compiler)) {
  const { status } = spawnSync(process.execPath, [compiler, "-p", "tsconfig.types.json"], {
    stdio: "inherit",
  });
  if (status !== 0) process.exit(1);
}

// The page of `lsim explore`: its script, its workers and its style, each whole, to be put into one file. The workers are
// most of it, so they go compressed.
const explore = await build({
  entryPoints: Object.fromEntries(
    ["main.ts", "engine.ts", "drawer.ts", "style.css"].map((name) => [
      name.replace(/\.ts$|\.css$/, ""),
      `reports/explore/browser/${name}`,
    ]),
  ),
  outdir: "dist/explore",
  bundle: true,
  minify: true,
  format: "iife",
  platform: "browser",
  target: "es2022",
  plugins,
  logLevel: "warning",
  write: false,
});
mkdirSync("dist/explore");
for (const { path, contents } of explore.outputFiles) {
  if (/(engine|drawer)\.js$/.test(path)) writeFileSync(`${path}.gz`, gzipSync(contents, { level: 9 }));
  else writeFileSync(path, contents);
}
