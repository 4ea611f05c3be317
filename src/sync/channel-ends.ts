/** What users hold of a channel. */

import type { WaitOptions } from "../core/index.ts";
import { ChannelClosedError } from "./errors.ts";
import type { End, Pipe } from "./pipe.ts";
import { untilEnd } from "./until-end.ts";

/**
 * An end of a channel that items go into.
 *
 * `send()` resolves when the item is in the buffer, or with a receiver where there is no buffer. It rejects
 * with {@link ChannelClosedError} (`JOINERY_NO_RECEIVER`) when all receivers are closed, and with
 * `InvalidStateError` (`JOINERY_CHANNEL_CLOSED`) when this end is, also while it waits.
 *
 * *Cancellation*: ends the wait; the item was not sent.
 */
export class Sender<T> implements End, Disposable {
  readonly #pipe: Pipe<T>;
  #closed = false;

  /** @internal */
  constructor(pipe: Pipe<T>) {
    this.#pipe = pipe;
    pipe.openSender();
  }

  get closed(): boolean {
    return this.#closed;
  }

  /** Sends `item`; waits for room in the channel, or for a receiver. */
  send(item: T, options: WaitOptions = {}): Promise<void> {
    return this.#pipe.send(this, item, options);
  }

  /** Sends `item` if that needs no waiting; returns whether it did. Throws where `send()` would reject. */
  trySend(item: T): boolean {
    return this.#pipe.trySend(this, item);
  }

  /** Another sender of the same channel, to be closed by itself. Throws `InvalidStateError` if this one is closed. */
  clone(): Sender<T> {
    this.#pipe.expectOpen(this);
    return new Sender(this.#pipe);
  }

  /** Nothing more is sent by this end. When the last one is closed, receivers come to the end. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#pipe.closeSender(this);
  }

  [Symbol.dispose](): void {
    this.close();
  }
}

/**
 * An end of a channel that items come out of: each item at one receiver.
 *
 * `receive()` resolves with the next item. It rejects with {@link ChannelClosedError}
 * (`JOINERY_END_OF_CHANNEL`) when all senders are closed and nothing is left; `for await` over it ends then.
 * It rejects with `InvalidStateError` (`JOINERY_CHANNEL_CLOSED`) when this end is closed, also while it waits.
 *
 * *Cancellation*: ends the wait. An item that has been received is kept, also if the cancel comes before
 * the task goes on.
 */
export class Receiver<T> implements End, Disposable, AsyncIterable<T> {
  readonly #pipe: Pipe<T>;
  #closed = false;

  /** @internal */
  constructor(pipe: Pipe<T>) {
    this.#pipe = pipe;
    pipe.openReceiver();
  }

  get closed(): boolean {
    return this.#closed;
  }

  /** Takes the next item; waits for it. */
  receive(options: WaitOptions = {}): Promise<T> {
    return this.#pipe.receive(this, options);
  }

  /** Takes the next item if there is one. Throws where `receive()` would reject. */
  tryReceive(): { readonly value: T } | undefined {
    return this.#pipe.tryReceive(this);
  }

  /** Another receiver of the same channel, to be closed by itself. Throws `InvalidStateError` if this one is closed. */
  clone(): Receiver<T> {
    this.#pipe.expectOpen(this);
    return new Receiver(this.#pipe);
  }

  /**
   * Nothing more is received by this end. When the last one is closed, senders hear of it, and what is in the
   * buffer goes to `onUndelivered`: in the asynchronous context of this call, which throws an
   * `ExceptionGroup` with what that throws.
   */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#pipe.closeReceiver(this);
  }

  [Symbol.dispose](): void {
    this.close();
  }

  /** Iterates over the items until all senders are closed and nothing is left. Closes nothing. */
  values(options: WaitOptions = {}): AsyncIterableIterator<T> {
    return untilEnd(
      () => this.receive(options),
      (error) => error instanceof ChannelClosedError,
    );
  }

  [Symbol.asyncIterator](): AsyncIterableIterator<T> {
    return this.values();
  }
}
