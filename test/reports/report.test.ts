import { beforeAll, describe, expect, it } from "vitest";
import { shortPath } from "../../reports/html/inline-svg.ts";
import { reportPage } from "../../reports/html/report-page.ts";
import { type KnownStudy, reviewOf } from "../../reports/review/registry.ts";
import { reportMarkdown } from "../../reports/text/report-markdown.ts";
import { HOSTILE, play, savedRun } from "../support/saved.ts";

const SPIKE = {
  name: "spike",
  about: "An API jumps from 5 to 200 requests a second <at once>.",
  platform: "seed",
  horizon: "3m",
  replications: 3,
  account: { concurrency: 100, scaling: { type: "burst", burst: 20, perMinute: 60 } },
  functions: {
    api: {
      memorySize: "1024 MB",
      initDuration: { p50: "350ms", p99: "900ms" },
      duration: { type: "constant", value: "1s" },
    },
  },
  traffic: [
    {
      to: "api",
      arrivals: {
        type: "stages",
        start: "5/s",
        stages: [
          { duration: "1m", target: "5/s" },
          { duration: "0s", target: "200/s" },
          { duration: "2m", target: "200/s" },
        ],
      },
    },
  ],
  thresholds: {
    api: { latency: ["p(99) < 3s"], throttles: ["rate < 1%"] },
    total: { cost: ["perRun < $100"] },
  },
  alarms: [{ name: "refused", of: "api", measure: "throttles", when: "rate > 5%", period: "1m" }],
};

let run: KnownStudy;
let html: string;
let markdown: string;
beforeAll(async () => {
  run = await savedRun(play(SPIKE));
  const review = reviewOf([run]);
  html = reportPage(review);
  markdown = reportMarkdown(review);
});

/** The text of a page, as a reader without pictures gets it. */
const textOf = (page: string) =>
  page
    .replace(/<style>.*?<\/style>/gs, "")
    .replace(/<svg.*?<\/svg>/gs, "")
    .replace(/<[^>]*>/g, " ")
    .replace(/&lt;/g, "<")
    .replace(/&gt;/g, ">")
    .replace(/&#39;/g, "'")
    .replace(/&quot;/g, '"')
    .replace(/&amp;/g, "&")
    .replace(/\s+/g, " ");

const file = () =>
  run.study.file as Record<string, never> & { digest: string; thresholds: { value: number }[] };

describe("the report of a run", () => {
  it("holds verdict, objectives with their values, settings, and where it comes from", () => {
    const text = textOf(html);
    expect(text).toContain(run.study.words!.sentence);
    expect(text).toContain("missed api throttles rate < 1%");
    expect(text).toContain("met api latency p(99) < 3s");
    expect(text).toContain(`${(100 * file().thresholds[1]!.value).toPrecision(3)} %`);
    for (const said of [
      "account.concurrency 100",
      "seed 1",
      "replications 3 of 3 min",
      `digest ${file().digest}`,
    ])
      expect(text).toContain(said);
  });

  it("explains the worst moment and what made it, and holds the next step", () => {
    expect(textOf(html)).toContain("From 1:00 to");
    expect(html).toContain('aria-label="Worst at 1:0');
    expect(textOf(html)).toContain(run.study.words!.next!.command);
  });

  it("has a section a question, and every chart has its finding and its numbers", () => {
    const text = textOf(html);
    for (const chart of run.study.charts) {
      if (chart.name !== "capacity") {
        expect(text).toContain(chart.question);
        expect(text).toContain(chart.finding);
      }
      expect(chart.numbers?.rows.length, chart.name).toBeGreaterThan(0);
      expect(chart.numbers!.rows.every((row) => row.length === chart.numbers!.columns.length)).toBe(true);
    }
    expect(html.match(/Its numbers, as a table/g)).toHaveLength(run.study.charts.length);
  });

  it("has the bill with sources, the alarms, the notes, what was assumed, the words, and the command", () => {
    const text = textOf(html);
    for (const said of [
      "duration x86_64",
      "AWS Price List",
      "3 of 3 replications",
      "functions.api.maximumLifetime",
      "execution environment",
      "lsim run test.json",
    ])
      expect(text).toContain(said);
  });

  it("is one file of less than 500 KB without script and without anything to load", () => {
    expect(Buffer.byteLength(html)).toBeLessThan(500_000);
    expect(html).not.toMatch(
      /<script|<link(?! rel="icon" href="data:,")|<iframe|<object|@import|url\((?!#|"data:)/,
    );
    expect(html.match(/(?:src|href)="(?!#|data:)[^"]*"/g) ?? []).toEqual([]);
  });

  it("has one h1, no level left out, and ids that are there once and that links find", () => {
    const levels = [...html.matchAll(/<h(\d)/g)].map(([, n]) => Number(n));
    expect(levels.filter((n) => n === 1)).toHaveLength(1);
    levels.forEach((n, i) => {
      if (i > 0) expect(n - levels[i - 1]!).toBeLessThanOrEqual(n === 3 && levels[i - 1] === 1 ? 2 : 1);
    });
    const ids = [...html.matchAll(/\bid="([^"]*)"/g)].map(([, id]) => id!);
    expect(new Set(ids).size).toBe(ids.length);
    for (const [, target] of html.matchAll(/href="#([^"]+)"/g)) expect(ids).toContain(target);
  });

  it("gives the same bytes from the same files", async () => {
    expect(reportPage(reviewOf([{ ...run, study: structuredClone(run.study) }]))).toBe(html);
  });

  it("draws every colour of its charts on dark ground too", () => {
    const dark = /@media screen and \(prefers-color-scheme:dark\)\{((?:[^{}]*\{[^{}]*\})*)\}<?/g;
    const rules = [...html.matchAll(dark)].map(([, css]) => css!).join("");
    const used = new Set(
      [...html.matchAll(/(?:fill|stroke)="(#[0-9A-F]{6})"/g)].map(([, colour]) => colour!),
    );
    expect(used.size).toBeGreaterThan(5);
    for (const colour of used) expect(rules, colour).toContain(`="${colour}"]`);
  });
});

describe("the report in Markdown", () => {
  it("says the same at once: verdict, objectives, settings, why", () => {
    expect(markdown).toMatch(/^# spike\n/);
    expect(markdown).toContain("❌ missed");
    expect(markdown).toContain("| account.concurrency | 100 |");
    expect(markdown).toContain("* From 1:00 to");
    expect(markdown).toContain(`digest ${file().digest}`);
  });

  it("fits into a comment of a pull request", () => {
    expect(markdown.length).toBeLessThan(65_536);
  });

  it("has tables whose rows all have the cells of their heads", () => {
    const tables = markdown.split(/\n\n/).filter((block) => block.startsWith("|"));
    expect(tables.length).toBeGreaterThan(4);
    for (const table of tables) {
      const counts = table.split("\n").map((line) => line.replace(/\\\|/g, "").split("|").length);
      expect(new Set(counts).size).toBe(1);
    }
  });
});

describe("texts that mean something to their readers", () => {
  /** The saved run with a text in every place where somebody could have put one. */
  function spoilt(text: string): KnownStudy {
    const study = structuredClone(run.study);
    const { functions, thresholds, defaults, notes, bill } = study.file as {
      functions: Record<string, unknown>;
      thresholds: { of: string; expression: string }[];
      defaults: { path: string; value: string; source: string }[];
      notes: string[];
      bill: { lines: { item: string; source: string }[] };
    };
    functions[text] = functions.api;
    thresholds[0]!.of = text;
    thresholds[1]!.expression = text;
    defaults[0] = { ...defaults[0]!, path: text, value: text, source: text };
    notes.push(text);
    bill.lines[0] = { ...bill.lines[0]!, item: text, source: text };
    const scenario = (study.file as { scenario: Record<string, unknown> }).scenario;
    scenario.name = text;
    scenario.functions = { [text]: { memorySize: text } };
    const words = study.words!;
    return {
      kind: run.kind,
      study: {
        ...study,
        words: {
          ...words,
          about: text,
          sentence: text,
          summary: text,
          command: text,
          next: { command: text, caveat: text },
        },
        charts: study.charts.map((chart) => ({
          ...chart,
          title: text,
          question: text,
          finding: text,
          numbers: { columns: [text, "n"], rows: [[text, 1]] },
        })),
      },
    };
  }

  /** Tags of a page, by name and attributes' names: what a browser makes of it. */
  const skeleton = (page: string) =>
    [...page.matchAll(/<(\/?[a-z0-9]+)((?:\s+[a-zA-Z:-]+(?:="[^"]*")?)*)\s*\/?>/g)]
      .map(
        ([, tag, attributes]) =>
          `${tag}${[...attributes!.matchAll(/([a-zA-Z:-]+)="[^"]*"/g)].map(([, a]) => ` ${a}`).join("")}`,
      )
      .join("\n");

  it("change nothing of the page but its texts", () => {
    const harmless = skeleton(reportPage(reviewOf([spoilt("harmless")])));
    for (const text of HOSTILE) {
      const page = reportPage(reviewOf([spoilt(text)], text));
      expect(skeleton(page)).toBe(harmless);
      expect(page).not.toMatch(/[^\P{Cc}\n\t]|\p{Bidi_Control}/u);
      expect(page.length).toBeLessThan(html.length + 60 * text.length + 20_000);
    }
  });

  it("stand in the page as they were written", () => {
    const page = textOf(reportPage(reviewOf([spoilt("<script>alert(1)</script> & \"'")])));
    expect(page).toContain("<script>alert(1)</script> & \"'");
  });

  it("begin nothing in Markdown", () => {
    const lines = (text: string) =>
      reportMarkdown(reviewOf([spoilt(text)], text))
        .split("\n")
        .filter((line) => /^(#|\||\* |<details>|<\/details>|<sub>|```)/.test(line))
        .map((line) => `${line[0]}${line[0] === "|" ? line.replace(/\\\|/g, "").split("|").length : ""}`);
    // A text in a code block keeps its lines; all else stays on its own.
    const harmless = lines("harmless");
    for (const text of HOSTILE.filter((text) => !text.includes("\n"))) expect(lines(text)).toEqual(harmless);
    for (const text of HOSTILE) {
      const said = reportMarkdown(reviewOf([spoilt(text)], text));
      // Outside of code blocks, and of the lines that hold code.
      const prose = said
        .split(/^`{3,}$/m)
        .filter((_, i) => i % 2 === 0)
        .flatMap((part) => part.split("\n").filter((line) => !line.includes("`")));
      expect(prose.length).toBeGreaterThan(40);
      for (const line of prose) expect(line).not.toMatch(/(?<!\\)<(script|img|b>|\/title)/);
    }
  });

  it("are text in charts as well", async () => {
    const { renderSvg } = await import("../../reports/charts/render.ts");
    const { note, specOf } = await import("../../reports/charts/chart.ts");
    for (const text of HOSTILE) {
      const svg = await renderSvg(
        specOf(text, text, text, { width: 100, height: 20, layer: [note(text, 5, 5)] }),
      );
      expect(svg).not.toMatch(/<(script|img|b)\b|onerror="|<\/style>/);
      const tags = [...svg.matchAll(/<([a-z]+)/g)].map(([, tag]) => tag);
      expect(tags.every((tag) => ["svg", "g", "rect", "path", "line", "text", "tspan"].includes(tag!))).toBe(
        true,
      );
    }
  });
});

describe("pictures in a page", () => {
  it("are the same lines, written shorter", () => {
    expect(shortPath("M0,0L2,0L4,0L4,0L4,5L4,9L6,9L5,9Z")).toBe("M0,0H4V9H6H5Z");
    expect(shortPath("M0,0L1,2L2,4ZM5,5L5,4")).toBe("M0,0L1,2L2,4ZM5,5V4");
    // Arcs and curves stay as they are.
    expect(shortPath("M0,0A5,5,0,1,1,3,3L2,2")).toBe("M0,0A5,5,0,1,1,3,3L2,2");
  });
});

describe("files that somebody has changed", () => {
  it("name what is missing, and old folders without words have a report too", () => {
    const { words: _, ...study } = run.study;
    const page = textOf(reportPage(reviewOf([{ kind: run.kind, study: { ...study, words: undefined } }])));
    expect(page).toContain("1 of 3 thresholds missed: api throttles rate < 1%.");
    expect(() => reviewOf([{ kind: run.kind, study: { ...run.study, file: { lsimResult: 1 } } }])).toThrow(
      TypeError,
    );
  });
});
