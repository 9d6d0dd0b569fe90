import { table } from "arquero";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  escapeHtml,
  escapeMarkdown,
  markdownBlock,
  markdownCode,
  plainText,
  shortened,
  toCsv,
} from "../../reports/escape.ts";
import { HOSTILE } from "../support/saved.ts";

const anyText = fc.oneof(fc.string({ unit: "binary" }), fc.constantFrom(...HOSTILE));

describe("texts of users", () => {
  it("hold nothing that a terminal obeys or that turns the direction of text, and what was there is shown", () => {
    expect(plainText("\u001b[31mred\u202E")).toBe("\\u{1B}[31mred\\u{202E}");
    expect(plainText("שלום 🦄\n\ttab")).toBe("שלום 🦄\n\ttab");
    fc.assert(
      fc.property(anyText, (text) => {
        expect(plainText(text)).not.toMatch(/[^\P{Cc}\n\t]|\p{Bidi_Control}|\p{Cs}/u);
      }),
    );
  });

  it("are text in HTML, in elements and attributes", () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const escaped = escapeHtml(text);
        expect(escaped).not.toMatch(/[<>"']|&(?!(amp|lt|gt|quot|#39);)/);
        const entities: Record<string, string> = { amp: "&", lt: "<", gt: ">", quot: '"', "#39": "'" };
        const read = escaped.replace(/&(amp|lt|gt|quot|#39);/g, (_, name: string) => entities[name]!);
        expect(read).toBe(plainText(text));
      }),
    );
  });

  it("start no markup in Markdown, stay in their cell, and mention nobody", () => {
    expect(escapeMarkdown("a|b")).toBe("a\\|b");
    expect(escapeMarkdown("16.9 % of <b>")).toBe("16.9 % of \\<b\\>");
    expect(escapeMarkdown("1. no list")).toBe("1\\. no list");
    expect(escapeMarkdown("- no list")).toBe("\\- no list");
    fc.assert(
      fc.property(anyText, (text) => {
        const escaped = escapeMarkdown(text);
        expect(escaped).not.toContain("\n");
        expect(escaped).not.toMatch(/(?<!\\)(\\\\)*[|<`*_[\]#~]/);
        expect(escaped).not.toMatch(/@\w|:\/\//);
      }),
    );
  });

  it("cannot end their code span or block", () => {
    expect(markdownCode("a`b")).toBe("``a`b``");
    expect(markdownCode("`a")).toBe("`` `a ``");
    fc.assert(
      fc.property(anyText, (text) => {
        const block = markdownBlock(text).split("\n");
        const fence = block[0]!;
        expect(block.at(-1)).toBe(fence);
        expect(block.slice(1, -1).some((line) => line.includes(fence))).toBe(false);
        const code = markdownCode(text);
        const mark = /^`+/.exec(code)![0];
        expect(code.slice(mark.length, -mark.length).match(/`+/g) ?? []).not.toContain(mark);
      }),
    );
  });

  it("are no formulas in CSV; numbers and plain texts stay as they are", () => {
    const rows = table({
      name: ["=1+1", "+x", "-x", "@x", "\tx", "ok", "-5", "a-b"],
      "=head": [1, -2, 3, -4, 5, 6, 7, 8],
    });
    expect(toCsv(rows).split("\n").slice(0, 9)).toEqual([
      "name,'=head",
      "'=1+1,1",
      "'+x,-2",
      "'-x,3",
      "'@x,-4",
      "'\tx,5",
      "ok,6",
      "-5,7",
      "a-b,8",
    ]);
    fc.assert(
      fc.property(fc.constantFrom("=", "+", "-", "@", " =", "\t@"), fc.string(), (start, rest) => {
        const cell = toCsv(table({ a: [`${start}${rest}`] })).slice(2);
        const isNumber = Number.isFinite(Number(`${start}${rest}`)) && `${start}${rest}`.trim() !== "";
        expect(isNumber || /^"?'/.test(cell)).toBe(true);
      }),
    );
  });

  it("are cut by characters, never within one", () => {
    expect(shortened("🦄🦄🦄", 2)).toBe("🦄…");
    expect(shortened("short", 10)).toBe("short");
  });
});
