import { writeFileSync } from "node:fs";
import type { Reporter, TestCase, TestModule } from "vitest/node";
import { stale } from "./record.ts";
import { version } from "./this-runtime.ts";

/** How the suite ended on one runtime: what `scripts/test-runtimes.mjs` reads. */
export interface RuntimeReport {
  version: string;
  passed: number;
  /** Each with what it says. */
  failed: { test: string; message: string }[];
  /** Each with the reason. */
  skipped: { test: string; why: string }[];
}

interface Failure {
  message: string;
  stack?: string;
}

/** Writes a {@link RuntimeReport} to the file that JOINERY_REPORT names. */
export default class WriteReport implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], unhandled: readonly Failure[]): void {
    const report: RuntimeReport = { version: version!, passed: 0, failed: [], skipped: [] };
    if (unhandled.length > 0) fail(report, "outside of any test", unhandled);
    for (const module of modules) {
      const broken = [module, ...module.children.allSuites()].flatMap((suite) => suite.errors());
      if (broken.length > 0) fail(report, module.relativeModuleId, broken);
      for (const test of module.children.allTests()) count(report, test);
    }
    addStale(report, modules);
    writeFileSync(process.env["JOINERY_REPORT"]!, JSON.stringify(report));
  }
}

function count(report: RuntimeReport, test: TestCase): void {
  const result = test.result();
  const { difference } = test.meta();
  if (result.state === "failed") fail(report, fullName(test), result.errors);
  else if (difference !== undefined) report.skipped.push({ test: fullName(test), why: difference });
  else if (result.state === "passed") report.passed++;
  else report.skipped.push({ test: fullName(test), why: "skipped by the test itself" });
}

function fail(report: RuntimeReport, test: string, errors: readonly Failure[]): void {
  const messages = errors.map(({ message, stack }) => `${message}\n${stack ?? ""}`);
  report.failed.push({ test, message: messages.join("\n") });
}

/** A record of a test that does not exist helps nobody. */
function addStale(report: RuntimeReport, modules: readonly TestModule[]): void {
  const tests = modules.flatMap((each) => [...each.children.allTests()].map(fullName));
  const message = "is in differences.json, and there is no such test";
  for (const test of stale(tests)) report.failed.push({ test, message });
}

function fullName(test: TestCase): string {
  return `${test.module.relativeModuleId} > ${test.fullName}`;
}
