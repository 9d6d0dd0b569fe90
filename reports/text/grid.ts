/** A cell of a table in plain text; numbers stand to the right. */
export interface Cell {
  readonly text: string;
  readonly left?: boolean;
  readonly paint?: (text: string) => string;
}

/** Lines of columns that are as wide as their widest cell. */
export function grid(rows: readonly (readonly Cell[])[]): string[] {
  const widths = rows.reduce<number[]>((widest, cells) => {
    cells.forEach(({ text }, i) => {
      widest[i] = Math.max(widest[i] ?? 0, text.length);
    });
    return widest;
  }, []);
  return rows.map((cells) => {
    const texts = cells.map(({ text, left = false, paint = (t) => t }, i) => {
      const width = widths[i]!;
      const last = i === cells.length - 1;
      return paint(left ? (last ? text : text.padEnd(width)) : text.padStart(width));
    });
    return texts.join("   ").trimEnd();
  });
}

/** The same as a Markdown table; its first row is the head. */
export function markdownGrid([head = [], ...rows]: readonly (readonly Cell[])[]): string[] {
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  const texts = (cells: readonly Cell[]) =>
    line(head.map((_, i) => (cells[i]?.text ?? "").trim().replaceAll("|", "\\|")));
  return [texts(head), line(head.map(({ left }) => (left ? "---" : "---:"))), ...rows.map(texts)];
}
