import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { type Browser, type BrowserContextOptions, chromium, type Page } from "playwright-core";
import { afterAll, describe, onTestFinished } from "vitest";
import { Place } from "../cli/lsim.ts";

const CHROMIUM = process.env.LSIM_CHROMIUM ?? "/usr/bin/chromium";

/** Tests of pages, where there is a browser to look with. */
export const describePages = existsSync(CHROMIUM)
  ? describe
  : (name: string, tests: () => void) =>
      describe.skip(`${name} (skipped: no Chromium at ${CHROMIUM}; LSIM_CHROMIUM says where it is)`, tests);

let browser: Promise<Browser> | undefined;
afterAll(async () => (await browser)?.close());

/** A page of `lsim explore`, opened without a network; what it should not say or ask for is collected. */
export class Opened {
  readonly page: Page;
  readonly complaints: string[];
  readonly place: Place;

  constructor(page: Page, complaints: string[], place: Place) {
    this.page = page;
    this.complaints = complaints;
    this.place = place;
  }

  /** Everything that was changed is on the screen, and the address has followed. */
  async settled(): Promise<void> {
    await this.page.waitForFunction(
      () => {
        const timing = document.getElementById("timing")?.dataset.id;
        return timing !== undefined && !document.querySelector("[aria-busy]");
      },
      undefined,
      { timeout: 60_000 },
    );
    await this.page.waitForTimeout(800);
  }

  text(selector: string): Promise<string> {
    return this.page.locator(selector).innerText();
  }

  /** The field of a control, by the path of its setting. */
  field(path: string, type: "number" | "range" | "checkbox" = "number") {
    return this.page.locator(`[data-path="${path}"] input[type=${type}]`);
  }

  async digest(): Promise<string> {
    return /digest ([0-9a-f]{16})/.exec((await this.page.locator("#run").textContent()) ?? "")?.[1] ?? "";
  }

  /** A figure as the table of all figures has it: now, and where there is one the baseline. */
  async figure(name: string): Promise<string[]> {
    return this.page
      .locator("#figures tr", { has: this.page.getByText(name, { exact: true }) })
      .locator("td")
      .allInnerTexts();
  }
}

export async function openPage(
  scenario: unknown,
  { hash = "", args = [], ...options }: BrowserContextOptions & { hash?: string; args?: string[] } = {},
): Promise<Opened> {
  const place = new Place();
  place.write("s.json", scenario);
  const { code, stderr } = place.lsim("explore", "s.json", "--out", "page.html", ...args);
  if (code !== 0) throw new Error(stderr);
  browser ??= chromium.launch({ executablePath: CHROMIUM, args: ["--no-sandbox"] });
  const context = await (await browser).newContext({ offline: true, ...options });
  onTestFinished(() => context.close());
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on("console", (message) => {
    if (["error", "warning"].includes(message.type())) complaints.push(message.text());
  });
  page.on("pageerror", (error) => complaints.push(error.message));
  page.on("dialog", (dialog) => {
    complaints.push(`dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  page.on("request", (request) => {
    if (!/^(file|blob|data):/.test(request.url())) complaints.push(`request: ${request.url()}`);
  });
  await page.goto(`${pathToFileURL(join(place.folder, "page.html"))}${hash}`);
  const opened = new Opened(page, complaints, place);
  await opened.settled();
  // Every control at hand, whichever groups the page opens by itself.
  await page.locator("#controls").evaluate((controls) => {
    for (const group of controls.querySelectorAll("details")) group.open = true;
  });
  return opened;
}

/** What `lsim run` says of the same. */
export function ranInTerminal(place: Place, args: readonly string[]) {
  const { code, stderr } = place.lsim("run", "s.json", "--quiet", "--out", "out", ...args);
  if (code !== 0) throw new Error(stderr);
  return JSON.parse(readFileSync(join(place.folder, "out/result.json"), "utf8"));
}
