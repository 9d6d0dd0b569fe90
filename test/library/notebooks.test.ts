import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { trace } from "../../notebooks/make-trace.ts";
import {
  execute,
  FOLDER,
  missing,
  NAMES,
  type Notebook,
  type Output,
  readNotebook,
} from "../../notebooks/run.ts";

type Bundle = Readonly<Record<string, unknown>>;

const outputs = ({ cells }: Notebook): Output[] => cells.flatMap((cell) => cell.outputs ?? []);
const data = (notebook: Notebook) => outputs(notebook).map((output): Bundle => output.data ?? {});
const textOf = (lines: unknown) => (Array.isArray(lines) ? lines.join("") : String(lines));
const VEGA_LITE = "application/vnd.vegalite.v5+json";

/** What a notebook says: its tables, and its charts' sentences. */
const said = (notebook: Notebook) =>
  data(notebook).map((bundle) => textOf(bundle[VEGA_LITE] ? bundle["text/plain"] : bundle["text/markdown"]));

describe("the notebooks", () => {
  it("are there", () => {
    expect([...NAMES].sort()).toEqual(["keep-alive", "memory", "provisioned-concurrency"]);
  });

  it.each(NAMES)("%s is stored as it was run, with its charts for notebooks and as pictures", (name) => {
    const notebook = readNotebook(name);
    const charts = data(notebook).filter((bundle) => VEGA_LITE in bundle);
    expect(charts.length).toBeGreaterThan(1);
    for (const bundle of charts) {
      const svg = textOf(bundle["image/svg+xml"]);
      expect(svg).toMatch(/^<svg [\s\S]*<\/svg>$/);
      const [, inlined] = /src="data:image\/svg\+xml;base64,([^"]*)"/.exec(textOf(bundle["text/markdown"]))!;
      expect(Buffer.from(inlined!, "base64").toString("utf8")).toBe(svg);
    }
    expect(outputs(notebook).every(({ output_type }) => output_type === "display_data")).toBe(true);
    expect(readFileSync(join(FOLDER, `${name}.ipynb`)).length).toBeLessThan(500_000);
  });

  it("use calls that their script makes", () => {
    expect(readFileSync(join(FOLDER, "calls.csv"), "utf8")).toBe(trace());
  });
});

const reason = missing();

describe.skipIf(reason !== undefined)(
  `run from top to bottom${reason ? ` (skipped: ${reason})` : ""}`,
  () => {
    // What they say must come out again; how charts look may change in between (npm run notebooks).
    it.each(NAMES)("%s says again what it says", { timeout: 600_000 }, (name) => {
      const before = readNotebook(name);
      const after = execute(name);
      expect(after.cells.map(({ source }) => textOf(source))).toEqual(
        before.cells.map(({ source }) => textOf(source)),
      );
      expect(said(after)).toEqual(said(before));
    });
  },
);
