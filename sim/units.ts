/**
 * Quantities: how a scenario writes them and how the outputs print them.
 * Inside the simulator time is whole microseconds, memory whole MB (2^20 bytes), a rate is events per second.
 */

export const MICROSECOND = 1;
export const MILLISECOND = 1_000;
export const SECOND = 1_000_000;
export const MINUTE = 60 * SECOND;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

/** AWS and this project's user count a month as 730 hours. */
export const MONTH = 730 * HOUR;

/** What a text was taken for, or why it could not be. */
export type Parsed = { ok: true; value: number } | { ok: false; message: string };

const NUMBER = "[+-]?(?:\\d+(?:\\.\\d*)?|\\.\\d+)(?:e[+-]?\\d+)?";

interface Quantity {
  /** What the quantity is called in a message. */
  noun: string;
  /** Accepted units, the factor to the inner unit. The first is the one suggested. */
  units: Readonly<Record<string, number>>;
  /** Two examples for messages and for the schema. */
  examples: readonly [string, string];
}

const QUANTITIES = {
  duration: {
    noun: "a duration",
    units: { s: SECOND, ms: MILLISECOND, us: MICROSECOND, µs: MICROSECOND, m: MINUTE, h: HOUR, d: DAY },
    examples: ["3s", "250ms"],
  },
  memory: {
    noun: "a size",
    units: { MB: 1, GB: 1024 },
    examples: ["512 MB", "2 GB"],
  },
  data: {
    noun: "an amount of data",
    units: { KB: 2 ** 10, B: 1, MB: 2 ** 20, GB: 2 ** 30 },
    examples: ["4 KB", "1.5 MB"],
  },
  rate: {
    noun: "a rate",
    units: { "/s": 1, "/m": 1 / 60, "/h": 1 / 3600, "/d": 1 / 86400 },
    examples: ["80/s", "5/m"],
  },
} as const satisfies Record<string, Quantity>;

export type QuantityKind = keyof typeof QUANTITIES;

/** Two ways to write a quantity of this kind, for messages and editors. */
export function examplesOf(kind: QuantityKind | "share"): readonly [string, string] {
  return kind === "share" ? ["2%", "0.5%"] : QUANTITIES[kind].examples;
}

/** A regular expression for the JSON Schema: editors mark a missing unit while one types. */
export function patternOf(kind: QuantityKind | "share"): string {
  const number = "[0-9]*\\.?[0-9]+(e[+-]?[0-9]+)?";
  if (kind === "share") return `^${number} ?%$`;
  const units = Object.keys(QUANTITIES[kind].units).join("|");
  return `^-?${number} ?(${units})$`;
}

/**
 * Reads "10m", "512 MB", "80/s".
 * Durations come back as whole microseconds, sizes as MB, data as bytes, rates as events per second.
 */
export function parseQuantity(kind: QuantityKind, input: unknown): Parsed {
  const { noun, units, examples } = QUANTITIES[kind] as Quantity;
  if (typeof input === "number") {
    const first = Object.keys(units)[0];
    const gap = kind === "memory" || kind === "data" ? " " : "";
    const second = Object.keys(units)[1];
    return {
      ok: false,
      message: `${input} has no unit; write "${input}${gap}${first}" or "${input}${gap}${second}"`,
    };
  }
  if (typeof input !== "string") {
    return { ok: false, message: `expected ${noun} such as "${examples[0]}", got ${nameOf(input)}` };
  }
  const match = new RegExp(`^\\s*(${NUMBER})\\s*(\\S*)\\s*$`, "i").exec(input);
  if (!match) return { ok: false, message: `"${input}" is not ${noun}; write it like "${examples[0]}"` };
  const value = Number(match[1]);
  const unit = match[2] as string;
  if (unit === "") return parseQuantity(kind, value);
  const factor = Object.hasOwn(units, unit) ? units[unit] : undefined;
  if (factor === undefined) {
    const known = Object.keys(units).filter((u) => u !== "µs");
    return {
      ok: false,
      message: `"${unit}" is not a unit of ${noun.replace(/^an? /, "")}; use ${known.join(", ")}`,
    };
  }
  const scaled = value * factor;
  if (!Number.isFinite(scaled)) return { ok: false, message: `"${input}" is too large` };
  return { ok: true, value: kind === "duration" ? Math.round(scaled) : scaled };
}

/** Reads "2%" as 0.02. */
export function parseShare(input: unknown): Parsed {
  if (typeof input === "number") {
    return { ok: false, message: `${input} has no unit; write "${trim(input * 100)}%" (a share, of 100)` };
  }
  const match = typeof input === "string" ? new RegExp(`^\\s*(${NUMBER})\\s*%\\s*$`, "i").exec(input) : null;
  if (!match) {
    return { ok: false, message: `expected a share such as "2%", got ${nameOf(input)}` };
  }
  return { ok: true, value: Number(match[1]) / 100 };
}

/** Reads "$3" or "$0.0000002" as US dollars. */
export function parseMoney(input: unknown): Parsed {
  const match =
    typeof input === "string" ? new RegExp(`^\\s*\\$\\s*(${NUMBER})\\s*$`, "i").exec(input) : null;
  if (!match) return { ok: false, message: `expected dollars such as "$20", got ${nameOf(input)}` };
  return { ok: true, value: Number(match[1]) };
}

/** A value as a message shows it: quoted text, a bare number, or the kind of thing it is. */
export function nameOf(input: unknown): string {
  if (input === undefined) return "nothing";
  if (input === null) return "null";
  if (Array.isArray(input)) return "a list";
  if (typeof input === "object") return "an object";
  return typeof input === "string" ? `"${input}"` : String(input);
}

function trim(value: number): string {
  return String(Number(value.toPrecision(12)));
}

/** 1234567 as "1,234,567". */
export function printCount(value: number, digits = 0): string {
  const [whole, fraction] = Math.abs(value).toFixed(digits).split(".") as [string, string?];
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, ",");
  const zero = Number(`${whole}.${fraction ?? 0}`) === 0;
  return `${value < 0 && !zero ? "-" : ""}${grouped}${fraction ? `.${fraction}` : ""}`;
}

/** A mean of counts: whole, or with a decimal where it is small and not whole. */
export function printMean(value: number): string {
  return printCount(
    value,
    Number.isInteger(value) || Math.abs(value) >= 10 ? 0 : Math.abs(value) < 0.1 ? 2 : 1,
  );
}

/** Three significant digits, thousands grouped, no exponent above 1e-6: 0.0123, 4.56, 1,230. */
export function printNumber(value: number, significant = 3): string {
  if (!Number.isFinite(value)) return value > 0 ? "∞" : value < 0 ? "-∞" : "–";
  if (value === 0) return "0";
  const exponent = Math.floor(Math.log10(Math.abs(value)));
  if (exponent < -6) return value.toExponential(significant - 1);
  const digits = Math.max(0, significant - 1 - exponent);
  return printCount(value, Math.min(digits, 12));
}

/** Microseconds as "350 ms", "1.62 s", "12.5 min": three significant digits, and "10 min" where that is exact. */
export function printDuration(us: number): string {
  const size = Math.abs(us);
  if (size === 0) return "0 s";
  const [unit, name] =
    size < MILLISECOND
      ? [MICROSECOND, "µs"]
      : size < SECOND * 0.9995
        ? [MILLISECOND, "ms"]
        : size < 2 * MINUTE && size % MINUTE !== 0
          ? [SECOND, "s"]
          : size < 2 * HOUR && size % HOUR !== 0
            ? [MINUTE, "min"]
            : size < 2 * DAY
              ? [HOUR, "h"]
              : [DAY, "d"];
  const text = printNumber(us / unit);
  const short = text.includes(".") ? text.replace(/\.?0+$/, "") : text;
  return `${Number(short.replace(/,/g, "")) * unit === us ? short : text} ${name}`;
}

/** Microseconds as a scenario writes them, exactly: "350ms", "10m", "1500us". */
export function writtenDuration(us: number): string {
  const units = [
    ["h", HOUR],
    ["m", MINUTE],
    ["s", SECOND],
    ["ms", MILLISECOND],
  ] as const;
  const [name, size] = units.find(([, size]) => us !== 0 && us % size === 0) ?? ["us", 1];
  return `${us / size}${name}`;
}

/** A moment of the run as a clock: "3:48", "1:02:00", "2d 4:00:00"; with hours too where it stands beside one that has them. */
export function printClock(us: number, longest: number = us): string {
  const seconds = Math.floor(us / SECOND);
  const two = (n: number) => String(n).padStart(2, "0");
  const [d, h, m, s] = [
    Math.floor(seconds / 86400),
    Math.floor(seconds / 3600) % 24,
    Math.floor(seconds / 60) % 60,
    seconds % 60,
  ];
  if (d > 0) return `${d}d ${h}:${two(m)}:${two(s)}`;
  return h > 0 || longest >= HOUR ? `${h}:${two(m)}:${two(s)}` : `${m}:${two(s)}`;
}

/** A share as "17.1 %"; never "0 %" for something that happened. */
export function printShare(share: number): string {
  return `${printNumber(share * 100)} %`;
}

/** A share that somebody has set, or that follows from prices: "70 %", "62.5 %". */
export function printLimit(share: number): string {
  return `${printCount(share * 100, 1).replace(/\.0$/, "")} %`;
}

/** US dollars: cents for sums, more digits for small amounts. */
export function printMoney(usd: number): string {
  const size = Math.abs(usd);
  const sign = usd < 0 ? "-" : "";
  if (size === 0) return "$0";
  if (size >= 0.1) return `${sign}$${printCount(size, 2)}`;
  const digits = Math.min(12, 2 - Math.floor(Math.log10(size)));
  return `${sign}$${size.toFixed(digits)}`;
}
