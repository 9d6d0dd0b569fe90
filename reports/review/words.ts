import type { Chart } from "../charts/chart.ts";
import type { ReviewWords } from "./review.ts";

/** What a study comes to in words, as review.json. `version`: of lsim. */
export function wordsOf(
  { name, about }: { readonly name: string; readonly about?: string | undefined },
  charts: readonly Chart[],
  said: Pick<ReviewWords, "sentence" | "summary" | "command" | "next" | "explanations">,
  version: string,
): ReviewWords {
  return {
    lsimReview: 1,
    version,
    name,
    ...(about !== undefined && { about }),
    ...said,
    charts: charts.map(({ spec: _, ...words }) => words),
  };
}
