import { Channel, type Receiver, type Sender } from "joinery/sync";
import { Model, type Outcome, removeFrom, type Subject } from "./model.ts";

const actors = 3;
const next = (actor: number): number => (actor + 1) % actors;

/** Each actor has a sender and a receiver of its own, and closes those of the next one. */
class ChannelModel extends Model {
  readonly #capacity: number;
  readonly #buffer: string[] = [];
  readonly #undelivered: string[] = [];
  #made = 0;
  #sending: { readonly actor: number; readonly item: string }[] = [];
  #receiving: { readonly actor: number }[] = [];
  readonly #senders = new Set<number>([0, 1, 2]);
  readonly #receivers = new Set<number>([0, 1, 2]);

  constructor(capacity: number) {
    super();
    this.#capacity = capacity;
  }

  apply(actor: number, op: string): Outcome {
    if (op === "send" || op === "trySend") return this.#send(actor, op === "send");
    if (op === "receive" || op === "tryReceive") return this.#receive(actor, op === "receive");
    return op === "close sender"
      ? this.#closeSender(next(actor))
      : this.#closeReceiver(next(actor));
  }

  cancel(actor: number): void {
    removeFrom(this.#sending, actor);
    removeFrom(this.#receiving, actor);
  }

  state(): unknown {
    return {
      capacity: this.#capacity,
      buffered: this.#buffer.length,
      openSenders: this.#senders.size,
      openReceivers: this.#receivers.size,
      sending: this.#sending.length,
      receiving: this.#receiving.length,
      undelivered: [...this.#undelivered],
    };
  }

  #send(actor: number, waits: boolean): Outcome {
    const item = `item ${this.#made++}`;
    if (!this.#senders.has(actor)) return "JOINERY_CHANNEL_CLOSED";
    if (this.#receivers.size === 0) return "JOINERY_NO_RECEIVER";
    const receiver = this.#receiving.shift();
    if (receiver) this.wake(receiver.actor, item);
    else if (this.#buffer.length < this.#capacity) this.#buffer.push(item);
    else if (waits) this.#sending.push({ actor, item });
    else return "false";
    return this.#sending.some((each) => each.actor === actor) ? undefined : waits ? "ok" : "true";
  }

  #receive(actor: number, waits: boolean): Outcome {
    if (!this.#receivers.has(actor)) return "JOINERY_CHANNEL_CLOSED";
    const sender = this.#sending.shift();
    if (sender) {
      this.#buffer.push(sender.item);
      this.wake(sender.actor, "ok");
    }
    const item = this.#buffer.shift();
    if (item !== undefined) return item;
    if (this.#senders.size === 0) return "JOINERY_END_OF_CHANNEL";
    if (!waits) return "ok";
    this.#receiving.push({ actor });
    return undefined;
  }

  #closeSender(actor: number): "ok" {
    if (!this.#senders.delete(actor)) return "ok";
    if (removeFrom(this.#sending, actor)) this.wake(actor, "JOINERY_CHANNEL_CLOSED");
    if (this.#senders.size === 0)
      for (const each of this.#receiving.splice(0)) this.wake(each.actor, "JOINERY_END_OF_CHANNEL");
    return "ok";
  }

  #closeReceiver(actor: number): "ok" {
    if (!this.#receivers.delete(actor)) return "ok";
    if (removeFrom(this.#receiving, actor)) this.wake(actor, "JOINERY_CHANNEL_CLOSED");
    if (this.#receivers.size > 0) return "ok";
    for (const each of this.#sending.splice(0)) this.wake(each.actor, "JOINERY_NO_RECEIVER");
    this.#undelivered.push(...this.#buffer.splice(0));
    return "ok";
  }
}

// prettier-ignore
const ops = [
  "send", "send", "trySend", "receive", "receive", "tryReceive", "close sender", "close receiver",
];

function channelSubject(capacity: number): Subject {
  return {
    name: `Channel(${capacity})`,
    ops,
    programs: [
      [
        ["send", "send", "close receiver", "send"],
        ["receive", "cancel", "receive", "close sender"],
        ["trySend", "close receiver", "receive", "close receiver"],
      ],
      [
        ["send", "cancel", "close sender", "tryReceive"],
        ["receive", "receive", "close sender", "receive"],
        ["close sender", "send", "receive", "close receiver"],
      ],
    ],
    create() {
      let made = 0;
      const undelivered: string[] = [];
      const channel = new Channel<string>(capacity, {
        onUndelivered: (item) => void undelivered.push(item),
      });
      const { sender, receiver } = channel;
      const ends: { sender: Sender<string>; receiver: Receiver<string> }[] = [{ sender, receiver }];
      while (ends.length < actors)
        ends.push({ sender: sender.clone(), receiver: receiver.clone() });
      return {
        model: new ChannelModel(capacity),
        real: {
          apply(actor, op, signal) {
            const own = ends[actor]!;
            if (op === "send") return own.sender.send(`item ${made++}`, { signal });
            if (op === "trySend") return own.sender.trySend(`item ${made++}`);
            if (op === "receive") return own.receiver.receive({ signal });
            if (op === "tryReceive") return own.receiver.tryReceive();
            const other = ends[next(actor)]!;
            return op === "close sender" ? other.sender.close() : other.receiver.close();
          },
          state: () => ({ ...channel.statistics(), undelivered: [...undelivered] }),
        },
      };
    },
    invariant({ buffered, sending, receiving }: Record<string, number>) {
      if (buffered! > capacity) throw new Error("it holds too many");
      if (receiving! > 0 && buffered! + sending! > 0) throw new Error("somebody waits in vain");
      if (sending! > 0 && buffered! < capacity) throw new Error("somebody waits for nothing");
    },
  };
}

export const channels: readonly Subject[] = [channelSubject(0), channelSubject(1)];
