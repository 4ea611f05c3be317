import { availableParallelism } from "node:os";
import { createExecutor, type Executor } from "joinery/executor";
import { checkModules, checkOptions } from "./arguments.ts";
import { ThreadsEngine } from "./engine.ts";
import type { ThreadsOptions } from "./options.ts";
import { ordersFor, PiscinaPool } from "./piscina-pool.ts";

/**
 * An executor whose calls run in worker threads.
 *
 * `modules` are the modules with the remote functions, by URL: `new URL("./frames.js", import.meta.url)`. Each thread
 * imports them before its first call. Threads are started when they are needed, and stay until the executor is closed.
 *
 * Input and result are cloned structurally: everything that `structuredClone` takes; what is in `transfer` is moved. A
 * function runs alone in its thread. `concurrency` is the number of threads; calls beyond it wait here, in order.
 *
 * Throws `TypeError` (`JOINERY_INVALID_ARGUMENT`, `JOINERY_INVALID_TIME`) or `RangeError` (`JOINERY_INVALID_CONCURRENCY`) on
 * a bad argument. A module that cannot be loaded is an error of the calls.
 *
 * *Cancellation*: the function sees it through the waits of joinery, through `call.signal` and through `call.checkpoint()`; the
 * last two also inside a loop that never waits. It is awaited with its cleanup, and the thread survives. One that
 * has not reacted after `grace` is ended with its thread (process warning `JOINERY_TERMINATED`). A thread that ends by itself
 * (a crash, `process.exit`, out of memory) loses its call: `LostError`, unless the function is `idempotent`.
 *
 * @example
 * ```ts no-run
 * import { all } from "joinery";
 * import { threads } from "@joinery/threads";
 * import { render } from "./frames.js";
 *
 * await using executor = threads(new URL("./frames.js", import.meta.url));
 * const images = await all(
 *   [1, 2, 3].map((frame) => () => executor.call(render, frame)),
 *   { concurrency: executor.concurrency },
 * );
 * ```
 *
 * Idea: piscina, which does the work; Kotlin's dispatchers, under which a child of another thread is still a child.
 */
export function threads(modules: URL | readonly URL[], options: ThreadsOptions = {}): Executor {
  const urls = checkModules(modules);
  const settings = checkOptions(options, availableParallelism());
  const { resourceLimits, env, execArgv } = options;
  const limits = {
    ...(resourceLimits && { resourceLimits }),
    ...(env && { env }),
    ...(execArgv && { execArgv }),
  };
  return createExecutor(
    new ThreadsEngine({
      ...settings,
      orders: ordersFor(settings.threads),
      open: () => new PiscinaPool(settings.threads, urls, limits),
    }),
  );
}
