/** The entry point `@joinery/threads/web`: children of a group in Web Workers. */

import { createExecutor, type Executor } from "joinery/executor";
import { checkModules, checkOptions } from "./arguments.ts";
import { ThreadsEngine } from "./engine.ts";
import type { PoolOptions } from "./pool-options.ts";
import { WebPool } from "./web-pool.ts";

export type { PoolOptions } from "./pool-options.ts";
export { serve } from "./web-thread.ts";

/**
 * An executor whose calls run in Web Workers.
 *
 * `source` says where the remote functions are. With a bundler, or with modules that import by name, it is what makes a
 * worker whose script calls {@link serve}: the form in which bundlers see it. Otherwise it is the modules themselves, by
 * URL. Workers are started when they are needed, and stay until the executor is closed.
 *
 * Input and result are cloned structurally; what is in `transfer` is moved. A function runs alone in its worker.
 * `concurrency` is the number of workers (default: `navigator.hardwareConcurrency`); calls beyond it wait here, in order.
 *
 * Throws `TypeError` (`JOINERY_INVALID_ARGUMENT`, `JOINERY_INVALID_TIME`) or `RangeError` (`JOINERY_INVALID_CONCURRENCY`) on
 * a bad argument. A script or a module that cannot be loaded is an error of the calls.
 *
 * *Cancellation*: the function sees it through `call.signal` and `call.checkpoint()`, and is awaited with its cleanup; the
 * worker survives. In a page that is cross-origin isolated they show it also inside a loop that never waits; elsewhere the
 * event loop of the worker has to turn. A function that has not reacted after `grace` is ended with its worker (console
 * warning `JOINERY_TERMINATED`). A worker that ends by itself (an error that nobody caught, `close()`, out of memory) loses
 * its call: `LostError`, unless the function is `idempotent`.
 *
 * @example
 * ```ts no-run
 * import { all } from "joinery";
 * import { threads } from "@joinery/threads/web";
 * import { render } from "./frames.js";
 *
 * const script = new URL("./frames.worker.js", import.meta.url);
 * await using executor = threads(() => new Worker(script, { type: "module" }));
 * const images = await all(
 *   [1, 2, 3].map((frame) => ({ signal }) => executor.call(render, frame, { signal })),
 *   { concurrency: executor.concurrency },
 * );
 * ```
 *
 * Idea: `@joinery/threads`, of which it is the other half.
 */
export function threads(
  source: (() => Worker) | URL | readonly URL[],
  options: PoolOptions = {},
): Executor {
  const settings = checkOptions(options, navigator.hardwareConcurrency);
  const start = typeof source === "function" ? source : importing;
  const modules = typeof source === "function" ? [] : checkModules(source);
  return createExecutor(
    new ThreadsEngine({
      ...settings,
      orders: settings.threads,
      open: () => new WebPool(settings.threads, modules, start),
    }),
  );
}

/** A worker that gets its functions by URL. */
function importing(): Worker {
  return new Worker(new URL("./web-worker.js", import.meta.url), { type: "module" });
}
