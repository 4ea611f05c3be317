/** What the other side of a queue, a channel or a barrier says when it is done. Its codes are in the list of the core. */

import { branded } from "../core/errors.ts";

/**
 * The queue was shut down: nothing goes in any more, and nothing is left to come out.
 *
 * Idea: `asyncio.QueueShutDown`.
 */
export class QueueShutDown extends Error {
  override readonly name: string = "QueueShutDown";
  readonly code = "JOINERY_QUEUE_SHUT_DOWN" as const;
}
branded(QueueShutDown, "joinery.QueueShutDown");

/**
 * The other side of the channel is closed: nobody receives (`JOINERY_NO_RECEIVER`), or nothing will come
 * any more (`JOINERY_END_OF_CHANNEL`).
 *
 * Idea: Trio's `BrokenResourceError` and `EndOfChannel`.
 */
export class ChannelClosedError extends Error {
  override readonly name: string = "ChannelClosedError";
  readonly code: "JOINERY_NO_RECEIVER" | "JOINERY_END_OF_CHANNEL";

  constructor(code: "JOINERY_NO_RECEIVER" | "JOINERY_END_OF_CHANNEL", message: string) {
    super(message);
    this.code = code;
  }
}
branded(ChannelClosedError, "joinery.ChannelClosedError");

/**
 * The barrier was aborted, or reset while the task waited at it.
 *
 * Idea: `asyncio.BrokenBarrierError`.
 */
export class BrokenBarrierError extends Error {
  override readonly name: string = "BrokenBarrierError";
  readonly code = "JOINERY_BROKEN_BARRIER" as const;
}
branded(BrokenBarrierError, "joinery.BrokenBarrierError");
