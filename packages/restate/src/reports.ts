import type { Begun } from "./protocol.ts";

/** How long a call has to run until the caller is told where: most are over before anybody could look. */
const afterMs = 100;

/** Tells the callers where their calls run: those that run for a while, all of a session in one message. */
export class Reports {
  readonly #send: (session: string, begun: readonly Begun[]) => Promise<void>;
  readonly #news = new Map<string, Set<Begun>>();
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(send: (session: string, begun: readonly Begun[]) => Promise<void>) {
    this.#send = send;
  }

  /** A call has begun. The returned function is to be called when it is over. */
  add(session: string, begun: Begun): () => void {
    const news = this.#news.get(session) ?? new Set();
    this.#news.set(session, news.add(begun));
    this.#timer ??= setTimeout(() => this.#flush(), afterMs).unref();
    return () => void news.delete(begun);
  }

  #flush(): void {
    this.#timer = undefined;
    for (const [session, news] of this.#news)
      // It is for people: one that does not arrive is none that matters.
      if (news.size > 0) this.#send(session, [...news]).catch(() => {});
    this.#news.clear();
  }

  close(): void {
    clearTimeout(this.#timer);
  }
}
