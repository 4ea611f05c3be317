/** The entry point `joinery/executor`: children of a group that run somewhere else. */

export { remote, type RemoteCall, type RemoteFunction, type RemoteOptions } from "./remote.ts";
export { inProcess, type InProcessOptions } from "./in-process.ts";
export type { CallArguments, CallOptions, Executor } from "./executor.ts";
export type { CallInfo } from "./call.ts";
export { LostError } from "./lost-error.ts";
export { registerError, type ErrorClassOptions } from "./error-classes.ts";
export { propagate, type Propagator } from "./propagation.ts";

// For engines.
export { createExecutor } from "./executor.ts";
export {
  type AttemptOptions,
  createWorker,
  type RemoteWorker,
  type WorkerChild,
  type WorkerOptions,
} from "./worker.ts";
export { gracefulClose, type CloseOptions } from "./graceful-close.ts";
export type { CallMessage, Engine, Lost, Outcome, Place, RemoteChild } from "./engine.ts";
export type { Json, WireError } from "./wire.ts";
export { encodeError } from "./encode.ts";
export { decodeError } from "./decode.ts";
