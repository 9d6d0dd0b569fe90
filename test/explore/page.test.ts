import { createRequire } from "node:module";
import { expect, it } from "vitest";
import { printDuration, printShare } from "../../sim/units.ts";
import { describePages, openPage, ranInTerminal } from "./browser.ts";

const SHOP = {
  lsim: 1,
  name: "shop",
  about: "Two functions that share an account.",
  horizon: "2m",
  account: { concurrency: 60, minimumUnreserved: 10, scaling: { type: "burst", burst: 20, perMinute: 60 } },
  functions: {
    checkout: { memorySize: "512 MB", initDuration: "400ms", duration: { p50: "200ms", p99: "1s" } },
    report: { memorySize: "1024 MB", initDuration: "1s", duration: "2s", reservedConcurrency: 10 },
  },
  traffic: [
    { to: "checkout", arrivals: { type: "poisson", rate: "80/s" } },
    { to: "report", arrivals: { type: "bursts", every: "30s", size: 15 } },
  ],
  thresholds: { checkout: { latency: ["p(99) < 2s"] }, total: { throttles: ["rate < 1%"] } },
};

const axe = createRequire(import.meta.url).resolve("axe-core/axe.min.js");

describePages("the page of lsim explore", () => {
  it.each([
    ["light", 1280, 800],
    ["dark", 1280, 800],
    ["light", 390, 844],
    ["dark", 390, 844],
  ] as const)(
    "opens without a network and without a complaint, %s, %i px wide",
    async (colorScheme, width, height) => {
      const shop = await openPage(SHOP, { colorScheme, viewport: { width, height } });
      const { page } = shop;
      expect(await shop.text("#sentence")).toMatch(/threshold/);
      expect(await page.locator("#thresholds li").count()).toBe(2);
      // The page is no wider than the screen: what is wide scrolls in its own frame.
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(width);
      const ground = await page.evaluate(() => getComputedStyle(document.body).backgroundColor);
      expect(ground).toBe(colorScheme === "dark" ? "rgb(16, 20, 26)" : "rgb(246, 247, 249)");
      // Every chart is drawn once it is looked at, in the colours of the ground.
      for (const section of await page.locator("#charts > section").all()) {
        await section.scrollIntoViewIfNeeded();
        const chart = section.locator("svg[role=img]");
        await chart.waitFor();
        expect(await chart.getAttribute("aria-label")).toMatch(/\.$/);
        const fills = await chart.evaluate((svg) => svg.outerHTML.match(/#[0-9A-F]{6}/g));
        expect(fills?.includes("#1F2733")).toBe(colorScheme === "light");
      }
      expect(await page.locator("#charts > section").count()).toBeGreaterThan(3);
      expect(shop.complaints).toEqual([]);
    },
  );

  it("shows the figures of lsim run with the same seed, as it opens and after a slider was moved", async () => {
    const shop = await openPage(SHOP);
    const first = await shop.digest();
    expect(first).toBe(ranInTerminal(shop.place, ["--replications", "1"]).digest);

    // A drag: the knob goes over many values, and the last one counts.
    const slider = shop.field("traffic.report.scale", "range");
    const box = (await slider.boundingBox())!;
    const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
    await shop.page.mouse.move(x, y);
    await shop.page.mouse.down();
    for (let i = 1; i <= 12; i++) await shop.page.mouse.move(x + (i * box.width) / 40, y);
    await shop.page.mouse.up();
    await shop.settled();
    const scale = await shop.field("traffic.report.scale").inputValue();
    expect(Number(scale)).toBeGreaterThan(2);
    const settings = `--replications 1 --set traffic.report.scale=${scale}`;
    expect(await shop.text("#command")).toBe(`lsim run s.json ${settings}`);
    const result = ranInTerminal(shop.place, settings.split(" "));
    expect(await shop.digest()).toBe(result.digest);
    expect(result.digest).not.toBe(first);
    expect(shop.complaints).toEqual([]);
  });

  it("follows the keyboard and exact values, a value for each figure as the terminal has it", async () => {
    const shop = await openPage(SHOP);
    await shop.field("checkout.memorySize", "range").focus();
    await shop.page.keyboard.press("ArrowRight");
    expect(await shop.field("checkout.memorySize").inputValue()).toBe("576");
    expect(await shop.field("checkout.memorySize", "range").getAttribute("aria-valuetext")).toBe("576 MB");
    await shop.field("traffic.checkout.scale").fill("1.75");
    await shop.field("report.reservedConcurrency", "checkbox").uncheck();
    await shop.page.locator("[data-path=replications] input[type=number]").fill("2");
    await shop.settled();
    const result = ranInTerminal(shop.place, [
      ..."--replications 2 --set traffic.checkout.scale=1.75 --set checkout.memorySize=576MB".split(" "),
      ..."--set report.reservedConcurrency=null".split(" "),
    ]);
    expect(await shop.digest()).toBe(result.digest);
    await shop.page.selectOption("#figures-of", "report");
    // Once at rest, the page tells those who do not see it.
    expect(await shop.page.locator("#spoken").textContent()).toContain(await shop.text("#sentence"));
    const { report } = result.functions;
    expect((await shop.figure("Latency p99"))[0]).toContain(printDuration(report.latencyMs.p99 * 1000));
    expect((await shop.figure("Cold starts"))[0]).toContain(
      printShare(
        result.byReplication.reduce(
          (sum: number, { functions }: typeof result) =>
            sum + functions.report.coldStarts / functions.report.invocations,
          0,
        ) / 2,
      ),
    );
    expect(await shop.text("#bill tfoot tr:first-child .now")).toBe(
      `$${result.bill.totalUsd.toFixed(4).replace(/0+$/, "")}`,
    );
  });

  it("puts the state into the address, from which another reader has the same view", async () => {
    const shop = await openPage(SHOP);
    await shop.field("account.concurrency").fill("45");
    await shop.page.click("#pin");
    await shop.field("report.provisionedConcurrency", "checkbox").check();
    await shop.field("report.provisionedConcurrency").fill("4");
    await shop.page.locator("[data-path=seed] input").fill("7");
    await shop.page.keyboard.press("Tab");
    await shop.settled();
    const hash = new URL(shop.page.url()).hash;
    expect([...new URLSearchParams(hash.slice(1))]).toEqual([
      ["account.concurrency", "45"],
      ["report.provisionedConcurrency", "4"],
      ["seed", "7"],
      ["~account.concurrency", "45"],
    ]);
    const other = await openPage(SHOP, { hash });
    for (const selector of ["#sentence", "#figures", "#bill", "#command", "#baseline"])
      expect(await other.text(selector)).toBe(await shop.text(selector));
    expect(await other.field("account.concurrency").inputValue()).toBe("45");
    expect(await other.digest()).toBe(await shop.digest());
    // The address may also be changed in an open page.
    await other.page.evaluate(() => {
      location.hash = "#account.concurrency=30&colour=blue";
    });
    await other.settled();
    expect(await other.field("account.concurrency").inputValue()).toBe("30");
    expect(await other.text("#notice")).toContain("colour");
    expect([...shop.complaints, ...other.complaints]).toEqual([]);
  });

  it("compares with a pinned baseline, figure by figure and line by line", async () => {
    const shop = await openPage(SHOP);
    expect(await shop.figure("Throttled")).toHaveLength(1);
    const opened = await shop.figure("Throttled");
    await shop.field("account.concurrency").fill("20");
    await shop.settled();
    const throttled = await shop.figure("Throttled");
    expect(throttled).toHaveLength(3);
    expect(throttled[1]).toBe(opened[0]);
    expect(throttled[2]).toMatch(/^\+[\d.]+ points worse$/);
    expect(await shop.page.locator("#charts section:first-child svg").textContent()).toContain(
      "dotted: baseline",
    );
    await shop.page.click("#pin");
    await shop.settled();
    expect(await shop.figure("Throttled")).toEqual([throttled[0]]);
    expect(await shop.text("#baseline")).toContain("Account: account concurrency 20");
    await shop.page.click("#reset");
    await shop.settled();
    expect((await shop.figure("Throttled")).slice(0, 2)).toEqual([opened[0], throttled[0]]);
    await shop.page.click("#no-baseline");
    await shop.settled();
    expect(await shop.figure("Throttled")).toEqual(opened);
    expect(new URL(shop.page.url()).hash).toBe("#baseline=none");
  });

  it("leaves a long run for a newer setting, and stays at hand meanwhile", async () => {
    const shop = await openPage(SHOP);
    const first = await shop.digest();
    const scale = shop.field("traffic.checkout.scale");
    // Some minutes' work, which nobody waits for.
    await scale.fill("20000");
    await shop.page.locator("#progress").waitFor();
    const theme = () => shop.page.evaluate(() => document.documentElement.dataset.theme);
    const before = await theme();
    await shop.page.click("#theme");
    expect(await theme()).not.toBe(before);
    expect(await shop.page.locator("main[aria-busy]").count()).toBe(1);
    expect(await shop.digest()).toBe(first);
    await scale.fill("2");
    await shop.settled();
    const settings = "--replications 1 --set traffic.checkout.scale=2";
    expect(await shop.digest()).toBe(ranInTerminal(shop.place, settings.split(" ")).digest);
    expect(await shop.page.locator("#progress").isVisible()).toBe(false);
    expect(shop.complaints).toEqual([]);
  });

  it("says what is wrong with settings that do not go together, and keeps the figures of before", async () => {
    const shop = await openPage(SHOP);
    const before = await shop.text("#figures");
    await shop.field("report.reservedConcurrency").fill("59");
    await shop.settled();
    expect(await shop.text("#problems")).toMatch(
      /functions\.report\.reservedConcurrency: 59 is more than can be set aside/,
    );
    expect(await shop.text("#figures")).toBe(before);
    await shop.field("report.reservedConcurrency").fill("5");
    await shop.settled();
    expect(await shop.page.locator("#problems").isVisible()).toBe(false);
    expect(shop.complaints).toEqual([]);
  });

  it.each(["light", "dark"] as const)("has no serious fault of accessibility, %s", async (colorScheme) => {
    const shop = await openPage(SHOP, {
      colorScheme,
      hash: "#account.concurrency=20&report.reservedConcurrency=5&nothing=1",
      bypassCSP: true,
    });
    for (const section of await shop.page.locator("#charts > section").all()) {
      await section.scrollIntoViewIfNeeded();
      await section.locator("svg").waitFor();
    }
    await shop.page.addScriptTag({ path: axe });
    const violations = await shop.page.evaluate(async () => {
      const { axe } = globalThis as unknown as { axe: { run(): Promise<{ violations: AxeViolation[] }> } };
      return (await axe.run()).violations.map(({ id, impact, nodes }) => ({
        id,
        impact,
        of: nodes.map((n) => n.html),
      }));
    });
    expect(violations.filter(({ impact }) => impact === "serious" || impact === "critical")).toEqual([]);
  });

  it("copies the scenario with the changes, as a file that is the same run", async () => {
    const shop = await openPage(SHOP, { permissions: ["clipboard-read", "clipboard-write"] });
    await shop.field("checkout.memorySize").fill("896");
    await shop.page.click("#copy-scenario");
    await shop.page.waitForFunction(() => document.getElementById("copy-scenario")?.textContent === "Copied");
    const text = await shop.page.evaluate(() => navigator.clipboard.readText());
    const copied = JSON.parse(text);
    expect(copied).toEqual({
      ...SHOP,
      functions: { ...SHOP.functions, checkout: { ...SHOP.functions.checkout, memorySize: "896 MB" } },
    });
    await shop.settled();
    shop.place.write("s.json", text);
    expect(ranInTerminal(shop.place, ["--replications", "1"]).digest).toBe(await shop.digest());
  });

  it("takes whatever a scenario says for text", async () => {
    const evil = `</script><script>alert(1)</script><img src=x onerror=alert(2)><!--<script>"'&\u2028`;
    const shop = await openPage({
      ...SHOP,
      about: evil,
      functions: {
        ...SHOP.functions,
        checkout: { ...SHOP.functions.checkout, runtime: evil, initDuration: undefined },
      },
      traffic: SHOP.traffic,
    });
    expect(await shop.page.locator(".about").textContent()).toBe(evil);
    const runtime = shop.page.locator('[data-path="checkout.runtime"] select option').first();
    expect(await runtime.textContent()).toBe(evil);
    expect(await shop.page.locator("#notes").textContent()).toContain("<img src=x");
    expect(await shop.page.locator("img, script:not([id]):not(:last-child)").count()).toBe(0);
    expect(shop.complaints).toEqual([]);
  });

  it("shows no value of an environment variable", async () => {
    const secret = "hunter2-very-secret";
    const shop = await openPage({
      ...SHOP,
      functions: {
        ...SHOP.functions,
        checkout: { ...SHOP.functions.checkout, environment: { variables: { PASSWORD: secret } } },
      },
    });
    expect(await shop.page.content()).not.toContain(secret);
    expect(await shop.page.content()).toContain("PASSWORD");
  });
});

interface AxeViolation {
  readonly id: string;
  readonly impact: string;
  readonly nodes: readonly { readonly html: string }[];
}
