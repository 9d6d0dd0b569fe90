/**
 * Runs the notebooks without a browser and stores their outputs. Needs Jupyter's nbconvert and Deno, on the PATH or as DENO.
 *
 *   npm run build && npm run notebooks [NAME…]
 */
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";

export const FOLDER = fileURLToPath(new URL(".", import.meta.url));

export const NAMES: readonly string[] = readdirSync(FOLDER)
  .filter((name) => name.endsWith(".ipynb"))
  .map((name) => name.replace(/\.ipynb$/, ""));

export interface Output {
  readonly output_type: string;
  /** By MIME type; texts as lists of lines. */
  readonly data?: Readonly<Record<string, unknown>>;
}

export interface Cell {
  readonly cell_type: "code" | "markdown";
  readonly source: readonly string[];
  readonly outputs?: readonly Output[];
  readonly metadata: Readonly<Record<string, unknown>>;
}

export interface Notebook {
  readonly cells: readonly Cell[];
  readonly metadata: Readonly<Record<string, unknown>>;
}

export const readNotebook = (name: string): Notebook =>
  JSON.parse(readFileSync(join(FOLDER, `${name}.ipynb`), "utf8")) as Notebook;

const DENO = process.env.DENO ?? "deno";

/** Why notebooks cannot be run here; undefined where they can. */
export function missing(): string | undefined {
  const works = (command: string, ...args: string[]) => spawnSync(command, args).status === 0;
  if (!works("jupyter", "nbconvert", "--version")) return "there is no jupyter nbconvert";
  return works(DENO, "--version") ? undefined : "there is no deno (on the PATH, or as DENO)";
}

/** Deno's kernel now and then says that a cell is done before its last output is out, and Jupyter then drops that. */
const ATTEMPTS = 5;

/** Runs one, again if outputs were lost on the way. Throws with Jupyter's words when a cell fails. */
export function execute(name: string): Notebook {
  for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
    const notebook = executeOnce(name);
    if (notebook.cells.every(isWhole)) return notebook;
  }
  throw new Error(`${name}.ipynb: outputs were lost ${ATTEMPTS} times`);
}

/** It has an output for each thing that it shows. */
function isWhole({ cell_type, source, outputs = [] }: Cell): boolean {
  const shown = source.join("").match(/^await (show|markdown)\(/gm) ?? [];
  return cell_type !== "code" || outputs.length === shown.length;
}

/** In its folder, so that it finds the built package and its files. */
function executeOnce(name: string): Notebook {
  const place = mkdtempSync(join(tmpdir(), "lsim-notebook-"));
  try {
    // Deno would install its kernel for the user; this one is gone afterwards.
    const kernel = join(place, "kernels", "deno");
    mkdirSync(kernel, { recursive: true });
    const argv = [DENO, "jupyter", "--kernel", "--conn", "{connection_file}"];
    writeFileSync(
      join(kernel, "kernel.json"),
      JSON.stringify({ argv, display_name: "Deno", language: "typescript" }),
    );
    const path = [place, ...(process.env.JUPYTER_PATH ? [process.env.JUPYTER_PATH] : [])].join(delimiter);
    const { status, stderr } = spawnSync(
      "jupyter",
      ["nbconvert", "--to", "notebook", "--execute", "--output-dir", place, `${name}.ipynb`],
      { cwd: FOLDER, encoding: "utf8", env: { ...process.env, JUPYTER_PATH: path, NO_COLOR: "1" } },
    );
    if (status !== 0) throw new Error(`${name}.ipynb: ${stderr}`);
    return tidied(JSON.parse(readFileSync(join(place, `${name}.ipynb`), "utf8")) as Notebook);
  } finally {
    rmSync(place, { recursive: true, force: true });
  }
}

/** Without the times of its cells, which differ from run to run. */
function tidied(notebook: Notebook): Notebook {
  const { kernelspec } = notebook.metadata;
  return {
    ...notebook,
    cells: notebook.cells.map((cell) => ({ ...cell, metadata: {} })),
    metadata: {
      kernelspec,
      language_info: { file_extension: ".ts", mimetype: "text/x.typescript", name: "typescript" },
    },
  };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const reason = missing();
  if (reason !== undefined) throw new Error(reason);
  const asked = process.argv.slice(2);
  for (const name of asked.length > 0 ? asked : NAMES) {
    writeFileSync(join(FOLDER, `${name}.ipynb`), `${JSON.stringify(execute(name), null, 1)}\n`);
    process.stdout.write(`${name}.ipynb\n`);
  }
}
