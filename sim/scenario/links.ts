import type { InvokeKind, InvokePlan } from "../invoke/contract.ts";
import { INVOKES } from "../invoke/registry.ts";
import { buildRetry } from "../invoke/retry.ts";
import type { FunctionSettings } from "../lambda/settings.ts";
import type { Chosen } from "./choice.ts";
import type { Findings } from "./findings.ts";
import { type Path, printPath, withHint } from "./problem.ts";
import type { Call, Emission, EntrySettings, FunctionLinks, TrafficSettings } from "./scenario.ts";
import type { ParsedFile } from "./schema.ts";

/** How requests come to a function: the plan of the invocation that is written at `path`, or of the usual one. */
export function completeInvoke(
  given: { readonly invoke?: Chosen | undefined; readonly retry?: Chosen | undefined },
  usual: "sync" | "async",
  target: FunctionSettings,
  path: Path,
  found: Findings,
): InvokePlan | undefined {
  const invoke = given.invoke ?? { type: usual };
  const kinds = INVOKES as readonly unknown[] as readonly InvokeKind[];
  const kind = kinds.find((k) => k.type === invoke.type)!;
  const retry = given.retry && found.attempt([...path, "retry"], () => buildRetry(given.retry!));
  const plan = found.attempt([...path, "invoke"], () =>
    kind.build(invoke as never, { target, retry, read: found.read, horizon: found.horizon }),
  );
  for (const { setting, value, source, date } of plan?.defaults ?? [])
    found.note(printPath([...path, "invoke", setting]), value, { source, date });
  if (plan?.queues && given.retry !== undefined) {
    found.problem(
      [...path, "retry"],
      `is how callers that wait try again, but "${plan.type}" queues; its own settings say how often it retries`,
    );
  }
  if (plan?.accountQuota) {
    const { setting, text } = plan.accountQuota;
    found.agree(`${plan.type} ${setting}`, text, [...path, "invoke", setting]);
  }
  return plan;
}

/** Every way to a function that needs an invocation model, and how functions lead to each other. */
export interface Links {
  readonly traffic: TrafficSettings[];
  readonly entries: EntrySettings[];
  readonly links: FunctionLinks[];
}

type Given = Pick<ParsedFile, "functions">;

/**
 * Completes what functions emit and call, and finds out which traffic needs a model: what does not answer at once, and
 * what goes to functions that lead to others.
 */
export function completeLinks(
  given: Given,
  functions: readonly FunctionSettings[],
  traffic: readonly TrafficSettings[],
  found: Findings,
): Links {
  if (!functions.some(({ name }) => linksOf(given, name)) && traffic.every(({ invoke }) => invoke.direct))
    return { traffic: [...traffic], entries: [], links: functions.map(() => NONE) };
  return new Completion(given, functions, traffic, found).all();
}

const NONE: FunctionLinks = { emits: [], calls: [] };

function linksOf({ functions }: Given, name: string): boolean {
  const f = functions[name];
  return f !== undefined && ((f.emits?.length ?? 0) > 0 || (f.calls?.length ?? 0) > 0);
}

class Completion {
  private readonly given: Given;
  private readonly functions: readonly FunctionSettings[];
  private readonly traffic: readonly TrafficSettings[];
  private readonly found: Findings;
  private readonly names: string[];
  private readonly entries: EntrySettings[] = [];
  private readonly byName = new Map<string, number>();
  /** By function: those it leads to, at once. */
  private readonly edges: { readonly emits: Set<number>; readonly calls: Set<number> }[];

  constructor(
    given: Given,
    functions: readonly FunctionSettings[],
    traffic: readonly TrafficSettings[],
    found: Findings,
  ) {
    this.given = given;
    this.functions = functions;
    this.traffic = traffic;
    this.found = found;
    this.names = functions.map((f) => f.name);
    this.edges = functions.map(() => ({ emits: new Set(), calls: new Set() }));
  }

  all(): Links {
    const { functions } = this;
    this.findEdges();
    const reach = functions.map((_, fn) => this.reachable(fn));
    const emitting = functions.map(({ name }) => (this.given.functions[name]?.emits?.length ?? 0) > 0);
    const chained = (fn: number) => [fn, ...reach[fn]!].some((g) => emitting[g]);
    const traffic = this.traffic.map((t) => {
      const direct = t.invoke.direct && !linksOf(this.given, this.names[t.target]!);
      if (direct) return t;
      this.requireDuration(t.target, t.duration !== undefined);
      const entry = this.add({ ...t, chained: chained(t.target) });
      return { ...t, entry };
    });
    // Emissions first: others may go into their queues.
    const own = functions.map(({ name }, fn) => this.emissions(name, fn, reach));
    const links = functions.map(({ name }, fn) => ({
      emits: [...own[fn]!, ...this.emissionsInto(name, fn, reach)],
      calls: this.calls(name, fn),
    }));
    return { traffic, entries: this.entries, links };
  }

  private add({ name, target, invoke, duration, chained, from }: EntrySettings): number {
    this.byName.set(name, this.entries.length);
    this.entries.push({ name, target, invoke, duration, chained, from });
    return this.entries.length - 1;
  }

  private requireDuration(fn: number, written: boolean): void {
    const name = this.names[fn]!;
    if (written || this.functions[fn]!.duration !== undefined) return;
    const path = ["functions", name, "duration"];
    if (this.found.problems.some((p) => p.path.join(".") === path.join("."))) return;
    this.found.problem(path, "is missing: retries, batches and messages of other functions need it");
  }

  private findEdges(): void {
    const { given, found, names } = this;
    names.forEach((name, fn) => {
      const { emits = [], calls = [] } = given.functions[name] ?? {};
      const path = ["functions", name];
      emits.forEach(({ to, into }, i) => {
        if ((to === undefined) === (into === undefined)) {
          found.problem([...path, "emits", i], `needs either "to" or "into"`);
        } else if (to !== undefined) this.edge("emits", fn, to, [...path, "emits", i, "to"]);
      });
      calls.forEach(({ to }, i) => {
        this.edge("calls", fn, to, [...path, "calls", i, "to"]);
      });
    });
    // Where it joins another queue, it leads where that queue leads.
    const targets = new Map(this.traffic.map((t) => [t.name, t.target]));
    names.forEach((name) => {
      for (const { to, name: own } of given.functions[name]?.emits ?? []) {
        const target = to === undefined ? -1 : names.indexOf(to);
        if (target >= 0) targets.set(own ?? `${name}-${to}`, target);
      }
    });
    names.forEach((name, fn) => {
      (given.functions[name]?.emits ?? []).forEach(({ into }, i) => {
        if (into === undefined) return;
        const target = targets.get(into);
        if (target !== undefined) this.edges[fn]!.emits.add(target);
        else {
          const at = ["functions", name, "emits", i, "into"];
          found.problem(
            at,
            withHint(`there is no traffic entry or emission "${into}"`, into, [...targets.keys()]),
          );
        }
      });
    });
    names.forEach((name, fn) => {
      const circle = this.circleOfCalls(fn);
      if (circle) {
        found.problem(
          ["functions", name, "calls"],
          `lead back to itself (${circle.map((f) => names[f]).join(" → ")}): each waits for the next, without end`,
        );
      }
    });
  }

  private edge(kind: "emits" | "calls", fn: number, to: string, path: Path): void {
    const target = this.names.indexOf(to);
    if (target >= 0) this.edges[fn]![kind].add(target);
    else this.found.problem(path, withHint(`there is no function "${to}"`, to, this.names));
  }

  /** Every function that something from `fn` comes to. */
  private reachable(fn: number): Set<number> {
    const seen = new Set<number>();
    const next = [fn];
    while (next.length > 0) {
      const { emits, calls } = this.edges[next.pop()!]!;
      for (const g of [...emits, ...calls]) {
        if (seen.has(g)) continue;
        seen.add(g);
        next.push(g);
      }
    }
    return seen;
  }

  /** The way by calls from `fn` back to itself, where it is the first function of such a circle. */
  private circleOfCalls(fn: number): number[] | undefined {
    const way = new Map<number, number>();
    const next = [fn];
    while (next.length > 0) {
      const f = next.shift()!;
      for (const g of this.edges[f]!.calls) {
        if (g < fn) continue;
        if (g === fn) {
          const circle = [fn];
          for (let at = f; at !== fn; at = way.get(at)!) circle.unshift(at);
          return [fn, ...circle];
        }
        if (way.has(g)) continue;
        way.set(g, f);
        next.push(g);
      }
    }
    return undefined;
  }

  private nameOf(
    given: { name?: string | undefined; to?: string | undefined },
    from: string,
    path: Path,
  ): string {
    const name = given.name ?? `${from}-${given.to}`;
    if (this.byName.has(name) || this.traffic.some((t) => t.name === name)) {
      this.found.problem(
        path,
        `there is another "${name}", which would draw the same numbers; give it a "name"`,
      );
    }
    return name;
  }

  private emissions(from: string, fn: number, reach: readonly Set<number>[]): Emission[] {
    return (this.given.functions[from]?.emits ?? []).flatMap((given, i) => {
      const target = given.to === undefined ? -1 : this.names.indexOf(given.to);
      if (target < 0 || given.into !== undefined) return [];
      const path = ["functions", from, "emits", i];
      const invoke = completeInvoke(given, "async", this.functions[target]!, path, this.found);
      if (!invoke) return [];
      if (!invoke.queues) {
        this.found.problem(
          [...path, "invoke"],
          `"${invoke.type}" waits for the answer; write it under "calls", or emit by "async" or a queue`,
        );
      }
      this.requireDuration(target, false);
      const name = this.nameOf(given, from, path);
      const entry = this.add({ name, target, invoke, chained: false, from });
      return [
        {
          entry,
          share: given.share ?? 1,
          count: given.count ?? 1,
          loops: reach[target]!.has(fn) || target === fn,
        },
      ];
    });
  }

  private emissionsInto(from: string, fn: number, reach: readonly Set<number>[]): Emission[] {
    return (this.given.functions[from]?.emits ?? []).flatMap((given, i) => {
      const entry = given.into === undefined ? undefined : this.byName.get(given.into);
      const path = ["functions", from, "emits", i];
      if (given.into !== undefined && given.invoke)
        this.found.problem([...path, "invoke"], `is that of "${given.into}", which it goes into`);
      if (given.into === undefined || given.to !== undefined) return [];
      if (entry === undefined || !this.entries[entry]!.invoke.queues) {
        // A name that is not known has been said already.
        if (entry !== undefined || this.traffic.some((t) => t.name === given.into))
          this.found.problem(
            [...path, "into"],
            `"${given.into}" has no queue: its callers wait for the answer`,
          );
        return [];
      }
      const { target } = this.entries[entry]!;
      return [
        {
          entry,
          share: given.share ?? 1,
          count: given.count ?? 1,
          loops: reach[target]!.has(fn) || target === fn,
        },
      ];
    });
  }

  private calls(from: string, fn: number): Call[] {
    return (this.given.functions[from]?.calls ?? []).flatMap((given, i) => {
      const target = this.names.indexOf(given.to);
      if (target < 0 || target === fn) return [];
      const path = ["functions", from, "calls", i];
      const invoke = completeInvoke(given, "sync", this.functions[target]!, path, this.found);
      if (!invoke) return [];
      if (invoke.queues)
        this.found.problem(
          [...path, "invoke"],
          `"${invoke.type}" does not wait for an answer; write it under "emits"`,
        );
      this.requireDuration(target, false);
      const name = this.nameOf(given, from, path);
      return [{ entry: this.add({ name, target, invoke, chained: false, from }), share: given.share ?? 1 }];
    });
  }
}
