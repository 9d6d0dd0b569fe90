import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { Workers } from "../../cli/workers.ts";
import { TooLargeError } from "../../sim/scenario/problem.ts";
import { replicateBy, type Study } from "../../study/replicate.ts";
import { histogramFile, resultFile } from "../../study/result-file.ts";
import { oneThread } from "../../study/runner.ts";
import { openScenario } from "../../study/source.ts";

const FOLDER = new URL("../../scenarios/", import.meta.url);

/** All that a study says. */
const text = (study: Study) =>
  JSON.stringify([
    resultFile(study, "test"),
    histogramFile(study),
    study.account.timeline.columns().map((c) => [...c]),
    study.functions.map(({ timeline }) => timeline?.columns().map((c) => [...c])),
    study.traffic.entries.map(({ timeline }) => timeline?.columns().map((c) => [...c])),
  ]);

describe("worker threads", () => {
  it("give what one thread gives, to the last byte", async () => {
    const workers = new Workers(3);
    try {
      // Between them: one function, many, a trace file, chains, queues, streams, retries, provisioned concurrency.
      for (const name of [
        "spike",
        "azure-like",
        "file-processing",
        "stream",
        "retry-storm",
        "provisioned-schedule",
      ]) {
        const file = JSON.parse(readFileSync(new URL(`${name}.json`, FOLDER), "utf8")) as object;
        const opened = openScenario({ ...file, replications: 3 }, (path) =>
          readFileSync(new URL(path, FOLDER), "utf8"),
        );
        expect(text(await replicateBy(workers, opened)), name).toBe(
          text(await replicateBy(oneThread(), opened)),
        );
      }
    } finally {
      await workers.close();
    }
  });

  it("pass on that a run grew too large", async () => {
    const workers = new Workers(1);
    const opened = openScenario({
      lsim: 1,
      name: "flood",
      horizon: "1h",
      replications: 1,
      account: { concurrency: "unlimited", scaling: "unlimited", requestRate: "unlimited" },
      functions: { f: { initDuration: "0s", timeout: "15m", duration: "14m" } },
      traffic: [{ to: "f", arrivals: { type: "constant", rate: "3000/s" } }],
    });
    await expect(replicateBy(workers, opened)).rejects.toThrow(TooLargeError);
    await workers.close();
  });
});
