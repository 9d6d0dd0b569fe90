import { COLD, PROVISIONED, THROTTLED } from "../sim/lambda/placement.ts";
import type {
  EnvironmentBatch,
  InvocationBatch,
  RecordListener,
  Window,
} from "../sim/measure/record-batch.ts";

/** Lanes that a picture can hold. */
export const MOST_LANES = 60;
/** What is shorter than this cannot be seen: an idle time of less is drawn as part of what is around it. */
export const finestOf = ({ from, to }: Window): number => (to - from) / 400;
/** Pieces put together are no longer than this many of those, so that they still show how busy it was when. */
const TOGETHER = 3;

export type PieceKind = "init" | "warm" | "provisioned";

/** A time in which an environment was busy; microseconds, cut at the window. */
export interface Piece {
  readonly kind: PieceKind;
  readonly start: number;
  end: number;
  /** How much of it: less than all where short invocations are put together. */
  busy: number;
}

/** What one environment did. */
export interface Lane {
  readonly number: number;
  readonly fn: number;
  readonly provisioned: boolean;
  readonly born: number;
  /** Undefined: it lives on. */
  readonly ended: number | undefined;
  /** Index of RECORDED_ENDS. */
  readonly why: number;
  readonly pieces: readonly Piece[];
}

/** Some environments' lives over a window. */
export interface Lifelines {
  readonly window: Window;
  /** In the order in which they were made. */
  readonly lanes: readonly Lane[];
  /** Environments that existed in the window, and cold starts in it: of all of them, shown or not. */
  readonly environments: number;
  readonly coldStarts: number;
  /** By why they have ended in the window. */
  readonly ended: readonly number[];
}

/** Follows the environments with the lowest numbers among those that existed in the window. Holds no more than these. */
export class LifelineCollector implements RecordListener {
  private readonly window: Window;
  private readonly most: number;
  private readonly finest: number;
  private readonly pieces = new Map<number, Piece[]>();
  private readonly known = new Map<number, Omit<Lane, "pieces">>();
  private highest = Number.POSITIVE_INFINITY;
  private count = 0;
  private coldStarts = 0;
  private readonly ended = [0, 0, 0, 0, 0];

  constructor(window: Window, most = MOST_LANES) {
    this.window = window;
    this.most = most;
    this.finest = finestOf(window);
  }

  invocations(batch: InvocationBatch): void {
    for (let i = 0; i < batch.count; i++) {
      const placement = batch.placements[i]!;
      const at = batch.times[i]!;
      if (placement === COLD && at >= this.window.from) this.coldStarts++;
      const number = batch.environments[i]!;
      if (placement >= THROTTLED || !this.admits(number)) continue;
      const pieces = this.pieces.get(number)!;
      const handler = at + batch.waits[i]!;
      this.add(pieces, "init", at, handler);
      this.add(
        pieces,
        placement === PROVISIONED ? "provisioned" : "warm",
        handler,
        handler + batch.durations[i]!,
      );
    }
  }

  environments(batch: EnvironmentBatch): void {
    this.count += batch.count;
    for (let i = 0; i < batch.count; i++) {
      const number = batch.numbers[i]!;
      const death = batch.deaths[i]!;
      const ended = Number.isNaN(death) ? undefined : death;
      const why = batch.ends[i]!;
      if (ended !== undefined && ended < this.window.to) this.ended[why]!++;
      if (!this.admits(number)) continue;
      this.known.set(number, {
        number,
        fn: batch.functions[i]!,
        provisioned: batch.provisioned[i] === 1,
        born: batch.births[i]!,
        ended,
        why,
      });
    }
  }

  /** Whether it is among the lowest numbers so far: the highest makes room for it. Once it is not, it never is. */
  private admits(number: number): boolean {
    const { pieces } = this;
    if (pieces.has(number)) return true;
    if (number > this.highest) return false;
    pieces.set(number, []);
    if (pieces.size > this.most) {
      const out = Math.max(...pieces.keys());
      pieces.delete(out);
      this.known.delete(out);
    }
    if (pieces.size === this.most) this.highest = Math.max(...pieces.keys());
    return pieces.has(number);
  }

  private add(pieces: Piece[], kind: PieceKind, from: number, to: number): void {
    const start = Math.max(from, this.window.from);
    const end = Math.min(to, this.window.to);
    if (end <= start) return;
    const last = pieces.at(-1);
    const together =
      last?.kind === kind && start - last.end < this.finest && end - last.start <= TOGETHER * this.finest;
    if (!together) {
      pieces.push({ kind, start, end, busy: end - start });
      return;
    }
    last.end = end;
    last.busy += end - start;
  }

  /** What has come together, when the run is over. */
  lifelines(): Lifelines {
    const lanes = [...this.known.values()]
      .map((lane) => ({ ...lane, pieces: this.pieces.get(lane.number)! }))
      .sort((a, b) => a.born - b.born || a.number - b.number);
    const { window, count: environments, coldStarts, ended } = this;
    return { window, lanes, environments, coldStarts, ended };
  }
}
