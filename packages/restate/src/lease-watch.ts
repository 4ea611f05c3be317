/** What a worker knows of the leases of its calls (Y5). */

import { looks } from "./protocol.ts";

/** Asks Restate whether a session is open. Rejects if there is no answer. */
export type Look = (session: string, patience: number) => Promise<boolean>;

export class LeaseWatch {
  readonly #look: Look;
  readonly #leases = new Map<string, Lease>();

  constructor(look: Look) {
    this.#look = look;
  }

  /** The lease of the session, as soon as it is known to be held or lost. */
  async of(session: string, ms: number): Promise<Lease> {
    let lease = this.#leases.get(session);
    if (lease === undefined) {
      const over = (): void => void this.#leases.delete(session);
      lease = new Lease(ms, (patience) => this.#look(session, patience), over);
      this.#leases.set(session, lease);
    }
    await lease.confirm();
    return lease;
  }

  /** Looks no more. */
  close(): void {
    for (const lease of this.#leases.values()) lease.stop();
  }
}

/** The lease of one session. It is watched while there are calls of the session here. */
export class Lease {
  readonly #ms: number;
  readonly #look: (patience: number) => Promise<boolean>;
  /** Told when it is watched no more. */
  readonly #over: () => void;
  readonly #timer: ReturnType<typeof setInterval>;
  readonly #losers = new Set<() => void>();
  readonly #waiting = new Set<() => void>();
  readonly #since = performance.now();
  #seen = -Infinity;
  #lost = false;
  #asking = false;

  constructor(ms: number, look: (patience: number) => Promise<boolean>, over: () => void) {
    this.#ms = ms;
    this.#look = look;
    this.#over = over;
    this.#timer = setInterval(() => this.#tick(), ms / looks);
    this.#timer.unref();
  }

  get lost(): boolean {
    return this.#lost;
  }

  /** Waits until it was seen a short while ago, or is lost. */
  async confirm(): Promise<void> {
    if (this.#lost || this.#unseenFor() <= this.#ms / looks) return;
    await new Promise<void>((known) => {
      this.#waiting.add(known);
      if (this.#waiting.size === 1) void this.#ask();
    });
  }

  /** Has `lose` called when it is lost, until the returned function is called. */
  watch(lose: () => void): () => void {
    this.#losers.add(lose);
    return () => void this.#losers.delete(lose);
  }

  stop(): void {
    clearInterval(this.#timer);
    this.#over();
  }

  #unseenFor(): number {
    return performance.now() - this.#seen;
  }

  #tick(): void {
    if (performance.now() - Math.max(this.#seen, this.#since) > this.#ms) this.#lose();
    else if (this.#losers.size + this.#waiting.size === 0) this.stop();
    else void this.#ask();
  }

  /** An answer counts from the moment of the question. If there is none, the next question follows. */
  async #ask(): Promise<void> {
    if (this.#asking) return;
    this.#asking = true;
    const asked = performance.now();
    const open = await this.#look(this.#ms / 2).catch(() => undefined);
    this.#asking = false;
    if (open === false) return this.#lose();
    if (open === undefined) return;
    this.#seen = Math.max(this.#seen, asked);
    this.#known();
  }

  #lose(): void {
    this.#lost = true;
    for (const lose of this.#losers) lose();
    this.#known();
    this.stop();
  }

  #known(): void {
    for (const known of this.#waiting) known();
    this.#waiting.clear();
  }
}
