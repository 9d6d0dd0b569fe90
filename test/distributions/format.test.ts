import { describe, expect, it } from "vitest";
import { DISTRIBUTIONS } from "../../sim/distributions/registry.ts";
import { scenarioJsonSchema } from "../../sim/scenario/json-schema.ts";

type Node = { [key: string]: Node } & { anyOf?: Node[]; $ref?: string; properties?: Record<string, Node> };

const schema = scenarioJsonSchema() as unknown as Node;
const definition = (name: string) => (schema.definitions as Node)[name]!;

/** The kinds that are written with a type, with their settings. */
const kindsOf = (name: string) =>
  new Map(
    definition(name)
      .anyOf!.filter((kind) => kind.properties?.type)
      .map((kind) => [String(kind.properties!.type!.const), Object.keys(kind.properties!)]),
  );

function refsIn(node: unknown): string[] {
  if (typeof node !== "object" || node === null) return [];
  const own = (node as Node).$ref;
  return [...(typeof own === "string" ? [own] : []), ...Object.values(node).flatMap(refsIn)];
}

describe("distributions in the JSON Schema", () => {
  it("stand there once and are referred to", () => {
    const refs = new Set(refsIn(schema));
    expect(refs).toEqual(
      new Set(
        [
          "distribution",
          "component",
          "duration",
          "invoke",
          "retry",
          "allocation",
          "provisionedConcurrency",
        ].map((name) => `#/definitions/${name}`),
      ),
    );
    for (const ref of refs) expect(definition(ref.split("/").at(-1)!).anyOf!.length).toBeGreaterThan(3);
  });

  it("show min and max on the kinds that are cut by them", () => {
    const kinds = kindsOf("distribution");
    expect([...kinds.keys()]).toEqual(DISTRIBUTIONS.map((kind) => kind.type));
    for (const [type, settings] of kinds) {
      expect(settings.includes("min") && settings.includes("max"), type).toBe(type !== "constant");
    }
  });

  it("show a weight on a mixture's components, and the memory size on handler times", () => {
    for (const settings of kindsOf("component").values()) expect(settings).toContain("weight");
    for (const [type, settings] of kindsOf("duration")) {
      const expected = type === "work" ? ["io", "cpu", "parallelism"] : ["at", "cpuBound", "parallelism"];
      expect(settings).toEqual(expect.arrayContaining(expected));
    }
  });
});
