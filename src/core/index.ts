/** The entry point `joinery`: this list is the surface, and a test pins it. */

export { run, type RunOptions } from "./run.ts";
export { createTask } from "./create-task.ts";
export { checkpoint, sleep, type WaitOptions } from "./sleep.ts";
export type { CompletedTask, Task, TaskFunction, TaskOptions, TaskState } from "./task-handle.ts";
export type { GroupState } from "./group-scope.ts";

export {
  taskGroup,
  type CancellableTaskGroup,
  type ChildOptions,
  type GroupResult,
  type StartingTask,
  type TaskGroup,
  type TaskGroupOptions,
} from "./task-group.ts";
export type { Limiter, Permit } from "./concurrency.ts";
export { all, allSettled, type AllOptions, type Settled } from "./all.ts";
export { any, race, type AnyValue } from "./race.ts";
export { gather, type GatherOptions, type OrError } from "./gather.ts";
export type { Item, Items, ItemValue, ItemValues } from "./items.ts";

export {
  moveOnAfter,
  timeLeft,
  timeout,
  timeoutAt,
  type BlockOptions,
  type MoveOn,
  type TimeoutScope,
} from "./timeout.ts";
export { shield, type ShieldOptions } from "./shield.ts";
export { waitFor } from "./wait-for.ts";
export { wait, type WaitResult, type WaitTasksOptions } from "./wait-tasks.ts";
export { asCompleted } from "./as-completed.ts";
export { abandonable, type AbandonableOptions } from "./abandonable.ts";
export type { Resource } from "./resource.ts";
export { suspend, type Parked, type SuspendOptions, type Unpark } from "./wait.ts";

export { allTasks, currentSignal, currentTask, enclosingTask } from "./current.ts";
export { busyTasks } from "./busy.ts";
export { liveGhosts, liveScopes, type LiveGhost, type LiveScope, type LiveWait } from "./live.ts";
export { latestTask } from "./latest.ts";
export { programFrames } from "./frames.ts";
export { statistics, type Statistics } from "./statistics.ts";
export {
  eventTypes,
  subscribe,
  type EventDetails,
  type EventListener,
  type EventType,
  type GhostInfo,
  type JoineryEvent,
  type ScopeInfo,
  type ScopeKind,
  type SubscribeOptions,
  type WaitDetails,
} from "./events.ts";
export { intercept, type EnteredScope, type Interceptor } from "./intercept.ts";
export type { Clock } from "./clock.ts";
export type { Scheduler, Step } from "./scheduler.ts";

export {
  CancelledError,
  InvalidStateError,
  isCancelled,
  TimeoutError,
  type CancelDetails,
  type CancelSource,
  type ErrorCode,
} from "./errors.ts";
export { ExceptionGroup } from "./exception-group.ts";
export { exceptStar, on, type ExceptClause } from "./except-star.ts";
export type { ErrorClass, Matched, Matcher, TypeGuard } from "./matcher.ts";
export { formatException } from "./format-exception.ts";
