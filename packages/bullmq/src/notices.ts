import type { Redis } from "ioredis";
import { type Began, field, retention } from "./protocol.ts";

/** What is over sooner is not told of, in milliseconds: who would look? */
const delay = 20;

interface Notice {
  readonly key: string;
  readonly entry: Began;
}

/** Tells callers that calls have begun, for their lists. */
export class Notices {
  readonly #worker: string;
  readonly #isRunning: (call: string) => boolean;
  readonly #commands: Redis;
  #notices: Notice[] = [];

  constructor(worker: string, isRunning: (call: string) => boolean, commands: Redis) {
    this.#worker = worker;
    this.#isRunning = isRunning;
    this.#commands = commands;
  }

  /** `key` is that of the stream of its caller. */
  began(key: string, call: string, attempt: number): void {
    const entry: Began = { began: call, worker: this.#worker, attempt };
    if (this.#notices.push({ key, entry }) === 1) setTimeout(() => this.#send(), delay);
  }

  #send(): void {
    const notices = this.#notices.filter(({ entry }) => this.#isRunning(entry.began));
    this.#notices = [];
    for (const { key, entry } of notices) {
      const text = JSON.stringify(entry);
      void this.#commands.xadd(key, "*", field, text).catch(() => {});
      void this.#commands.pexpire(key, retention).catch(() => {});
    }
  }
}
