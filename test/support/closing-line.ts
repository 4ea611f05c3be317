import type { Reporter, TestModule } from "vitest/node";

/**
 * Ends the run with one line for machines: `123 passed, 0 failed`, and `, 4 skipped` when some were.
 *
 * It is printed as the process exits, because the coverage report comes after the last hook of a
 * reporter. A test file that cannot be loaded and an error outside any test count as failures.
 */
export default class ClosingLine implements Reporter {
  #line = "0 passed, 0 failed";

  onInit(): void {
    process.once("exit", () => console.log(this.#line));
  }

  onTestRunEnd(modules: readonly TestModule[], unhandledErrors: readonly unknown[]): void {
    const count = { passed: 0, failed: unhandledErrors.length, skipped: 0, pending: 0 };
    for (const module of modules) {
      for (const test of module.children.allTests()) count[test.result().state]++;
      count.failed += brokenSuites(module);
    }
    const skipped = count.skipped + count.pending;
    this.#line = `${count.passed} passed, ${count.failed} failed`;
    if (skipped > 0) this.#line += `, ${skipped} skipped`;
  }
}

/** A file or a `describe` that failed by itself: an error at load time or in a hook. */
function brokenSuites(module: TestModule): number {
  const suites = [module, ...module.children.allSuites()];
  return suites.filter((suite) => suite.errors().length > 0).length;
}
