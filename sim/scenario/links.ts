import { MOST_ENTRIES } from "../calendar.ts";
import type { InvokeKind, InvokePlan } from "../invoke/contract.ts";
import { INVOKES } from "../invoke/registry.ts";
import { buildRetry } from "../invoke/retry.ts";
import { SYNC } from "../invoke/sync.ts";
import type { FunctionSettings } from "../lambda/settings.ts";
import { printCount } from "../units.ts";
import type { Chosen } from "./choice.ts";
import type { Findings } from "./findings.ts";
import { type Path, printPath, withHint } from "./problem.ts";
import type { Call, Emission, EntrySettings, FunctionLinks, TrafficSettings } from "./scenario.ts";
import type { ParsedFile } from "./schema.ts";

/** How requests come to a function: the plan of the invocation that is written at `path`, or of the usual one. */
export function completeInvoke(
  given: {
    readonly invoke?: Chosen | undefined;
    readonly retry?: Chosen | undefined;
    readonly deadLetters?: unknown;
  },
  usual: "sync" | "async",
  target: FunctionSettings,
  path: Path,
  found: Findings,
): InvokePlan | undefined {
  // Most entries, and then one plan is enough for all of them.
  if (usual === "sync" && given.invoke === undefined && given.retry === undefined) return SYNC;
  const invoke = given.invoke ?? { type: usual };
  const kinds = INVOKES as readonly unknown[] as readonly InvokeKind[];
  const kind = kinds.find((k) => k.type === invoke.type)!;
  const retry = given.retry && found.attempt([...path, "retry"], () => buildRetry(given.retry!));
  const plan = found.attempt([...path, "invoke"], () =>
    kind.build(invoke as never, {
      target,
      retry,
      deadLetters: given.deadLetters !== undefined,
      read: found.read,
      horizon: found.horizon,
    }),
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

/** Queues, streams and Lambda's own queue of events take so much (Lambda and SQS quotas). */
const MOST_QUEUED = 2 ** 20;

/** A message is not larger than its queue takes. */
export function checkPayload(
  payload: number | undefined,
  { queues, type }: InvokePlan,
  path: Path,
  found: Findings,
): void {
  if (payload !== undefined && queues && payload > MOST_QUEUED)
    found.problem([...path, "payload"], `is more than the 1 MB that "${type}" takes`);
}

/** Every way to a function that needs an invocation model, and how functions lead to each other. */
export interface Links {
  readonly traffic: TrafficSettings[];
  readonly entries: EntrySettings[];
  readonly links: FunctionLinks[];
}

type Given = Pick<ParsedFile, "functions" | "traffic">;
/** As written: a way on which nobody waits. */
type Way = NonNullable<ParsedFile["traffic"][number]["deadLetters"]>;

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
  const plain = traffic.every(({ invoke }) => invoke.direct) && given.traffic.every((t) => !t.deadLetters);
  if (plain && !functions.some(({ name }) => leadsOn(given, name)))
    return { traffic: [...traffic], entries: [], links: functions.map(() => NONE) };
  return new Completion(given, functions, traffic, found).all();
}

const NONE: FunctionLinks = { emits: [], calls: [] };

function leadsOn({ functions }: Given, name: string): boolean {
  const f = functions[name];
  return f !== undefined && ((f.emits?.length ?? 0) > 0 || (f.calls?.length ?? 0) > 0);
}

/** What one function, or one queue's dead letters, sends to another. */
interface Sending {
  readonly way: Way & { readonly share?: number | undefined; readonly count?: number | undefined };
  readonly path: Path;
  /** Index of the function whose messages these are. */
  readonly from: number;
  /** Its name unless it has one written. */
  readonly name: string;
  readonly deadLetters: boolean;
  /** Told where it leads, when that is known. */
  readonly done: (emission: Emission) => void;
}

type Draft = { -readonly [K in keyof EntrySettings]: EntrySettings[K] };

class Completion {
  private readonly given: Given;
  private readonly functions: readonly FunctionSettings[];
  private readonly traffic: readonly TrafficSettings[];
  private readonly found: Findings;
  private readonly index: ReadonlyMap<string, number>;
  private readonly entries: Draft[] = [];
  private readonly byName = new Map<string, number>();
  /** By function: what it emits, in order, and those it leads to at once. */
  private readonly emits: (Emission | undefined)[][];
  private readonly edges: { readonly to: Set<number>; readonly calls: Set<number> }[];
  /** From and to, as "3 1": the ways that close a circle. */
  private readonly closing = new Set<string>();

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
    this.index = new Map(functions.map((f, fn) => [f.name, fn]));
    this.emits = functions.map(() => []);
    this.edges = functions.map(() => ({ to: new Set(), calls: new Set() }));
  }

  all(): Links {
    const { functions, entries, emits } = this;
    const sendings = this.sendings();
    this.findEdges(sendings);
    this.findCircles();
    const traffic = this.traffic.map((t) => {
      if (t.invoke.direct && !leadsOn(this.given, functions[t.target]!.name)) return t;
      this.requireDuration(t.target, t.duration !== undefined);
      return { ...t, entry: this.add({ ...t, chained: this.emitsSomewhere(t.target) }) };
    });
    // Those with a queue of their own first: others may join it.
    for (const sending of sendings) if (sending.way.to !== undefined) this.open(sending);
    for (const sending of sendings) if (sending.way.to === undefined) this.join(sending);
    const calls = functions.map(({ name }, fn) => this.calls(name, fn));
    if (entries.length > MOST_ENTRIES) {
      const message = `has, with emissions and calls, ${printCount(entries.length)} ways to functions, more than the ${printCount(MOST_ENTRIES)} that a run can hold`;
      this.found.problem(["traffic"], message);
    }
    const links = functions.map((_, fn) => ({
      emits: emits[fn]!.filter((emission) => emission !== undefined),
      calls: calls[fn]!,
    }));
    return { traffic, entries, links };
  }

  private add({ name, target, invoke, payload, duration, chained, from }: EntrySettings): number {
    this.byName.set(name, this.entries.length);
    this.entries.push({ name, target, invoke, payload, duration, chained, from });
    return this.entries.length - 1;
  }

  private requireDuration(fn: number, written: boolean): void {
    const { name, duration } = this.functions[fn]!;
    if (written || duration !== undefined) return;
    const path = ["functions", name, "duration"];
    if (this.found.problems.some((p) => p.path.join(".") === path.join("."))) return;
    this.found.problem(path, "is missing: retries, batches and messages of other functions need it");
  }

  private sendings(): Sending[] {
    const { given, emits, functions } = this;
    const all: Sending[] = [];
    const lost = (way: Way | undefined, path: Path, owner: string, from: number) => {
      if (!way) return;
      const done = (emission: Emission) => this.keep(owner, emission, path);
      const name = way.name ?? `${owner}-${way.to}`;
      all.push({ way, path: [...path, "deadLetters"], from, name, deadLetters: true, done });
    };
    functions.forEach(({ name: function_ }, from) => {
      (given.functions[function_]?.emits ?? []).forEach((way, i) => {
        const path = ["functions", function_, "emits", i];
        const name = way.name ?? `${function_}-${way.to}`;
        const done = (emission: Emission) => {
          emits[from]![i] = emission;
        };
        all.push({ way, path, from, name, deadLetters: false, done });
        const to = this.index.get(way.to ?? "");
        if (way.into !== undefined && way.deadLetters)
          this.found.problem([...path, "deadLetters"], `are those of "${way.into}", which it goes into`);
        else if (to !== undefined) lost(way.deadLetters, path, name, to);
      });
    });
    given.traffic.forEach(({ deadLetters, name, to }, i) => {
      const target = this.index.get(to);
      if (target !== undefined) lost(deadLetters, ["traffic", i], name ?? to, target);
    });
    return all;
  }

  /** The dead letters of entry `owner`, which stands at `path`, go this way. */
  private keep(owner: string, emission: Emission, path: Path): void {
    const entry = this.entries[this.byName.get(owner) ?? -1];
    if (entry?.invoke.queues) entry.deadLetters = emission;
    else if (this.traffic.some((t) => t.name === owner)) {
      this.found.problem(
        [...path, "deadLetters"],
        `are what a queue gives up, but the callers of "${owner}" wait for the answer`,
      );
    }
  }

  private findEdges(sendings: readonly Sending[]): void {
    const { found, functions, given } = this;
    const targets = new Map(this.traffic.map((t) => [t.name, t.target]));
    for (const { way, path, from, name } of sendings) {
      const { to, into } = way;
      if ((to === undefined) === (into === undefined)) found.problem(path, `needs either "to" or "into"`);
      else if (to !== undefined) {
        const target = this.target(to, [...path, "to"]);
        if (target === undefined) continue;
        this.edges[from]!.to.add(target);
        targets.set(name, target);
      }
    }
    // Where it joins another queue, it leads where that queue leads.
    for (const { way, path, from } of sendings) {
      const { to, into } = way;
      if (into === undefined || to !== undefined) continue;
      const target = targets.get(into);
      if (target !== undefined) this.edges[from]!.to.add(target);
      else {
        const known = [...targets.keys()];
        found.problem(
          [...path, "into"],
          withHint(`there is no traffic entry or emission "${into}"`, into, known),
        );
      }
    }
    functions.forEach(({ name }, fn) => {
      (given.functions[name]?.calls ?? []).forEach(({ to }, i) => {
        const target = this.target(to, ["functions", name, "calls", i, "to"]);
        if (target === undefined) return;
        this.edges[fn]!.to.add(target);
        this.edges[fn]!.calls.add(target);
      });
    });
  }

  private target(name: string, path: Path): number | undefined {
    const target = this.index.get(name);
    if (target === undefined)
      this.found.problem(path, withHint(`there is no function "${name}"`, name, [...this.index.keys()]));
    return target;
  }

  /**
   * Finds the ways that close a circle: those to a function that one has come through, going as deep as one can first.
   * Each circle has one of them at least, a simple one has one.
   */
  private findCircles(): void {
    const { edges, closing, functions, found } = this;
    const FRESH = 0;
    const OPEN = 1;
    const DONE = 2;
    const state = new Uint8Array(edges.length);
    edges.forEach((_, root) => {
      if (state[root] !== FRESH) return;
      const way: { fn: number; next: Iterator<number> }[] = [];
      const enter = (fn: number) => {
        state[fn] = OPEN;
        way.push({ fn, next: edges[fn]!.to.values() });
      };
      enter(root);
      while (way.length > 0) {
        const { fn, next } = way.at(-1)!;
        const step = next.next();
        if (step.done) {
          state[fn] = DONE;
          way.pop();
        } else if (state[step.value] === OPEN) closing.add(`${fn} ${step.value}`);
        else if (state[step.value] === FRESH) enter(step.value);
      }
    });
    functions.forEach(({ name }, fn) => {
      const circle = this.circleOfCalls(fn);
      if (!circle) return;
      const words = circle.map((f) => functions[f]!.name).join(" → ");
      found.problem(
        ["functions", name, "calls"],
        `lead back to itself (${words}): each waits for the next, without end`,
      );
    });
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

  /** Function `fn`, or one that it leads to, emits. */
  private emitsSomewhere(fn: number): boolean {
    const seen = new Set([fn]);
    for (const f of seen) {
      if ((this.given.functions[this.functions[f]!.name]?.emits?.length ?? 0) > 0) return true;
      for (const g of this.edges[f]!.to) seen.add(g);
    }
    return false;
  }

  private checkName(name: string, path: Path): void {
    if (!this.byName.has(name) && !this.traffic.some((t) => t.name === name)) return;
    this.found.problem(
      path,
      `there is another "${name}", which would draw the same numbers; give it a "name"`,
    );
  }

  private emission({ way, from }: Sending, entry: number): Emission {
    const loops = this.closing.has(`${from} ${this.entries[entry]!.target}`);
    return { entry, share: way.share ?? 1, count: way.count ?? 1, loops };
  }

  /** A queue of its own, for one function. */
  private open(sending: Sending): void {
    const { way, path, from, name, done } = sending;
    const target = this.index.get(way.to!);
    if (target === undefined || way.into !== undefined) return;
    const invoke = completeInvoke(way, "async", this.functions[target]!, path, this.found);
    if (!invoke) return;
    if (!invoke.queues) {
      const instead = sending.deadLetters ? "send them" : `write it under "calls", or emit`;
      this.found.problem(
        [...path, "invoke"],
        `"${invoke.type}" waits for the answer; ${instead} by "async" or a queue`,
      );
    }
    this.requireDuration(target, false);
    this.checkName(name, path);
    const sender = this.functions[from]!.name;
    checkPayload(way.payload, invoke, path, this.found);
    const { payload } = way;
    done(this.emission(sending, this.add({ name, target, invoke, payload, chained: false, from: sender })));
  }

  /** Joins a queue that is there already. */
  private join(sending: Sending): void {
    const { way, path, done } = sending;
    const { into } = way;
    if (into === undefined) return;
    for (const setting of ["invoke", "name", "payload"] as const) {
      if (way[setting] !== undefined)
        this.found.problem([...path, setting], `is that of "${into}", which it goes into`);
    }
    const entry = this.byName.get(into);
    if (entry !== undefined && this.entries[entry]!.invoke.queues) done(this.emission(sending, entry));
    else if (entry !== undefined || this.traffic.some((t) => t.name === into)) {
      // A name that is not known has been said already.
      this.found.problem([...path, "into"], `"${into}" has no queue: its callers wait for the answer`);
    }
  }

  private calls(from: string, fn: number): Call[] {
    return (this.given.functions[from]?.calls ?? []).flatMap((given, i) => {
      const target = this.index.get(given.to);
      if (target === undefined || target === fn) return [];
      const path = ["functions", from, "calls", i];
      const invoke = completeInvoke(given, "sync", this.functions[target]!, path, this.found);
      if (!invoke) return [];
      if (invoke.queues)
        this.found.problem(
          [...path, "invoke"],
          `"${invoke.type}" does not wait for an answer; write it under "emits"`,
        );
      this.requireDuration(target, false);
      const name = given.name ?? `${from}-${given.to}`;
      this.checkName(name, path);
      const { payload } = given;
      const entry = this.add({ name, target, invoke, payload, chained: false, from });
      return [{ entry, share: given.share ?? 1, loops: this.closing.has(`${fn} ${target}`) }];
    });
  }
}
