import { AsyncLocalStorage } from "node:async_hooks";
import {
  type CallMessage,
  createExecutor,
  type Engine,
  type Executor,
  type Place,
  type RemoteChild,
} from "joinery/executor";
import { type CallerSettings, checkCaller } from "./arguments.ts";
import type { BullmqOptions } from "./options.ts";
import { Session } from "./session.ts";

/**
 * An executor whose calls run in other processes, on this machine or elsewhere: those that {@link serve} the functions from
 * the same queue of the same Redis.
 *
 * It connects with the first call. Calls wait in the queue, in order, until a worker takes them; how many run at once is up to the
 * workers. A worker that vanishes loses its calls after its lease: they are run again elsewhere if their functions are
 * `idempotent`, up to three times, and end with `LostError` otherwise. When Redis has not answered for two leases, all calls
 * that are under way end with `LostError` (`lost: "engine"`).
 *
 * Throws `TypeError` (`JOINERY_INVALID_ARGUMENT`, `JOINERY_INVALID_TIME`) on a bad option.
 *
 * *Cancellation*: a call that waits is taken out of the queue. One that runs is told, and awaited with its cleanup; the request is
 * stored, and repeated until the call is over. If this process is killed, the workers cancel its calls after `lease`.
 *
 * @example
 * ```ts no-run
 * import { all } from "joinery";
 * import { bullmq } from "@joinery/bullmq";
 * import { render } from "./frames.js";
 *
 * await using executor = bullmq({ connection: "redis://127.0.0.1:6379", queue: "frames" });
 * const images = await all(
 *   [1, 2, 3].map((frame) => () => executor.call(render, frame)),
 *   { concurrency: 100 },
 * );
 * ```
 *
 * Idea: BullMQ, which carries the calls and does the locking; Erlang's links, by which nothing outlives the process that asked for it.
 */
export function bullmq(options: BullmqOptions): Executor {
  return createExecutor(new BullmqEngine(checkCaller(options)));
}

/** What stays open after a call is not part of its scope. */
const outside = AsyncLocalStorage.snapshot();

class BullmqEngine implements Engine {
  readonly name: string;
  readonly #settings: CallerSettings;
  #session: Session | undefined;

  constructor(settings: CallerSettings) {
    this.name = settings.name;
    this.#settings = settings;
  }

  spawn(message: CallMessage, began: (place: Place) => void): RemoteChild {
    this.#session ??= outside(() => new Session(this.#settings, () => (this.#session = undefined)));
    return this.#session.spawn(message, began);
  }

  async close(): Promise<void> {
    await this.#session?.close();
  }
}
