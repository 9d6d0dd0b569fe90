/** Finite Markov chains in continuous time, solved numerically: exact answers, and how far a run may be from them. */

/** A jump out of a state; one that leads back to it still counts (a request that is refused). */
export type Jump<What extends string> = readonly [to: readonly number[], rate: number, what: What];

/** What jumps of each kind count for. */
type Counts<What extends string> = Partial<Record<What, number>>;

interface Arc<What extends string> {
  readonly to: number;
  readonly rate: number;
  readonly what: What;
}

/** A chain that reaches every state from every other. Rates are per second. */
export class Chain<What extends string> {
  readonly states: readonly (readonly number[])[];
  /** The share of time in each state in the long run. */
  readonly law: Float64Array;
  private readonly arcs: readonly (readonly Arc<What>[])[];

  /** All states that can be reached from the first one. */
  constructor(first: readonly number[], jumpsOf: (state: readonly number[]) => readonly Jump<What>[]) {
    const states: (readonly number[])[] = [];
    const index = new Map<string, number>();
    const find = (state: readonly number[]): number => {
      const key = state.join();
      const known = index.get(key);
      if (known !== undefined) return known;
      index.set(key, states.length);
      return states.push(state) - 1;
    };
    find(first);
    const arcs: Arc<What>[][] = [];
    for (let i = 0; i < states.length; i++) {
      const jumps = jumpsOf(states[i]!).filter(([, rate]) => rate > 0);
      arcs.push(jumps.map(([to, rate, what]) => ({ to: find(to), rate, what })));
    }
    this.states = states;
    this.arcs = arcs;
    this.law = stationary(arcs);
  }

  /** The average over time of a number that a state has. */
  mean(of: (state: readonly number[]) => number): number {
    return this.states.reduce((sum, state, i) => sum + this.law[i]! * of(state), 0);
  }

  /** The variance over time of a number that a state has. */
  variance(of: (state: readonly number[]) => number): number {
    const mean = this.mean(of);
    return this.mean((state) => (of(state) - mean) ** 2);
  }

  /** Of all jumps of the kinds `whole` the share that are of the kind `part`. */
  share(part: What, whole: readonly What[]): number {
    const rateOf = (kinds: readonly What[]) =>
      this.arcs.reduce(
        (sum, arcs, i) =>
          sum + this.law[i]! * arcs.reduce((n, a) => n + (kinds.includes(a.what) ? a.rate : 0), 0),
        0,
      );
    return rateOf([part]) / rateOf(whole);
  }

  /** Standard error of `mean` measured over so many seconds. */
  meanError(of: (state: readonly number[]) => number, seconds: number): number {
    return Math.sqrt(this.spread(of, {}) / seconds);
  }

  /** Standard error of `variance` measured over so many seconds; that of the mean adds nothing in first order. */
  varianceError(of: (state: readonly number[]) => number, seconds: number): number {
    const mean = this.mean(of);
    return this.meanError((state) => (of(state) - mean) ** 2, seconds);
  }

  /** Standard error of `share` counted over so many seconds. */
  shareError(part: What, whole: readonly What[], seconds: number): number {
    const share = this.share(part, whole);
    const counts: Counts<What> = {};
    for (const what of whole) counts[what] = (what === part ? 1 : 0) - share;
    let rate = 0;
    this.arcs.forEach((arcs, i) => {
      for (const arc of arcs) if (whole.includes(arc.what)) rate += this.law[i]! * arc.rate;
    });
    return Math.sqrt(this.spread(() => 0, counts) / seconds) / rate;
  }

  /**
   * The variance that a sum over time gains a second: of `flow` a second in each state, and `counts` at each jump. By
   * the central limit theorem for chains: sum − mean = a martingale + h(start) − h(end), h from Poisson's equation.
   */
  private spread(flow: (state: readonly number[]) => number, counts: Counts<What>): number {
    const n = this.states.length;
    const gain = ({ what }: Arc<What>): number => counts[what] ?? 0;
    // Σ rate · (gain + h(to) − h(from)) + flow = mean for every state. h(0) = 0, and the mean takes its column.
    const rows = this.arcs.map((arcs, i) => {
      const row = new Float64Array(n + 1);
      row[n] = -flow(this.states[i]!);
      for (const arc of arcs) {
        row[n]! -= arc.rate * gain(arc);
        row[arc.to]! += arc.rate;
        row[i]! -= arc.rate;
      }
      row[0] = -1;
      return row;
    });
    const h = solved(rows);
    h[0] = 0;
    return this.arcs.reduce(
      (sum, arcs, i) =>
        sum + this.law[i]! * arcs.reduce((s, a) => s + a.rate * (gain(a) + h[a.to]! - h[i]!) ** 2, 0),
      0,
    );
  }
}

/** By state reduction, which subtracts nothing and so loses nothing (Grassmann, Taksar and Heyman 1985). */
function stationary(arcs: readonly (readonly Arc<string>[])[]): Float64Array {
  const n = arcs.length;
  const rate = arcs.map((out, i) => {
    const row = new Float64Array(n);
    for (const arc of out) if (arc.to !== i) row[arc.to]! += arc.rate;
    return row;
  });
  for (let k = n - 1; k > 0; k--) {
    const out = rate[k]!.subarray(0, k).reduce((a, b) => a + b, 0);
    for (let i = 0; i < k; i++) {
      rate[i]![k]! /= out;
      for (let j = 0; j < k; j++) rate[i]![j]! += rate[i]![k]! * rate[k]![j]!;
    }
  }
  const law = new Float64Array(n);
  law[0] = 1;
  for (let k = 1; k < n; k++) for (let i = 0; i < k; i++) law[k]! += law[i]! * rate[i]![k]!;
  const total = law.reduce((a, b) => a + b, 0);
  return law.map((p) => p / total);
}

/** Solves a system of n equations, each a row of n coefficients and its right side, by elimination with pivots. */
function solved(rows: Float64Array[]): Float64Array {
  const n = rows.length;
  for (let k = 0; k < n; k++) {
    let best = k;
    for (let i = k + 1; i < n; i++) if (Math.abs(rows[i]![k]!) > Math.abs(rows[best]![k]!)) best = i;
    [rows[k], rows[best]] = [rows[best]!, rows[k]!];
    for (let i = k + 1; i < n; i++) {
      const factor = rows[i]![k]! / rows[k]![k]!;
      if (factor !== 0) for (let j = k; j <= n; j++) rows[i]![j]! -= factor * rows[k]![j]!;
    }
  }
  const x = new Float64Array(n);
  for (let k = n - 1; k >= 0; k--) {
    let right = rows[k]![n]!;
    for (let j = k + 1; j < n; j++) right -= rows[k]![j]! * x[j]!;
    x[k] = right / rows[k]![k]!;
  }
  return x;
}
