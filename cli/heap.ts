// Imported before everything else. By default V8 lets the young generation grow to 32 MB and the old one to several times
// what is alive before it collects. What is read and opened before the loop leaves much behind, and the loop makes next to no
// objects, so both would be memory for nothing: the young one stays as small as it begins, and the old
// one grows by half at a time. Charts and reports make many objects; before them the heap gets its way again.
// No option of Node can be set for either when it runs already. These flags can; an engine that does not know them says so and
// goes on.
import { setFlagsFromString } from "node:v8";

function setGrowth(young: number, oldPercent: number): void {
  setFlagsFromString(`--semi-space-growth-factor=${young}`);
  setFlagsFromString(`--heap-growing-percent=${oldPercent}`);
}

setGrowth(1, 50);

/** From here on V8 sizes the heap as it does by itself: everything has been played, or charts are to be drawn. */
export function letHeapGrow(): void {
  setGrowth(2, 0);
}
