/**
 * The machine behind a channel.
 *
 * H1. An item is in the buffer, handed to a receiver, still with its sender, or given to `onUndelivered`:
 *     in one of these places, and never lost.
 * H2. The buffer never holds more than `capacity`; with 0 there is none, and sender and receiver meet.
 * H3. A receiver waits only if there is nothing, a sender only if there is no room.
 * H4. A side is over when its last end is closed; those of the other side that wait hear of it.
 */

import { expectFunction } from "../core/arguments.ts";
import { asError } from "../core/errors.ts";
import { ExceptionGroup, InvalidStateError, type WaitOptions } from "../core/index.ts";
import { expectCount } from "./count.ts";
import { ChannelClosedError } from "./errors.ts";
import { Primitive, type PrimitiveOptions } from "./primitive.ts";
import { Fifo } from "./stores.ts";
import { WaitQueue } from "./wait-queue.ts";

export interface ChannelOptions<T> extends PrimitiveOptions {
  /** Called with each item that was sent and that nobody will receive, because all receivers are closed. */
  onUndelivered?: (item: T) => void;
}

export interface ChannelStatistics {
  readonly capacity: number;
  /** How many items are in the buffer. */
  readonly buffered: number;
  readonly openSenders: number;
  readonly openReceivers: number;
  /** How many wait to send. */
  readonly sending: number;
  /** How many wait to receive. */
  readonly receiving: number;
}

/** An end, as far as the machine has to know it. */
export interface End {
  readonly closed: boolean;
}

export class Pipe<T> extends Primitive {
  readonly #capacity: number;
  readonly #onUndelivered: ((item: T) => void) | undefined;
  readonly #buffer = new Fifo<T>();
  readonly #senders = new WaitQueue<void, { readonly item: T; readonly end: End }>();
  readonly #receivers = new WaitQueue<T, End>();
  #openSenders = 0;
  #openReceivers = 0;

  constructor(capacity: number, options: ChannelOptions<T>) {
    super("channel", options);
    const { onUndelivered } = options;
    if (onUndelivered !== undefined) expectFunction("onUndelivered", onUndelivered);
    this.#capacity = expectCount("capacity", capacity, 0);
    this.#onUndelivered = onUndelivered;
  }

  send(end: End, item: T, options: WaitOptions): Promise<void> {
    return this.waits<void>(
      options,
      (wait) =>
        this.trySend(end, item) ? void wait.resolve() : this.#senders.add(wait, { item, end }),
      `room in ${this.title}`,
    );
  }

  trySend(end: End, item: T): boolean {
    this.expectOpen(end);
    if (this.#openReceivers === 0) throw this.#noReceiver();
    const receiver = this.#receivers.shift();
    if (receiver) return receiver.wait.resolve(item);
    if (this.#buffer.size >= this.#capacity) return false;
    this.#buffer.add(item);
    return true;
  }

  receive(end: End, options: WaitOptions): Promise<T> {
    return this.waits<T>(
      options,
      (wait) => {
        const received = this.tryReceive(end);
        return received ? void wait.resolve(received.value) : this.#receivers.add(wait, end);
      },
      `an item of ${this.title}`,
    );
  }

  tryReceive(end: End): { readonly value: T } | undefined {
    this.expectOpen(end);
    const sender = this.#senders.shift();
    if (sender) {
      this.#buffer.add(sender.detail.item); // for a moment one more than there is room for
      sender.wait.resolve();
    }
    if (this.#buffer.size > 0) return { value: this.#buffer.take() };
    if (this.#openSenders === 0) throw this.#ended();
    return undefined;
  }

  openSender(): void {
    this.#openSenders++;
  }

  openReceiver(): void {
    this.#openReceivers++;
  }

  closeSender(end: End): void {
    this.#senders.failAll(this.#closed(), (sender) => sender.end === end);
    this.#openSenders--;
    if (this.#openSenders === 0) this.#receivers.failAll(this.#ended());
  }

  closeReceiver(end: End): void {
    this.#receivers.failAll(this.#closed(), (receiver) => receiver === end);
    this.#openReceivers--;
    if (this.#openReceivers > 0) return;
    this.#senders.failAll(this.#noReceiver());
    this.#giveUp();
  }

  expectOpen(end: End): void {
    if (end.closed) throw this.#closed();
  }

  statistics(): ChannelStatistics {
    return {
      capacity: this.#capacity,
      buffered: this.#buffer.size,
      openSenders: this.#openSenders,
      openReceivers: this.#openReceivers,
      sending: this.#senders.size,
      receiving: this.#receivers.size,
    };
  }

  /** Nobody will receive what is in the buffer. */
  #giveUp(): void {
    const errors: Error[] = [];
    while (this.#buffer.size > 0) {
      const item = this.#buffer.take();
      try {
        this.#onUndelivered?.(item);
      } catch (error) {
        errors.push(asError(error));
      }
    }
    if (errors.length > 0) {
      throw new ExceptionGroup(`onUndelivered of ${this.title} failed`, errors);
    }
  }

  #closed(): InvalidStateError {
    const message = `This end of ${this.title} was closed.`;
    return new InvalidStateError("JOINERY_CHANNEL_CLOSED", message);
  }

  #noReceiver(): ChannelClosedError {
    const message = `All receivers of ${this.title} are closed.`;
    return new ChannelClosedError("JOINERY_NO_RECEIVER", message);
  }

  #ended(): ChannelClosedError {
    const message = `All senders of ${this.title} are closed, and nothing is left to receive.`;
    return new ChannelClosedError("JOINERY_END_OF_CHANNEL", message);
  }
}
