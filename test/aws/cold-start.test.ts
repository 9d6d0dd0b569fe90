import { describe, expect, it, test } from "vitest";
import { packageStorage } from "../../sim/lambda/package-storage.ts";
import { parseScenario } from "../../sim/scenario/parse.ts";
import type { ScenarioFile } from "../../sim/scenario/schema.ts";
import { MILLISECOND } from "../../sim/units.ts";
import { evenly, one, run } from "../support/lab.ts";

type FunctionFile = ScenarioFile["functions"][string];

function parsed(functions: Record<string, FunctionFile>, rest: object = {}) {
  return parseScenario({
    lsim: 1,
    name: "cold",
    horizon: "1m",
    functions: Object.fromEntries(
      Object.entries(functions).map(([name, settings]) => [name, { duration: "50ms", ...settings }]),
    ),
    traffic: [{ to: Object.keys(functions)[0], arrivals: evenly("1/s") }],
    ...rest,
  });
}
const coldStart = (settings: FunctionFile) => parsed({ f: settings }).functions[0]!.coldStart;
const totalMs = (settings: FunctionFile) => {
  const { placement, download, init, firstHandler } = coldStart(settings);
  return (placement.mean + download.mean + init.mean + firstHandler.mean) / MILLISECOND;
};

describe("what a function adds to its init", () => {
  it("is its own static code, decrypting its environment and connecting, on top of the preset", () => {
    const more = totalMs({
      userInit: "400ms",
      environment: { variables: { STAGE: "test" }, decrypt: "30ms" },
      connect: { duration: "200ms", in: "init" },
    });
    expect(more - totalMs({})).toBeCloseTo(630);
  });

  it("is on top of initDuration too, and leaves the phases that are not written at zero", () => {
    const { placement, download, init } = coldStart({ initDuration: "100ms", userInit: "400ms" });
    expect([placement.mean, download.mean, init.mean]).toEqual([0, 0, 500 * MILLISECOND]);
  });

  it("lists only defaults that are used", () => {
    const paths = (settings: FunctionFile) => parsed({ f: settings }).defaults.map((d) => d.path);
    expect(paths({ userInit: "1s" })).toEqual(
      expect.arrayContaining(["functions.f.placement", "functions.f.initDuration"]),
    );
    expect(paths({ initDuration: "1s" })).not.toContain("functions.f.placement");
    expect(paths({ runtime: "java21", snapStart: true })).toContain("functions.f.snapStart.restore");
    expect(paths({ runtime: "java21", snapStart: true })).not.toContain("functions.f.initDuration");
  });
});

describe("a connection", () => {
  const connected = (where: "init" | "handler") =>
    run(
      one({ duration: "50ms", connect: { duration: "450ms", in: where } }, evenly("1/s"), {
        horizon: "100s",
      }),
    ).f;

  test("opened by the handler costs every invocation 450 ms more: ten times as long as one opened in init", () => {
    const [handler, init] = [connected("handler"), connected("init")];
    expect(init.histograms!.duration.mean).toBe(50 * MILLISECOND);
    expect(handler.histograms!.duration.mean).toBe(500 * MILLISECOND);
    expect(init.histograms!.coldLatency.mean).toBe(500 * MILLISECOND);
    expect(init.histograms!.warmLatency.mean).toBe(50 * MILLISECOND);
    expect(init.counters.coldStarts).toBe(1);
  });
});

describe("SnapStart", () => {
  it("restores in place of placement, download and init", () => {
    const { functions } = parsed({
      f: {
        runtime: "java21",
        snapStart: true,
        userInit: "3s",
        connect: { duration: "1s", in: "init" },
      },
    });
    const { coldStart, snapStart } = functions[0]!;
    expect(snapStart).toBe(true);
    expect([coldStart.placement.mean, coldStart.download.mean]).toEqual([0, 0]);
    expect(coldStart.init.quantile?.(0.5, 0.5)).toBeCloseTo(200 * MILLISECOND);
    expect(coldStart.firstHandler.mean).toBeGreaterThan(0);
  });

  it("takes the restore that is written, and false means none", () => {
    const restored = coldStart({ runtime: "python3.12", snapStart: { restore: "120ms" } });
    expect(restored.init.mean).toBe(120 * MILLISECOND);
    expect(parsed({ f: { snapStart: false } }).functions[0]!.snapStart).toBe(false);
  });

  test.each(["java11", "java17", "java25", "python3.12", "python3.14", "dotnet8", "dotnet10"])(
    "is offered for %s",
    (runtime) => {
      expect(parsed({ f: { runtime, snapStart: true } }).functions[0]!.snapStart).toBe(true);
    },
  );
});

describe("layers", () => {
  const whole: FunctionFile = { package: { type: "zip", size: "50 MB" } };
  const layered: FunctionFile = { package: { type: "zip", size: "10 MB" }, layers: { deps: "40 MB" } };
  const three = (f: FunctionFile) => parsed({ a: f, b: f, c: f }).functions;

  test("of 40 MB, shared by three functions of 50 MB, take storage from 150 to 70 MB", () => {
    expect(packageStorage(three(whole))).toEqual({
      storedMb: 150,
      storedWithoutLayersMb: 150,
      uploadedMb: 150,
      uploadedWithoutLayersMb: 150,
    });
    expect(packageStorage(three(layered))).toEqual({
      storedMb: 70,
      storedWithoutLayersMb: 150,
      uploadedMb: 30,
      uploadedWithoutLayersMb: 150,
    });
    expect(packageStorage(three({}))).toBeUndefined();
  });

  it("do not make a cold start shorter: their content is fetched all the same", () => {
    expect(totalMs(layered)).toBe(totalMs(whole));
    expect(totalMs(layered) - totalMs({})).toBeCloseTo(360);
  });
});

describe("defaults of many functions", () => {
  it("are listed once for all, above 200 of them", () => {
    const many = (n: number) =>
      parsed(Object.fromEntries(Array.from({ length: n }, (_, i) => [`f${i}`, {}]))).defaults.filter(
        ({ path }) => path.endsWith("memorySize"),
      );
    expect(many(200)).toHaveLength(200);
    expect(many(201)).toEqual([
      expect.objectContaining({ path: "functions.*.memorySize", value: 128, date: "2026" }),
    ]);
  });
});
