import { z } from "zod";
import { drawUniform, type Stream } from "../random.ts";
import { count } from "../scenario/fields.ts";
import { nameOf } from "../units.ts";
import type { Port } from "./contract.ts";

const MOST_KEYS = 1_000_000;

/** How many partition keys the records of a stream have. */
export const keysSetting = () =>
  z.union([z.enum(["unique", "even"]), count(1, MOST_KEYS)], {
    error: (issue) =>
      `expected a whole number from 1 to ${MOST_KEYS}, "unique" or "even", got ${nameOf(issue.input)}`,
  });

export type Keys = z.output<ReturnType<typeof keysSetting>>;

/**
 * The slice that a key always goes to. A stream's shards divide the range of a hash of the key evenly (Kinesis developer
 * guide; there MD5, here a mix of the key's 32 bits), and a parallelization factor divides each shard's part again.
 */
export function sliceOf(key: number, slices: number): number {
  let h = Math.imul(key + 1, 0x9e3779b1);
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  h ^= h >>> 16;
  return Math.floor((h >>> 0) * 2 ** -32 * slices);
}

/** Deals records to keys, by draw, and keys to slices. */
export class PartitionKeys {
  private readonly port: Port;
  private readonly keys: Keys;
  private readonly slices: number;
  private readonly lot: Stream | undefined;

  constructor(port: Port, keys: Keys, slices: number) {
    this.port = port;
    this.keys = keys;
    this.slices = slices;
    this.lot = keys === "even" || keys === 1 ? undefined : port.stream("keys");
  }

  /** The slice that message `m` goes to; its `tag` is then its key, or −1 where no other record has the same. */
  slice(m: number): number {
    const { keys, slices, lot, port } = this;
    const { messages } = port;
    messages.tag[m] = -1;
    if (keys === "even") return messages.number[m]! % slices;
    if (keys === "unique") return Math.floor(drawUniform(lot!) * slices);
    const key = lot ? Math.floor(drawUniform(lot) * keys) : 0;
    messages.tag[m] = key;
    return sliceOf(key, slices);
  }
}
