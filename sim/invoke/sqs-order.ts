import { longer } from "../columns.ts";
import { drawUniform, type Stream } from "../random.ts";
import { Line, type Messages } from "./messages.ts";

/** The messages of a queue that can be received, in the order in which they will be. */
export interface ReceiveOrder {
  /** None can be received now. */
  readonly empty: boolean;
  /** A new message. */
  push(m: number): void;
  /** A message that was received before can be received again. */
  back(m: number): void;
  /** A message that was gone is put into the queue anew. */
  rejoin(m: number): void;
  /** Receives the next one; −1 when there is none. */
  take(): number;
  /** What was taken since the last call goes into one batch, which is complete now. */
  close(): void;
  /** A message that can be received is no more. */
  remove(m: number): void;
  /** A message that was received is no more. */
  gone(m: number): void;
}

/** A standard queue: in order of arrival, and what comes back stands at the end. (SQS promises no order: assumed.) */
export class StandardOrder implements ReceiveOrder {
  private readonly line: Line;

  constructor(messages: Messages) {
    this.line = new Line(messages);
  }

  get empty(): boolean {
    return this.line.length === 0;
  }

  push(m: number): void {
    this.line.push(m);
  }

  back(m: number): void {
    this.line.push(m);
  }

  rejoin(m: number): void {
    this.line.push(m);
  }

  take(): number {
    return this.line.shift();
  }

  close(): void {}

  remove(m: number): void {
    this.line.remove(m);
  }

  gone(): void {}
}

/** No group. */
const NONE = -1;

/**
 * A FIFO queue: messages of one group in order, and none of a group while an earlier one is in flight (SQS developer
 * guide, FIFO delivery logic). A batch takes all it can of one group, then of the next that is free. Groups take turns
 * (assumed). Each new message is dealt to a group by lot, all groups alike.
 */
export class FifoOrder implements ReceiveOrder {
  private readonly messages: Messages;
  private readonly lot: Stream;
  private readonly lines: Line[];
  /** Messages of the group that are in flight. */
  private readonly inFlight: Int32Array;
  /** 1: the group stands among those that are free. */
  private readonly stands: Uint8Array;
  /** The free groups with something to receive, in turn. */
  private readonly nextFree: Int32Array;
  private first = NONE;
  private last = NONE;
  /** Of each message, by its row. */
  private group = new Int32Array(64);
  /** The batch that is being filled takes from the first group. */
  private filling = false;

  constructor(messages: Messages, groups: number, lot: Stream) {
    this.messages = messages;
    this.lot = lot;
    this.lines = Array.from({ length: groups }, () => new Line(messages));
    this.inFlight = new Int32Array(groups);
    this.stands = new Uint8Array(groups);
    this.nextFree = new Int32Array(groups).fill(NONE);
  }

  get empty(): boolean {
    return this.first === NONE;
  }

  push(m: number): void {
    if (m >= this.group.length) this.group = longer(this.group, 2 * m);
    this.group[m] = Math.floor(drawUniform(this.lot) * this.lines.length);
    this.rejoin(m);
  }

  rejoin(m: number): void {
    const g = this.group[m]!;
    this.lines[g]!.push(m);
    this.offer(g);
  }

  /** It was received before those that wait, and stands before them again. */
  back(m: number): void {
    const g = this.group[m]!;
    const line = this.lines[g]!;
    const { number } = this.messages;
    let before = NONE;
    for (let n = line.head; n !== NONE && number[n]! < number[m]!; n = line.after(n)) before = n;
    line.insert(m, before);
    this.gone(m);
  }

  take(): number {
    const g = this.first;
    if (g === NONE) return NONE;
    const line = this.lines[g]!;
    const m = line.shift();
    this.inFlight[g]!++;
    if (line.length === 0) this.leave();
    else this.filling = true;
    return m;
  }

  close(): void {
    if (!this.filling) return;
    const g = this.first;
    this.leave();
    // Nothing of it may have come into the batch after all.
    this.offer(g);
  }

  /** The first group is free no more. */
  private leave(): void {
    const g = this.first;
    this.first = this.nextFree[g]!;
    if (this.first === NONE) this.last = NONE;
    this.nextFree[g] = NONE;
    this.stands[g] = 0;
    this.filling = false;
  }

  remove(m: number): void {
    const g = this.group[m]!;
    this.lines[g]!.remove(m);
    if (this.lines[g]!.length === 0 && this.stands[g] === 1) this.strike(g);
  }

  gone(m: number): void {
    const g = this.group[m]!;
    this.inFlight[g]!--;
    this.offer(g);
  }

  /** The group joins those that are free, if it is. */
  private offer(g: number): void {
    if (this.stands[g] === 1 || this.inFlight[g]! > 0 || this.lines[g]!.length === 0) return;
    this.stands[g] = 1;
    if (this.first === NONE) this.first = g;
    else this.nextFree[this.last] = g;
    this.last = g;
  }

  /** Takes a group out from among those that are free: a rare case, so it is looked for. */
  private strike(g: number): void {
    if (this.first === g) {
      this.leave();
      return;
    }
    let before = this.first;
    while (this.nextFree[before] !== g) before = this.nextFree[before]!;
    this.nextFree[before] = this.nextFree[g]!;
    if (this.last === g) this.last = before;
    this.nextFree[g] = NONE;
    this.stands[g] = 0;
  }
}
