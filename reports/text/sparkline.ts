const BARS = "▁▂▃▄▅▆▇█";

/** A column of numbers as a few bars, each the greatest of its stretch; "" for fewer than two rows. */
export function sparkline(values: ArrayLike<number>, width = 16): string {
  if (values.length < 2) return "";
  const bars = Math.min(width, values.length);
  const tops: number[] = [];
  for (let b = 0; b < bars; b++) {
    let top = 0;
    const end = Math.ceil(((b + 1) * values.length) / bars);
    for (let i = Math.floor((b * values.length) / bars); i < end; i++) top = Math.max(top, values[i] || 0);
    tops.push(top);
  }
  const most = Math.max(...tops);
  if (most === 0) return BARS[0]!.repeat(bars);
  return tops.map((top) => BARS[Math.min(7, Math.round((top / most) * 7))]).join("");
}
