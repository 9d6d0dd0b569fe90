import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { INTER } from "../../reports/html/inter.ts";

it("the font of pages is the package's, as `npm run font` puts it there", () => {
  const file = import.meta.resolve("@fontsource-variable/inter/files/inter-latin-wght-normal.woff2");
  expect(INTER).toContain(`base64,${readFileSync(fileURLToPath(file)).toString("base64")}"`);
});
