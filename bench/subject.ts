/** What is measured: one way of one library to do each kind of work, the fastest that its own documentation offers. */

/** All tasks are async functions: what the users of promises write. */
export type Task = () => Promise<void>;

/** The same item so many times. */
export function copies<T>(count: number, item: T): T[] {
  return Array.from({ length: count }, () => item);
}

/** A task that calls `arrive` and waits for `gate`. */
export function blockedTask(gate: Promise<void>, arrive: () => void): Task {
  return async () => {
    arrive();
    await gate;
  };
}

/** Tasks that are asleep until they are cancelled. */
export interface Sleepers {
  /** Cancels all of them. Resolves when they are over. */
  cancel(): Promise<unknown>;
}

/** A subject has the operations that its library has. */
export interface Subject {
  /** Creates all tasks. Resolves when they are over. */
  join?(tasks: readonly Task[]): Promise<unknown>;
  /** The same, with at most `limit` at a time. */
  joinLimited?(tasks: readonly Task[], limit: number): Promise<unknown>;
  /** Creates `count` tasks that call `arrive` and wait for `gate`. Default: `join`, of async functions that do so. */
  blocked?(count: number, gate: Promise<void>, arrive: () => void): Promise<unknown>;
  /** Creates `count` tasks that call `asleep` and then sleep for `ms`. */
  sleepers?(count: number, ms: number, asleep: () => void): Sleepers;
  /** As many scopes, each inside the one before; a task in the innermost calls `asleep` and sleeps. */
  nested?(levels: number, asleep: () => void): Sleepers;
  /** As `sleepers`, but `signal` is what cancels them. Resolves or rejects when they are over. */
  under?(signal: AbortSignal, count: number, asleep: () => void): Promise<unknown>;
}

/** The subjects that run on a JavaScript runtime. */
export type SubjectName =
  | "promises"
  | "joinery taskGroup"
  | "joinery all"
  | "joinery, Semaphore"
  | "joinery, counted"
  | "joinery, observed"
  | "joinery, all events"
  | "abort-controller-x"
  | "effect forEach"
  | "effect FiberSet"
  | "effect forkChild"
  | "effection"
  | "p-map"
  | "p-map, in a context"
  | "p-limit"
  | "p-queue";
