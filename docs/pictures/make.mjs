// Makes the pictures of the README anew: `npm run pictures`. The first screen of a report needs a browser (LSIM_CHROMIUM, else
// /usr/bin/chromium); the chart does not.
import { spawnSync } from "node:child_process";
import { copyFileSync, existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const here = fileURLToPath(new URL(".", import.meta.url));
const root = join(here, "../..");
const made = mkdtempSync(join(tmpdir(), "lsim-pictures-"));
try {
  const args = ["bin/lsim.js", "run", "scenarios/spike.json", "--report", "--out", made, "--quiet"];
  const { status } = spawnSync(process.execPath, args, { cwd: root, stdio: "inherit" });
  if (status !== 0) throw new Error(`lsim run ended with ${status}`);
  const report = spawnSync(process.execPath, ["bin/lsim.js", "report", made, "--to", "png", "--quiet"], {
    cwd: root,
    stdio: "inherit",
  });
  if (report.status !== 0) throw new Error(`lsim report ended with ${report.status}`);
  copyFileSync(join(made, "charts/capacity.png"), join(here, "capacity.png"));
  const executablePath = process.env.LSIM_CHROMIUM ?? "/usr/bin/chromium";
  if (!existsSync(executablePath)) throw new Error(`no browser at ${executablePath}; set LSIM_CHROMIUM`);
  const { chromium } = await import("playwright-core");
  const browser = await chromium.launch({ executablePath, args: ["--no-sandbox"] });
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
  await page.goto(`file://${join(made, "report.html")}`);
  await page.screenshot({ path: join(here, "report.png") });
  await browser.close();
} finally {
  rmSync(made, { recursive: true, force: true });
}
