import type { Json, VegaLiteSpec } from "./chart.ts";

export type Theme = "light" | "dark";

/**
 * What each colour of a chart is on dark ground. Colours keep their meaning, and every pair stays apart for colour-blind
 * readers; white is the ground, wherever it stands.
 */
export const ON_DARK: Readonly<Record<string, string>> = {
  "#FFFFFF": "#171C24",
  // Warm, cold, throttled, provisioned, queued.
  "#2252C5": "#639EE0",
  "#C67518": "#F6B62F",
  "#9E0F04": "#D41D18",
  "#109D85": "#D1FAF4",
  "#453D4A": "#7A797B",
  // Text, faint text and amounts, lines that carry no data.
  "#1F2733": "#E6E9EE",
  "#5F6B7C": "#A3ADBB",
  "#9AA3AF": "#5B6675",
  "#C9CED6": "#4A5462",
  "#E6E8EC": "#2A313C",
  "#F1F2F5": "#232A34",
  // Services of the bill; what is less, more, close and worse; cells of a heat map, from few to many.
  "#9A7B4F": "#C7A56F",
  "#8FA3BF": "#51657F",
  "#3D5A80": "#86AEDE",
  "#D5DAE1": "#3A4350",
  "#A7B0BD": "#566173",
  "#8A94A3": "#6C7786",
  "#F1F3F6": "#232A35",
  "#4A5A72": "#A9B8CE",
  // Functions.
  "#8A3FA0": "#C98BDB",
  "#5E7D1A": "#A6C75A",
  "#D0568F": "#F08DB8",
  "#7A5C43": "#BF9C7E",
  "#3E8FA8": "#6CC3DD",
  // Reasons of throttles.
  "#E2725B": "#F28B75",
  "#5A0A05": "#8E2A22",
  "#F2B5A7": "#F7CFC5",
  "#B98A83": "#A8776F",
};

/** A chart's spec for a ground: every colour in it, data left as they are. The light one is the spec itself. */
export function inTheme(spec: VegaLiteSpec, theme: Theme): VegaLiteSpec {
  return theme === "light" ? spec : (recoloured(spec as unknown as Json) as unknown as VegaLiteSpec);
}

function recoloured(part: unknown): unknown {
  if (typeof part === "string") return ON_DARK[part] ?? part;
  if (Array.isArray(part)) return part.map(recoloured);
  if (typeof part !== "object" || part === null) return part;
  return Object.fromEntries(
    Object.entries(part).map(([key, value]) => [key, key === "data" ? value : recoloured(value)]),
  );
}
