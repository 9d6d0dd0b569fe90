// Writes reports/html/inter.ts: the font of pages, as CSS. `npm run font` runs it; a test holds the result against the package.
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const file = fileURLToPath(
  import.meta.resolve("@fontsource-variable/inter/files/inter-latin-wght-normal.woff2"),
);
const font = readFileSync(file).toString("base64");
writeFileSync(
  new URL("reports/html/inter.ts", import.meta.url),
  `// Written by \`npm run font\`. Inter: copyright 2016 The Inter Project Authors (https://github.com/rsms/inter), SIL Open Font
// License 1.1 (https://openfontlicense.org).

/** The font that charts are laid out for, Latin letters in all weights: with another one their words would be cut off. */
export const INTER =
  '@font-face{font-family:Inter;font-weight:100 900;src:url("data:font/woff2;base64,${font}") format("woff2")}';
`,
);
