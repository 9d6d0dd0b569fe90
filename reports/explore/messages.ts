import type { ScenarioSource } from "../../study/source.ts";
import type { Theme } from "../charts/theme.ts";
import type { Change } from "./control.ts";
import type { View } from "./view.ts";

/** What is played and shown: the settings changed, and those of the baseline; null: there is none. */
export interface Order {
  /** Counts up; only the newest is shown. */
  readonly id: number;
  readonly changes: readonly Change[];
  readonly baseline: readonly Change[] | null;
  /** How the settings are called from a terminal. */
  readonly command: string;
  /** Charts in view, whose specs are wanted at once. */
  readonly inView: readonly string[];
}

/** From the page to the engine. */
export type ToEngine =
  | { readonly type: "open"; readonly source: ScenarioSource }
  | { readonly type: "play"; readonly order: Order }
  | { readonly type: "spec"; readonly name: string }
  | { readonly type: "scenario"; readonly changes: readonly Change[] };

/** A chart's words; its spec as JSON where it was asked for. */
export interface ChartMessage {
  readonly name: string;
  readonly question: string;
  readonly finding: string;
  readonly spec?: string | undefined;
}

/** From the engine to the page. */
export type FromEngine =
  | { readonly type: "progress"; readonly id: number; readonly share: number }
  | {
      readonly type: "result";
      readonly id: number;
      readonly view: View;
      readonly charts: readonly ChartMessage[];
      /** Milliseconds that the simulation took. */
      readonly ms: number;
    }
  | { readonly type: "problems"; readonly id: number; readonly problems: readonly string[] }
  | { readonly type: "fault"; readonly message: string }
  | { readonly type: "spec"; readonly id: number; readonly chart: ChartMessage }
  | { readonly type: "scenario"; readonly text: string };

/** From the page to a drawer, and back. */
export interface ToDrawer {
  readonly name: string;
  readonly spec: string;
  readonly theme: Theme;
  /** Counts up, so that the page knows which order is answered. */
  readonly turn: number;
}
export type FromDrawer = { readonly name: string; readonly turn: number } & (
  | { readonly svg: string }
  | { readonly fault: string }
);
