import type { Numbers } from "../charts/chart.ts";
import type { Explanation } from "../text/explanations.ts";
import type { Next } from "../text/next-step.ts";

/** A chart in words, as it stands in review.json. */
export interface ChartWords {
  readonly name: string;
  readonly title: string;
  readonly question: string;
  readonly finding: string;
  readonly numbers?: Numbers;
}

/**
 * review.json: what a study comes to in words, written with its results, so that a report can be made later from the folder
 * alone. Of what was not a run of one scenario only the sentence, the summary and the charts.
 */
export interface ReviewWords {
  readonly lsimReview: 1;
  readonly version: string;
  readonly name: string;
  readonly about?: string;
  readonly sentence: string;
  readonly summary: string;
  /** The command that makes the results again. */
  readonly command?: string;
  readonly next?: Next;
  readonly explanations?: readonly Explanation[];
  readonly charts: readonly ChartWords[];
}

/** A chart with its picture. */
export interface DrawnChart extends ChartWords {
  readonly svg: string;
}

/** What a folder of results holds, as far as a report needs it. */
export interface SavedStudy {
  /** How the folder is called, for messages and titles. */
  readonly label: string;
  /** The parsed main file: result.json, compare.json, sweep.json, tune.json, sensitivity.json or plan.json. */
  readonly file: unknown;
  /** Undefined in folders of lsim 0.3 and before, and of commands that write none. */
  readonly words: ReviewWords | undefined;
  readonly charts: readonly DrawnChart[];
}

/** Whether what was asked for was reached, or chance alone could turn it. */
export type Standing = "met" | "missed" | "unsure";

/** Something that was asked for, and how it went. */
export interface Objective {
  /** "api latency p(99) < 2s". */
  readonly asked: string;
  /** "1.62 s ± 0.04 s". */
  readonly found: string;
  readonly standing: Standing;
  /** What it comes to in a word: "met", "missed", "better"; "" where there is nothing to judge. */
  readonly word: string;
}

export interface SettingChange {
  readonly path: string;
  readonly now: string;
  /** Undefined where nothing is proposed: the setting as it is. */
  readonly proposed?: string;
}

export interface TableBlock {
  readonly kind: "table";
  readonly caption?: string;
  readonly columns: readonly string[];
  /** By column: whether it holds numbers, which stand to the right. */
  readonly numeric: readonly boolean[];
  readonly rows: readonly (readonly string[])[];
  /** Not shown at once: what to click on. */
  readonly folded?: string;
}

/** What a section is made of. Texts are as users wrote them: whoever writes them out escapes them. */
export type Block =
  | { readonly kind: "text"; readonly text: string }
  | {
      readonly kind: "list";
      readonly items: readonly { readonly term?: string; readonly text: string; readonly code?: string }[];
    }
  | { readonly kind: "chart"; readonly chart: DrawnChart }
  | { readonly kind: "code"; readonly text: string; readonly folded?: string }
  | TableBlock;

export interface Section {
  /** Of its heading, for links. */
  readonly id: string;
  readonly heading: string;
  readonly blocks: readonly Block[];
}

/** One study of a review. */
export interface ReviewPart {
  readonly name: string;
  /** What it is: "run", "comparison". */
  readonly what: string;
  readonly about?: string;
  readonly verdict: string;
  /** What stands over them. */
  readonly objectivesTitle: string;
  readonly objectives: readonly Objective[];
  readonly settings: readonly SettingChange[];
  /** What stands over the settings. */
  readonly settingsTitle: string;
  readonly next?: Next;
  readonly provenance: readonly (readonly [name: string, value: string])[];
  /** The picture of the first screen. */
  readonly picture: DrawnChart | undefined;
  /** Short explanations right after the first screen. */
  readonly why: readonly Explanation[];
  readonly sections: readonly Section[];
}

/** The data of a capacity-review report: one or more studies. */
export interface Review {
  readonly title: string;
  readonly parts: readonly ReviewPart[];
}
