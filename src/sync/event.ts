import type { WaitOptions } from "../core/index.ts";
import { Primitive, type PrimitiveOptions } from "./primitive.ts";
import { WaitQueue } from "./wait-queue.ts";

export interface EventStatistics {
  readonly set: boolean;
  /** How many wait for it. */
  readonly waiting: number;
}

/**
 * Something that happens once, or again after `clear()`, for all who wait for it.
 *
 * `wait()` resolves when it is set, at once if it is. `set()` wakes all who wait, in order of arrival,
 * also if it is cleared in the same moment.
 *
 * *Cancellation*: ends the wait, which leaves no trace.
 *
 * @example
 * ```ts
 * import { taskGroup } from "joinery";
 * import { Event } from "joinery/sync";
 *
 * const open = new Event({ name: "open" });
 * await taskGroup((group) => {
 *   group.createTask(async () => {
 *     await open.wait();
 *     console.log("in"); // in
 *   });
 *   open.set();
 * });
 * ```
 *
 * Idea: `asyncio.Event`.
 */
export class Event extends Primitive {
  #set = false;
  readonly #queue = new WaitQueue<void>();

  constructor(options: PrimitiveOptions = {}) {
    super("event", options);
  }

  /** Whether it is set. */
  isSet(): boolean {
    return this.#set;
  }

  /** Sets it, and wakes all who wait. */
  set(): void {
    this.#set = true;
    this.#queue.wakeAll(undefined);
  }

  /** Takes it back: from now on one waits for it again. */
  clear(): void {
    this.#set = false;
  }

  /** Waits until it is set. */
  wait(options: WaitOptions = {}): Promise<void> {
    return this.waits<void>(options, (wait) =>
      this.#set ? void wait.resolve() : this.#queue.add(wait, undefined),
    );
  }

  statistics(): EventStatistics {
    return { set: this.#set, waiting: this.#queue.size };
  }
}
