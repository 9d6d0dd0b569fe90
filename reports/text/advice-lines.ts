import { advise } from "../../study/advice/registry.ts";
import type { Study } from "../../study/replicate.ts";
import type { Paint } from "./paint.ts";

/** Findings shown; the others are in result.json. */
const MOST_SHOWN = 3;

/** What is worth changing, with its numbers and what to try. */
export function adviceLines(study: Study, paint: Paint): string[] {
  const found = advise(study);
  const lines = found
    .slice(0, MOST_SHOWN)
    .map(({ sentence, change }) => `advice ${sentence}. ${paint.dim(`Try ${change}`)}`);
  const more = found.length - lines.length;
  return more > 0 ? [...lines, paint.dim(`advice … and ${more} more in result.json`)] : lines;
}
