import { defineConfig } from "vitest/config";

/** The examples are tested as they are built: each test starts programs, and `npm run test:examples` has made them. */
export default defineConfig({
  root: import.meta.dirname,
  test: {
    include: ["test/**/*.test.ts"],
    pool: "forks",
    testTimeout: 60_000,
    setupFiles: ["../test/support/no-leaks.ts"],
    reporters: ["default", "../test/support/closing-line.ts"],
  },
});
