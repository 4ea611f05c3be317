/** The items of `all` beyond its limit: each becomes a task when there is a place for it. */

import { afterAnswer, type Gate, type Pass } from "./concurrency.ts";
import type { GroupScope } from "./group-scope.ts";
import type { ItemList } from "./items.ts";
import { firstStep, goOn } from "./scheduler.ts";
import type { TaskScope } from "./task.ts";
import type { Outcome } from "./task-handle.ts";

/**
 * Has the items run as children of `group`, `limit` at a time and in order. One that waits its turn is a function and no
 * task, and what is over is let go: where 10,000 tasks are made beforehand, half of the time is spent on collecting them.
 * What it returns gives how they ended, in order, when the group is over.
 */
export function startInTurn(
  group: GroupScope,
  list: ItemList,
  limit: number,
): () => PromiseSettledResult<unknown>[] {
  const work: Work = { group, list, results: [], next: 0 };
  for (let i = 0; i < limit; i++) new Lane(work).take();
  return () => work.results;
}

interface Work {
  readonly group: GroupScope;
  readonly list: ItemList;
  readonly results: PromiseSettledResult<unknown>[];
  /** The index of the item whose turn is next. */
  next: number;
}

/** Runs one item after another. Is what its tasks hold. */
class Lane implements Gate, Pass {
  readonly #work: Work;
  #index = 0;
  #task!: TaskScope<unknown>;
  #proceed!: () => void;

  constructor(work: Work) {
    this.#work = work;
    this.#listen();
  }

  /** A first step is a reaction that was registered in the asynchronous context of the call of `all`, and runs in that. */
  #listen(): void {
    void new Promise<void>((proceed) => (this.#proceed = proceed)).then(() => this.#enter());
  }

  #enter(): void {
    this.#listen();
    this.#task.start();
  }

  take(afterFailure = false): void {
    const { group, list } = this.#work;
    this.#index = this.#work.next++;
    const fn = list.functions[this.#index];
    if (fn === undefined) return;
    const name = list.names?.[this.#index];
    group.createTask(fn, name === undefined ? undefined : { name }, this);
    if (afterFailure) afterAnswer(() => this.#letIn());
    else this.#letIn();
  }

  admit(task: TaskScope<unknown>): void {
    task.hold(this);
    this.#task = task;
  }

  #letIn(): void {
    goOn(this.#task, firstStep, this.#proceed);
  }

  release(how: Outcome, what: unknown): void {
    const { group, results } = this.#work;
    results[this.#index] =
      how === "done" ? { status: "fulfilled", value: what } : { status: "rejected", reason: what };
    // The next one has to be there before this one is gone: a group without children is over.
    if (how !== "cancelled" || what !== group.cancellation) this.take(how === "failed");
  }
}
