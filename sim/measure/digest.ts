/**
 * A 64-bit fingerprint of a run's numbers, the same on every machine: two 32-bit lanes of multiply-and-mix
 * (the finaliser of MurmurHash3, public domain) over the IEEE bits of each number.
 */
export class Digest {
  private a = 0x9e3779b9;
  private b = 0x85ebca6b;
  private readonly number = new Float64Array(1);
  private readonly words = new Uint32Array(this.number.buffer);

  add(value: number): void {
    this.number[0] = value === 0 ? 0 : value;
    this.word(this.words[0]!);
    this.word(this.words[1]!);
  }

  addAll(values: Iterable<number>): void {
    for (const value of values) this.add(value);
  }

  addText(text: string): void {
    for (let i = 0; i < text.length; i++) this.word(text.charCodeAt(i));
  }

  private word(word: number): void {
    this.a = mix(Math.imul(this.a ^ word, 0xcc9e2d51) + this.b);
    this.b = mix(Math.imul(this.b ^ word, 0x1b873593) + this.a);
  }

  /** 16 hexadecimal digits. */
  text(): string {
    const hex = (n: number) => (n >>> 0).toString(16).padStart(8, "0");
    return hex(mix(this.a)) + hex(mix(this.b));
  }
}

function mix(h: number): number {
  h ^= h >>> 16;
  h = Math.imul(h, 0x85ebca6b);
  h ^= h >>> 13;
  h = Math.imul(h, 0xc2b2ae35);
  return h ^ (h >>> 16);
}
