import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { InputError } from "./exit.ts";
import { reasonOf } from "./scenario-file.ts";

const HOST = "127.0.0.1";

/**
 * Serves one page to this machine and nothing else, until Ctrl-C. Prints its address. Throws InputError for a port that
 * cannot be had.
 */
export async function servePage(page: string, port: number): Promise<void> {
  const body = Buffer.from(page);
  const server = createServer(({ method, url, headers }, response) => {
    const { port: own } = server.address() as AddressInfo;
    // Under another name it is a page elsewhere that asks.
    const known = [`${HOST}:${own}`, `localhost:${own}`].includes(headers.host ?? "");
    const path = (url ?? "").split("?")[0];
    if (!known || path !== "/" || (method !== "GET" && method !== "HEAD")) {
      response
        .writeHead(known ? 404 : 403, { "content-type": "text/plain" })
        .end("There is one page here: /\n");
      return;
    }
    response.writeHead(200, {
      "content-type": "text/html; charset=utf-8",
      "content-length": body.length,
      "cache-control": "no-store",
      "x-content-type-options": "nosniff",
      "referrer-policy": "no-referrer",
    });
    response.end(method === "HEAD" ? undefined : body);
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", (error) =>
      reject(
        new InputError(
          `--port ${port}: ${(error as NodeJS.ErrnoException).code === "EADDRINUSE" ? "is in use; give another one, or 0 for a free one" : reasonOf(error)}`,
        ),
      ),
    );
    server.listen(port, HOST, resolve);
  });
  process.stdout.write(`http://${HOST}:${(server.address() as AddressInfo).port}/\n`);
  process.stderr.write("Ctrl-C ends it.\n");
  await new Promise<void>((resolve) => {
    process.once("SIGINT", resolve);
    process.once("SIGTERM", resolve);
  });
  server.close();
  server.closeAllConnections();
}
