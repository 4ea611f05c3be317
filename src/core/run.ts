import { expectFunction, expectSignal, expectTime, badArgument } from "./arguments.ts";
import type { Clock } from "./clock.ts";
import { heard } from "./events.ts";
import { exitBySignal, type HostSignal, onTerminate, outputFlushed } from "./host.ts";
import { over, tasksBelow } from "./left-open.ts";
import { enclosingScope } from "./process-scope.ts";
import { Scope } from "./scope.ts";
import { obey } from "./signal.ts";
import { type TaskFunction, TaskScope } from "./task.ts";
import { Timers } from "./timers.ts";

export interface RunOptions {
  /** The name of the main task. Default: that of its function, or `main`. */
  name?: string;
  /** Cancels `main`. */
  signal?: AbortSignal | undefined;
  /** Milliseconds after a cancellation until tasks that do not react are named. Default: 5000. */
  grace?: number;
  /** Whether SIGINT and SIGTERM cancel `main`. Default: `true`. */
  handleSignals?: boolean;
  /** Where time comes from, for everything inside. Default: the system's clock, or that of the enclosing `run`. */
  clock?: Clock;
}

class RunScope extends Scope {
  readonly kind = "run";

  constructor(parent: Scope, clock: Clock | undefined, { name, grace }: RunOptions) {
    super(parent, clock ? new Timers(clock) : parent.timers, {});
    this.givenName = name;
    this.grace = grace;
    if (heard) this.report({ type: "opened" });
  }
}

/**
 * Runs `main` as the root of a program: nothing that is started inside is there when it settles.
 *
 * Resolves with the value of `main`, rejects with its error: after all background tasks that are left
 * over have been cancelled (source `shutdown`) and are over.
 *
 * On SIGINT or SIGTERM `main` is cancelled; when everything is over, the process exits with 130 or
 * 143. A second signal ends it at once. A `main` that returns in spite of the signal keeps its value,
 * and the process goes on.
 *
 * Rejects with `TypeError` (`JOINERY_EXPECTED_FUNCTION`, `JOINERY_INVALID_ARGUMENT`, `JOINERY_INVALID_TIME`) on a bad argument.
 *
 * *Cancellation*: by `signal`, by the process's signals, by a scope around it; `run` then rejects with
 * the `CancelledError`.
 *
 * @example
 * ```ts
 * import { run, sleep } from "joinery";
 *
 * const value = await run(async () => {
 *   await sleep(10);
 *   return "done";
 * });
 * console.log(value); // done
 * ```
 *
 * Idea: `asyncio.run`.
 */
export async function run<R>(main: TaskFunction<R>, options: RunOptions = {}): Promise<R> {
  expectFunction("main", main);
  expectSignal(options.signal);
  if (options.grace !== undefined) expectTime("grace", options.grace);
  if (options.clock !== undefined) expectClock(options.clock);
  const root = new RunScope(enclosingScope(options.signal), options.clock, options);
  obey(root, options.signal);
  const name = options.name ?? (main.name || "main");
  const task = new TaskScope(root, { ownsErrors: true }, main, { name });
  const terminated = options.handleSignals === false ? undefined : listen(task);
  await over(task);
  await endLeftovers(root);
  root.close();
  await terminated?.();
  return task.result();
}

/** Cancels and awaits what is left below `root`, and what that creates on its way out. */
async function endLeftovers(root: Scope): Promise<void> {
  while (root.firstChild) {
    for (const child of root.children()) child.requestCancel("shutdown");
    for (const task of tasksBelow([...root.children()])) await over(task);
    for (const child of root.children()) if (child.kind !== "task") child.close();
  }
}

const listeners = new Set<(signal: HostSignal) => void>();
let unsubscribe: (() => void) | undefined;

/** Cancels `task` when the process is asked to end. Returns what to call when the run is over. */
function listen(task: TaskScope<unknown>): () => Promise<void> {
  let received: HostSignal | undefined;
  const listener = (signal: HostSignal): void => {
    if (received) exitBySignal(signal);
    received = signal;
    task.requestCancel("shutdown", signal);
  };
  listeners.add(listener);
  unsubscribe ??= onTerminate((signal) => listeners.forEach((each) => each(signal)));
  return async () => {
    listeners.delete(listener);
    if (listeners.size > 0) return;
    unsubscribe?.();
    unsubscribe = undefined;
    if (received === undefined || !task.cancelled()) return;
    await outputFlushed();
    exitBySignal(received);
  };
}

function expectClock(clock: Partial<Clock> | null): void {
  for (const method of ["now", "setTimeout", "clearTimeout"] as const) {
    if (typeof clock?.[method] !== "function") {
      throw badArgument("clock", "an object with now(), setTimeout() and clearTimeout()", clock);
    }
  }
}
