import { AsyncLocalStorage } from "node:async_hooks";
import { createWorker } from "joinery/executor";
import { checkWorker } from "./arguments.ts";
import type { ServeOptions } from "./options.ts";
import { type BullmqWorker, QueueWorker } from "./queue-worker.ts";

/** The calls of a worker are part of no scope here: those of their callers stop them. */
const outside = AsyncLocalStorage.snapshot();

/**
 * Runs the calls of {@link bullmq} executors in this process: the other side of the queue.
 *
 * `functions` is a module, or any object, with the remote functions. Resolves once Redis has answered; then it takes calls
 * until it is closed. A process that is to end on SIGTERM opens it inside `run`.
 *
 * Throws `TypeError` (`JOINERY_INVALID_ARGUMENT`, `JOINERY_INVALID_TIME`, `JOINERY_INVALID_CONCURRENCY`,
 * `JOINERY_EXPECTED_FUNCTION`) on a bad argument.
 *
 * *Cancellation*: a call is cancelled when its caller says so, when its caller has not been heard of for the lease of that, and when
 * this worker has lost the lock of the call; never by the scope around `serve`. Closing waits for the
 * calls that run, and cancels them after a time if that is wanted.
 *
 * @example
 * ```ts no-run
 * import { run, sleep } from "joinery";
 * import { serve } from "@joinery/bullmq";
 * import * as frames from "./frames.js";
 *
 * await run(async () => {
 *   const connection = "redis://127.0.0.1:6379";
 *   await using worker = await serve(frames, { connection, queue: "frames", concurrency: 4 });
 *   await sleep(Infinity);
 * });
 * ```
 *
 * Idea: a Temporal worker.
 */
export async function serve(functions: object, options: ServeOptions): Promise<BullmqWorker> {
  const settings = checkWorker(options);
  const worker = createWorker(functions, { name: settings.name });
  return outside(async () => {
    const server = new QueueWorker(worker, settings);
    await server.open();
    return server;
  });
}
