import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { createServer, request } from "node:http";
import type { AddressInfo } from "node:net";
import { networkInterfaces } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { Place, small } from "../cli/lsim.ts";

const BIN = fileURLToPath(new URL("../../bin/lsim.js", import.meta.url));

describe("lsim explore", () => {
  it("writes one file that asks for nothing, well under 1.5 MB", () => {
    const place = new Place();
    place.write("s.json", small);
    const { code, stderr, stdout } = place.lsim("explore", "s.json");
    expect([code, stdout]).toEqual([0, ""]);
    expect(stderr).toMatch(/^Written: lsim-out\/small-explore\.html \(0\.\d\d MB/);
    const page = readFileSync(join(place.folder, "lsim-out/small-explore.html"), "utf8");
    expect(page.length).toBeLessThan(1_000_000);
    expect(page.includes("default-src 'none'")).toBe(true);
    const addresses = [...page.matchAll(/<[a-z]+ [^>]*(?:src|href)="?([^"> ]*)/g)].map(
      ([, address]) => address,
    );
    expect(addresses).toEqual(["data:,"]);
    // The same again, over the old one; and a run leaves it alone.
    expect(place.lsim("explore", "s.json").code).toBe(0);
    expect(place.lsim("run", "s.json").code).toBe(0);
    expect(place.files("lsim-out")).toEqual(["small", "small-explore.html"]);
  });

  it("begins with the settings of the command line, and takes trace files along", () => {
    const place = new Place();
    place.write("orders.csv", "t_s\n1\n2\n3\n");
    place.write("s.json", {
      ...small,
      traffic: [{ to: "api", arrivals: { type: "trace", file: "orders.csv" } }],
    });
    const { code } = place.lsim(
      "explore",
      "s.json",
      "--set",
      "api.memorySize=640MB",
      "--seed",
      "9",
      "--out",
      "p/q.html",
    );
    expect(code).toBe(0);
    const page = readFileSync(join(place.folder, "p/q.html"), "utf8");
    const data = JSON.parse(/id="data">([^<]*)</.exec(page)![1]!);
    expect(data.source.file).toMatchObject({ seed: 9, functions: { api: { memorySize: "640MB" } } });
    expect(data.source.texts).toEqual({ "orders.csv": "t_s\n1\n2\n3\n" });
    expect(data.controls.find(({ path }: { path: string }) => path === "seed").initial).toBe("9");
  });

  it.each([
    [["missing.json"], /missing\.json: there is no such file/],
    [["bad.json"], /did you mean "memorySize"\?/],
    [["s.json", "--out", "mine.txt"], /mine\.txt: is there already, and no page of lsim explore/],
    [["s.json", "--out", "folder"], /folder: is a folder; give a file/],
    [["s.json", "--out", "s.json/x.html"], /cannot be written/],
    [["s.json", "--serve", "--port", "70000"], /--port "70000": expected a whole number from 0 to 65535/],
  ])("refuses %j, and writes nothing", (args, message) => {
    const place = new Place();
    place.write("s.json", small);
    place.write("bad.json", { ...small, functions: { api: { memorySze: "1 GB" } } });
    place.write("mine.txt", "my notes");
    place.lsim("explore", "s.json", "--out", "folder/page.html");
    const before = place.files();
    const { code, stderr } = place.lsim("explore", ...args);
    expect(stderr).toMatch(message);
    expect(code).toBe(2);
    expect(place.files()).toEqual(before);
    expect(readFileSync(join(place.folder, "mine.txt"), "utf8")).toBe("my notes");
  });

  it("serves the page on this machine alone until Ctrl-C", async () => {
    const place = new Place();
    place.write("s.json", small);
    const child = spawn(process.execPath, [BIN, "explore", "s.json", "--serve"], { cwd: place.folder });
    const ended = new Promise<number | null>((resolve) => child.on("close", resolve));
    const address = await new Promise<string>((resolve) =>
      child.stdout.once("data", (data) => resolve(String(data).trim())),
    );
    expect(address).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/$/);
    const { port } = new URL(address);
    const get = (path: string, options: { host?: string; name?: string; method?: string } = {}) =>
      new Promise<{ status: number | undefined; body: string }>((resolve, reject) => {
        const asked = request(
          {
            host: options.host ?? "127.0.0.1",
            port,
            path,
            method: options.method ?? "GET",
            headers: { host: options.name ?? `127.0.0.1:${port}` },
          },
          (response) => {
            let body = "";
            response.on("data", (data) => {
              body += data;
            });
            response.on("end", () => resolve({ status: response.statusCode, body }));
          },
        );
        asked.on("error", reject);
        asked.end();
      });
    const page = await get("/");
    expect(page.status).toBe(200);
    expect(page.body).toContain("<title>small – lsim explore</title>");
    expect((await get("/s.json")).status).toBe(404);
    expect((await get("/", { method: "POST" })).status).toBe(404);
    expect((await get("/", { name: "evil.example" })).status).toBe(403);
    const outside = Object.values(networkInterfaces())
      .flat()
      .find((each) => each && !each.internal && each.family === "IPv4");
    if (outside) await expect(get("/", { host: outside.address })).rejects.toThrow(/ECONNREFUSED/);
    child.kill("SIGINT");
    expect(await ended).toBe(0);
    await expect(get("/")).rejects.toThrow(/ECONNREFUSED/);
    expect(place.files()).toEqual(["s.json"]);
  });

  it("says so where the port is taken", async () => {
    const place = new Place();
    place.write("s.json", small);
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as AddressInfo;
    const { code, stderr } = place.lsim("explore", "s.json", "--serve", "--port", String(port));
    server.close();
    expect(stderr).toContain(`--port ${port}: is in use; give another one, or 0 for a free one`);
    expect(code).toBe(2);
  });
});
