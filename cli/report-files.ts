import { type KnownStudy, reviewOf } from "../reports/review/registry.ts";
import { reportMarkdown } from "../reports/text/report-markdown.ts";
import { InputError } from "./exit.ts";
import { letHeapGrow } from "./heap.ts";

/** What a report can be. */
export const REPORT_KINDS = ["html", "md", "png"] as const;
export type ReportKind = (typeof REPORT_KINDS)[number];

/** A file of a report, by its place in the folder. */
export interface ReportFile {
  readonly name: string;
  readonly content: string | Uint8Array;
}

/** Makes the files of a report of saved studies. Throws InputError where one of them does not hold what it should. */
export async function reportFiles(
  studies: readonly KnownStudy[],
  kinds: readonly ReportKind[],
  title?: string,
): Promise<ReportFile[]> {
  letHeapGrow();
  const files: ReportFile[] = [];
  if (kinds.includes("html") || kinds.includes("md")) {
    const review = reviewed(studies, title);
    if (kinds.includes("html")) {
      // Loaded only now: the page brings its font.
      const { reportPage } = await import("../reports/html/report-page.ts");
      files.push({ name: "report.html", content: reportPage(review) });
    }
    if (kinds.includes("md")) files.push({ name: "report.md", content: reportMarkdown(review) });
  }
  if (kinds.includes("png")) {
    const { pngOf } = await import("./png.ts");
    for (const { name, svg } of studies[0]!.study.charts)
      files.push({ name: `charts/${name}.png`, content: await pngOf(svg) });
  }
  return files;
}

function reviewed(studies: readonly KnownStudy[], title: string | undefined) {
  try {
    return reviewOf(studies, title);
  } catch (error) {
    // Files that somebody has changed: whatever is missing, it was not for lsim to find.
    if (!(error instanceof TypeError)) throw error;
    const names = studies.map(({ study, kind }) => `${study.label}/${kind.file}`).join(", ");
    throw new InputError(
      `${names}: does not hold all that lsim writes there (${error.message}); run the study again`,
    );
  }
}
