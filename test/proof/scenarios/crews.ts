/** Groups of workers of every kind, under every option that changes who runs when. */

import { type Limiter, sleep, type TaskGroup, taskGroup, type TaskGroupOptions } from "joinery";
import type { Scenario, Stage } from "../stage.ts";

/** What a group does: its children, and its body. */
type Crew = (group: TaskGroup, stage: Stage) => unknown;

const crews: Record<string, Crew> = {
  "three that return": (group, stage) => {
    for (const [i, ms] of [5, 3, 4].entries()) group.createTask(stage.work(`w${i}`, ms));
  },
  "one that fails among sleepers that tidy up": (group, stage) => {
    group.createTask(stage.work("a", 50, "tidies up"));
    group.createTask(stage.failure("b", 5));
    group.createTask(stage.work("c", 50, "tidies up abroad"));
  },
  "two that fail in one turn, before one that returns": (group, stage) => {
    group.createTask(stage.failure("a", 5));
    group.createTask(stage.failure("b", 5));
    group.createTask(stage.work("c", 7));
  },
  "one that fails, and one that fails when it is stopped for that": (group, stage) => {
    group.createTask(stage.work("a", 50, "fails when stopped"));
    group.createTask(stage.failure("b", 5));
  },
  "one that swallows its cancellation": (group, stage) => {
    group.createTask(stage.work("a", 50, "swallows"));
    group.createTask(stage.failure("b", 5));
  },
  "a body that fails while children tidy up": async (group, stage) => {
    group.createTask(stage.work("a", 50, "tidies up"));
    group.createTask(stage.work("b", 50, "tidies up abroad"));
    await sleep(3);
    throw stage.error("body");
  },
  "a body that awaits its children": async (group, stage) => {
    const first = group.createTask(stage.work("a", 5));
    const second = group.createTask(stage.work("b", 3, "tidies up"));
    return `${await first} ${await second}`;
  },
};

/** A semaphore of somebody else, who hears of the signal. */
class Turnstile implements Limiter {
  readonly #stage: Stage;
  #free: number;
  readonly #queue = new Set<() => void>();

  constructor(stage: Stage, places: number) {
    this.#stage = stage;
    this.#free = places;
  }

  async acquire({ signal }: { signal: AbortSignal }): Promise<{ release(): void }> {
    while (this.#free === 0) await this.#turn(signal);
    signal.throwIfAborted();
    this.#free--;
    this.#stage.acquire("place");
    return { release: () => this.#release() };
  }

  #turn(signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#queue.add(resolve);
      signal.addEventListener("abort", () => {
        this.#queue.delete(resolve);
        reject(signal.reason as Error);
      });
    });
  }

  #release(): void {
    this.#stage.release("place");
    this.#free++;
    const [next] = this.#queue;
    if (next) this.#queue.delete(next);
    next?.();
  }
}

const options: Record<string, (stage: Stage) => TaskGroupOptions> = {
  "": () => ({}),
  ", two at a time": () => ({ concurrency: 2 }),
  ", behind a turnstile": (stage) => ({ concurrency: new Turnstile(stage, 2) }),
  ", collecting errors": () => ({ onError: "collect" }),
};

export const groupsOfCrews: Record<string, Scenario> = Object.fromEntries(
  Object.entries(crews).flatMap(([crew, work]) =>
    Object.entries(options).map(([option, optionsFor]): [string, Scenario] => [
      `a group of ${crew}${option}`,
      async (stage) => {
        await taskGroup((group) => work(group, stage), optionsFor(stage));
        stage.say("over");
      },
    ]),
  ),
);
