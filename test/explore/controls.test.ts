import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import fc from "fast-check";
import { describe, expect, it, test } from "vitest";
import { addressOf, commandOf, stateFrom } from "../../reports/explore/address.ts";
import {
  type Control,
  changesOf,
  isShown,
  nearestStop,
  readValue,
  textOf,
  type Value,
  type Values,
  written,
} from "../../reports/explore/control.ts";
import { controlsOf } from "../../reports/explore/controls.ts";
import { applySettings, parseSetting } from "../../sim/scenario/paths.ts";
import { openScenario } from "../../study/source.ts";

const SCENARIOS = fileURLToPath(new URL("../../scenarios/", import.meta.url));
const files = readdirSync(SCENARIOS).filter((name) => /(?<!schema)\.json$/.test(name));

const read = (name: string) => readFileSync(join(SCENARIOS, name), "utf8");
const opened = (name: string) => openScenario(JSON.parse(read(name)), read);

/** Values that a control can stand at. */
function standing(control: Control): fc.Arbitrary<Value> {
  if (control.kind === "choice") return fc.constantFrom(...control.options.map(({ id }) => id));
  if (control.kind === "text")
    return fc.oneof(
      fc.string({ minLength: 1, maxLength: 12 }),
      fc.constantFrom("7", "007", "00", "-0", "-3", "1e3"),
    );
  const stop = fc.constantFrom(...control.stops);
  return control.off ? fc.option(stop, { nil: null }) : stop;
}

describe.each(files)("the controls of %s", (name) => {
  const { scenario, source } = opened(name);
  const controls = controlsOf(scenario);

  it("have paths of their own, and begin where the scenario stands, on a stop", () => {
    expect(new Set(controls.map(({ path }) => path)).size).toBe(controls.length);
    for (const control of controls) {
      if (control.kind !== "number" || control.initial === null) continue;
      expect(control.stops, control.path).toContain(control.initial);
      expect(control.stops[nearestStop(control, control.initial)]).toBe(control.initial);
    }
    expect(changesOf(controls, {})).toEqual([]);
  });

  it("read back every value that they write, as the command line takes it", () => {
    for (const control of controls) {
      fc.assert(
        fc.property(standing(control), (value) => {
          const text = textOf(written(control, value));
          expect(readValue(control, text), control.path).toBe(value);
          if (control.kind !== "text")
            expect(parseSetting(`${control.path}=${text}`).value).toEqual(written(control, value));
        }),
        { numRuns: 30 },
      );
    }
  });

  it("change the scenario to one that can be played, one at a time", () => {
    const read = (file: string) => source.texts[file]!;
    for (const control of controls) {
      if (control.kind !== "number" || !isShown(control, controls, {})) continue;
      // Percentiles must stay in order, reservations within the account, timeouts within those of queues.
      const bound = /p50|p99|oncurrency$|timeout$/.test(control.path);
      const values = bound ? [control.initial] : [control.stops[0]!, control.stops.at(-1)!];
      for (const value of [...values, ...(control.off && control.initial !== null ? [null] : [])]) {
        const changes = changesOf(controls, { [control.path]: value });
        const played = openScenario(applySettings(source.file, changes), read);
        if (value !== null && value !== control.initial)
          expect(played.scenario.file, control.path).not.toEqual(scenario.file);
      }
    }
  });
});

describe("a control's words", () => {
  it("are read with and without spaces, as the command line does", () => {
    const memory = controlsOf(opened("spike.json").scenario).find(({ path }) => path.endsWith("memorySize"))!;
    expect(readValue(memory, "768MB")).toBe(768);
    expect(readValue(memory, "768 MB")).toBe(768);
    expect(readValue(memory, "768 GB")).toBeUndefined();
    expect(readValue(memory, "MB")).toBeUndefined();
  });
});

describe("the address", () => {
  const { scenario } = opened("spike.json");
  const controls = controlsOf(scenario);
  const some = fc.record(Object.fromEntries(controls.map((control) => [control.path, standing(control)])), {
    requiredKeys: [],
  }) as fc.Arbitrary<Values>;

  it("restores every state: the same changes, the same baseline, the same address", () => {
    fc.assert(
      fc.property(some, fc.option(some, { nil: null }), (values, baseline) => {
        const address = addressOf(controls, { values, baseline });
        const { state, unknown } = stateFrom(controls, `#${address}`);
        expect(unknown).toEqual([]);
        expect(changesOf(controls, state.values)).toEqual(changesOf(controls, values));
        expect(state.baseline === null).toBe(baseline === null);
        expect(addressOf(controls, state)).toBe(address);
      }),
      { numRuns: 200 },
    );
  });

  it("names what it does not know, and keeps numbers within limits", () => {
    const { state, unknown } = stateFrom(
      controls,
      "#account.concurrency=9e99&api.memorySze=5&api.architecture=mips&__proto__=1",
    );
    expect(state.values).toEqual({ "account.concurrency": 1_000_000 });
    expect(unknown).toEqual(["api.memorySze", "api.architecture", "__proto__"]);
  });

  test("a state is a command that a shell takes as it is meant", () => {
    const values = { "account.concurrency": 1200, "account.scaling": "aws", seed: "it's", replications: 3 };
    expect(commandOf("my shop.json", controls, values)).toBe(
      "lsim run 'my shop.json' --replications 3 --seed 'it'\\''s' --set account.concurrency=1200 --set account.scaling=aws",
    );
    const other = controlsOf(opened("steady.json").scenario);
    expect(commandOf("s.json", other, { "account.scaling": "burst", "account.scaling.burst": 20 })).toBe(
      `lsim run s.json --replications 1 --set 'account.scaling={"type":"burst","burst":1000,"perMinute":500}' --set account.scaling.burst=20`,
    );
  });
});

it("offers what a scenario writes: retries, batches, rates of gateways", () => {
  const paths = (name: string) => controlsOf(opened(name).scenario).map(({ path }) => path);
  expect(paths("api.json")).toEqual(
    expect.arrayContaining([
      "traffic.clients.scale",
      "traffic.clients.invoke.rate",
      "traffic.clients.invoke.burst",
    ]),
  );
  expect(paths("retry-storm.json")).toContain("traffic.clients.retry.attempts");
  expect(paths("stream.json")).toEqual(
    expect.arrayContaining(["traffic.clicks.invoke.shards", "traffic.clicks.invoke.batchSize"]),
  );
  expect(paths("azure-like.json")).toEqual(expect.arrayContaining(["*.memorySize", "orders.keepAlive"]));
});
