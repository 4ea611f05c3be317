import { Queue, type QueueOptions } from "./queue.ts";
import { Lifo } from "./stores.ts";

/**
 * A {@link Queue} that gives what came last first.
 *
 * *Cancellation*: as that of a queue.
 *
 * @example
 * ```ts
 * import { LifoQueue } from "joinery/sync";
 *
 * const undo = new LifoQueue<string>();
 * await undo.put("first");
 * await undo.put("last");
 * console.log(await undo.get()); // last
 * ```
 *
 * Idea: `asyncio.LifoQueue`.
 */
export class LifoQueue<T> extends Queue<T> {
  constructor(options: QueueOptions = {}) {
    super(options, new Lifo());
  }
}
