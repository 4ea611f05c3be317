import { defineConfig } from "vitest/config";
import { BaseSequencer } from "vitest/node";
import type { Reporter, TestModule, TestSpecification, Vitest } from "vitest/node";
import repository from "../../vitest.config.ts";

const layer = process.env["JOINERY_LAYER"] ?? "core";

/** Files that take long come last: most mutants do not live to see them. */
const slow = [
  "resistance",
  "foreign-node",
  "foreign-network",
  "foreign-streams",
  "laws-scopes",
  "laws",
  "models",
];

class QuickFilesFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rank = ({ moduleId }: TestSpecification): number =>
      slow.findIndex((name) => moduleId.endsWith(`/${name}.test.ts`));
    return files.toSorted((a, b) => rank(a) - rank(b) || (a.moduleId < b.moduleId ? -1 : 1));
  }
}

/** Stryker looks at tests only: a file that cannot be loaded would be one in which nothing fails. */
class BrokenFiles implements Reporter {
  #vitest!: Vitest;

  onInit(vitest: Vitest): void {
    this.#vitest = vitest;
  }

  onTestRunEnd(modules: readonly TestModule[]): void {
    for (const module of modules)
      for (const { message } of module.errors())
        this.#vitest.state.catchError(new Error(`${module.moduleId}: ${message}`), "Broken file");
  }
}

export default defineConfig({
  ...repository,
  test: {
    ...repository.test,
    include: [`test/${layer}/**/*.test.ts`],
    exclude: [
      // They start programs of their own, in which no mutant is active.
      "test/core/printing.test.ts",
      "test/core/run-signals.test.ts",
      "test/core/soak.test.ts",
      "test/iter/soak.test.ts",
      "test/testing/runners.test.ts",
      // Want to be the only ones in their process: the signal of one would end it.
      "test/observe/loop-watch.test.ts",
      "test/observe/print-tree.test.ts",
      // Seconds for each mutant.
      "test/core/scopes-depth.test.ts",
      "test/sync/schedules.test.ts",
    ],
    // One worker for all files of a mutant, and a new one for the next mutant.
    isolate: false,
    fileParallelism: false,
    setupFiles: ["./tools/mutation/without-crowds.ts", ...repository.test!.setupFiles!],
    // The first setup file chooses the mutant, before another one loads what is mutated.
    sequence: { setupFiles: "list", sequencer: QuickFilesFirst },
    // A model that is wrong is wrong soon.
    env: { JOINERY_RUNS: "50" },
    // A lock that is wrong mostly hangs its test; what resists takes its time.
    testTimeout: ["sync", "iter"].includes(layer) ? 1000 : 4000,
    reporters: [new BrokenFiles()],
  },
});
