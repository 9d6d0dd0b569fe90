// How soon does the page of `lsim explore` follow a slider? From the input to the charts in view on the screen, in Chromium.
// Times on a machine with other work say something about that work too: medians, and they decide nothing.
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { type Browser, chromium } from "playwright-core";

const CHROMIUM = process.env.LSIM_CHROMIUM ?? "/usr/bin/chromium";
const BIN = fileURLToPath(new URL("../bin/lsim.js", import.meta.url));
const WARM_UP = 10;
const ROUNDS = 31;

/** One function at 1,000 requests a second: an account too small for it, so that a slider moves throttles as well. */
const scenario = (requests: number) => ({
  lsim: 1,
  name: `explore-${requests}`,
  horizon: `${requests / 1000}s`,
  account: { concurrency: 220 },
  functions: {
    api: {
      memorySize: "1024 MB",
      initDuration: "400ms",
      duration: { type: "lognormal", mean: "200ms", cv: 1 },
    },
  },
  traffic: [{ to: "api", arrivals: { type: "poisson", rate: "1000/s" } }],
  thresholds: { api: { latency: ["p(99) < 2s"], throttles: ["rate < 1%"] } },
});

interface Round {
  /** Milliseconds: of the simulation, and from the input to the screen. */
  readonly simulated: number;
  readonly total: number;
}

/** Moves a slider one stop and waits until the charts have followed. In the page. */
const MOVE = `async (stop) => {
  const slider = document.querySelector('[data-path="account.concurrency"] input[type=range]');
  const timing = document.getElementById("timing");
  const before = Number(timing.dataset.id ?? 0);
  slider.value = stop;
  slider.dispatchEvent(new Event("input", { bubbles: true }));
  while (Number(timing.dataset.id ?? 0) <= before) await new Promise((resolve) => setTimeout(resolve, 5));
  return { simulated: Number(timing.dataset.simulated), total: Number(timing.dataset.total) };
}`;

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[sorted.length >> 1]!;
}

const spread = (values: readonly number[]) =>
  `${median(values).toFixed(0)} (${Math.min(...values).toFixed(0)}–${Math.max(...values).toFixed(0)})`;

async function measure(browser: Browser, folder: string, requests: number, most: number): Promise<string[]> {
  const file = join(folder, `${requests}.json`);
  const out = join(folder, `${requests}.html`);
  writeFileSync(file, JSON.stringify(scenario(requests)));
  execFileSync(process.execPath, [BIN, "explore", file, "--out", out], { stdio: "ignore" });
  const context = await browser.newContext({ offline: true, viewport: { width: 1280, height: 800 } });
  const page = await context.newPage();
  const opened = performance.now();
  await page.goto(`${pathToFileURL(out)}#baseline=none`);
  await page.waitForFunction("document.getElementById('timing').dataset.id !== undefined");
  const first = performance.now() - opened;
  // Stops around the middle, there and back, so that no two in a row are alike.
  const middle = Number(
    await page.evaluate(
      `document.querySelector('[data-path="account.concurrency"] input[type=range]').value`,
    ),
  );
  const rounds: Round[] = [];
  for (let i = 0; i < WARM_UP + ROUNDS; i++) {
    const round = (await page.evaluate(`(${MOVE})(${middle + ((i * 3) % 9) - 4})`)) as Round;
    if (i >= WARM_UP) rounds.push(round);
  }
  await context.close();
  const total = rounds.map((round) => round.total);
  return [
    requests.toLocaleString("en-US"),
    first.toFixed(0),
    spread(rounds.map(({ simulated }) => simulated)),
    spread(total),
    `${most} ${median(total) <= most ? "kept" : "not kept"}`,
    `${(statSync(out).size / 1e6).toFixed(2)} MB`,
  ];
}

const folder = mkdtempSync(join(tmpdir(), "lsim-bench-explore-"));
const browser = await chromium.launch({ executablePath: CHROMIUM, args: ["--no-sandbox"] });
try {
  const rows = [
    ["requests", "opened", "simulated", "slider to screen", "at most", "page"],
    await measure(browser, folder, 100_000, 100),
    await measure(browser, folder, 1_000_000, 400),
  ];
  console.log(rows.map((row) => row.map((cell) => cell.padStart(20)).join("")).join("\n"));
  console.log(
    `\nMilliseconds, median (least–most) of ${ROUNDS} moves of a slider, after ${WARM_UP}; load of the machine ${loadavg()[0]!.toFixed(1)}.`,
  );
} finally {
  await browser.close();
  rmSync(folder, { recursive: true, force: true });
}
