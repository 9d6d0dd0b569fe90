import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Browser, chromium, type Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { reportPage } from "../../reports/html/report-page.ts";
import { reviewOf } from "../../reports/review/registry.ts";
import { HOSTILE, play, savedRun } from "../support/saved.ts";

const CHROMIUM = process.env.LSIM_CHROMIUM ?? "/usr/bin/chromium";
const here = existsSync(CHROMIUM);
if (!here)
  process.stderr.write(`Skipped: no browser at ${CHROMIUM}; set LSIM_CHROMIUM to test reports in one.\n`);

/** A run with everything that a first screen may have to hold: two functions, a queue, six thresholds, a long description. */
const FULL = {
  name: "shop",
  about: `What a sale does to the shop. ${"It is described at length. ".repeat(40)}`,
  horizon: "10m",
  replications: 2,
  account: { concurrency: 200, scaling: { type: "burst", burst: 20, perMinute: 60 }, minimumUnreserved: 0 },
  functions: {
    checkout: { memorySize: "1024 MB", initDuration: "500ms", duration: { p50: "300ms", p99: "2s" } },
    worker: { initDuration: "300ms", reservedConcurrency: 5, duration: { p50: "500ms", p99: "2s" } },
  },
  traffic: [
    {
      to: "checkout",
      invoke: "sync",
      arrivals: {
        type: "stages",
        start: "5/s",
        stages: [
          { duration: "3m", target: "5/s" },
          { duration: "0s", target: "300/s" },
          { duration: "3m", target: "300/s" },
          { duration: "0s", target: "5/s" },
          { duration: "4m", target: "5/s" },
        ],
      },
    },
    {
      name: "orders",
      to: "worker",
      invoke: { type: "sqs", batchSize: 5 },
      arrivals: { type: "poisson", rate: "20/s" },
    },
  ],
  thresholds: {
    checkout: {
      latency: ["p(99) < 2s", "p(50) < 400ms"],
      throttles: ["rate < 1%"],
      coldStarts: ["rate < 5%"],
    },
    worker: { messageAge: ["max < 1m"] },
    total: { cost: ["perMonth < $2000"] },
  },
};

describe.skipIf(!here)("the report in a browser", () => {
  const folder = mkdtempSync(join(tmpdir(), "lsim-report-"));
  let browser: Browser;
  let path: string;
  let hostile: string;
  beforeAll(async () => {
    browser = await chromium.launch({ executablePath: CHROMIUM, args: ["--no-sandbox"] });
    const run = await savedRun(play(FULL));
    path = join(folder, "report.html");
    writeFileSync(path, reportPage(reviewOf([run])));
    hostile = join(folder, "hostile.html");
    const all = HOSTILE.join(" ");
    const spoilt = {
      ...run,
      study: {
        ...run.study,
        words: { ...run.study.words!, about: all, sentence: all, summary: all, command: all },
        charts: run.study.charts.map((chart) => ({ ...chart, title: all, question: all, finding: all })),
      },
    };
    writeFileSync(hostile, reportPage(reviewOf([spoilt], all)));
  });
  afterAll(async () => {
    await browser?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  /** Opens a page without a network; what it asks for and complains of is collected. */
  async function open(
    file: string,
    size: { width: number; height: number },
    colorScheme: "light" | "dark" = "light",
  ): Promise<{ page: Page; heard: string[]; close: () => Promise<void> }> {
    const context = await browser.newContext({ offline: true, viewport: size, colorScheme });
    const page = await context.newPage();
    const heard: string[] = [];
    page.on("console", (message) => heard.push(message.text()));
    page.on("pageerror", (error) => heard.push(error.message));
    page.on("dialog", (dialog) => {
      heard.push(dialog.message());
      void dialog.dismiss();
    });
    page.on("request", (request) => {
      if (!/^(file|data):/.test(request.url())) heard.push(request.url());
    });
    await page.goto(`file://${file}`);
    return { page, heard, close: () => context.close() };
  }

  const DESK = { width: 1280, height: 800 };
  const PHONE = { width: 390, height: 844 };

  it("opens offline and is quiet, also where every text is hostile", async () => {
    for (const file of [path, hostile]) {
      const { page, heard, close } = await open(file, DESK);
      expect(await page.locator("h1").count()).toBe(1);
      expect(await page.locator("script, iframe, img").count()).toBe(0);
      expect(heard).toEqual([]);
      await close();
    }
  });

  it("holds verdict, objectives, settings and the time axis on its first screen", async () => {
    const { page, close } = await open(path, DESK);
    for (const part of [".verdict", ".objectives", "header .kind", ".first dl.pairs", ".first svg"]) {
      const box = (await page.locator(part).first().boundingBox())!;
      expect(box.y, part).toBeGreaterThanOrEqual(0);
      expect(box.y + box.height, part).toBeLessThanOrEqual(DESK.height);
    }
    // All objectives of the scenario, the missed ones first.
    const badges = await page.locator(".first .badge").allTextContents();
    expect(badges).toHaveLength(6);
    expect(badges.lastIndexOf("missed")).toBeLessThan(badges.indexOf("met"));
    const small = await page
      .locator(".first svg text")
      .evaluateAll((texts) =>
        Math.min(
          ...texts.map(
            (text) =>
              (text as unknown as { getBoundingClientRect(): { height: number } }).getBoundingClientRect()
                .height,
          ),
        ),
      );
    expect(small).toBeGreaterThan(9);
    await close();
  });

  it("brings the font that its charts are laid out for, whatever the machine has", async () => {
    const { page, close } = await open(path, DESK);
    const loaded = await page.evaluate(
      "document.fonts.ready.then((fonts) => [...fonts].map((f) => f.family + ' ' + f.status))",
    );
    expect(loaded).toEqual(["Inter loaded"]);
    await close();
  });

  it("never scrolls sideways, but for charts and tables on a phone", async () => {
    for (const file of [path, hostile]) {
      for (const size of [DESK, PHONE]) {
        const { page, close } = await open(file, size);
        expect(await page.evaluate("document.documentElement.scrollWidth")).toBeLessThanOrEqual(size.width);
        await close();
      }
    }
  });

  it("changes its ground and its charts in the dark, and not on paper", async () => {
    const { page, close } = await open(path, DESK, "dark");
    const colours = () =>
      page.evaluate(
        "[getComputedStyle(document.body).backgroundColor, getComputedStyle(document.querySelector('.chart rect')).fill, getComputedStyle(document.querySelector('.chart svg text')).fill]",
      ) as Promise<string[]>;
    expect(await colours()).toEqual(["rgb(16, 20, 26)", "rgb(23, 28, 36)", "rgb(163, 173, 187)"]);
    await page.emulateMedia({ media: "print", colorScheme: "dark" });
    expect(await colours()).toEqual(["rgb(255, 255, 255)", "rgb(255, 255, 255)", "rgb(95, 107, 124)"]);
    await close();
  });

  it("has no fault that axe finds, in light and dark, with everything unfolded", async () => {
    const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
    for (const scheme of ["light", "dark"] as const) {
      const { page, close } = await open(path, DESK, scheme);
      // The page allows no script: the one that checks it comes from outside.
      await page.evaluate("for (const d of document.querySelectorAll('details')) d.open = true");
      await page.evaluate(axe);
      const found = (await page.evaluate(
        "axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'best-practice'] }).then((r) => [r.passes.length, ...r.violations.map((v) => v.id + ': ' + v.nodes.slice(0, 3).map((n) => n.html.slice(0, 160)).join(' | '))])",
      )) as [number, ...string[]];
      const [looked, ...faults] = found;
      expect(looked).toBeGreaterThan(20);
      expect(faults, scheme).toEqual([]);
      await close();
    }
  });

  it("has texts in its charts that stand out from their ground", async () => {
    for (const scheme of ["light", "dark"] as const) {
      const { page, close } = await open(path, DESK, scheme);
      const ground = scheme === "light" ? [255, 255, 255] : [23, 28, 36];
      const fills = (await page
        .locator(".chart:not(.paper) svg text")
        .evaluateAll((texts) =>
          texts.map((text) => [
            text.textContent,
            (globalThis as unknown as { getComputedStyle(e: unknown): { fill: string } }).getComputedStyle(
              text,
            ).fill,
          ]),
        )) as [string, string][];
      expect(fills.length).toBeGreaterThan(50);
      for (const [text, fill] of fills) {
        const colour = fill.match(/\d+/g)!.slice(0, 3).map(Number);
        // A label within a bar is in the ground's colour.
        if (colour.join() === ground.join()) continue;
        expect(contrast(colour, ground), `"${text}" ${fill} in ${scheme}`).toBeGreaterThanOrEqual(4.5);
      }
      await close();
    }
  });

  it("unfolds the numbers of a chart", async () => {
    const { page, close } = await open(path, DESK);
    const details = page.locator("figure details").first();
    expect(await details.locator("table").isVisible()).toBe(false);
    await details.locator("summary").click();
    expect(await details.locator("table").isVisible()).toBe(true);
    expect(await details.locator("tbody tr").count()).toBeGreaterThan(10);
    await close();
  });

  it("prints on paper without cutting a chart off", async () => {
    const { page, close } = await open(path, DESK);
    const pdf = await page.pdf({ format: "A4" });
    expect(pdf.subarray(0, 5).toString()).toBe("%PDF-");
    await page.emulateMedia({ media: "print" });
    await page.setViewportSize({ width: 720, height: 1000 });
    const widths = await page
      .locator("figure svg")
      .evaluateAll((svgs) =>
        svgs.map(
          (svg) =>
            (svg as unknown as { getBoundingClientRect(): { right: number } }).getBoundingClientRect().right,
        ),
      );
    expect(Math.max(...widths)).toBeLessThanOrEqual(720);
    await close();
  });
});

/** The contrast of two colours, by WCAG 2. */
function contrast(a: readonly number[], b: readonly number[]): number {
  const luminance = (colour: readonly number[]) => {
    const [r, g, blue] = colour.map((v) => {
      const s = v / 255;
      return s <= 0.04045 ? s / 12.92 : ((s + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * r! + 0.7152 * g! + 0.0722 * blue!;
  };
  const [x, y] = [luminance(a), luminance(b)];
  return (Math.max(x, y) + 0.05) / (Math.min(x, y) + 0.05);
}
