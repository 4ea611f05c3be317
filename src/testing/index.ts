/** The entry point `joinery/testing`: this list is the surface, and a test pins it. */

export {
  withVirtualTime,
  type VirtualBody,
  type VirtualClock,
  type VirtualTimeOptions,
} from "./virtual-time.ts";
export { waitAllBlocked } from "./wait-all-blocked.ts";
export {
  explore,
  ScheduleError,
  type ExhaustiveOptions,
  type Exploration,
  type SeededOptions,
} from "./explore.ts";
export { DeadlockError } from "./deadlock.ts";
export { assertNoLeaks, LeftBehindError } from "./leaks.ts";
export { recordEvents, type EventRecord, type RecordOptions } from "./record-events.ts";
export { Sequencer } from "./sequencer.ts";
export { printTreeWhenStuck } from "./stuck.ts";
export { executorConformance, type ConformanceCase } from "./executor-conformance.ts";
export { conformanceParent } from "./executor-parent.ts";
export {
  conformanceFunctions,
  type ConformanceFunctions,
  type Recorder,
} from "./executor-functions.ts";
export type { ExecutorHarness } from "./executor-harness.ts";
