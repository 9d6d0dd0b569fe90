import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { pngOf } from "../../cli/png.ts";
import { HOSTILE } from "../support/saved.ts";
import { Place, small } from "./lsim.ts";

/** A folder with a run, a comparison and a sweep of the small scenario. */
const place = new Place(true);
const read = (name: string) => readFileSync(join(place.folder, name), "utf8");
beforeAll(() => {
  place.write("small.json", small);
  for (const args of [
    ["run", "small.json", "--report"],
    ["compare", "small.json", "--with", "api.memorySize=1024MB", "--out", "compared"],
    ["compare", "small.json", "--sensitivity", "--out", "sensitive"],
    ["tune", "small.json", "--sizes", "512,1024", "--out", "tuned"],
    [
      "plan",
      "small.json",
      "--search",
      "api.memorySize=256MB..512MB:256MB",
      "--replications",
      "3",
      "--out",
      "planned",
    ],
    ["sweep", "small.json", "--vary", "api.memorySize=512MB,1024MB", "--out", "swept"],
  ])
    expect(place.lsim(...args, "--quiet")).toMatchObject({ code: 0 });
});
afterAll(() => place.remove());

describe("lsim report", () => {
  it("makes from the folder the same bytes as lsim run --report", () => {
    const first = read("lsim-out/small/report.html");
    expect(first).toContain("The threshold is met");
    const { code, stdout, stderr } = place.lsim("report", "lsim-out/small");
    expect({ code, stdout }).toEqual({ code: 0, stdout: "" });
    expect(stderr).toBe("Written: lsim-out/small/report.html\n");
    expect(read("lsim-out/small/report.html")).toBe(first);
  });

  it("leaves a folder that lsim still knows as its own", () => {
    place.lsim("report", "lsim-out/small", "--to", "html,md,png");
    expect(place.files("lsim-out/small")).toEqual(expect.arrayContaining(["report.html", "report.md"]));
    expect(place.files("lsim-out/small/charts")).toContain("capacity.png");
    expect(place.lsim("run", "small.json", "--quiet", "--report")).toMatchObject({ code: 0, stderr: "" });
    expect(place.has("lsim-out/small/report.md")).toBe(false);
  });

  it("writes Markdown and pictures", () => {
    expect(place.lsim("report", "lsim-out/small", "--to", "md,png", "--out", "made", "--quiet")).toEqual({
      code: 0,
      stdout: "",
      stderr: "",
    });
    expect(read("made/report.md")).toContain("✅ met");
    const png = readFileSync(join(place.folder, "made/charts/capacity.png"));
    expect(png.subarray(1, 4).toString()).toBe("PNG");
    expect(png.readUInt32BE(16)).toBeGreaterThan(1200);
    expect(place.has("made/report.html")).toBe(false);
  });

  it("knows comparisons, sweeps and sensitivities, and takes several into one report", () => {
    const { code } = place.lsim(
      "report",
      "lsim-out/small",
      "compared",
      "swept",
      "sensitive",
      "tuned",
      "planned",
      "--title",
      "Before <launch>",
      "--out",
      "all",
    );
    expect(code).toBe(0);
    const html = read("all/report.html");
    expect(html).toContain("<title>Before &lt;launch&gt; – capacity review</title>");
    // What a comparison changes stands beside the run it is about.
    expect(html).toMatch(/<dt>api\.memorySize<\/dt><dd>512 MB <span class="arrow">→<\/span> <b>1024MB<\/b>/);
    for (const what of ["comparison: ", "sweep: ", "sensitivity: ", "tuning of memory: ", "plan: "])
      expect(html).toContain(`<h2>${what}`);
    const ids = [...html.matchAll(/\bid="([^"]*)"/g)].map(([, id]) => id);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it("says the command that makes the results again, without what changes nothing", () => {
    const { command } = JSON.parse(read("lsim-out/small/review.json"));
    expect(command).toBe("lsim run small.json");
    place.lsim(
      "run",
      "small.json",
      "--seed",
      "7",
      "--jobs",
      "1",
      "--out",
      "other dir",
      "--set=api.timeout=5s",
      "--quiet",
    );
    expect(JSON.parse(read("other dir/review.json")).command).toBe(
      "lsim run small.json --seed 7 --set=api.timeout=5s",
    );
  });

  it("never shows the value of an environment variable", () => {
    place.lsim(
      "run",
      "small.json",
      "--set",
      'api.environment={"variables":{"TOKEN":"geheim"}}',
      "--out",
      "secret",
      "--report",
      "--quiet",
    );
    expect(read("secret/report.html")).not.toContain("geheim");
    expect(read("secret/review.json")).not.toContain("geheim");
  });
});

describe("what lsim report cannot read", () => {
  it("is named, with what to do, and nothing is written", () => {
    const cases: [string[], RegExp][] = [
      [["nowhere"], /^nowhere: is no folder; give one that lsim run, plan, sweep, tune or compare wrote/],
      [["."], /^\.: holds no results of lsim \(none of plan\.json, compare\.json/],
      [["lsim-out/small", "--to", "pdf"], /^--to "pdf": expected some of html, md, png/],
      [["lsim-out/small", "--title", ""], /^--title "": give some text/],
      [["broken"], /^broken\/result\.json: is no JSON/],
      [["newer"], /^newer\/result\.json: is of a format \(2\) that this lsim does not know/],
      [["half"], /^half\/result\.json: does not hold all that lsim writes there/],
    ];
    for (const [name, text] of [
      ["broken", "{"],
      ["newer", '{"lsimResult": 2}'],
      ["half", '{"lsimResult": 1}'],
    ]) {
      place.lsim("report", "lsim-out/small", "--out", name!, "--quiet");
      writeFileSync(join(place.folder, name!, "result.json"), text!);
    }
    for (const [args, message] of cases) {
      const { code, stdout, stderr } = place.lsim("report", ...args);
      expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
      expect(stderr).toMatch(message);
    }
    expect(place.has("report.html")).toBe(false);
  });
});

describe("pictures", () => {
  const svg = (text: string) =>
    `<svg xmlns="http://www.w3.org/2000/svg" width="200" height="30"><text x="4" y="20" font-size="14" font-family="Inter, Helvetica" font-weight="600">${text}</text></svg>`;

  it("hold their texts, in a font that has σ and ≤ as well", async () => {
    const drawn = await Promise.all(
      ["", "σ", "≤", "±", "W"].map(async (text) => Buffer.from(await pngOf(svg(text))).toString("base64")),
    );
    // Nothing, and each character, look different from each other: none is the box of a missing one.
    expect(new Set(drawn).size).toBe(drawn.length);
  });

  it("are the same bytes each time", async () => {
    expect(Buffer.from(await pngOf(svg("abc"))).equals(Buffer.from(await pngOf(svg("abc"))))).toBe(true);
  });
});

describe("texts that a terminal would obey", () => {
  it("do not get there, whatever they are in", () => {
    for (const text of HOSTILE.filter((text) => !text.includes("\u0000"))) {
      place.write("hostile.json", {
        ...small,
        seed: text,
        about: text,
        functions: { [text]: {}, ...small.functions },
      });
      const bad = place.lsim("run", "hostile.json");
      expect(bad.code).toBe(2);
      place.write("hostile.json", { ...small, seed: text.slice(0, 100), about: text });
      const good = place.lsim("run", "hostile.json", "--replications", "1", "--out", "hostile");
      expect(good.code, good.stderr).toBe(0);
      for (const said of [bad.stdout, bad.stderr, good.stdout, good.stderr])
        expect(said).not.toMatch(/[^\P{Cc}\n\t]|\p{Bidi_Control}/u);
    }
  });
});
