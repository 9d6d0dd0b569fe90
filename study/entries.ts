import {
  ENTRY_LAWS,
  type EntryCounts,
  type EntryLaw,
  EntryLaws,
  type EntryResult,
  EntryTimeline,
} from "../sim/measure/entry.ts";
import { Histogram } from "../sim/measure/histogram.ts";
import type { Level } from "../sim/measure/result.ts";
import { entriesTo } from "../sim/scenario/lookup.ts";
import type { Scenario } from "../sim/scenario/scenario.ts";
import { type Figures, figuresOf } from "./figures.ts";
import { TimelineMean } from "./timeline-mean.ts";

type Laws = Readonly<Record<EntryLaw, Histogram>>;
export type EntryFigures = Record<EntryLaw, Figures>;

/** One entry in one replication. */
export interface EntryReplication {
  readonly counts: EntryCounts;
  readonly depth: Level;
  readonly figures: EntryFigures;
}

/** The entries of one replication: each, then by function and for all of them taken together, where there are such. */
export interface EntriesReplication {
  readonly entries: readonly EntryReplication[];
  readonly functions: readonly (EntryFigures | undefined)[];
  readonly total: EntryFigures | undefined;
}

/** The entries of all replications: laws pooled, timelines averaged. */
export interface EntriesStudy {
  readonly entries: readonly { readonly laws: Laws; readonly timeline: EntryTimeline | undefined }[];
  readonly functions: readonly (Laws | undefined)[];
  readonly total: Laws | undefined;
}

/** Adds the entries of replications up, in order. */
export class EntryPool {
  private readonly scenario: Scenario;
  private readonly parts: { readonly laws: EntryLaws; readonly timelines: TimelineMean<EntryTimeline> }[];
  /** By function: its entries. */
  private readonly groups: readonly (readonly number[])[];
  private readonly all: readonly number[];

  constructor(scenario: Scenario) {
    this.scenario = scenario;
    this.parts = scenario.entries.map(() => ({
      laws: new EntryLaws(),
      timelines: new TimelineMean((...span) => new EntryTimeline(...span)),
    }));
    this.groups = scenario.functions.map((_, fn) => entriesTo(scenario, fn));
    this.all = scenario.entries.map((_, e) => e);
  }

  add(results: readonly EntryResult[]): EntriesReplication {
    const allLaws = results.map(({ laws }) => laws);
    const entries = results.map(({ counts, depth, laws }) => ({
      counts,
      depth,
      figures: figuresOf(ENTRY_LAWS, laws),
    }));
    const grouped = (group: readonly number[]) => {
      const [first, ...others] = group;
      if (first !== undefined && others.length === 0 && this.queues(first)) return entries[first]!.figures;
      const laws = this.together(group, allLaws);
      return laws && figuresOf(ENTRY_LAWS, laws);
    };
    results.forEach((result, e) => {
      const { laws, timelines } = this.parts[e]!;
      laws.add(result.laws);
      if (result.timeline) timelines.add(result.timeline);
    });
    return {
      entries,
      functions: this.groups.map(grouped),
      total: grouped(this.all),
    };
  }

  /** Those added so far. */
  study(): EntriesStudy {
    const laws = this.parts.map((part) => part.laws);
    return {
      entries: this.parts.map(({ laws, timelines }) => ({ laws, timeline: timelines.mean() })),
      functions: this.groups.map((group) => this.together(group, laws)),
      total: this.together(this.all, laws),
    };
  }

  private queues(entry: number): boolean {
    return this.scenario.entries[entry]!.invoke.queues;
  }

  /** Entries' laws taken together. Age is that of messages that wait in a queue: callers that wait have none. */
  private together(entries: readonly number[], laws: readonly Laws[]): Laws | undefined {
    if (entries.length === 0) return undefined;
    const queues = entries.filter((e) => this.queues(e));
    return Object.fromEntries(
      ENTRY_LAWS.map((law) => [law, sumOf((law === "age" ? queues : entries).map((e) => laws[e]![law]))]),
    ) as unknown as Laws;
  }
}

/** One of them is taken as it is. */
function sumOf(histograms: readonly Histogram[]): Histogram {
  const full = histograms.filter((h) => h.count > 0);
  if (full.length === 1) return full[0]!;
  const sum = new Histogram();
  for (const h of full) sum.add(h);
  return sum;
}
