import fc from "fast-check";
import { expect, test } from "vitest";
import { Calendar } from "../../sim/calendar.ts";
import { HOUR, MILLISECOND, MINUTE, SECOND } from "../../sim/units.ts";

/** A stretch of time: how long it is, how many entries come in it, and how far ahead the furthest of them is. */
const stretch = fc.record({
  length: fc.constantFrom(1, MILLISECOND, SECOND, 8 * MINUTE),
  entries: fc.constantFrom(0, 1, 20, 500),
  ahead: fc.constantFrom(3, MILLISECOND, 200 * MILLISECOND, 10 * SECOND, HOUR),
});

test("entries come out by time, then by what they are, however far ahead they are and however the pace changes", () => {
  fc.assert(
    fc.property(
      fc.array(stretch, { minLength: 1, maxLength: 8 }),
      fc.infiniteStream(fc.nat()),
      (run, draws) => {
        const draw = (below: number) => (draws.next().value as number) % below;
        const calendar = new Calendar();
        const entered: [at: number, low: number][] = [];
        const taken: [at: number, low: number][] = [];
        let slot = 0;
        let start = 0;
        const play = (until: number) => {
          calendar.playTo(until);
          while (calendar.due()) {
            const key = calendar.take();
            taken.push([calendar.timeOf(key), calendar.lowOf(key)]);
          }
        };
        for (const { length, entries, ahead } of run) {
          for (let i = 0; i < entries; i++) {
            const now = start + Math.floor((length * i) / entries);
            play(now);
            const at = now + 1 + draw(ahead);
            calendar.addCompletion(at, slot);
            entered.push([at, slot]);
            slot = (slot + 7919) % 2 ** 20;
          }
          start += length;
          play(start);
          calendar.settle(start);
        }
        const end = start + 2 * HOUR;
        while (start < end) {
          start += 8 * MINUTE;
          play(start);
          calendar.settle(start);
        }
        entered.sort((a, b) => a[0] - b[0] || a[1] - b[1]);
        expect(taken).toEqual(entered);
      },
    ),
    { numRuns: 50 },
  );
});
