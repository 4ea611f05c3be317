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

  /** Calls `body` with the lease of the session, which is held or lost then, and watched until `body` is over. */
  async during<R>(session: string, ms: number, body: (lease: Lease) => Promise<R>): Promise<R> {
    let lease = this.#leases.get(session);
    if (lease === undefined) {
      const over = (): void => void this.#leases.delete(session);
      lease = new Lease(ms, (patience) => this.#look(session, patience), over);
      this.#leases.set(session, lease);
    }
    lease.users++;
    try {
      await lease.confirm();
      return await body(lease);
    } finally {
      lease.users--;
    }
  }

  /** Looks no more. */
  close(): void {
    for (const lease of this.#leases.values()) lease.stop();
  }
}

/** The lease of one session. */
export class Lease {
  /** It is watched for as long as there are some. */
  users = 0;
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

  /** Waits until it was seen a short while ago, or is lost. While others use it, the looks keep it fresh: nobody waits. */
  async confirm(): Promise<void> {
    if (this.#lost || this.#unseenFor() <= (2 * this.#ms) / looks) return;
    await new Promise<void>((known) => {
      this.#waiting.add(known);
      if (this.#waiting.size === 1) void this.#ask();
    });
  }

  /** Has `lose` called when it is lost, at once if it is, until the returned function is called. */
  watch(lose: () => void): () => void {
    if (this.#lost) lose();
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
    else if (this.users === 0) this.stop();
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
    if (this.#lost) return;
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
