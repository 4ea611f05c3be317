import { defineConfig } from "vitest/config";
import manifest from "./package.json" with { type: "json" };

// Tests import the package by its public name. With this condition the name leads to `src`.
const conditions = ["joinery-source", "node", "development|production"];

export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions, externalConditions: conditions } },
  test: {
    // The packages that are not workspaces are those with an engine: `npm run test:engines`.
    include: ["test", ...manifest.workspaces.map((name) => `${name}/test`)].map(
      (folder) => `${folder}/**/*.test.ts`,
    ),
    pool: "forks",
    setupFiles: ["./test/support/no-leaks.ts"],
    reporters: ["default", "./test/support/closing-line.ts"],
    coverage: {
      provider: "v8",
      include: ["src/**/*.ts", "packages/opentelemetry/src/**/*.ts"],
      // `index.ts` is a list, and has nothing to execute.
      exclude: ["**/*.d.ts", "**/index.ts"],
      reporter: ["text", "html"],
      thresholds: {
        "src/core/**": { 100: true },
        "src/observe/**": { 100: true },
        "src/sync/**": { 100: true },
        "src/iter/**": { 100: true },
        "src/executor/**": { 100: true },
        "src/testing/**": { 100: true },
        "packages/opentelemetry/**": { 100: true },
      },
    },
  },
});
