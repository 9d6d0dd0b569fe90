import { Digest } from "../sim/measure/digest.ts";
import type { Setting } from "../sim/scenario/paths.ts";
import { type FigureRow, figureRows } from "./columns.ts";
import type { Study } from "./replicate.ts";
import { digestOf } from "./result-file.ts";
import type { ScenarioSource } from "./source.ts";
import { type JudgementRow, judge, judgementRow } from "./thresholds.ts";

/**
 * What one point of a sweep came to: plain JSON, a few kilobytes, that can be kept in a file or sent over a network. Two
 * results with the same key are the same to the last byte, whoever played them.
 */
export interface PointResult {
  readonly lsimPoint: 1;
  /** Names all that the result depends on (see `pointKey`): 16 hexadecimal digits. */
  readonly key: string;
  /** By path, as written, in the order of the axes. */
  readonly settings: Readonly<Record<string, unknown>>;
  /** Of all replications, as in result.json. */
  readonly digest: string;
  readonly replications: number;
  /** A row a function, and with several functions one of "total". */
  readonly figures: readonly FigureRow[];
  /** In the order of the scenario. */
  readonly thresholds: readonly JudgementRow[];
}

/** A study as the result of a point. */
export function pointResult(study: Study, settings: readonly Setting[], key: string): PointResult {
  return {
    lsimPoint: 1,
    key,
    settings: Object.fromEntries(settings.map(({ path, value }) => [path, value])),
    digest: digestOf(study),
    replications: study.replications.length,
    figures: figureRows(study),
    thresholds: judge(study).map(judgementRow),
  };
}

/**
 * A hash of all that a point's result depends on: the scenario as written with the point's settings, seed and replications in
 * it, the texts of the files it reads, and the version of lsim.
 */
export function pointKey(
  { file, texts }: ScenarioSource,
  settings: readonly Setting[],
  version: string,
  textDigest: (text: string) => string = fingerprint,
): string {
  const names = Object.keys(texts).sort();
  return fingerprint(
    JSON.stringify([version, settings, file, ...names.map((name) => [name, textDigest(texts[name]!)])]),
  );
}

/** 64 bits of a text, as 16 hexadecimal digits. */
export function fingerprint(text: string): string {
  const digest = new Digest();
  digest.addText(text);
  return digest.text();
}
