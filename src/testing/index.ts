/** The entry point `joinery/testing`. */

export { executorConformance, type ConformanceCase } from "./executor-conformance.ts";
export { conformanceParent } from "./executor-parent.ts";
export {
  conformanceFunctions,
  type ConformanceFunctions,
  type Recorder,
} from "./executor-functions.ts";
export type { ExecutorHarness } from "./executor-harness.ts";
