import { packageStorage } from "../../sim/lambda/package-storage.ts";
import type { ScenarioFile } from "../../sim/scenario/schema.ts";
import { MILLISECOND } from "../../sim/units.ts";
import { evenly, lab, one, run } from "../../test/support/lab.ts";
import { type Case, exactly } from "../case.ts";
import { presetFunction } from "../runs.ts";

type FunctionFile = ScenarioFile["functions"][string];

/** Mean of a cold start of the default platform, in ms. */
function coldMs(settings: FunctionFile): number {
  const scenario = presetFunction("aws", { duration: "50ms", ...settings }, evenly("1/s"), "1m");
  const { placement, download, init, firstHandler } = scenario.functions[0]!.coldStart;
  return (placement.mean + download.mean + init.mean + firstHandler.mean) / MILLISECOND;
}

const whole: FunctionFile = { duration: "1s", package: { type: "zip", size: "50 MB" } };
const layered: FunctionFile = {
  duration: "1s",
  package: { type: "zip", size: "10 MB" },
  layers: { deps: "40 MB" },
};

/** What a function adds to its cold starts, and what layers save. */
export const coldStartParts: Case[] = [
  {
    id: "A35-layers",
    group: "aws",
    subject: "cold start",
    title: "40 MB in a layer shared by three functions of 50 MB",
    source: "AWS Lambda developer guide, layers",
    unit: "MB",
    run: () => {
      const traffic = [{ to: "a", arrivals: evenly("1/s") }];
      const stored = (f: FunctionFile) =>
        packageStorage(lab({ horizon: "1m", functions: { a: f, b: f, c: f }, traffic }).functions)!.storedMb;
      return [
        exactly("stored without the layer", 150, stored(whole)),
        exactly("stored with it", 70, stored(layered)),
        exactly("difference in a cold start", 0, coldMs(layered) - coldMs(whole), "ms"),
      ];
    },
  },
  {
    id: "connection",
    group: "aws",
    subject: "cold start",
    title: "A connection of 450 ms beside 50 ms of work: mean duration",
    source: "seed document (ten times); arithmetic",
    unit: "ms",
    run: () => {
      const connected = (where: "init" | "handler") =>
        run(
          one({ duration: "50ms", connect: { duration: "450ms", in: where } }, evenly("1/s"), {
            horizon: "100s",
          }),
        ).f;
      const [init, handler] = [connected("init"), connected("handler")];
      return [
        exactly("opened in init", 50, init.durationMean / 1000),
        exactly("opened in every call", 500, handler.durationMean / 1000),
        exactly("cold latency when opened in init", 500, init.histograms!.coldLatency.mean / 1000),
      ];
    },
  },
];
