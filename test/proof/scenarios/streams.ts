/** Iteration inside tasks, and waits that a program builds for itself on `suspend`. */

import { checkpoint, type Parked, sleep, suspend, taskGroup, timeout } from "joinery";
import type { Scenario, Stage } from "../stage.ts";

async function* numbers(stage: Stage, count: number): AsyncGenerator<number> {
  stage.acquire("source");
  try {
    for (let i = 0; i < count; i++) {
      await sleep(2);
      yield i;
    }
  } finally {
    stage.release("source");
  }
}

/** A mailbox without a buffer: `send` waits for a receiver, `receive` for a sender. */
class Rendezvous<T> {
  readonly #senders = new Map<Parked<void>, T>();
  readonly #receivers = new Set<Parked<T>>();

  send(value: T): Promise<void> {
    return suspend<void>((wait) => {
      for (const receiver of this.#receivers)
        if (receiver.resolve(value)) return void wait.resolve();
      this.#senders.set(wait, value);
      return () => void this.#senders.delete(wait);
    });
  }

  receive(): Promise<T> {
    return suspend<T>((wait) => {
      for (const [sender, value] of this.#senders) {
        this.#senders.delete(sender);
        if (sender.resolve()) return void wait.resolve(value);
      }
      this.#receivers.add(wait);
      return () => void this.#receivers.delete(wait);
    });
  }
}

/** A lock that is passed on; a waiter that is cancelled leaves no trace. */
class Mutex {
  #taken = false;
  readonly #queue = new Set<Parked<void>>();

  async holding(stage: Stage, name: string, ms: number): Promise<void> {
    await suspend<void>((wait) => {
      if (!this.#taken) {
        this.#taken = true;
        return void wait.resolve();
      }
      this.#queue.add(wait);
      return () => void this.#queue.delete(wait);
    });
    stage.acquire(name);
    try {
      await sleep(ms);
    } finally {
      stage.release(name);
      this.#pass();
    }
  }

  #pass(): void {
    for (const next of this.#queue) {
      this.#queue.delete(next);
      if (next.resolve()) return;
    }
    this.#taken = false;
  }
}

export const streams: Record<string, Scenario> = {
  "iterate: over a generator that sleeps": async (stage) => {
    for await (const i of numbers(stage, 3)) stage.say(`got ${i}`);
  },
  "iterate: in a child, left early": (stage) =>
    taskGroup((group) => {
      group.createTask(async () => {
        for await (const i of numbers(stage, 5)) if (i === 1) break;
        await checkpoint();
      });
      group.createTask(stage.work("other", 3, "tidies up"));
    }),
  "iterate: a child for each item": (stage) =>
    taskGroup(async (group) => {
      for await (const i of numbers(stage, 3))
        group.createTask(stage.work(`w${i}`, 3, "tidies up"));
    }),
  "iterate: a loop that fails closes its source": (stage) =>
    taskGroup(async (group) => {
      group.createTask(stage.work("other", 50, "tidies up"));
      for await (const i of numbers(stage, 5)) if (i === 1) throw stage.error("loop");
    }),
  "iterate: with a deadline for each step": async (stage) => {
    const source = numbers(stage, 2);
    try {
      for (let done = false; !done;) done = (await timeout(5, () => source.next())).done === true;
    } finally {
      await source.return(undefined);
    }
  },
  "suspend: a rendezvous": (stage) =>
    taskGroup((group) => {
      const mail = new Rendezvous<number>();
      group.createTask(async () => {
        for (const i of [1, 2]) {
          await sleep(2);
          await mail.send(i);
        }
      });
      group.createTask(async () => {
        for (let sum = 0; sum < 3;) stage.say(`sum ${(sum += await mail.receive())}`);
      });
    }),
  "suspend: a rendezvous whose sender fails": (stage) =>
    taskGroup((group) => {
      const mail = new Rendezvous<number>();
      group.createTask(stage.failure("sender", 3));
      group.createTask(() => mail.receive(), { name: "receiver" });
      group.createTask(() => mail.send(1).then(() => mail.send(2)), { name: "another sender" });
    }),
  "suspend: a lock that three take": (stage) =>
    taskGroup((group) => {
      const lock = new Mutex();
      for (const name of ["a", "b", "c"]) group.createTask(() => lock.holding(stage, name, 2));
    }),
  "suspend: a lock whose second waiter is cancelled": (stage) =>
    taskGroup(async (group) => {
      const lock = new Mutex();
      group.createTask(() => lock.holding(stage, "a", 4));
      const second = group.createTask(() => lock.holding(stage, "b", 4));
      group.createTask(() => lock.holding(stage, "c", 2));
      await sleep(3);
      second.cancel("impatient");
    }),
  "suspend: that settles itself after its cancel": (stage) =>
    taskGroup((group) => {
      group.createTask(() =>
        suspend<string>((wait) => {
          stage.acquire("transfer");
          const finish = (): void => {
            stage.release("transfer");
            wait.resolve("kept");
          };
          void stage.promise(4, 0).then(finish);
          return () => false; // what is on its way arrives
        }),
      );
      group.createTask(stage.work("other", 2));
    }),
};
