import type { InvokePlan, Port } from "../../sim/invoke/contract.ts";
import { THROTTLED as REFUSED } from "../../sim/lambda/placement.ts";
import type { Scenario } from "../../sim/scenario/scenario.ts";

/** What a model did with a message: handed it over, had it answered, or gave it up. */
export interface Deed {
  readonly at: number;
  readonly what: "started" | "settled" | "dropped";
  /** The message's place among the entry's arrivals, from 0, and its tag. */
  readonly number: number;
  readonly tag: number;
  /** Of those started: the invocation's place among the accepted ones, from 0, and what it was invoked as. */
  readonly invocation: number;
  readonly token: number;
}

/** The scenario with its first entry's model watched: `deeds` fills while it runs, in the order in which things happen. */
export function recorded(scenario: Scenario): { scenario: Scenario; deeds: Deed[] } {
  const deeds: Deed[] = [];
  let invocation = -1;
  let token = -1;
  const watched = (port: Port): Port => {
    const note = (what: Deed["what"], m: number) =>
      deeds.push({
        at: port.now,
        what,
        number: port.messages.number[m]!,
        tag: port.messages.tag[m]!,
        invocation,
        token,
      });
    return new Proxy(port, {
      get(target, key) {
        const own = Reflect.get(target, key, target) as unknown;
        if (typeof own !== "function") return own;
        const call = own.bind(target) as (...args: unknown[]) => unknown;
        if (key === "invoke")
          return (...args: number[]) => {
            const placement = call(...args) as number;
            if (placement < REFUSED) {
              invocation++;
              token = args[0]!;
            }
            return placement;
          };
        const what = { started: "started", settle: "settled", drop: "dropped" }[String(key)];
        if (what === undefined) return call;
        return (m: number, ...rest: unknown[]) => {
          note(what as Deed["what"], m);
          return call(m, ...rest);
        };
      },
    });
  };
  const wrap = (plan: InvokePlan): InvokePlan => ({ ...plan, open: (port) => plan.open(watched(port)) });
  const entries = scenario.entries.map((entry, i) =>
    i === 0 ? { ...entry, invoke: wrap(entry.invoke) } : entry,
  );
  return { scenario: { ...scenario, entries }, deeds };
}
