import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    // All cores: on two, one less would be half.
    maxWorkers: "100%",
    // A busy machine is slow: these only end what hangs.
    testTimeout: 900_000,
    hookTimeout: 900_000,
  },
});
