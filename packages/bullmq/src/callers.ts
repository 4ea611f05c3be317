/** What a worker knows of the callers: who lives, and which calls are to stop. */

import { performance } from "node:perf_hooks";
import type { Redis } from "ioredis";
import type { WireError } from "joinery/executor";
import type { Control } from "./protocol.ts";
import { StreamReader } from "./stream-reader.ts";

/** How long a cancel is remembered that nobody repeats, in milliseconds. */
const memory = 60_000;

interface Caller {
  lease: number;
  /** When it was heard of, by the clock of this process. */
  heard: number;
  /** The calls that are to stop, the longest unheard of first. */
  readonly stops: Map<string, { readonly why: WireError; readonly at: number }>;
}

export class Callers {
  readonly #callers = new Map<string, Caller>();
  readonly #control: StreamReader<Control>;
  readonly #stop: (call: string, why: WireError) => void;

  /** `stop` is called for each call that is to stop, whether it is here or not. */
  constructor(commands: Redis, key: string, stop: (call: string, why: WireError) => void) {
    this.#stop = stop;
    this.#control = new StreamReader<Control>(commands, key, (entry, age) =>
      this.#take(entry, performance.now() - age),
    );
  }

  /** Learns what has been said so far, and from then on whatever comes. */
  async open(): Promise<void> {
    await this.#control.catchUp();
    void this.#control.follow();
  }

  close(): void {
    this.#control.close();
  }

  /** Makes sure that a caller is known if it lives. This process may have been cut off from Redis for a while. */
  async meet(session: string): Promise<void> {
    if (!this.lives(session)) await this.#control.catchUp();
  }

  lives(session: string): boolean {
    const caller = this.#callers.get(session);
    return caller !== undefined && performance.now() - caller.heard <= caller.lease;
  }

  /** Why a call is to stop, if it is. */
  reason(session: string, call: string): WireError | undefined {
    return this.#callers.get(session)?.stops.get(call)?.why;
  }

  /** Forgets callers that have ended, and cancels that are not repeated any more. */
  tidy(): void {
    const now = performance.now();
    for (const [session, { stops, lease, heard }] of this.#callers) {
      for (const [call, { at }] of stops) {
        if (now - at < memory) break;
        stops.delete(call);
      }
      if (now - heard > Math.max(lease, memory)) this.#callers.delete(session);
    }
  }

  #take(entry: Control, at: number): void {
    if ("lease" in entry) {
      const caller = this.#caller(entry.session);
      caller.lease = entry.lease;
      caller.heard = at;
      return;
    }
    const { stops } = this.#caller(entry.session);
    for (const call of entry.calls) {
      stops.delete(call);
      stops.set(call, { why: entry.why, at });
      this.#stop(call, entry.why);
    }
  }

  #caller(session: string): Caller {
    const known = this.#callers.get(session);
    if (known) return known;
    const caller: Caller = { lease: 0, heard: -Infinity, stops: new Map() };
    this.#callers.set(session, caller);
    return caller;
  }
}
