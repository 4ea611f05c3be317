import { HttpCallError } from "@restatedev/restate-sdk-clients";
import {
  type CallMessage,
  encodeError,
  type Engine,
  type Outcome,
  type Place,
  type RemoteChild,
  type WireError,
} from "joinery/executor";
import { Cancels } from "./cancels.ts";
import type { RestateIngress } from "./ingress.ts";
import { Session } from "./session.ts";

export interface EngineSettings {
  readonly name: string;
  readonly lease: number;
  readonly ingress: RestateIngress;
}

/** Hands calls to Restate. All of them belong to one session; one that is lost is followed by another. */
export class RestateEngine implements Engine {
  readonly name: string;
  readonly #lease: number;
  readonly #ingress: RestateIngress;
  readonly #cancels: Cancels;
  readonly #calls = new Map<number, Sent>();
  #session: Session | undefined;
  #numbers = 0;

  constructor({ name, lease, ingress }: EngineSettings) {
    this.name = name;
    this.#lease = lease;
    this.#ingress = ingress;
    this.#cancels = new Cancels(ingress);
  }

  spawn(message: CallMessage, began: (place: Place) => void): RemoteChild {
    const sent = new Sent(++this.#numbers, this.#openSession(), began);
    this.#calls.set(sent.number, sent);
    const ended = this.#carry(sent, message).finally(() => this.#calls.delete(sent.number));
    return { ended, cancel: (why) => this.#cancel(sent, why) };
  }

  async close(): Promise<void> {
    await this.#session?.close();
  }

  #openSession(): Session {
    if (this.#session && this.#session.lost === undefined) return this.#session;
    return (this.#session = new Session({
      ingress: this.#ingress,
      lease: this.#lease,
      began: ({ number, worker, attempt }) => this.#calls.get(number)?.began({ worker, attempt }),
    }));
  }

  async #carry(sent: Sent, message: CallMessage): Promise<Outcome> {
    const { session, number } = sent;
    try {
      await session.opened;
    } catch (error) {
      return { status: "error", error: encodeError(new NotReached(error)) };
    }
    if (sent.why) return { status: "cancelled", error: sent.why };
    sent.left = true;
    try {
      const order = { session: session.id, number, lease: this.#lease, message };
      return await session.request((signal) => this.#ingress.run(order, signal));
    } catch (error) {
      const lost = session.lost ?? (error instanceof HttpCallError ? "worker" : "engine");
      return { status: "lost", lost, message: (error as Error).message };
    }
  }

  #cancel(sent: Sent, why: WireError): void {
    if (sent.why) return;
    sent.why = why;
    if (sent.left) this.#cancels.add(sent.session, sent.number, why);
  }
}

/** A call on its way. */
class Sent {
  readonly number: number;
  readonly session: Session;
  readonly began: (place: Place) => void;
  /** Whether it was handed over. */
  left = false;
  /** Why it is to stop, if it is. */
  why: WireError | undefined;

  constructor(number: number, session: Session, began: (place: Place) => void) {
    this.number = number;
    this.session = session;
    this.began = began;
  }
}

/** No call has begun. */
class NotReached extends Error {
  readonly code = "JOINERY_ENGINE_NOT_REACHED";

  constructor(cause: unknown) {
    const known =
      cause instanceof HttpCallError && cause.status === 404
        ? "it knows of no worker: start one with serve(), and register its address"
        : (cause as Error).message;
    super(`No call can be handed to Restate: ${known}.`, { cause });
  }
}
