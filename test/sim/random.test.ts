import seedrandom from "seedrandom";
import { describe, expect, it } from "vitest";
import { RandomStreams } from "../../sim/random.ts";

describe("a stream", () => {
  it("draws what seedrandom's Alea draws from the same seed, however many others stand beside it", () => {
    const streams = new RandomStreams("7");
    // More than one block of states, drawn from by turns.
    const opened = Array.from({ length: 600 }, (_, i) => streams.open(`f${i}/arrivals`));
    const alone = opened.map((_, i) => seedrandom.alea(`7/f${i}/arrivals`));
    for (let draw = 0; draw < 50; draw++) {
      expect(opened.map((stream) => stream.int32())).toEqual(alone.map((prng) => prng.int32()));
    }
  });

  it("gives uniform draws inside (0, 1), of the same bits", () => {
    const stream = new RandomStreams("7").open("x");
    const alone = seedrandom.alea("7/x");
    for (let draw = 0; draw < 1000; draw++) {
      const value = stream.uniform();
      expect(value).toBe(((alone.int32() >>> 0) + 0.5) * 2 ** -32);
      expect(value).toBeGreaterThan(0);
      expect(value).toBeLessThan(1);
    }
  });
});
