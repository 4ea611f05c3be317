import { queueOptionsSymbol } from "piscina";
import type { Order } from "./pool.ts";

/** What piscina keeps of something that it has been given to do. */
export interface PiscinaTask {
  readonly [queueOptionsSymbol]: object | null;
}

/** The queue of a piscina: first come, first served, and anybody can leave at any time. */
export class WaitingLine {
  /** In order of arrival. */
  readonly #tasks = new Map<Order, PiscinaTask>();
  /** Goes on where it was: a new iterator would step over all that have left. */
  #order = this.#tasks.values();
  /** What piscina took out and had no thread for. */
  #first: PiscinaTask | undefined;

  get size(): number {
    return this.#tasks.size + (this.#first ? 1 : 0);
  }

  push(task: PiscinaTask): void {
    this.#tasks.set(orderOf(task), task);
  }

  unshift(task: PiscinaTask): void {
    this.#first = task;
  }

  shift(): PiscinaTask | null {
    const task = this.#first ?? this.#next();
    if (task) this.remove(task);
    return task ?? null;
  }

  #next(): PiscinaTask | undefined {
    let next = this.#order.next();
    if (next.done) next = (this.#order = this.#tasks.values()).next();
    return next.value;
  }

  remove(task: PiscinaTask): void {
    this.withdraw(orderOf(task));
  }

  /** Takes an order out. Returns `false` if it is not in. */
  withdraw(order: Order): boolean {
    if (!this.#first || orderOf(this.#first) !== order) return this.#tasks.delete(order);
    this.#first = undefined;
    return true;
  }
}

/** What piscina is given to do: the assignment, with the order beside it, which is not copied to the thread. */
export function taskFor(order: Order): PiscinaTask {
  return Object.defineProperty(order.assignment, queueOptionsSymbol, { value: order }) as never;
}

export function orderOf(task: PiscinaTask): Order {
  return task[queueOptionsSymbol] as Order;
}
