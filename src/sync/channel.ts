import { Receiver, Sender } from "./channel-ends.ts";
import { type ChannelOptions, type ChannelStatistics, Pipe } from "./pipe.ts";

/**
 * A way for items from senders to receivers, which are different handles: who has one end cannot do what is
 * for the other.
 *
 * `capacity` has to be said: how many items may be under way. With 0, `send()` waits until somebody receives;
 * with `Infinity` it never waits. Each end can be cloned, for another task; a side is over when its last
 * end is closed. A receiver that ends its work closes, so that senders do not wait for ever: hold both by `using`.
 * Throws `RangeError` (`JOINERY_INVALID_COUNT`) if `capacity` is no whole number from 0.
 *
 * *Cancellation*: ends a wait to send or to receive; see {@link Sender} and {@link Receiver}.
 *
 * The code after `receive()` runs in the asynchronous context of the receiver, not of the sender.
 *
 * @example
 * ```ts
 * import { taskGroup } from "joinery";
 * import { Channel } from "joinery/sync";
 *
 * const { sender, receiver } = new Channel<number>(0, { name: "numbers" });
 * await taskGroup((group) => {
 *   group.createTask(async () => {
 *     using _ = sender;
 *     for (const n of [1, 2]) await sender.send(n);
 *   });
 *   group.createTask(async () => {
 *     using _ = receiver;
 *     for await (const n of receiver) console.log(n);
 *   });
 *   // → 1
 *   // → 2
 * });
 * ```
 *
 * Idea: Trio's memory channels; `onUndelivered` is Kotlin's.
 */
export class Channel<T> {
  readonly name: string;
  readonly sender: Sender<T>;
  readonly receiver: Receiver<T>;
  readonly #pipe: Pipe<T>;

  constructor(capacity: number, options: ChannelOptions<T> = {}) {
    this.#pipe = new Pipe(capacity, options);
    this.name = this.#pipe.name;
    this.sender = new Sender(this.#pipe);
    this.receiver = new Receiver(this.#pipe);
  }

  statistics(): ChannelStatistics {
    return this.#pipe.statistics();
  }
}
