import { longer } from "../columns.ts";
import { Requests } from "../requests.ts";

/** Requests as they are drawn, source by source, and then put in order: of time, then of the source's place in `traffic`. */
export class DrawnRequests extends Requests {
  /** Its source's place in `traffic`. */
  sources: Int32Array<ArrayBuffer>;
  private spare:
    | Pick<DrawnRequests, "times" | "functions" | "durations" | "outcomes" | "sources">
    | undefined;
  private order = new Int32Array(0);
  private starts = new Int32Array(0);

  constructor(size: number, placed?: boolean) {
    super(size, placed);
    this.sources = new Int32Array(size);
  }

  override reserve(size: number): void {
    super.reserve(size);
    if (this.sources.length === this.times.length) return;
    this.sources = longer(this.sources, this.times.length);
  }

  /** Appends what was drawn for rows `from` to `to` of another. */
  append(other: DrawnRequests, from: number, to: number): void {
    const start = this.count - from;
    this.count += to - from;
    this.reserve(this.count);
    for (let i = from; i < to; i++) {
      this.times[start + i] = other.times[i]!;
      this.functions[start + i] = other.functions[i]!;
      this.durations[start + i] = other.durations[i]!;
      this.outcomes[start + i] = other.outcomes[i]!;
      this.sources[start + i] = other.sources[i]!;
    }
  }

  /**
   * Sorts what was drawn. One source's rows are in order already, so a stable sort keeps them: rows are dealt into as
   * many equal stretches of time as there are rows, then put straight by insertion, which moves almost nothing.
   */
  sort(): void {
    const { count, times, functions, durations, outcomes, sources } = this;
    if (count < 2) return;
    const size = times.length;
    if (this.order.length < size) {
      const { times, functions, durations, outcomes, sources } = new DrawnRequests(size, false);
      this.spare = { times, functions, durations, outcomes, sources };
      this.order = new Int32Array(size);
      this.starts = new Int32Array(size + 1);
    }
    const { order, starts } = this;
    const spare = this.spare!;
    const sorted = spare.times;
    let first = Number.POSITIVE_INFINITY;
    let last = 0;
    for (let i = 0; i < count; i++) {
      const t = times[i]!;
      if (t < first) first = t;
      if (t > last) last = t;
    }
    const scale = (count - 1) / Math.max(1, last - first);
    starts.fill(0, 0, count + 1);
    for (let i = 0; i < count; i++) starts[(((times[i]! - first) * scale) | 0) + 1]!++;
    for (let i = 0; i < count; i++) starts[i + 1]! += starts[i]!;
    for (let i = 0; i < count; i++) {
      const place = starts[((times[i]! - first) * scale) | 0]!++;
      sorted[place] = times[i]!;
      order[place] = i;
    }
    for (let i = 1; i < count; i++) {
      const t = sorted[i]!;
      if (sorted[i - 1]! < t) continue;
      const o = order[i]!;
      const source = sources[o]!;
      let j = i - 1;
      for (; j >= 0 && (sorted[j]! > t || (sorted[j] === t && sources[order[j]!]! > source)); j--) {
        sorted[j + 1] = sorted[j]!;
        order[j + 1] = order[j]!;
      }
      sorted[j + 1] = t;
      order[j + 1] = o;
    }
    for (let i = 0; i < count; i++) {
      const from = order[i]!;
      spare.functions[i] = functions[from]!;
      spare.durations[i] = durations[from]!;
      spare.outcomes[i] = outcomes[from]!;
      spare.sources[i] = sources[from]!;
    }
    this.times = spare.times;
    this.functions = spare.functions;
    this.durations = spare.durations;
    this.outcomes = spare.outcomes;
    this.sources = spare.sources;
    this.spare = { times, functions, durations, outcomes, sources };
  }
}
