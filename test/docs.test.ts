import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { ARRIVALS } from "../sim/arrivals/registry.ts";
import { DISTRIBUTIONS } from "../sim/distributions/registry.ts";
import { KEEP_ALIVES } from "../sim/lambda/keep-alive/registry.ts";
import { SCALING_RATES } from "../sim/lambda/scaling-rate/registry.ts";
import { parseScenario } from "../sim/scenario/parse.ts";
import { scenarioSchema } from "../sim/scenario/schema.ts";

const text = readFileSync(new URL("../docs/scenario.md", import.meta.url), "utf8");

/** The examples of the reference by what they are of: each line one value, or the whole block a scenario. */
const blocks = [...text.matchAll(/```json ?(\w*)\n([\s\S]*?)```/g)].map(([, kind, body]) => ({
  kind: kind!,
  examples: kind === "" ? [body!] : body!.trim().split("\n"),
}));

/** A scenario that uses one example. */
function around(kind: string, example: unknown): unknown {
  const f = { duration: "100ms" };
  const scenario = (settings: object, arrivals: unknown = { type: "poisson", rate: "1/s" }) => ({
    lsim: 1,
    name: "example",
    starts: "2026-03-02T00:00Z",
    horizon: "1h",
    functions: { f: settings },
    traffic: [{ to: "f", arrivals }],
  });
  if (kind === "") return example;
  if (kind === "arrivals") return scenario(f, example);
  if (kind === "distribution") return scenario({ duration: example });
  if (kind === "function") return scenario({ ...f, ...(example as object) });
  return scenario({ ...f, [kind]: example });
}

describe("the reference of the scenario file", () => {
  test.each(
    blocks.flatMap(({ kind, examples }) => examples.map((example) => [kind || "scenario", example, kind])),
  )("%s: %s is accepted", (_, example, kind) => {
    expect(() => parseScenario(around(kind, JSON.parse(example)))).not.toThrow();
  });

  test("names every kind and every setting", () => {
    const kinds = [...ARRIVALS, ...DISTRIBUTIONS, ...KEEP_ALIVES, ...SCALING_RATES].map((kind) => kind.type);
    const { functions, traffic, account } = scenarioSchema.shape;
    const settings = [
      ...Object.keys(scenarioSchema.shape),
      ...Object.keys(functions.valueType.shape),
      ...Object.keys(traffic.element.shape),
      ...Object.keys(account.unwrap().shape),
    ];
    const missing = [...kinds, ...settings].filter(
      (name) => !new RegExp(`["\`]${name.replace("$", "\\$")}["\`]`).test(text),
    );
    expect(missing).toEqual(["$schema", "lsim"].filter((name) => missing.includes(name)));
  });
});
