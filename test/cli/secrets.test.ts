import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { withoutSecretArguments, withoutSecrets } from "../../sim/scenario/secrets.ts";
import { Place, small } from "./lsim.ts";

const SECRET = "hunter2-is-my-password";

/** The small scenario with settings of its function added. */
const withSettings = (settings: object) => ({
  ...small,
  functions: { api: { ...small.functions.api, ...settings } },
});
const withVariables = (variables: unknown) => withSettings({ environment: { variables } });

it("the value of an environment variable is in no file and no output of a run", () => {
  const place = new Place();
  place.write("s.json", withVariables({ API_KEY: SECRET, STAGE: "test" }));
  for (const format of ["text", "json", "markdown", "csv"]) {
    const ran = place.lsim(
      "run",
      "s.json",
      "--format",
      format,
      "--set",
      `api.environment.variables.TOKEN=${SECRET}`,
    );
    expect(ran.code, ran.stderr).toBe(0);
    expect(ran.stdout + ran.stderr).not.toContain(SECRET);
  }
  const out = join(place.folder, "lsim-out");
  const files = readdirSync(out, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  expect(files.length).toBeGreaterThan(5);
  for (const { parentPath, name } of files) {
    expect(readFileSync(join(parentPath, name), "utf8"), name).not.toContain(SECRET);
  }
  const result = JSON.parse(readFileSync(join(out, "small/result.json"), "utf8"));
  expect(result.scenario.functions.api.environment).toEqual({
    variables: { API_KEY: "***", STAGE: "***", TOKEN: "***" },
  });
});

it("nor in any problem", () => {
  const place = new Place();
  const secretive = [
    withVariables(SECRET),
    withVariables([SECRET]),
    withVariables({ API_KEY: { Ref: SECRET } }),
    withVariables({ "API-KEY": SECRET }),
    withVariables({ AWS_SESSION_TOKEN: SECRET }),
    withVariables({ API_KEY: SECRET.repeat(200) }),
    withSettings({ environment: SECRET }),
    withSettings({ environment: { API_KEY: SECRET } }),
    `{"lsim": 1, "functions": {"api": {"environment": {"variables": {"API_KEY": ${SECRET}}}}}}`,
    `{"lsim": 1, "functions": {"api": {"environment": {"variables": {"API_KEY": "${SECRET}" "X": 1}}}}}`,
  ];
  for (const scenario of secretive) {
    place.write("s.json", scenario);
    for (const command of ["run", "validate"]) {
      const { code, stdout, stderr } = place.lsim(command, "s.json");
      expect(code).toBe(2);
      expect(stdout + stderr).not.toContain(SECRET);
    }
  }
  place.write("s.json", withVariables({ PIN: 40719 }));
  expect(place.lsim("run", "s.json").stderr).toMatch(
    /environment\.variables\.PIN +expected text \(in quotes\), got a number/,
  );
  place.write("s.json", small);
  for (const path of ["api.environment", "apy.environment.variables.KEY", "api.environment.variables.K-Y"]) {
    const { code, stderr } = place.lsim("run", "s.json", "--set", `${path}=${SECRET}`);
    expect(code).toBe(2);
    expect(stderr).not.toContain(SECRET);
  }
});

it("nor in the command that replays a fault", () => {
  expect(
    withoutSecretArguments([
      "run",
      "s.json",
      "--set",
      `functions.api.environment.variables.KEY=${SECRET}`,
      `--set=api.environment={"variables":{"KEY":"${SECRET}"}}`,
      "--set",
      `functions.api={"environment":{"variables":{"KEY":"a=${SECRET}"}}}`,
      "--set",
      "api.memorySize=1GB",
    ]),
  ).toEqual([
    "run",
    "s.json",
    "--set",
    "functions.api.environment.variables.KEY=***",
    "--set=api.environment=***",
    "--set",
    "functions.api=***",
    "--set",
    "api.memorySize=1GB",
  ]);
});

it("blanking leaves everything else as it was", () => {
  expect(withoutSecrets(small)).toEqual(small);
  for (const file of [undefined, null, 1, {}, { functions: null }, { functions: { api: 1 } }]) {
    expect(withoutSecrets(file)).toEqual(file);
  }
});

it("the password of an address is blanked", () => {
  expect(
    withoutSecretArguments([
      "sweep",
      "s.json",
      "--redis",
      "redis://me:pass@host:6379",
      "--redis=rediss://:pass@host",
    ]),
  ).toEqual(["sweep", "s.json", "--redis", "redis://***@host:6379", "--redis=rediss://***@host"]);
});
