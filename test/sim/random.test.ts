import seedrandom from "seedrandom";
import { describe, expect, it } from "vitest";
import { drawBits, drawUniform, RandomStreams } from "../../sim/random.ts";

describe("random streams", () => {
  it("draw what seedrandom's Alea draws, each by itself, however many there are", () => {
    const streams = new RandomStreams("7");
    const names = Array.from({ length: 600 }, (_, i) => `f${i}/arrivals`);
    const ours = names.map((name) => streams.open(name));
    const theirs = names.map((name) => seedrandom.alea(`7/${name}`));
    for (let round = 0; round < 100; round++) {
      for (let i = 0; i < names.length; i++) expect(drawBits(ours[i]!)).toBe(theirs[i]!.int32());
    }
    const [first] = ours;
    for (let draw = 0; draw < 100_000; draw++) {
      const expected = theirs[0]!.int32();
      if (drawBits(first!) !== expected) throw new Error(`draw ${draw} is not ${expected}`);
    }
  });

  it("are open intervals of 32 bits", () => {
    const [a, b] = [new RandomStreams("1").open("x"), new RandomStreams("1").open("x")];
    for (let i = 0; i < 1000; i++) expect(drawUniform(a)).toBe(((drawBits(b) >>> 0) + 0.5) / 2 ** 32);
  });
});
