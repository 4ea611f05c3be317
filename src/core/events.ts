/**
 * What happens in the tree, as it happens. The core reports; it knows nobody who listens.
 * With no listener each report costs one branch and allocates nothing.
 */

import { expectFunction } from "./arguments.ts";
import type { CancelledError } from "./errors.ts";

export type ScopeKind = "process" | "run" | "task" | "group" | "timeout" | "shield";

/** A scope as events name it: plain data, no reference to anything of the program's. */
export interface ScopeInfo {
  readonly id: number;
  readonly kind: ScopeKind;
  readonly name: string;
  /** The `id` of the scope around it. */
  readonly parent: number | undefined;
}

/**
 * One thing that happened, at the time `at` on the clock of the scope:
 *
 * - `opened`, `closed`: a scope (a task is one, too);
 * - `started`: a task takes its first step;
 * - `ended`: a task is over; `outcome` says how;
 * - `cancelled`: somebody cancelled this scope, and all below it; `error` says who and why;
 * - `failed`: a group took `error` from a child or from its body.
 */
export type JoineryEvent = { readonly at: number; readonly scope: ScopeInfo } & EventDetails;

export type EventDetails =
  | { readonly type: "opened" | "started" | "closed" }
  | { readonly type: "ended"; readonly outcome: "done" | "failed" | "cancelled" }
  | { readonly type: "cancelled"; readonly error: CancelledError }
  | { readonly type: "failed"; readonly error: Error };

export type EventListener = (event: JoineryEvent) => void;

const listeners = new Set<EventListener>();

/** Whether anybody listens: the one branch that an unheard event costs. */
export let heard = false;

/** Tells every listener. One that throws is taken off, and its error is an unhandled rejection: it must not change what the program does. */
export function report(event: JoineryEvent): void {
  for (const listener of listeners) {
    try {
      listener(event);
    } catch (error) {
      unsubscribe(listener);
      void Promise.reject(error);
    }
  }
}

/**
 * Calls `listener` with everything that happens in the tree, until the returned function is called.
 *
 * The call is synchronous and must be quick; it must not start or cancel work. A listener that
 * throws is taken off, and its error surfaces as an unhandled rejection.
 *
 * *Cancellation*: hears of it, is not subject to it.
 *
 * @example
 * ```ts
 * import { subscribe, taskGroup } from "joinery";
 *
 * const ended: string[] = [];
 * const unsubscribe = subscribe((event) => {
 *   if (event.type === "ended") ended.push(`${event.scope.name} ${event.outcome}`);
 * });
 * await taskGroup(async (group) => {
 *   group.createTask(() => 1, { name: "one" });
 * });
 * unsubscribe();
 * console.log(ended); // [ 'one done' ]
 * ```
 *
 * Idea: Trio's instruments.
 */
export function subscribe(listener: EventListener): () => void {
  expectFunction("listener", listener);
  listeners.add(listener);
  heard = true;
  return () => unsubscribe(listener);
}

function unsubscribe(listener: EventListener): void {
  listeners.delete(listener);
  heard = listeners.size > 0;
}
