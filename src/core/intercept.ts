/**
 * The seam around the code of a scope: for what has to be there while it runs, and is not joinery's own, as the
 * active span of a tracer. With no interceptor it costs one branch.
 */

import { expectFunction } from "./arguments.ts";
import type { ScopeInfo } from "./events.ts";
import type { Scope } from "./scope.ts";

/** A scope whose code is about to begin. */
export interface EnteredScope extends ScopeInfo {
  /** Whether it was given its name. Otherwise that is its kind, or the name of its function, with its number. */
  readonly named: boolean;
  /** The `id`s of the scopes around it, from the inside out. */
  ancestors(): Iterable<number>;
}

/** Calls `enter`, which has the code of `scope` begin, inside of whatever that code is to see. */
export type Interceptor = (scope: EnteredScope, enter: () => void) => void;

interface Registration {
  readonly interceptor: Interceptor;
}

/** Those that are there: none is the one branch that the beginning of a scope costs. */
export const interceptors: Registration[] = [];

/**
 * Calls `interceptor` whenever the code of a scope is about to begin, until the returned function is called: that of a
 * task at its first step; that of a block when it is opened, and then its end is inside as well.
 *
 * It is to call `enter`, once and at once: that runs the code up to its first `await`. What is there around the call is
 * there for all of the code, and for what that starts: `(scope, enter) => storage.run(value, enter)`. For a task it is
 * called in the asynchronous context of the `createTask` call. Of several, the last is the outermost.
 *
 * It decides what the code sees, not whether it runs: if it does not call `enter`, the code begins without it. One that throws is
 * taken off, and its error surfaces as an unhandled rejection. What the code comes to, {@link subscribe} tells.
 *
 * Throws `TypeError` (`JOINERY_EXPECTED_FUNCTION`) if `interceptor` is no function.
 *
 * *Cancellation*: not subject to it. The code of a task that is cancelled before its first step never begins.
 *
 * @example
 * ```ts
 * import { AsyncLocalStorage } from "node:async_hooks";
 * import { intercept, sleep, taskGroup } from "joinery";
 *
 * const path = new AsyncLocalStorage<string>();
 * const stop = intercept(({ name }, enter) => path.run(`${path.getStore() ?? ""}/${name}`, enter));
 * await taskGroup(
 *   async (group) => {
 *     const worker = async (): Promise<void> => {
 *       await sleep(1);
 *       console.log(path.getStore()); // /crew/worker
 *     };
 *     group.createTask(worker, { name: "worker" });
 *   },
 *   { name: "crew" },
 * );
 * stop();
 * ```
 *
 * Idea: the interceptors of Temporal and gRPC; `bindStore` of `node:diagnostics_channel`.
 */
export function intercept(interceptor: Interceptor): () => void {
  expectFunction("interceptor", interceptor);
  const registration = { interceptor };
  interceptors.push(registration);
  return () => withdraw(registration);
}

function withdraw(registration: Registration): void {
  const at = interceptors.indexOf(registration);
  if (at >= 0) interceptors.splice(at, 1);
}

/** Has the code of `scope` begin, by calling `begin`, inside of all interceptors. To be called if there are any. */
export function enterThrough(scope: Scope, begin: () => void): void {
  const entered = describe(scope);
  let enter = begin;
  for (const registration of interceptors) {
    const inner = enter;
    enter = () => ask(registration, entered, inner);
  }
  enter();
}

function ask(registration: Registration, scope: EnteredScope, inner: () => void): void {
  let begun = false;
  const enter = (): void => {
    if (begun) return;
    begun = true;
    inner();
  };
  try {
    registration.interceptor(scope, enter);
  } catch (error) {
    withdraw(registration);
    void Promise.reject(error);
  }
  enter();
}

function describe(scope: Scope): EnteredScope {
  return { ...scope.info, named: scope.givenName !== undefined, ancestors: () => idsAround(scope) };
}

function* idsAround(scope: Scope): Generator<number, void, undefined> {
  for (let outer = scope.parent; outer !== undefined; outer = outer.parent) yield outer.id;
}
