import { Chain } from "./markov.ts";

/** Systems with exponential times as exact Markov chains. Rates are per second, times in seconds. */

type Seen = "served" | "refused" | "ends" | "turns";
/** What becomes of a request. */
export const REQUESTS = ["served", "refused"] as const;

/** A state of a Markov-modulated Poisson process: `rate` arrivals a second for a mean stay. */
export interface Phase {
  readonly rate: number;
  readonly stay: number;
}

/** MMPP/M/N/N: bursty requests on so many places; a state is [phase, busy]. */
export function burstyLoss(phases: readonly Phase[], places: number, service: number): Chain<Seen> {
  return new Chain<Seen>([0, 0], ([phase, busy]) => [
    busy! < places
      ? [[phase!, busy! + 1], phases[phase!]!.rate, "served"]
      : [[phase!, busy!], phases[phase!]!.rate, "refused"],
    [[phase!, busy! - 1], busy! / service, "ends"],
    ...phases
      .map((_, other) => other)
      .filter((other) => other !== phase)
      .map((other) => [[other, busy!], 1 / phases[phase!]!.stay / (phases.length - 1), "turns"] as const),
  ]);
}

/** The same as a scenario writes the arrivals. */
export const mmpp = (phases: readonly Phase[]) => ({
  type: "mmpp",
  states: phases.map(({ rate, stay }) => ({ rate: `${rate}/s`, mean: `${stay}s` })),
});

/** M/M/N/N; a state is [busy]. */
export const openLoss = (rate: number, places: number, service: number): Chain<Seen> =>
  new Chain<Seen>([0], ([busy]) => [
    busy! < places ? [[busy! + 1], rate, "served"] : [[busy!], rate, "refused"],
    [[busy! - 1], busy! / service, "ends"],
  ]);

/** Engset's system: clients that think and call, a refused one thinks again; a state is [busy]. */
export const closedLoss = (clients: number, think: number, places: number, service: number): Chain<Seen> =>
  new Chain<Seen>([0], ([busy]) => {
    const rate = (clients - busy!) / think;
    return [
      busy! < places ? [[busy! + 1], rate, "served"] : [[busy!], rate, "refused"],
      [[busy! - 1], busy! / service, "ends"],
    ];
  });

/** Requests go to `places` first and, when these are taken, to as many others as they need; a state is [busy, others]. */
export const overflow = (
  rate: number,
  places: number,
  service: number,
): Chain<"first" | "other" | "ends"> => {
  // Where the chain is cut off nothing is left: the others carry less than all of the traffic would.
  const load = rate * service;
  const most = Math.ceil(load + 8 * Math.sqrt(load) + 8) - Math.min(places, Math.floor(load / 2));
  return new Chain([0, 0], ([busy, others]) => [
    busy! < places
      ? [[busy! + 1, others!], rate, "first"]
      : [[busy!, Math.min(most, others! + 1)], rate, "other"],
    [[busy! - 1, others!], busy! / service, "ends"],
    [[busy!, others! - 1], others! / service, "ends"],
  ]);
};

/** Requests of an open stream and of closed clients on the same places; a state is [busy with open, with closed]. */
export const openAndClosed = (
  open: { readonly rate: number; readonly service: number },
  closed: { readonly clients: number; readonly think: number; readonly service: number },
  places: number,
): Chain<`${"open" | "closed"} ${"served" | "refused"}` | "ends"> =>
  new Chain([0, 0], ([a, b]) => {
    const thinking = (closed.clients - b!) / closed.think;
    const full = a! + b! === places;
    return [
      full ? [[a!, b!], open.rate, "open refused"] : [[a! + 1, b!], open.rate, "open served"],
      full ? [[a!, b!], thinking, "closed refused"] : [[a!, b! + 1], thinking, "closed served"],
      [[a! - 1, b!], a! / open.service, "ends"],
      [[a!, b! - 1], b! / closed.service, "ends"],
    ];
  });
