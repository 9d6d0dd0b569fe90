import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach } from "vitest";

export const BIN = fileURLToPath(new URL("../../bin/lsim.js", import.meta.url));

export interface Ran {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A small scenario that is quick to run. */
export const small = {
  lsim: 1,
  name: "small",
  horizon: "1m",
  replications: 2,
  functions: { api: { memorySize: "512 MB", timeout: "10s", initDuration: "200ms", duration: "100ms" } },
  traffic: [{ to: "api", arrivals: { type: "poisson", rate: "20/s" } }],
  thresholds: { api: { latency: ["p(99) < 2s"] } },
};

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

/** A folder of its own for one test, in which the command runs. */
export class Place {
  readonly folder = mkdtempSync(join(tmpdir(), "lsim-test-"));

  /** It goes with the test, or stays until `remove`. */
  constructor(stays = false) {
    if (!stays) folders.push(this.folder);
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }

  write(name: string, content: unknown): string {
    const path = join(this.folder, name);
    writeFileSync(path, typeof content === "string" ? content : JSON.stringify(content, null, 2));
    return path;
  }

  has(name: string): boolean {
    return existsSync(join(this.folder, name));
  }

  files(name = "."): string[] {
    return readdirSync(join(this.folder, name)).sort();
  }

  lsim(...args: string[]): Ran {
    const { status, stdout, stderr } = spawnSync(process.execPath, [BIN, ...args], {
      cwd: this.folder,
      encoding: "utf8",
    });
    return { code: status, stdout, stderr };
  }

  /** Starts the command; `ended` gives what it came to. */
  start(...args: string[]): { readonly child: ChildProcess; readonly ended: Promise<Ran> } {
    const child = spawn(process.execPath, [BIN, ...args], { cwd: this.folder });
    let [stdout, stderr] = ["", ""];
    child.stdout.on("data", (data) => {
      stdout += data;
    });
    child.stderr.on("data", (data) => {
      stderr += data;
    });
    return {
      child,
      ended: new Promise((resolve) => child.on("close", (code) => resolve({ code, stdout, stderr }))),
    };
  }

  /** Starts the command and sends a signal once it has said something on stderr that matches. */
  interrupt(signal: NodeJS.Signals, when: RegExp, ...args: string[]): Promise<Ran> {
    return new Promise((resolve) => {
      const child = spawn(process.execPath, [BIN, ...args], { cwd: this.folder });
      let [stdout, stderr] = ["", ""];
      child.stdout.on("data", (data) => {
        stdout += data;
      });
      let sent = false;
      child.stderr.on("data", (data) => {
        stderr += data;
        if (sent || !when.test(stderr)) return;
        sent = true;
        setTimeout(() => child.kill(signal), 300);
      });
      child.on("close", (code) => resolve({ code, stdout, stderr }));
    });
  }
}

/** A folder's files and what is in them, as one text: the same bytes, the same text. */
export function bytesOf(folder: string): string {
  const walk = (path: string): string[] =>
    readdirSync(join(folder, path))
      .sort()
      .flatMap((name) => {
        const inside = join(path, name);
        if (statSync(join(folder, inside)).isDirectory()) return walk(inside);
        return `${inside} ${createHash("sha256")
          .update(readFileSync(join(folder, inside)))
          .digest("hex")}`;
      });
  return walk(".").join("\n");
}
