/** Bare promises: what every figure is compared with. By hand, and with no guarantee at all. */

import { setTimeout as sleep } from "node:timers/promises";
import type { Sleepers, Subject, Task } from "../subject.ts";

const stopped = new Error("stopped");

async function worker(tasks: Iterator<Task>): Promise<void> {
  for (let next = tasks.next(); !next.done; next = tasks.next()) await next.value();
}

/** The cheapest way to sleep so that somebody else can end it. */
class HandKept implements Sleepers {
  readonly #timers: NodeJS.Timeout[] = [];
  readonly #rejects: ((error: Error) => void)[] = [];
  readonly #tasks: Promise<void>[] = [];

  add(ms: number, asleep: () => void): void {
    this.#tasks.push(this.#task(ms, asleep));
  }

  async #task(ms: number, asleep: () => void): Promise<void> {
    asleep();
    await new Promise<void>((resolve, reject) => {
      this.#timers.push(setTimeout(resolve, ms));
      this.#rejects.push(reject);
    });
  }

  cancel(): Promise<unknown> {
    for (const timer of this.#timers) clearTimeout(timer);
    for (const reject of this.#rejects) reject(stopped);
    return Promise.allSettled(this.#tasks);
  }
}

/** A controller for each level, which listens to the one above. */
async function chain(outer: AbortSignal, levels: number, asleep: () => void): Promise<void> {
  const controller = new AbortController();
  const abort = (): void => controller.abort(outer.reason);
  outer.addEventListener("abort", abort);
  try {
    if (levels > 1) return await chain(controller.signal, levels - 1, asleep);
    asleep();
    await new Promise((_, reject) =>
      controller.signal.addEventListener("abort", () => reject(stopped)),
    );
  } finally {
    outer.removeEventListener("abort", abort);
  }
}

export const promises: Subject = {
  join: (tasks) => Promise.all(tasks.map((task) => task())),

  joinLimited(tasks, limit) {
    const shared = tasks.values();
    return Promise.all(Array.from({ length: limit }, () => worker(shared)));
  },

  sleepers(count, ms, asleep) {
    const kept = new HandKept();
    for (let i = 0; i < count; i++) kept.add(ms, asleep);
    return kept;
  },

  nested(levels, asleep) {
    const controller = new AbortController();
    const over = chain(controller.signal, levels, asleep).catch(() => {});
    return {
      cancel() {
        controller.abort(stopped);
        return over;
      },
    };
  },

  // What the platform offers for it: each of them listens to the signal.
  under(signal, count, asleep) {
    const task = (): Promise<unknown> => {
      asleep();
      return sleep(60_000, undefined, { signal });
    };
    return Promise.allSettled(Array.from({ length: count }, task));
  },
};
