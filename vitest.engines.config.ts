import { join } from "node:path";
import { defineConfig } from "vitest/config";
import { engineNames } from "./scripts/engines.mjs";
import shared from "./vitest.config.ts";

/** The tests of the engines, against their servers. `npm run test:engines` installs these, and starts it. */
export default defineConfig({
  ...shared,
  test: {
    ...shared.test,
    include: engineNames().map((name) => join("packages", name, "test/**/*.test.ts")),
    exclude: ["**/node_modules/**"],
    testTimeout: 120_000,
    hookTimeout: 60_000,
    fileParallelism: false,
  },
});
