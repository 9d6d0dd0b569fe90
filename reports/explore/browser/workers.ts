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

/** A worker that draws charts one after another; of orders that wait the newest of each chart is drawn. */
export class Drawer {
  private readonly thread: Thread<ToDrawer, FromDrawer>;
  private readonly waiting = new Map<string, ToDrawer>();
  private busy = false;

  constructor(receive: (message: FromDrawer) => void, fault: (text: string) => void) {
    this.thread = new Thread<ToDrawer, FromDrawer>(
      "drawer-script",
      (message) => {
        this.busy = false;
        this.next();
        receive(message);
      },
      fault,
    );
  }

  draw(order: ToDrawer): void {
    this.waiting.set(order.name, order);
    this.next();
  }

  private next(): void {
    const [first] = this.waiting;
    if (this.busy || !first) return;
    this.busy = true;
    this.waiting.delete(first[0]);
    this.thread.send(first[1]);
  }
}
