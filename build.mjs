// Bundles the command line and the library door into dist/. esbuild is a dependency, not a devDependency,
// so that `NODE_ENV=production npm ci` builds too.
import { spawnSync } from "node:child_process";
import { existsSync, rmSync } from "node:fs";
import { build } from "esbuild";

rmSync("dist", { recursive: true, force: true });
await build({
  entryPoints: {
    cli: "cli/main.ts",
    worker: "cli/worker.ts",
    "fleet-processor": "cli/fleet/processor.ts",
    index: "index.ts",
  },
  outdir: "dist",
  bundle: true,
  splitting: true,
  format: "esm",
  platform: "node",
  target: "node20",
  sourcemap: "linked",
  // piscina finds its own worker file beside itself; the fleet engine is installed by those who use it.
  external: ["canvas", "piscina", "bullmq", "ioredis"],
  // Some dependencies are CommonJS and call require() for Node's own modules.
  banner: { js: "import{createRequire as __cr}from'node:module';const require=__cr(import.meta.url);" },
  logLevel: "warning",
});

// The types of the door, for editors. The compiler is a devDependency: what is built without it runs all the same.
const compiler = "node_modules/typescript/bin/tsc";
if (existsSync(compiler)) {
  const { status } = spawnSync(process.execPath, [compiler, "-p", "tsconfig.types.json"], {
    stdio: "inherit",
  });
  if (status !== 0) process.exit(1);
}
