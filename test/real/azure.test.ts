import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { DAY, HOUR } from "../../sim/units.ts";
import { planOf, timesOf } from "../support/arrivals.ts";
import { lab, near, run, SEEDS } from "../support/lab.ts";
import { SIGMAS } from "../support/theory.ts";

const data = process.env.LSIM_DATA;
const read = (name: string) => readFileSync(join(data!, name), "utf8");

describe.skipIf(!data)(
  "the Azure trace of 2019 as it is, by one entry to all functions (needs LSIM_DATA)",
  () => {
    const scenario = (traffic: object = {}, arrivals: object = {}) =>
      lab(
        {
          horizon: "5h",
          functions: { "*": { keepAlive: "600s", duration: "0s" } },
          traffic: [
            {
              to: "*",
              ...traffic,
              arrivals: {
                type: "trace",
                file: "azure2019/counts_per_minute.csv",
                spread: "even",
                ...arrivals,
              },
            },
          ],
        },
        read,
      );
    const totals = (of: ReturnType<typeof scenario>) => {
      const { functions } = run(of).result;
      const sum = (key: "requests" | "coldStarts") => functions.reduce((n, f) => n + f.counters[key], 0);
      return { functions: functions.length, requests: sum("requests"), cold: sum("coldStarts") };
    };

    test("250 functions, 276,273 calls, 687 of them cold", () => {
      expect(totals(scenario())).toEqual({ functions: 250, requests: 276_273, cold: 687 });
    });

    test("its first hour four times over has four times the calls of that hour", () => {
      const hour = totals(scenario({}, { to: "1h" })).requests;
      expect(totals(scenario({}, { to: "1h", repeat: 4 })).requests).toBe(4 * hour);
      expect(totals(scenario({ scale: 2 }, { to: "1h" })).requests).toBe(2 * hour);
      // Each minute of each function is rounded by lot: a variance of at most a quarter.
      expect(
        near(
          totals(scenario({ scale: 0.5 }, { to: "1h" })).requests,
          hour / 2,
          SIGMAS * Math.sqrt((250 * 60) / 4),
        ),
      ).toBe(true);
    });
  },
);

describe.skipIf(!data)("requests a minute of the World Cup of 1998's opening day (needs LSIM_DATA)", () => {
  const minutes = () =>
    read("request_rates/worldcup98_1998-06-10.csv")
      .trim()
      .split("\n")
      .slice(1)
      .map((line, i) => [60 * i, Number(line.split(",")[1])] as const);

  test.each(SEEDS)("at a thousandth keep their number and their shape, seed %s", (seed) => {
    const rows = minutes();
    const csv = ["t_s,count", ...rows.map((row) => row.join(","))].join("\n");
    const plan = planOf({ type: "trace", file: "day.csv" }, { read: () => csv }).scaled(0.001);
    const times = timesOf(plan, DAY, seed);
    const hourly = (hour: number) =>
      rows.slice(60 * hour, 60 * hour + 60).reduce((n, [, count]) => n + count, 0);
    for (let hour = 0; hour < 24; hour++) {
      const expected = hourly(hour) / 1000;
      const found = times.filter((t) => Math.floor(t / HOUR) === hour).length;
      // Each minute is rounded by lot: a variance of at most a quarter.
      expect(near(found, expected, SIGMAS * Math.sqrt(60 / 4))).toBe(true);
    }
  });
});
