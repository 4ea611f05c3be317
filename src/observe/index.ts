/** The entry point `joinery/observe`: this list is the surface, and a test pins it. */

export { treeText, type TreeTextOptions } from "./tree-text.ts";
export { channels, publishEvents } from "./channels.ts";
export {
  eventRecord,
  type ErrorRecord,
  type EventRecord,
  type ScopeRecord,
  type WaitRecord,
} from "./event-record.ts";
export type { CancellationWords } from "./cancellations.ts";
export { printTreeOnSignal } from "./print-tree-on-signal.ts";
export { observe, type ObserveOptions } from "./observe.ts";
export { snapshot, type SnapshotOptions } from "./snapshot.ts";
export type { SnapshotLimits } from "./limits.ts";
export type {
  BlockedSnapshot,
  CancellationSnapshot,
  FailureSnapshot,
  GhostSnapshot,
  LoopSnapshot,
  Omitted,
  PendingTask,
  ResourceSnapshot,
  ScopeSnapshot,
  ScopeState,
  Snapshot,
  TaskName,
  WaitSnapshot,
  WarningSnapshot,
} from "./snapshot-format.ts";
