import { expectFunction, expectOptions, expectTime, badArgument } from "./arguments.ts";
import { block } from "./block.ts";
import type { Clock } from "./clock.ts";
import { heard, type ScopeKind } from "./events.ts";
import { exitBySignal, type HostSignal, onTerminate, outputFlushed } from "./host.ts";
import { over, tasksIn } from "./left-open.ts";
import { enclosingScope } from "./process-scope.ts";
import { expectScheduler, type Scheduler } from "./scheduler.ts";
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
  /** Who decides which of the tasks that are ready goes on. Default: that of the enclosing `run`, or nobody: in the order in which they got ready. */
  scheduler?: Scheduler;
}

class RunScope extends Scope {
  readonly #grace: number | undefined;
  /** Whether it hears of the signals of the process itself. */
  listens = false;

  constructor(parent: Scope, { clock, scheduler, grace }: RunOptions) {
    super(parent, clock || scheduler ? timersFor(parent, clock, scheduler) : parent.timers);
    this.#grace = grace;
    if (heard.opened) this.reportThat("opened");
  }

  get kind(): ScopeKind {
    return "run";
  }

  override get grace(): number | undefined {
    return this.#grace;
  }
}

/** What is not given is that of `parent`. */
function timersFor(parent: Scope, clock?: Clock, scheduler?: Scheduler): Timers {
  const { timers } = parent;
  return new Timers(clock ?? timers.clock, scheduler ?? timers.scheduler);
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
export function run<R>(main: TaskFunction<R>, options: RunOptions = {}): Promise<R> {
  return block(
    () => open(main, options),
    (root) => runMain(root, main, options),
  );
}

function open(main: unknown, options: RunOptions): RunScope {
  expectFunction("main", main);
  const signal = expectOptions(options);
  if (options.grace !== undefined) expectTime("grace", options.grace);
  if (options.clock !== undefined) expectClock(options.clock);
  if (options.scheduler !== undefined) expectScheduler(options.scheduler);
  const root = new RunScope(enclosingScope(signal), options);
  obey(root, signal);
  return root;
}

async function runMain<R>(root: RunScope, main: TaskFunction<R>, options: RunOptions): Promise<R> {
  const name = options.name ?? (main.name || "main");
  const task = new TaskScope(root, main, { name });
  task.hear();
  root.listens = options.handleSignals !== false && !listenerAround(root);
  const ended = root.listens ? listen(task) : undefined;
  await over(task);
  await endLeftovers(root);
  root.close();
  await ended?.();
  return task.result();
}

/** Whether a run around `root` listens: it passes on what it hears, unless a shield says otherwise. */
function listenerAround(root: RunScope): boolean {
  for (let scope = root.parent; scope !== undefined; scope = scope.parent) {
    if (scope instanceof RunScope && scope.listens) return true;
  }
  return false;
}

/** Cancels and awaits what is left below `root`, and what that creates on its way out. */
async function endLeftovers(root: Scope): Promise<void> {
  while (root.firstChild) {
    for (const child of root.children) child.requestCancel("shutdown");
    for (const task of tasksIn(root)) await over(task);
    for (const child of root.children) if (child.kind !== "task") child.close();
  }
}

const running = new Set<(signal: HostSignal) => void>();
let unsubscribe: (() => void) | undefined;
/** The signal that has stopped one of the runs, so that the process ends when the last of them is over. */
let stoppedBy: HostSignal | undefined;

/** Stops `task` when the process is asked to end. Returns what to call when the run is over. */
function listen(task: TaskScope<unknown>): () => Promise<void> {
  let received: HostSignal | undefined;
  let late = false;
  const listener = (signal: HostSignal): void => {
    if (received) exitBySignal(signal);
    received = signal;
    late = task.done();
    task.requestCancel("shutdown", signal);
  };
  running.add(listener);
  unsubscribe ??= onTerminate((signal) => running.forEach((each) => each(signal)));
  return async () => {
    running.delete(listener);
    const stopped = received !== undefined && (late || task.cancelled());
    if (stopped) stoppedBy ??= received;
    if (running.size === 0) await lastIsOver();
    else if (stopped) await new Promise<never>(() => {}); // the last one ends the process
  };
}

async function lastIsOver(): Promise<void> {
  unsubscribe?.();
  unsubscribe = undefined;
  const signal = stoppedBy;
  stoppedBy = undefined; // where a process cannot exit, or a test does not let it, the next run is none that was stopped
  if (signal === undefined) return;
  await outputFlushed();
  exitBySignal(signal);
}

function expectClock(clock: Partial<Clock> | null): void {
  for (const method of ["now", "setTimeout", "clearTimeout"] as const) {
    if (typeof clock?.[method] !== "function") {
      throw badArgument("clock", "an object with now(), setTimeout() and clearTimeout()", clock);
    }
  }
}
