import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { againstText } from "../reports/text/against.ts";
import { parseScenario } from "../sim/scenario/parse.ts";
import { against } from "../study/against.ts";
import { fleetStudy } from "../study/fleet.ts";
import { replicate } from "../study/replicate.ts";

const FOLDER = new URL("../scenarios/", import.meta.url);
const GOLDEN = new URL("golden/", import.meta.url);

const compared = (name: string) => {
  const scenario = parseScenario(JSON.parse(readFileSync(new URL(`${name}.json`, FOLDER), "utf8")));
  return against(replicate(scenario), fleetStudy(scenario, scenario.ec2!));
};

const names = readdirSync(FOLDER)
  .filter((file) => /^[a-z0-9-]+\.json$/.test(file))
  .map((file) => file.replace(/\.json$/, ""))
  .filter((name) => readFileSync(new URL(`${name}.json`, FOLDER), "utf8").includes('"ec2"'));

describe("Lambda against servers", () => {
  it.each(names)("%s has the comparison that is on record", (name) => {
    const text = `${againstText(compared(name))}\n`;
    const file = new URL(`${name}-against.txt`, GOLDEN);
    if (process.env.LSIM_GOLDEN === "write") writeFileSync(file, text);
    expect(text).toBe(readFileSync(file, "utf8"));
  });

  /** The seed document's own claims, and what is right. */
  it("costs what the seed's examples come to, with its mistakes mended", () => {
    const cost = (name: string) => {
      const row = compared(name).rows.find((r) => r.name === "cost a month")!;
      return [row.lambda.mean, row.servers.mean];
    };
    expect(cost("traffic-low")).toEqual([0, 70.08]);
    const [medium] = cost("traffic-medium");
    expect(medium).toBeCloseTo(78.46682, 9);
    // "$19.80 + $166.67 = $186.47" forgets the free tier for compute; "47 % less than 5 × $70" is 48.7 % of 350.40.
    const [high, servers] = cost("traffic-high");
    expect(high).toBeCloseTo(179.80032, 9);
    expect(servers).toBe(350.4);
    expect(1 - high! / servers!).toBeCloseTo(0.48687, 5);
  });
});
