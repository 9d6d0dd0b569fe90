import { ON_DARK } from "../charts/theme.ts";

/** Colours of marks that are too pale for text on white: what text in them has instead (contrast 4.5 to 1 at least). */
const TEXT_ON_LIGHT: Readonly<Record<string, string>> = {
  "#C67518": "#8F5310",
  "#109D85": "#0B6F5E",
  "#9A7B4F": "#775E3A",
  "#3E8FA8": "#2B6C80",
  "#D0568F": "#AE3570",
  "#8A94A3": "#5F6B7C",
  "#9AA3AF": "#5F6B7C",
};

/** The same on dark ground, by the colour on light ground. */
const TEXT_ON_DARK: Readonly<Record<string, string>> = {
  "#9E0F04": "#FF7A70",
  "#453D4A": "#A9A6AC",
  "#9AA3AF": "#A3ADBB",
  "#8A94A3": "#A3ADBB",
  "#C9CED6": "#A3ADBB",
};

const rules = (colours: Readonly<Record<string, string>>, scope: string, what: readonly string[]) =>
  Object.entries(colours).flatMap(([from, to]) =>
    what.map((property) => `${scope}[${property}="${from}"]{${property}:${to}}`),
  );

/** Charts in a page: their colours as attributes say them, or on dark ground, in place of a second picture. */
export function chartStyle(): string {
  const light = rules(TEXT_ON_LIGHT, ".chart text", ["fill"]);
  const dark = [
    ...rules(ON_DARK, ".chart:not(.paper) ", ["fill", "stroke"]),
    ...rules({ ...ON_DARK, ...TEXT_ON_DARK }, ".chart:not(.paper) text", ["fill"]),
  ];
  return `${light.join("")}@media screen and (prefers-color-scheme:dark){${dark.join("")}}`;
}
