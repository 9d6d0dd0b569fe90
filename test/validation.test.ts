import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type Case, farthest, type Row, strayed, verdictOf } from "../validation/case.ts";
import { validateModel } from "../validation/command.ts";
import { evaluate, tally } from "../validation/evaluate.ts";
import { printDifference, printTolerance, printValue } from "../validation/print.ts";
import { CASES } from "../validation/registry.ts";

const HERE = join(import.meta.dirname, "..");

/** The cases of a few milliseconds each. */
const QUICK = ["concurrency", "environments", "failures", "memory"];

/** A case of one row, 2 + 2. */
const sum = (expected: number, more: Partial<Case> = {}): Case => ({
  id: "sum",
  group: "theory",
  subject: "sums",
  title: "Two and two",
  source: "arithmetic",
  unit: "calls",
  run: () => ({ what: "2 + 2", expected, got: 2 + 2, tolerance: 0.5, from: "stated" }),
  ...more,
});

describe("a row's verdict", () => {
  const row = (more: Partial<Row>): Row => ({
    what: "",
    expected: 10,
    got: 10,
    tolerance: 1,
    from: "stated",
    ...more,
  });
  test.each([
    [row({}), "ok"],
    [row({ got: 11 }), "ok"],
    [row({ got: 11.001 }), "MISS"],
    [row({ got: 8.9 }), "MISS"],
    [row({ got: 10.000001, tolerance: 0 }), "MISS"],
    [row({ got: Number.NaN }), "MISS"],
  ])("%o: %s", (given, verdict) => {
    expect(verdictOf(given)).toBe(verdict);
  });

  describe("that is known to be off", () => {
    const low = (got: number) => row({ got, known: { why: "", off: [-6, -4] } });
    const high = (got: number) => row({ got, known: { why: "", off: [2, 3] } });
    test.each([low(4), low(5), low(6), high(12), high(13)])("holds within its band: %o", (given) => {
      expect(verdictOf(given)).toBe("known");
      expect(strayed(given)).toBeUndefined();
    });
    test.each([
      [low(3.9), "off by more than is known"],
      [low(7), "off by less than is known"],
      [low(9.5), "no longer off: remove the flag"],
      [low(10), "no longer off: remove the flag"],
      [low(15), "off by more than is known"],
      [high(13.1), "off by more than is known"],
      [high(11.5), "off by less than is known"],
      [high(11), "no longer off: remove the flag"],
      [high(5), "off by more than is known"],
      [high(Number.NaN), "off by more than is known"],
    ])("is a miss outside it: %o, %s", (given, how) => {
      expect(verdictOf(given)).toBe("MISS");
      expect(strayed(given)).toBe(how);
    });
    test("shows its band", () => {
      expect(printTolerance(low(5), "")).toBe("± 1.0, stated; known: −6.0 to −4.0");
      expect(printTolerance(row({ tolerance: 0, known: { why: "", off: [-1, -1] } }), "")).toBe(
        "stated; known: −1",
      );
    });
  });

  test("of several runs is that of the one farthest off", () => {
    expect(farthest(10, [10.1, 9.5, 10.2])).toBe(9.5);
  });
});

test("numbers show two digits of their tolerance, exact ones all that they have", () => {
  const share: Row = { what: "", expected: 0.0700479, got: 0.0694, tolerance: 0.0021, from: "chance" };
  expect(printValue(share.expected, share, "%")).toBe("7.00 %");
  expect(printDifference(share, "%")).toBe("−0.06 %");
  expect(printTolerance(share, "%")).toBe("± 0.21 %, chance");
  const cost: Row = { what: "", expected: 78.46682, got: 78.46682, tolerance: 0, from: "exact" };
  expect(printValue(cost.got, cost, "$")).toBe("$78.46682");
  expect(printDifference(cost, "$")).toBe("$0");
  expect(printTolerance(cost, "$")).toBe("exact");
});

describe("the command", () => {
  let root = "";
  let printed: string[] = [];
  const data = process.env.LSIM_DATA;
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), "lsim-validation-"));
    printed = [];
  });
  afterEach(() => {
    rmSync(root, { recursive: true });
    if (data === undefined) delete process.env.LSIM_DATA;
    else process.env.LSIM_DATA = data;
  });
  const command = (cases: readonly Case[], ...args: string[]) =>
    validateModel(cases, { args, root, version: "0.0.0", print: (line) => printed.push(line) });
  const written = () => readFileSync(join(root, "VALIDATION.md"), "utf8");

  test("ends with 0 when every row holds", async () => {
    expect(await command([sum(4)])).toBe(0);
    expect(written()).toContain("1 row: 1 ok, 0 MISS, 0 known");
    expect(readFileSync(join(root, "validation/charts/differences.svg"), "utf8")).toContain("<svg");
  });

  test("shows a wrong expected value as a MISS and ends with 1", async () => {
    expect(await command([sum(5)])).toBe(1);
    expect(written()).toContain("1 row: 0 ok, 1 MISS, 0 known");
    expect(written()).toContain("| 2 + 2 | 5.00 | 4.00 | −1.00 | ± 0.50, stated | **MISS** |  |");
    expect(printed).toContain("MISS  sum: 0 of 1");
  });

  test("shows a wrong expected value of a real case", async () => {
    const a6 = CASES.find(({ id }) => id === "A6")!;
    const wrong: Case = {
      ...a6,
      run: () => [a6.run()].flat().map((row) => ({ ...row, expected: row.expected + 1 })),
    };
    expect(await command([a6], "--only", "A6")).toBe(0);
    expect(await command([wrong], "--only", "A6")).toBe(1);
  });

  test("counts a case that breaks as a MISS", async () => {
    const broken = sum(4, {
      run: () => {
        throw new Error("no such setting");
      },
    });
    expect(await command([broken])).toBe(1);
    expect(written()).toContain("broke: no such setting");
  });

  const off = (expected: number, least: number, most: number) =>
    sum(expected, {
      run: () => ({ ...(sum(expected).run() as Row), known: { why: "it is off", off: [least, most] } }),
    });

  test("does not count what is known to be off, neither as right nor as a miss, within its band", async () => {
    expect(await command([off(7, -3.5, -2.5)])).toBe(0);
    expect(written()).toContain("1 row: 0 ok, 0 MISS, 1 known");
    expect(written()).toContain(
      "| 2 + 2 (it is off) | 7.00 | 4.00 | −3.00 | ± 0.50, stated; known: −3.50 to −2.50 |",
    );
  });

  test.each([
    [off(7, -2.5, -1), "off by more than is known"],
    [off(7, -5, -3.5), "off by less than is known"],
    [off(4.25, -3, -0.5), "no longer off: remove the flag"],
  ])("counts it as a MISS outside its band", async (known, how) => {
    expect(await command([known])).toBe(1);
    expect(written()).toContain(`| **MISS**: ${how} |`);
    expect(printed.join("\n")).toContain(how);
  });

  test("writes the same file twice", async () => {
    await command([sum(4)]);
    const first = written();
    await command([sum(4)]);
    expect(written()).toBe(first);
  });

  test("without recorded data keeps the report that has them, unless it is to be partial", async () => {
    const recorded = sum(4, { id: "recorded", group: "recorded" });
    process.env.LSIM_DATA = root;
    await command([sum(4), recorded]);
    const whole = written();
    delete process.env.LSIM_DATA;
    expect(await command([sum(4), recorded])).toBe(0);
    expect(written()).toBe(whole);
    expect(printed.at(-1)).toContain("left as it is");
    await command([sum(4), recorded], "--partial");
    expect(written()).toContain("| LSIM_DATA is not set | not run |");
    // There is nothing to lose now.
    writeFileSync(join(root, "VALIDATION.md"), written().replace("0.0.0", "older"));
    await command([sum(4), recorded]);
    expect(written()).toContain("0.0.0");
  });

  test.each([[["--fast"]], [["--only"]], [["--only", "nothing of that name"]]])(
    "%j is refused with 2",
    async (args) => {
      expect(await command([sum(4)], ...args)).toBe(2);
    },
  );
});

describe("the cases", () => {
  test("have an id each", () => {
    expect(new Set(CASES.map(({ id }) => id)).size).toBe(CASES.length);
  });

  test.each(QUICK)("about %s hold", (subject) => {
    const cases = CASES.filter((one) => one.subject === subject && one.group !== "recorded");
    expect(cases.length).toBeGreaterThan(1);
    const outcomes = cases.map(evaluate);
    const misses = outcomes.flatMap(({ rows }) => rows.filter(({ verdict }) => verdict === "MISS"));
    expect(misses).toEqual([]);
    expect(tally(outcomes).ok).toBeGreaterThan(5);
  });

  test("are all in VALIDATION.md, each with its rows", () => {
    const text = readFileSync(join(HERE, "VALIDATION.md"), "utf8");
    const ids = [...text.matchAll(/^\| \*\*`([^`]+)`\*\*/gm)].map((match) => match[1]);
    expect([...ids].sort()).toEqual(CASES.map(({ id }) => id).sort());
    expect(text).not.toMatch(/\*\*MISS\*\*|not run \|/);
  });
});
