import { availableParallelism } from "node:os";
import { Command } from "@commander-js/extra-typings";
import { VERSION } from "../../version.ts";
import { EXIT } from "../exit.ts";
import { type Finish, jobsOption, quietOption, redisOption } from "../options.ts";
import { talk } from "../terminal.ts";

/** `lsim worker`. */
export const workerCommand = (finish: Finish) =>
  new Command("worker")
    .description("play points for sweeps that were started with --engine bullmq")
    .addOption(redisOption().makeOptionMandatory())
    .addOption(jobsOption())
    .addOption(quietOption())
    .addHelpText("after", "\nExample:\n  lsim worker --redis redis://queue.example:6379")
    .action(async ({ redis, jobs, quiet }) => {
      finish(await work(redis!, jobs ?? availableParallelism(), quiet));
    });

/** `lsim worker`: plays points until it is told to end. Returns the exit code. */
export async function work(url: string, jobs: number, quiet: boolean): Promise<number> {
  // Loaded only where it is wanted: its packages may not be there.
  const { serve } = await import("../fleet/serve.ts");
  const say = (text: string) => {
    if (!quiet) talk(`${text}\n`);
  };
  const signals = ["SIGINT", "SIGTERM"] as const;
  const until = new Promise<void>((resolve) => {
    let told = false;
    for (const signal of signals) {
      process.on(signal, () => {
        if (told) process.exit(EXIT.interrupted);
        told = true;
        resolve();
      });
    }
  });
  const played = await serve(url, { jobs, say, until }, VERSION);
  say(`Played ${played} points.`);
  return EXIT.done;
}
