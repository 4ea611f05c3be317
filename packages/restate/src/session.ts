/** The lease of an executor, on the side of the caller. */

import { randomUUID } from "node:crypto";
import type { Lost } from "joinery/executor";
import type { RestateIngress } from "./ingress.ts";
import { beats, type Begun, expiry, slowestBeat } from "./protocol.ts";

export interface SessionSettings {
  readonly ingress: RestateIngress;
  readonly lease: number;
  /** Told of calls that have begun. */
  readonly began: (begun: Begun) => void;
}

/** Open from the first beat on, until it is closed or lost. */
export class Session {
  readonly id: string = randomUUID();
  /** Resolves when Restate knows of it, rejects if it cannot be reached. */
  readonly opened: Promise<void>;
  readonly #settings: SessionSettings;
  /** One for each request: Node keeps all the listeners that requests have on one signal. */
  readonly #requests = new Set<AbortController>();
  readonly #timer: ReturnType<typeof setInterval>;
  #lost: Lost | undefined;
  #beats = 0;
  /** Whether a beat has no answer yet. */
  #asking = false;
  #heard = performance.now();

  constructor(settings: SessionSettings) {
    this.#settings = settings;
    this.opened = this.#open();
    this.opened.catch(() => {});
    const interval = Math.min(settings.lease / beats, slowestBeat);
    this.#timer = setInterval(() => void this.#beat(), interval);
    this.#timer.unref();
  }

  /** Makes a request that is given up when the session is lost. */
  async request<R>(send: (signal: AbortSignal) => Promise<R>): Promise<R> {
    const request = new AbortController();
    if (this.#lost !== undefined) request.abort();
    this.#requests.add(request);
    try {
      return await send(request.signal);
    } finally {
      this.#requests.delete(request);
    }
  }

  /** What was lost, if it is. */
  get lost(): Lost | undefined {
    return this.#lost;
  }

  /** Gives the lease up. Restate ends it by itself if it cannot be told. */
  async close(): Promise<void> {
    clearInterval(this.#timer);
    const { ingress, lease } = this.#settings;
    if (this.#lost === undefined) await ingress.close(this.id, lease / beats).catch(() => {});
  }

  async #open(): Promise<void> {
    const { ingress, lease } = this.#settings;
    try {
      await ingress.beat(this.id, { number: ++this.#beats, within: lease * expiry }, lease);
      this.#heard = performance.now();
    } catch (error) {
      this.#lose("engine");
      throw error;
    }
  }

  /** One at a time: those that queue up at a slow Restate would keep the session open after the end of this process. */
  async #beat(): Promise<void> {
    const { ingress, lease, began } = this.#settings;
    if (performance.now() - this.#heard > lease) return this.#lose("engine");
    if (this.#asking) return;
    const beat = { number: ++this.#beats, within: lease * expiry };
    this.#asking = true;
    const answer = await ingress.beat(this.id, beat, lease / 2).catch(() => undefined);
    this.#asking = false;
    if (answer === undefined) return;
    if (!answer.open) return this.#lose("lease");
    this.#heard = performance.now();
    for (const begun of answer.begun) began(begun);
  }

  #lose(lost: Lost): void {
    clearInterval(this.#timer);
    this.#lost ??= lost;
    for (const request of this.#requests) request.abort();
  }
}
