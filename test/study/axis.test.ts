import { describe, expect, it } from "vitest";
import { grid, parseAxis } from "../../study/axis.ts";

const values = (text: string) => parseAxis(`a.b=${text}`, "--vary").values;

describe("an axis", () => {
  it("is a list, read as JSON where it reads as JSON", () => {
    expect(values("512MB,1024 MB")).toEqual(["512MB", "1024 MB"]);
    expect(values("1,2.5,true,null")).toEqual([1, 2.5, true, null]);
    expect(values('aws,{"type":"burst","burst":100,"perMinute":[1,2]},"a,b"')).toEqual([
      "aws",
      { type: "burst", burst: 100, perMinute: [1, 2] },
      "a,b",
    ]);
  });

  it("is a range, of numbers or of quantities with one unit", () => {
    expect(values("0..400:100")).toEqual([0, 100, 200, 300, 400]);
    expect(values("0..350:100")).toEqual([0, 100, 200, 300]);
    expect(values("128MB..512MB:128MB")).toEqual(["128MB", "256MB", "384MB", "512MB"]);
    expect(values("128..1024MB:*2")).toEqual(["128MB", "256MB", "512MB", "1024MB"]);
    expect(values("0.1..0.5:0.1")).toEqual([0.1, 0.2, 0.3, 0.4, 0.5]);
    expect(values("50/s..150/s:50/s,1000/s")).toEqual(["50/s", "100/s", "150/s", "1000/s"]);
  });

  it.each([
    ["a.b", "varies nothing"],
    ["=1,2", "varies nothing"],
    ["a.b=", "varies nothing"],
    ["a.b=400..0:50", "ends before it starts"],
    ["a.b=0..400:0", "step must be more than 0"],
    ["a.b=0..400:*2", "starts above 0"],
    ["a.b=128MB..1GB:128MB", "one unit"],
    ["a.b=0..1e9:1", undefined],
    ["a.b=0..100000000:1", "longer step"],
    ["a.b=1,2,1", "twice"],
  ])("refuses %s", (text, message) => {
    if (message === undefined) expect(parseAxis(text, "--vary").values).toEqual(["0..1e9:1"]);
    else expect(() => parseAxis(text, "--vary")).toThrow(message);
  });
});

describe("a grid", () => {
  it("is every combination, the last axis fastest", () => {
    const points = grid([
      { path: "x", values: [1, 2] },
      { path: "y", values: ["a", "b"] },
    ]);
    expect(points.map((p) => p.map((s) => s.value).join(""))).toEqual(["1a", "1b", "2a", "2b"]);
    expect(grid([])).toEqual([[]]);
  });
});
