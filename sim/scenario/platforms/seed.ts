import { constantDistribution } from "../../distributions/constant.ts";
import { uniform } from "../../distributions/uniform.ts";
import { burst } from "../../lambda/scaling-rate/burst.ts";
import { MILLISECOND, MINUTE } from "../../units.ts";
import { noFiles } from "../files.ts";
import { aws } from "./aws.ts";
import type { ColdStartPreset, ColdStartQuery, Platform } from "./contract.ts";

/** The user's own document, by runtime, in ms. */
const NODE = { family: /^nodejs/, least: 300, greatest: 600 };
const INIT_MS = [
  NODE,
  { family: /^python/, least: 200, greatest: 500 },
  { family: /^ruby/, least: 400, greatest: 700 },
  { family: /^(java|graalvm)/, least: 1000, greatest: 3000 },
  { family: /^dotnet/, least: 800, greatest: 1500 },
  { family: /^(provided|go|rust|c\+\+)/, least: 400, greatest: 800 },
];

/** The document says of itself no date. */
const DATE = "undated";
const TIMELINE = { source: "the seed document's timeline of a cold start", date: DATE };
const TABLE = { source: "the seed document's cold-start table, by runtime", date: DATE };

/**
 * The document's timeline gives 100 ms to finding or creating an environment, then 200 ms to the download, then its
 * static code, from 200 ms on; the table by runtime gives the length of that last part, since the two then add up to
 * the document's range of 500 to 1,500 ms. It knows no package type and no first-handler penalty.
 */
function coldStart({ runtime }: ColdStartQuery): ColdStartPreset {
  const { least, greatest } = INIT_MS.find(({ family }) => family.test(runtime)) ?? NODE;
  const [min, max] = [least * MILLISECOND, greatest * MILLISECOND];
  return {
    placement: { value: constantDistribution(100 * MILLISECOND), ...TIMELINE },
    download: { value: constantDistribution(200 * MILLISECOND), ...TIMELINE },
    initDuration: { value: uniform.build({ type: "uniform", min, max }, noFiles), ...TABLE },
    firstHandler: { value: constantDistribution(0), ...TIMELINE },
  };
}

const keepAlive = uniform.build({ type: "uniform", min: 10 * MINUTE, max: 15 * MINUTE }, noFiles);

/** Lambda as the user's own document describes it. */
export const seed: Platform = {
  scaling: {
    value: burst.build({ type: "burst", burst: 100, perMinute: 500 }),
    source: "the seed document: 100 at once, then 500 a minute",
    date: DATE,
  },
  keepAlive: {
    value: { text: keepAlive.text, environmentIdle: keepAlive, functionIdle: Number.POSITIVE_INFINITY },
    source: "the seed document: 10 to 15 minutes",
    date: DATE,
  },
  maximumLifetime: aws.maximumLifetime,
  coldStart,
  billInit: aws.billInit,
  allocation: aws.allocation,
};
