/** The way into Restate, for both sides. */

import { connect, type Ingress, type IngressClient, rpc } from "@restatedev/restate-sdk-clients";
import type { Outcome } from "joinery/executor";
import {
  type Beat,
  type BeatAnswer,
  type Begun,
  type CallOrder,
  type CancelOrder,
  type CallService,
  idempotencyKey,
  type SessionObject,
  sessionObject,
} from "./protocol.ts";
import { send } from "./transport.ts";

const retry = {
  initialInterval: 50,
  maxInterval: 1000,
  maxAttempts: false,
  maxDuration: false,
} as const;

/** Speaks with the two services. What has a key is repeated until there is an answer, or `signal` aborts. */
export class RestateIngress {
  readonly #ingress: Ingress;
  readonly #service: string;
  readonly #calls: IngressClient<CallService>;

  constructor(url: string, service: string) {
    this.#ingress = connect({ url, retry, fetch: send });
    this.#service = service;
    this.#calls = this.#ingress.serviceClient<CallService>({ name: service });
  }

  /** Hands a call over, and waits for its outcome. */
  async run(order: CallOrder, signal: AbortSignal): Promise<Outcome> {
    const key = idempotencyKey(order.session, order.number);
    return this.#calls.run(order, rpc.opts({ idempotencyKey: key, signal }));
  }

  async cancel(order: CancelOrder, signal: AbortSignal): Promise<void> {
    const key = `${idempotencyKey(order.session, Math.min(...order.numbers))}-cancel`;
    await this.#calls.cancel(order, rpc.opts({ idempotencyKey: key, signal }));
  }

  async beat(session: string, beat: Beat, patience: number): Promise<BeatAnswer> {
    return this.#session(session).beat(beat, rpc.opts({ timeout: patience }));
  }

  async look(session: string, patience: number): Promise<boolean> {
    return this.#session(session).look(rpc.opts({ timeout: patience }));
  }

  async report(session: string, begun: readonly Begun[]): Promise<void> {
    await this.#session(session).report(begun);
  }

  async close(session: string, patience: number): Promise<void> {
    await this.#session(session).close(rpc.opts({ timeout: patience }));
  }

  #session(key: string): IngressClient<SessionObject> {
    return this.#ingress.objectClient<SessionObject>({ name: sessionObject(this.#service) }, key);
  }
}
