type Column =
  | Float64Array<ArrayBuffer>
  | Int32Array<ArrayBuffer>
  | Uint32Array<ArrayBuffer>
  | Uint8Array<ArrayBuffer>;

/** A column of `size` rows that begins with those of `column`; the others are 0. */
export function longer<T extends Column>(column: T, size: number): T {
  const fresh = new (column.constructor as new (size: number) => T)(size);
  fresh.set(column);
  return fresh;
}
