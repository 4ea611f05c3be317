/** The entry point `joinery/observe`: this list is the surface, and a test pins it. */

export { treeText, type TreeTextOptions } from "./tree-text.ts";
export { snapshot, type SnapshotOptions } from "./snapshot.ts";
export type { SnapshotLimits } from "./limits.ts";
export type {
  BlockedSnapshot,
  CancellationSnapshot,
  EndedTaskSnapshot,
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
