import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { cpSync, mkdirSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { playByFleet } from "../../cli/fleet/producer.ts";
import { connect, Presence } from "../../cli/fleet/redis.ts";
import { noFiles } from "../../sim/scenario/files.ts";
import { planSweep } from "../../study/sweep.ts";
import { VERSION } from "../../version.ts";
import { bytesOf, Place, small } from "./lsim.ts";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const hasRedis = spawnSync("redis-server", ["--version"]).status === 0;
const skipped = hasRedis ? "" : " (skipped: there is no redis-server here)";

/** Each point some tenths of a second, so that a worker can be killed on the way. */
const scenario = { ...small, name: "fleet", horizon: "8h", replications: 2 };
const VARY = ["--vary", "api.memorySize=512MB..1024MB:256MB", "--vary", "api.reservedConcurrency=1,3,10,20"];
const POINTS = 12;

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await new Promise((resolve) => server.on("listening", resolve));
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** Waits until it is so. A command that ends before is too quick for the test. */
async function when(isSo: () => boolean, run?: { readonly child: ChildProcess }): Promise<void> {
  while (!isSo()) {
    if (run && run.child.exitCode !== null) throw new Error("the command ended first");
    await setTimeout(5);
  }
}

describe.skipIf(!hasRedis)(`a fleet of workers${skipped}`, () => {
  let redis: ChildProcess;
  let url: string;
  let place: Place;
  let local: string;

  // What a test that fails leaves running would keep the next ones from ending.
  const started: ChildProcess[] = [];
  afterEach(() => {
    for (const child of started.splice(0)) child.kill("SIGKILL");
  });
  const start = (...args: string[]) => {
    const run = place.start(...args);
    started.push(run.child);
    return run;
  };
  const sweep = (out: string, ...more: string[]) =>
    start("sweep", "s.json", ...VARY, "--engine", "bullmq", "--redis", url, "--out", out, ...more);
  const worker = (jobs = 1) => {
    const run = start("worker", "--redis", url, "--jobs", String(jobs));
    let said = "";
    run.child.stderr!.on("data", (data) => {
      said += data;
    });
    return { ...run, ready: () => when(() => said.includes("Playing points")) };
  };
  const finished = (out: string) =>
    place.has(`.${out}.points`)
      ? place.files(`.${out}.points`).filter((name) => /^[0-9a-f]{16}\.json$/.test(name)).length
      : 0;
  /** What stands in Redis of jobs, and of sweeps' scenarios and results. */
  const left = async (pattern: "bull" | "lsim") => {
    const client = await connect(url);
    const keys = await client.keys(`${pattern}:*:*`);
    client.disconnect();
    return keys.filter((key) => pattern === "lsim" || /[0-9a-f]{16}-[0-9a-f]{16}$/.test(key));
  };

  beforeAll(async () => {
    place = new Place(true);
    place.write("s.json", scenario);
    const port = await freePort();
    url = `redis://127.0.0.1:${port}`;
    redis = spawn(
      "redis-server",
      ["--port", String(port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"],
      { cwd: place.folder },
    );
    let log = "";
    redis.stdout!.on("data", (data) => {
      log += data;
    });
    await when(() => log.includes("Ready to accept connections"));
    expect(place.lsim("sweep", "s.json", ...VARY, "--out", "local").code).toBe(0);
    local = bytesOf(join(place.folder, "local"));
  });

  afterAll(() => {
    redis.kill("SIGKILL");
    place.remove();
  });

  it("gives the same bytes as this computer, one of two workers killed on the way; nothing stays in Redis", async () => {
    const [first, second] = [worker(), worker()];
    await Promise.all([first.ready(), second.ready()]);
    const run = sweep("killed");
    await when(() => finished("killed") >= 2, run);
    first.child.kill("SIGKILL");
    const { code, stderr } = await run.ended;
    expect([code, stderr]).toEqual([0, "Written: killed (open charts/index.html)\n"]);
    expect(bytesOf(join(place.folder, "killed"))).toBe(local);
    second.child.kill("SIGTERM");
    const ended = await second.ended;
    expect(ended.code).toBe(0);
    // The rest of them, of which none was played by both and counted twice.
    expect(Number(/Played (\d+) points/.exec(ended.stderr)![1])).toBeLessThanOrEqual(POINTS - 1);
    expect([...(await left("bull")), ...(await left("lsim"))]).toEqual([]);
  }, 600_000);

  it("takes up a sweep again whose command was killed or stopped", async () => {
    const own = worker(2);
    await own.ready();
    const killed = sweep("again");
    await when(() => finished("again") >= 2, killed);
    killed.child.kill("SIGKILL");
    await killed.ended;
    // The worker waits meanwhile: it would play all the points that were asked for before the next command is up.
    own.child.kill("SIGSTOP");
    const stopped = sweep("again");
    let said = "";
    stopped.child.stderr!.on("data", (data) => {
      said += data;
    });
    await when(() => said.includes("finished before"), stopped);
    // It says so just before it begins to listen for Ctrl-C.
    await setTimeout(1000);
    stopped.child.kill("SIGINT");
    const { code, stderr } = await stopped.ended;
    own.child.kill("SIGCONT");
    expect([code, stderr]).toEqual([130, expect.stringMatching(/Interrupted; \d+ of 12 points are kept/)]);
    expect((await sweep("again").ended).code).toBe(0);
    expect(bytesOf(join(place.folder, "again"))).toBe(local);
    own.child.kill("SIGTERM");
    await own.ended;
  }, 600_000);

  it("waits for workers, and says so", async () => {
    const run = sweep("late");
    let said = "";
    run.child.stderr!.on("data", (data) => {
      said += data;
    });
    await when(() => said.includes("Waiting for workers"));
    const own = worker(2);
    expect((await run.ended).code).toBe(0);
    expect(bytesOf(join(place.folder, "late"))).toBe(local);
    own.child.kill("SIGTERM");
    await own.ended;
  }, 600_000);

  it("refuses workers of another version, and workers refuse sweeps of another", async () => {
    const client = await connect(url);
    // A command that was killed is taken for present a while longer.
    await client.flushall();
    const plan = planSweep(small, { vary: ["api.timeout=1s,2s"] }, noFiles, VERSION);
    const idle = {
      plan,
      points: plan.points,
      texts: {},
      done: () => {},
      show: () => {},
      say: () => {},
      pause: () => setTimeout(1),
    };
    const other = await Presence.begin(client, "worker", "0.0.1");
    await expect(playByFleet(url, idle, VERSION)).rejects.toThrow(
      `the workers there are lsim 0.0.1, this is ${VERSION}`,
    );
    const { code, stderr } = await sweep("refused").ended;
    expect([code, stderr]).toEqual([2, expect.stringContaining("install the same version on both sides")]);
    await other.leave();
    const waiting = await Presence.begin(client, "sweep", "0.0.1");
    const refused = await worker().ended;
    expect([refused.code, refused.stderr]).toEqual([
      2,
      expect.stringContaining(`is of lsim 0.0.1, this worker is ${VERSION}`),
    ]);
    await waiting.leave();
    client.disconnect();
  });

  it("passes on that a point grew too large", async () => {
    const own = worker();
    place.write("flood.json", {
      lsim: 1,
      name: "flood",
      horizon: "1h",
      replications: 1,
      account: { concurrency: "unlimited", scaling: "unlimited", requestRate: "unlimited" },
      functions: { f: { initDuration: "0s", timeout: "15m", duration: "14m" } },
      traffic: [{ to: "f", arrivals: { type: "constant", rate: "3000/s" } }],
    });
    const { code, stderr } = await place.start(
      "sweep",
      "flood.json",
      "--vary",
      "f.memorySize=512MB",
      "--engine",
      "bullmq",
      "--redis",
      url,
    ).ended;
    expect([code, stderr]).toEqual([2, expect.stringContaining("The run was stopped")]);
    expect(await left("bull")).toEqual([]);
    own.child.kill("SIGTERM");
    await own.ended;
  }, 600_000);
});

describe("a fleet that cannot be", () => {
  it("says what is missing: the address, Redis, the packages", async () => {
    const place = new Place();
    place.write("s.json", small);
    const args = ["sweep", "s.json", "--vary", "api.timeout=1s,2s", "--engine", "bullmq"];
    const none = place.lsim(...args);
    expect([none.code, none.stderr]).toEqual([2, expect.stringContaining("needs --redis")]);
    const wrong = place.lsim(...args, "--redis", "localhost");
    expect([wrong.code, wrong.stderr]).toEqual([
      2,
      expect.stringContaining("expected an address like redis://"),
    ]);
    const port = await freePort();
    const gone = place.lsim(...args, "--redis", `redis://:secret@127.0.0.1:${port}`);
    expect([gone.code, gone.stderr]).toEqual([2, expect.stringContaining("cannot be reached")]);
    expect(gone.stderr).toContain("ECONNREFUSED");
    expect(gone.stderr).not.toContain("secret");
    // As it is where nobody has installed them.
    mkdirSync(join(place.folder, "lsim"));
    for (const part of ["bin", "dist", "package.json"])
      cpSync(join(ROOT, part), join(place.folder, "lsim", part), { recursive: true });
    const bare = spawnSync(
      process.execPath,
      [join(place.folder, "lsim/bin/lsim.js"), ...args, "--redis", url()],
      { cwd: place.folder, encoding: "utf8" },
    );
    expect([bare.status, bare.stderr]).toEqual([
      2,
      expect.stringContaining("npm install bullmq@6.7.0 ioredis@6.0.0"),
    ]);
    const worker = spawnSync(
      process.execPath,
      [join(place.folder, "lsim/bin/lsim.js"), "worker", "--redis", url()],
      { cwd: place.folder, encoding: "utf8" },
    );
    expect([worker.status, worker.stderr]).toEqual([2, expect.stringContaining("npm install")]);

    function url() {
      return `redis://127.0.0.1:${port}`;
    }
  });
});
