import { join } from "node:path";

const runner = "node_modules/@stryker-mutator/vitest-runner/dist/src/index.js";

/** The layer that is changed, and whose tests are run: `scripts/mutate.mjs` says which. */
const layer = process.env.JOINERY_LAYER ?? "core";

/** Paths are seen from the root of the repository. */
export default {
  mutate: [`src/${layer}/*.ts`, "!src/**/*.d.ts", "!src/**/index.ts"],
  plugins: [join(import.meta.dirname, runner)],
  testRunner: "vitest",
  vitest: { configFile: "tools/mutation/vitest.config.ts", related: false },
  coverageAnalysis: "perTest",
  concurrency: 2,
  // On top of twice what the tests of a mutant take: it is for loops without an end.
  timeoutMS: 3000,
  timeoutFactor: 2,

  // Stryker works on a copy; it takes what the tests need.
  tempDirName: ".cache/stryker",
  ignorePatterns: [
    "**",
    "!package.json",
    "!tsconfig.base.json",
    "!vitest.config.ts",
    "!dist/**",
    "!docs/observe.md",
    "!src/**",
    "!test/{core,sync,iter,executor,observe,testing,proof,support}/**",
    "!tools/mutation/*.ts",
  ],
  // There is none: Stryker would rewrite it with an API that TypeScript 7 does not have.
  tsconfigFile: "none.json",

  incremental: true,
  incrementalFile: `.cache/mutation/${layer}.json`,
  reporters: ["progress", "html", "json"],
  htmlReporter: { fileName: ".cache/mutation/report.html" },
  jsonReporter: { fileName: ".cache/mutation/report.json" },
  // What is left of the score without the equivalent mutants decides: `scripts/mutate.mjs`.
  thresholds: { high: 100, low: 90, break: null },
};
