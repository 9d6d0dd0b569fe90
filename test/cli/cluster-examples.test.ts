import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { BIN, bytesOf, Place, small } from "./lsim.ts";

const example = (name: string) => fileURLToPath(new URL(`../../examples/${name}`, import.meta.url));
const VARY = ["--vary", "api.memorySize=512MB..3072MB:512MB"];
const LSIM = `${process.execPath} ${BIN}`;

/** A folder in which the sweep was played at once. */
function played(): Place {
  const place = new Place();
  place.write("shop.json", small);
  expect(place.lsim("sweep", "shop.json", ...VARY, "--out", "whole").code).toBe(0);
  return place;
}

/** Runs a command as a cluster would. */
function run(place: Place, command: string, args: readonly string[], env: Record<string, string>): void {
  const { status, stderr } = spawnSync(command, args, {
    cwd: place.folder,
    encoding: "utf8",
    env: { PATH: process.env.PATH, LSIM, ...env },
  });
  expect([status, stderr]).toEqual([0, ""]);
}

function expectMerged(place: Place): void {
  expect(place.lsim("merge", "points", "--out", "merged").code).toBe(0);
  expect(bytesOf(join(place.folder, "merged"))).toBe(bytesOf(join(place.folder, "whole")));
}

describe("the examples for clusters play what one sweep does", () => {
  it.each([
    ["from 1", {}, [1, 2, 3]],
    ["from 0", { FIRST: "0" }, [0, 1, 2]],
  ])("as a Slurm array that counts %s", (_, env, tasks) => {
    const place = played();
    for (const task of tasks) {
      const slurm = { SLURM_ARRAY_TASK_ID: String(task), SHARDS: "3" };
      run(place, "bash", [example("slurm-array.sh"), "shop.json", ...VARY], { ...env, ...slurm });
    }
    expectMerged(place);
  });

  it("as an Indexed Job of Kubernetes", () => {
    const place = played();
    const { spec } = parse(readFileSync(example("kubernetes-indexed-job.yaml"), "utf8"));
    const { command, args, env } = spec.template.spec.containers[0];
    expect(spec.completionMode).toBe("Indexed");
    expect(env).toEqual([{ name: "SHARDS", value: String(spec.completions) }]);
    // The pod's folders and program are this one's.
    const script = args[0]
      .replace("/scenario/shop.json", "shop.json")
      .replace("/points", "points")
      .replace("lsim sweep", '"$@" sweep')
      .replace("256MB", "512MB");
    for (let index = 0; index < spec.completions; index++) {
      const pod = { JOB_COMPLETION_INDEX: String(index), SHARDS: String(spec.completions) };
      run(place, command[0], [...command.slice(1), script, "sh", process.execPath, BIN], pod);
    }
    expectMerged(place);
  });

  it("as an array of AWS Batch", () => {
    const place = played();
    for (const index of [0, 1]) {
      run(place, "bash", [example("aws-batch-array.sh")], {
        AWS_BATCH_JOB_ARRAY_INDEX: String(index),
        SHARDS: "2",
        SCENARIO: "shop.json",
        VARY: VARY.join(" "),
        OUT: "points",
      });
    }
    expectMerged(place);
  });
});
