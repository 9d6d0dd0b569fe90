import type { FromDrawer, FromEngine, ToDrawer, ToEngine } from "../messages.ts";
import { byId } from "./dom.ts";

const urls = new Map<string, Promise<string>>();

/** The address of a worker's script, which stands in the page as gzip in base64. */
function scriptOf(id: string): Promise<string> {
  const known = urls.get(id);
  if (known) return known;
  const bytes = Uint8Array.from(atob(byId(id).textContent ?? ""), (c) => c.charCodeAt(0));
  const plain = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
  const url = new Response(plain)
    .text()
    .then((script) => URL.createObjectURL(new Blob([script], { type: "text/javascript" })));
  urls.set(id, url);
  return url;
}

/** A worker that may be written to at once: what comes before it has started waits. */
class Thread<To, From> {
  private readonly worker: Promise<Worker>;

  constructor(id: string, receive: (message: From) => void, fault: (text: string) => void) {
    this.worker = scriptOf(id).then((url) => {
      const worker = new Worker(url);
      worker.onmessage = ({ data }: MessageEvent<From>) => receive(data);
      worker.onerror = ({ message }) => fault(message);
      return worker;
    });
    this.worker.catch((error: unknown) => fault(String(error)));
  }

  send(message: To): void {
    void this.worker.then((worker) => worker.postMessage(message));
  }
}

/** The engine's worker. */
export function startEngine(
  receive: (message: FromEngine) => void,
  fault: (text: string) => void,
): { send(message: ToEngine): void } {
  return new Thread<ToEngine, FromEngine>("engine-script", receive, fault);
}

/** Draws charts side by side; of those that wait for a drawer the newest of each name is drawn. */
export class Drawers {
  private readonly idle: Thread<ToDrawer, FromDrawer>[] = [];
  private readonly waiting = new Map<string, ToDrawer>();

  constructor(count: number, receive: (message: FromDrawer) => void, fault: (text: string) => void) {
    for (let i = 0; i < count; i++) {
      const thread: Thread<ToDrawer, FromDrawer> = new Thread(
        "drawer-script",
        (message: FromDrawer) => {
          this.idle.push(thread);
          this.next();
          receive(message);
        },
        fault,
      );
      this.idle.push(thread);
    }
  }

  draw(order: ToDrawer): void {
    this.waiting.set(order.chart.name, order);
    this.next();
  }

  private next(): void {
    for (const [name, order] of this.waiting) {
      const thread = this.idle.pop();
      if (!thread) return;
      this.waiting.delete(name);
      thread.send(order);
    }
  }
}
