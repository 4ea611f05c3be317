/** Foreign promises that were left behind: visible until they settle, and never unhandled. */

import { asError } from "./errors.ts";
import { heard } from "./events.ts";
import { warn } from "./host.ts";
import type { Scope } from "./scope.ts";
import type { Parked } from "./wait.ts";

export interface Ghost {
  readonly id: number;
  readonly label: string;
  /** Whose code left it. */
  readonly scope: Scope;
  /** The time on the clock of its scope. */
  readonly since: number;
}

export const ghosts: Set<Ghost> = new Set();
let left = 0;

export function ghostCount(): number {
  return ghosts.size;
}

/** A line for each ghost. */
export function ghostLines(): string[] {
  return [...ghosts].map((ghost) => `left behind: ${ghost.label}`);
}

/**
 * A promise of somebody else, with those who wait for it. A promise keeps every reaction until it
 * settles; so it gets one, however many waits come and go.
 */
class ForeignPromise {
  readonly waits: Set<Parked<unknown>> = new Set();
  readonly #promise: PromiseLike<unknown>;
  #ghost: Ghost | undefined;

  constructor(promise: PromiseLike<unknown>) {
    this.#promise = promise;
    // Through a promise of the language: a thenable may call back at once, or with another thenable.
    Promise.resolve(promise).then(
      (value) => this.#fulfilled(value),
      (error: unknown) => this.#failed(error),
    );
  }

  #fulfilled(value: unknown): void {
    this.#settle("fulfilled");
    for (const wait of this.waits) wait.resolve(value);
  }

  #failed(error: unknown): void {
    const ghost = this.#settle("rejected");
    if (ghost && this.waits.size === 0) {
      const text = `${ghost.label}, which was left behind, failed: ${String(asError(error))}`;
      warn("JOINERY_GHOST_ERROR", text);
    }
    for (const wait of this.waits) wait.reject(error);
  }

  /** Keeps the promise in sight until it settles. */
  leave(label: string, scope: Scope): void {
    if (this.#ghost) return;
    this.#ghost = { id: ++left, label, scope, since: scope.timers.clock.now() };
    ghosts.add(this.#ghost);
    if (heard.adopted) scope.report({ type: "adopted", ghost: { id: left, label } });
  }

  #settle(outcome: "fulfilled" | "rejected"): Ghost | undefined {
    foreignPromises.delete(this.#promise);
    const ghost = this.#ghost;
    if (ghost === undefined) return undefined;
    ghosts.delete(ghost);
    const { id, label, scope } = ghost;
    if (heard.settled) scope.report({ type: "settled", ghost: { id, label }, outcome });
    return ghost;
  }
}

const foreignPromises = new WeakMap<PromiseLike<unknown>, ForeignPromise>();

export function foreignPromise(promise: PromiseLike<unknown>): ForeignPromise {
  let foreign = foreignPromises.get(promise);
  if (foreign === undefined) {
    foreign = new ForeignPromise(promise);
    foreignPromises.set(promise, foreign);
  }
  return foreign;
}
