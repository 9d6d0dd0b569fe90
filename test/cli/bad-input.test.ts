import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { Place, small } from "./lsim.ts";

/** The small scenario with some parts replaced. */
function changed(change: (scenario: Record<string, never> & typeof small) => void): unknown {
  const copy = structuredClone(small) as never as Record<string, never> & typeof small;
  change(copy);
  return copy;
}
const set = (path: string, value: unknown) =>
  changed((scenario) => {
    const keys = path.split(".");
    let at = scenario as never as Record<string, never>;
    for (const key of keys.slice(0, -1)) at = at[key] ??= {} as never;
    at[keys.at(-1)!] = value as never;
  });

/** Runs it, expects exit 2 with the message, a place in the file, and nothing written. */
function refused(scenario: unknown, ...messages: (string | RegExp)[]): void {
  const place = new Place();
  const file = place.write("bad.json", scenario);
  const { code, stdout, stderr } = place.lsim("run", file);
  expect(code, stderr).toBe(2);
  expect(stdout).toBe("");
  for (const message of messages) expect(stderr).toMatch(message);
  expect(stderr).toContain("Nothing was simulated.");
  expect(place.files()).toEqual(["bad.json"]);
}

describe("a scenario that cannot be simulated is refused with its place, and nothing is written", () => {
  it("text that is not JSON", () => {
    refused('{\n  "lsim": 1,\n  "name": oops\n}', /3:11 .*not JSON/);
    refused("", /not JSON/);
  });

  it("wrong types", () => {
    refused(
      set("functions.api.memorySize", true),
      /functions\.api\.memorySize .*expected a size such as "512 MB", got true/,
    );
    refused(set("replications", "ten"), /replications .*expected a whole number, got "ten"/);
    refused(set("traffic", {}), /traffic .*expected a list, got an object/);
    refused(set("functions.api.errors", []), /expected a share such as "2%", got a list/);
  });

  it("a seed that is not read exactly", () => {
    refused(set("seed", 1e300), /seed +1e\+300 is not read exactly; write it in quotes/);
    refused(set("seed", 1.5), /seed +expected a whole number or text, got 1\.5/);
  });

  it("a quantity without a unit", () => {
    refused(set("functions.api.timeout", 3), /functions\.api\.timeout\s+3 has no unit; write "3s" or "3ms"/);
    refused(set("functions.api.memorySize", "512"), /512 has no unit; write "512 MB"/);
    refused(set("functions.api.duration", 3), /expected a distribution .*has no unit/);
    refused(set("traffic.0.arrivals.rate", 20), /20 has no unit; write "20\/s"/);
  });

  it("unknown settings, all at once, each with its line and a suggestion", () => {
    const scenario = changed((s) => {
      Object.assign(s.functions.api, { memorySze: "1 GB", tmeout: "3s" });
      Object.assign(s, { horizn: "1m" });
      Object.assign(s.thresholds.api, { latncy: ["p(99) < 2s"] });
    });
    refused(
      scenario,
      /\d+:\d+ +functions\.api\.memorySze +unknown setting; did you mean "memorySize"\?/,
      /\d+:\d+ +functions\.api\.tmeout +unknown setting; did you mean "timeout"\?/,
      /\d+:\d+ +horizn +unknown setting; did you mean "horizon"\?/,
      /3 problems/,
    );
    refused(
      set("thresholds.api", { latncy: ["p(99) < 2s"] }),
      /thresholds\.api\.latncy +no such measure; did you mean "latency"\?/,
    );
    refused(set("traffic.0.arrivals.type", "poison"), /did you mean "poisson"\?/);
    refused(set("traffic.0.to", "apy"), /there is no function "apy"; did you mean "api"\?/);
  });

  it("a setting written twice, and nesting without end", () => {
    refused('{\n  "lsim": 1,\n  "name": "a",\n  "name": "b"\n}', /4:3 .*written twice/);
    refused("[".repeat(5000) + "]".repeat(5000), /more than 64 levels deep/);
  });

  it("names the line and column of a misspelt key", () => {
    const place = new Place();
    place.write("s.json", '{\n  "lsim": 1,\n  "name": "s",\n  "horizn": "1m"\n}');
    expect(place.lsim("validate", "s.json").stdout).toMatch(/^ {2}4:3 +horizn/m);
  });

  it("rates, memory sizes, timeouts and horizons out of range", () => {
    refused(set("traffic.0.arrivals.rate", "-5/s"), /"-5\/s" is negative/);
    refused(set("functions.api.memorySize", "127 MB"), /128 MB to 10240 MB/);
    refused(set("functions.api.memorySize", "10241 MB"), /128 MB to 10240 MB/);
    refused(set("functions.api.timeout", "901s"), /1s to 15m/);
    refused(set("traffic.0.arrivals.rate", "1e308/s"), /is more than 1000000000\/s/);
    refused(set("horizon", "1e9d"), /more than 250 years/);
    refused(
      set("functions.api.duration", { type: "lognormal", mean: "1s", cv: 1e200 }),
      /must be at most 100/,
    );
    refused(set("functions.api.duration", { type: "empirical", values: [] }), /values .*is empty/);
    refused(set("horizon", "0s"), /horizon .*must be more than 0/);
    refused(set("warmup", "2m"), /leaves nothing of the horizon/);
  });

  it("policies of provisioned concurrency, each problem at its place and all of them at once", () => {
    const provisioned = (policy: unknown) => set("functions.api.provisionedConcurrency", policy);
    const at = (place: string) => `functions\\.api\\.provisionedConcurrency${place} +`;
    const says = (place: string, message: string) => new RegExp(at(place) + message);
    refused(
      provisioned({
        type: "schedule",
        schedule: [
          { at: "25:00", capacity: 1 },
          { at: "cron(0 8 * *)", capacity: 2.5 },
          { at: 5, capacity: 2 },
          { at: "2m", capcity: 2 },
        ],
        allocation: { perMinute: "fast", preparation: 60 },
      }),
      says("\\.schedule\\.0\\.at", '"25:00" is no time to act at; write it like "07:45"'),
      says("\\.schedule\\.1\\.at", "cron\\(0 8 \\* \\*\\) has 4 fields"),
      says("\\.schedule\\.1\\.capacity", "2.5 is not a whole number"),
      says("\\.schedule\\.2\\.at", "expected a time such as .*, got 5"),
      says("\\.schedule\\.3\\.capcity", 'unknown setting; did you mean "capacity"'),
      says("\\.allocation\\.perMinute", 'expected a whole number or "unlimited", got "fast"'),
      says("\\.allocation\\.preparation", "expected a distribution .*60 has no unit"),
    );
    refused(
      provisioned({
        type: "schedule",
        schedule: [
          { at: "07:45", capacity: 5 },
          { at: "cron(0 9 * * ? *)", capacity: 0 },
        ],
      }),
      says("\\.schedule\\.0\\.at", '"07:45" goes by the calendar: give the scenario "starts"'),
      says("\\.schedule\\.1\\.at", '.* goes by the calendar: give the scenario "starts"'),
    );
    refused(
      provisioned({ type: "target-traking", target: 0.7 }),
      says("\\.type", '.*did you mean "target-tracking"'),
    );
    refused(
      provisioned({ type: "fixed", capacity: 5, at: "1m" }),
      says("\\.at", "1 min is not before the horizon at 1 min"),
    );
    const tracking = { type: "target-tracking", target: 0.7, min: 5, max: 50 };
    refused(
      provisioned({ ...tracking, target: 0.95 }),
      says("\\.target", "0.95 is out of range: .* 0.1 to 0.9"),
    );
    refused(
      provisioned({ ...tracking, target: "7" }),
      says("\\.target", 'expected a share such as "2%", got "7"'),
    );
    refused(provisioned({ ...tracking, min: 51 }), says("\\.min", "51 is more than the max of 50"));
    refused(
      provisioned({ ...tracking, base: 60, schedule: [{ at: "5m" }, { at: "6m", min: 9, max: 8 }] }),
      says("\\.base", "60 is not from the min of 5 to the max of 50"),
      says("\\.schedule\\.0", "sets neither min nor max"),
      says("\\.schedule\\.1\\.min", "9 is more than the max of 8"),
    );
    refused(provisioned({ ...tracking, min: 0 }), says("\\.min", "0 provisioned have no utilisation"));
    refused(provisioned("many"), says("", 'expected provisioned concurrency such as 100 or .*, got "many"'));
  });

  it("policies that could reach more than can be set aside, at the setting that says so", () => {
    const schedule = [
      { at: "1m", capacity: 20 },
      { at: "2m", capacity: 950 },
    ];
    refused(
      set("functions.api.provisionedConcurrency", { type: "schedule", schedule }),
      /functions\.api\.provisionedConcurrency\.schedule\.1\.capacity +950 is more than can be set aside/,
    );
    refused(
      changed((s) =>
        Object.assign(s.functions.api, {
          reservedConcurrency: 30,
          provisionedConcurrency: { type: "target-tracking", target: 0.5, min: 1, max: 31 },
        }),
      ),
      /provisionedConcurrency\.max +31 is more than the reservedConcurrency of 30/,
    );
  });

  it("reservations that AWS would refuse", () => {
    refused(
      set("functions.api.reservedConcurrency", 901),
      /of 1000, 100 must stay unreserved, which leaves 900/,
    );
    refused(
      changed((s) => {
        Object.assign(s, { account: { concurrency: 10 } });
        Object.assign(s.functions.api, { reservedConcurrency: 1 });
      }),
      /of 10, 10 must stay unreserved, which leaves 0/,
    );
    refused(
      changed((s) => Object.assign(s.functions.api, { reservedConcurrency: 10, provisionedConcurrency: 11 })),
      /11 is more than the reservedConcurrency of 10/,
    );
    refused(set("functions.api.provisionedConcurrency", 950), /must stay unreserved/);
  });

  it("thresholds that say nothing", () => {
    refused(set("thresholds.api.latency", ["p(99) < 2"]), /2 has no unit/);
    refused(set("thresholds.api.latency", ["p(101) < 2s"]), /percentile from 0 to 100/);
    refused(set("thresholds.api.latency", ["rate < 1%"]), /latency has no "rate"/);
    refused(
      set("thresholds.api", { messageAge: ["max < 2s"], queueDepth: ["p(99) < 2"] }),
      /\d+:\d+ +thresholds\.api\.messageAge +cannot be measured here: no message waits in a queue.*"async"/,
      /\d+:\d+ +thresholds\.api\.queueDepth\.0 +queueDepth has no "p\(99\)"/,
    );
    refused(set("thresholds.nobody", { latency: ["p(99) < 2s"] }), /there is no function "nobody"/);
  });

  it("a region without prices, two entries with the same draws, a function without a duration", () => {
    refused(set("account.region", "mars-1"), /no dated prices for "mars-1".*pricing/);
    refused(
      changed((s) => s.traffic.push(structuredClone(s.traffic[0]!))),
      /would draw the same numbers; give it a "name"/,
    );
    refused(
      changed((s) => Reflect.deleteProperty(s.functions.api, "duration")),
      /functions\.api\.duration +is missing/,
    );
  });
});

describe("more than one run can hold", () => {
  const closed = (name: string, clients: number) => ({
    to: "api",
    name,
    arrivals: { type: "closed", clients, thinkTime: "1s" },
  });

  it("of closed clients, in all entries together or by scale, is a problem of the entry that goes over", () => {
    refused(
      set("traffic", [closed("a", 300_000), closed("b", 300_000), closed("c", 1)]),
      /1 problem\n.* traffic\.1\.arrivals\.clients +300,000 clients \(600,000 with .*524,288.*give fewer/,
    );
    refused(
      set("traffic", [{ ...closed("a", 500_000), scale: 1e6 }]),
      /traffic\.0\.scale +500,000,000,000 clients, scaled by 1000000, are more than the 524,288/,
    );
  });

  it("of provisioned environments is seen beforehand", () => {
    const ready = { duration: "1s", provisionedConcurrency: 600_000 };
    refused(
      changed((s) => {
        Object.assign(s, { account: { concurrency: "unlimited" } });
        Object.assign(s.functions, { p: ready, q: ready });
      }),
      /functions\.q\.provisionedConcurrency +600,000 \(with .*1,200,000\) is more than the 1,048,576/,
    );
  });

  it("of environments at once ends the run as the user's input, with what to change, and writes nothing", () => {
    const place = new Place();
    place.write(
      "s.json",
      changed((s) => {
        Object.assign(s, {
          account: { concurrency: "unlimited", scaling: "unlimited", requestRate: "unlimited" },
        });
        Object.assign(s.functions.api, { duration: "9s" });
        Object.assign(s.traffic[0]!, { arrivals: { type: "constant", rate: "1000000/s" } });
      }),
    );
    const { code, stdout, stderr } = place.lsim("run", "s.json");
    expect(code, stderr).toBe(2);
    expect(stdout).toBe("");
    expect(stderr).toMatch(
      /^account\.concurrency: at 0:01 of the run there were 1,048,576 environments at once.*lower/,
    );
    expect(stderr).toContain("nothing was written");
    expect(stderr).not.toContain("fault of lsim");
    expect(place.files("lsim-out")).toEqual([]);
  });
});

describe("settings that contradict each other", () => {
  it("errors and crashes over 100 % of invocations", () => {
    refused(
      changed((s) => Object.assign(s.functions.api, { errors: "60%", crashes: "50%" })),
      /\d+:\d+ +functions\.api\.crashes +50\.0 %, with errors of 60\.0 %, comes to 110 %/,
    );
    const place = new Place();
    place.write(
      "s.json",
      changed((s) => Object.assign(s.functions.api, { errors: "99.9%", crashes: "0.1%" })),
    );
    expect(place.lsim("validate", "s.json").code).toBe(0);
  });

  it("traffic that begins when the run is over, or ends before it begins", () => {
    refused(
      changed((s) => Object.assign(s.traffic[0]!, { start: "1m" })),
      /1 problem\n +\d+:\d+ +traffic\.0\.start +1 min is not before the horizon at 1 min/,
    );
    refused(
      changed((s) => Object.assign(s.traffic[0]!, { start: "30s", end: "30s" })),
      /1 problem\n.* traffic\.0\.end +30 s is not after the start at 30 s/,
    );
  });
});

describe("a runtime", () => {
  it.each([
    ["nodejs20x", "nodejs20.x"],
    ["pyton3.12", "python3.12"],
    ["python312", "python3.12"],
    ["python", "python3.14"],
    ["node22", "nodejs22.x"],
    ["Java 21", "java21"],
    ["dotnet", "dotnet10"],
  ])("misspelt as %s is a problem that suggests %s", (written, meant) => {
    refused(
      set("functions.api.runtime", written),
      new RegExp(`functions\\.api\\.runtime +there is no runtime "${written}"; did you mean "${meant}"`),
    );
  });

  it("without a name, or with characters that a terminal obeys, is a problem", () => {
    refused(
      set("functions.api.runtime", "co\u001bbol"),
      /functions\.api\.runtime .* is no runtime; write one such as/,
    );
    refused(
      set("functions.api.runtime", " "),
      /functions\.api\.runtime +" " is no runtime; write one such as/,
    );
  });
});

/** Functions of these settings beside the small scenario's own; all their problems come at once. */
const functions = (all: Record<string, object>) =>
  changed((s) => {
    const written = Object.entries(all).map(([name, settings]) => [name, { duration: "1s", ...settings }]);
    Object.assign(s.functions, Object.fromEntries(written));
  });

describe("what a function is deployed as", () => {
  const layers = (n: number) => Object.fromEntries(Array.from({ length: n }, (_, i) => [`l${i}`, "1 MB"]));

  it("sizes, names and numbers that AWS has not", () => {
    refused(
      functions({
        type: { package: { type: "jar" } },
        unit: { package: { type: "zip", size: 50 } },
        none: { package: { type: "zip", size: "0 MB" } },
        image: { package: { type: "image", size: "11 GB" } },
        six: { layers: layers(6) },
        name: { layers: { "my deps": "1 MB" } },
        tmp: { ephemeralStorage: "256 MB" },
      }),
      /functions\.type\.package\.type +"jar" is not one of them; known: zip, image/,
      /functions\.unit\.package\.size +50 has no unit; write "50 MB"/,
      /functions\.none\.package\.size +"0 MB" must be more than 0/,
      /functions\.image\.package\.size +"11 GB" is too large: Lambda takes images up to 10 GB/,
      /functions\.six\.layers +names 6 layers; Lambda takes 5/,
      /functions\.name\.layers\.my deps +"my deps" is no layer name/,
      /functions\.tmp\.ephemeralStorage .*512 MB to 10240 MB/,
    );
  });

  it("packages and layers that do not fit together", () => {
    refused(
      functions({
        code: { package: { type: "zip", size: "251 MB" } },
        both: { package: { type: "zip", size: "200 MB" }, layers: { deps: "51 MB" } },
        image: { package: { type: "image" }, layers: layers(1) },
        other: { layers: { deps: "30 MB" } },
      }),
      /functions\.code\.package\.size +the code unpacks to 251 MB; Lambda takes 250 MB in a zip package/,
      /functions\.both\.package\.size +code and layers unpack to 251 MB/,
      /functions\.image\.layers +go with zip packages/,
      /functions\.other\.layers\.deps +is 30 MB here and 51 MB in functions\.both/,
    );
  });

  it("environment variables that AWS refuses", () => {
    const variables = (given: object) => ({ environment: { variables: given } });
    refused(
      functions({
        dash: variables({ "MY-KEY": "1" }),
        short: variables({ X: "1" }),
        taken: variables({ AWS_REGION: "mars-1" }),
        long: variables({ LONG: "é".repeat(2047) }),
        flat: { environment: { STAGE: "test" } },
      }),
      /"MY-KEY" is no variable name/,
      /"X" is no variable name; .*two or more/,
      /"AWS_REGION" is set by Lambda itself/,
      /functions\.long\.environment\.variables +names and values come to 4098 bytes; Lambda takes 4096/,
      /functions\.flat\.environment\.STAGE +unknown setting/,
    );
  });

  it("SnapStart where AWS has none", () => {
    const snapped = { runtime: "java21", snapStart: true };
    refused(
      functions({
        node: { ...snapped, runtime: "nodejs22.x" },
        python: { ...snapped, runtime: "python3.11" },
        java: { ...snapped, runtime: "java8.al2" },
        aot: { ...snapped, runtime: "dotnet8 aot" },
        image: { ...snapped, package: { type: "image" } },
        ready: { ...snapped, provisionedConcurrency: 2 },
        tmp: { ...snapped, ephemeralStorage: "1 GB" },
      }),
      /node\.snapStart +is not offered for "nodejs22\.x"; Lambda has it for java11, python3\.12, dotnet8/,
      /python\.snapStart +is not offered for "python3\.11"/,
      /java\.snapStart +is not offered for "java8\.al2"/,
      /aot\.snapStart +is not offered for "dotnet8 aot"/,
      /image\.snapStart +needs a zip package/,
      /ready\.snapStart +cannot go with provisionedConcurrency/,
      /tmp\.snapStart +allows 512 MB of ephemeralStorage, not 1024 MB/,
    );
    refused(
      functions({
        typo: { snapStart: { restor: "1s" } },
        unit: { snapStart: { restore: 200 } },
        word: { snapStart: "on" },
      }),
      /typo\.snapStart\.restor +unknown setting; did you mean "restore"/,
      /unit\.snapStart\.restore .*200 has no unit/,
      /word\.snapStart +expected true, false or an object .* got "on"/,
    );
  });

  it("connections, shares and memory that make no sense", () => {
    refused(
      functions({
        nowhere: { connect: { duration: "1s" } },
        slip: { connect: { duration: "1s", in: "handlr" } },
        unit: { connect: { duration: 450, in: "init" } },
        share: { proactiveInit: "101%" },
        crashes: { crashes: 0.1 },
        memory: { maxMemoryUsed: "0 MB" },
        code: { userInit: "fast" },
      }),
      /nowhere\.connect\.in +is missing; known: init, handler/,
      /slip\.connect\.in .*did you mean "handler"/,
      /unit\.connect\.duration .*450 has no unit/,
      /share\.proactiveInit +"101%" must be from 0% to 100%/,
      /crashes\.crashes +0\.1 has no unit; write "10%"/,
      /memory\.maxMemoryUsed .*from 1 MB to 10240 MB/,
      /code\.userInit/,
    );
  });
});

describe("a price table of one's own", () => {
  it("is checked: tiers that end would make some use free", () => {
    const prices = {
      durationTiers: [{ upTo: 10, perGbSecond: "0.1" }],
      provisionedPerGbSecond: "0",
      provisionedDurationPerGbSecond: "0",
    };
    const table = {
      region: "here",
      date: "2026",
      source: "us",
      perRequest: "0.1",
      freeRequests: 0,
      freeGbSeconds: 0,
    };
    const place = new Place();
    place.write("p.json", { ...table, x86_64: prices, arm64: prices });
    place.write("s.json", set("pricing", { file: "p.json" }));
    const bad = place.lsim("run", "s.json");
    expect(bad.code).toBe(2);
    expect(bad.stderr).toMatch(
      /x86_64\.durationTiers: tiers must rise by upTo, and the last must leave upTo out/,
    );
    place.write("p.json", { ...table, perRequst: "0.1", x86_64: prices, arm64: prices });
    expect(place.lsim("validate", "s.json").stdout).toMatch(
      /pricing\.file +"p\.json" perRequst: unknown setting; did you mean "perRequest"\?\n/,
    );
    prices.durationTiers.push({ perGbSecond: "0.05" } as never);
    place.write("p.json", { ...table, x86_64: prices, arm64: prices });
    expect(place.lsim("run", "s.json").code).toBe(0);
  });
});

describe("prices of one's own", () => {
  const about = { date: "2027-01", source: "our contract" };
  const priced = (file: object, more: object = {}) => {
    const place = new Place();
    place.write("p.json", file);
    place.write("s.json", { ...(set("pricing", { file: "p.json" }) as object), ...more });
    return place.lsim("run", "s.json", "--format", "json");
  };

  it("may be some of those of a Region whose prices are shipped", () => {
    const { code, stdout } = priced({ ...about, perRequest: "0.000001" });
    expect(code).toBe(0);
    const { lines } = JSON.parse(stdout).bill;
    expect(lines[0]).toMatchObject({ unitPriceUsd: 0.000001, source: "our contract", date: "2027-01" });
    expect(lines[1]).toMatchObject({ date: "2026-09" });
  });

  it("are all that is needed elsewhere, and say what is missing", () => {
    const { code, stderr } = priced({ ...about, region: "mars-1", perRequest: "0.000001" });
    expect(code).toBe(2);
    expect(stderr).toMatch(
      /pricing\.file +"p\.json" lacks freeRequests, freeGbSeconds, x86_64\.durationTiers.*no prices of "mars-1" are shipped/,
    );
  });

  it("are amounts, or objects with amounts, with a source and a date", () => {
    const { code, stderr } = priced({
      source: "x",
      services: { sqs: { perRequest: 0.4 }, sns: { perPublish: "1e-6" } },
    });
    expect(code).toBe(2);
    expect(stderr).toMatch(/"p\.json" date:/);
    expect(stderr).toMatch(/services\.sqs\.perRequest: expected a decimal such as "0\.0000002", or/);
    expect(stderr).toMatch(/services\.sns\.perPublish/);
  });

  it("savings plans, NAT and payloads are checked", () => {
    refused(
      set("pricing", { savingsPlan: {} }),
      /pricing\.savingsPlan +needs either "payment".*or a "discount"/,
    );
    refused(
      set("pricing", { savingsPlan: { payment: "no-upfront", discount: "10%" } }),
      /pricing\.savingsPlan +needs either/,
    );
    refused(
      set("pricing", { nat: { gateways: 1, functions: ["apo"] } }),
      /pricing\.nat\.functions\.0 +there is no function "apo"; did you mean "api"\?/,
    );
    refused(set("traffic.0.payload", 4), /traffic\.0\.payload +4 has no unit; write "4 KB"/);
    refused(set("traffic.0.payload", "7 MB"), /traffic\.0\.payload.*up to 6 MB/);
    const queued = set("traffic.0.payload", "2 MB") as { traffic: object[] };
    Object.assign(queued.traffic[0]!, { invoke: "sqs" });
    refused(queued, /traffic\.0\.payload +is more than the 1 MB that "sqs" takes/);
  });
});

describe("a trace file", () => {
  const traced = (file: string) => set("traffic.0.arrivals", { type: "trace", file });

  it("that is missing, empty or malformed is named with what is wrong", () => {
    refused(traced("nowhere.csv"), /"nowhere\.csv": there is no such file/);
    for (const [text, message] of [
      ["", /has no rows of data/],
      ["time\n1\n", /has no column "t_s"/],
      ["t_s\n1\nx\n", /line 3, column "t_s": "x" is not a number/],
      ["t_s\n1\n-2\n", /line 3.*negative/],
      ["t_s,count\n0,1.5\n60,2\n", /1\.5 is not a whole number/],
    ] as const) {
      const place = new Place();
      place.write("t.csv", text);
      place.write("bad.json", traced("t.csv"));
      const { code, stderr } = place.lsim("run", "bad.json");
      expect(code).toBe(2);
      expect(stderr).toMatch(message);
    }
  });

  it("outside the scenario's folder is read only when the command line allows it", () => {
    const outside = new Place();
    const trace = outside.write("t.csv", "t_s\n1\n2\n");
    const place = new Place();
    place.write("s.json", traced(trace));
    const denied = place.lsim("run", "s.json");
    expect(denied.code).toBe(2);
    expect(denied.stderr).toMatch(/lies outside the scenario's folder; allow it with --allow-read/);
    expect(place.lsim("validate", "s.json", "--allow-read", outside.folder).code).toBe(0);
  });
});

describe("the command line", () => {
  it("refuses what it does not know with exit 2 and a suggestion", () => {
    const place = new Place();
    place.write("s.json", small);
    expect(place.lsim("rnu", "s.json")).toMatchObject({
      code: 2,
      stderr: expect.stringContaining("Did you mean run?"),
    });
    expect(place.lsim("run", "s.json", "--chek")).toMatchObject({
      code: 2,
      stderr: expect.stringContaining("--check"),
    });
    expect(place.lsim("run", "s.json", "--replications", "0").code).toBe(2);
    expect(place.lsim("run", "s.json", "--set", "api.memorySiz=1GB").stderr).toContain(
      'did you mean "memorySize"?',
    );
    expect(place.lsim("run", "s.json", "--set", "apy.memorySize=1GB").stderr).toContain(
      'did you mean "api"?',
    );
    expect(place.lsim("run", "missing.json")).toMatchObject({
      code: 2,
      stderr: expect.stringContaining("no such file"),
    });
    expect(place.files()).toEqual(["s.json"]);
  });

  it("refuses an output path that is a file, lies under one, or holds other things", () => {
    const place = new Place();
    place.write("s.json", small);
    place.write("taken", "a file");
    mkdirSync(join(place.folder, "mine"));
    place.write("mine/letter.txt", "dear");
    // Names that lsim uses, in folders that it has not written.
    for (const [folder, file] of [
      ["others", "compare.json"],
      ["reports", "report.html"],
      ["reviews", "review.json"],
    ] as const) {
      mkdirSync(join(place.folder, folder));
      place.write(`${folder}/${file}`, "{}");
    }
    for (const [out, message] of [
      ["", /--out "": is no folder/],
      ["taken", /is a file/],
      ["taken/below", /cannot be written/],
      ["/proc/nowhere", /cannot be written/],
      ["mine", /holds "letter\.txt", which lsim did not write/],
      ["others", /holds "compare\.json", which lsim did not write/],
      ["reports", /holds "report\.html", which lsim did not write/],
      ["reviews", /holds "review\.json", which lsim did not write/],
    ] as const) {
      const { code, stderr } = place.lsim("run", "s.json", "--out", out);
      expect(code, out).toBe(2);
      expect(stderr).toMatch(message);
    }
    expect(place.files("mine")).toEqual(["letter.txt"]);
    expect(place.files()).toEqual(["mine", "others", "reports", "reviews", "s.json", "taken"]);
  });

  it("warns before an absurd number of requests, and Ctrl-C leaves nothing behind (exit 130)", async () => {
    const place = new Place();
    place.write("s.json", set("traffic.0.arrivals.rate", "900000000/s"));
    const { code, stderr } = await place.interrupt(
      "SIGINT",
      /Warning: about [\d,.]+ billion requests/,
      "run",
      "s.json",
    );
    expect(code).toBe(130);
    expect(stderr).toContain("nothing was written");
    expect(place.files("lsim-out")).toEqual([]);
  });
});

describe("words that JavaScript objects know", () => {
  it("mean nothing here", () => {
    refused(set("functions.api.timeout", "3constructor"), /"constructor" is not a unit/);
    refused(
      set("thresholds.api", { constructor: ["rate < 1%"] }),
      /thresholds\.api\.constructor +no such measure/,
    );
    refused(set("thresholds.api.latency", ["constructor < 2s"]), /latency has no "constructor"/);
    refused(
      '{"lsim":1,"name":"x","horizon":"1m","functions":{"__proto__":{"duration":"1s"}},"traffic":[{"to":"api","arrivals":{"type":"poisson","rate":"1/s"}}]}',
      /__proto__|functions/,
    );
    const place = new Place();
    place.write("s.json", small);
    expect(place.lsim("run", "s.json", "--set", "constructor.memorySize=1GB").code).toBe(2);
    expect(place.lsim("run", "s.json", "--set", "__proto__.polluted=1").code).toBe(2);
  });

  it("are fine as a function's name", () => {
    const place = new Place();
    const text = JSON.stringify(small).replaceAll('"api"', '"constructor"');
    place.write("s.json", text);
    const { code, stderr, stdout } = place.lsim("run", "s.json");
    expect(code, stderr).toBe(0);
    expect(stdout).toMatch(/^constructor {3}x86_64/m);
  });
});
