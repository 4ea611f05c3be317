/**
 * The ambient scope: which scope the running code belongs to. The only file that knows
 * `AsyncLocalStorage`; an `AsyncContext.Variable` of the language will replace it here.
 *
 * Looked up at run time, not imported: an import of `node:async_hooks` would not load in a
 * browser, and a conditional export would need a bundler that knows about it.
 */

import { InvalidStateError } from "./errors.ts";
import { builtinModule } from "./host.ts";
import type { Scope } from "./scope.ts";

interface Storage {
  getStore(): Scope | undefined;
  enterWith(scope: Scope): void;
  run<R, A extends unknown[]>(scope: Scope, body: (...args: A) => R, ...args: A): R;
}

interface HooksModule {
  AsyncLocalStorage?: new () => Storage;
}

function findStorage(): Storage | undefined {
  const hooks: HooksModule = builtinModule("node:async_hooks") ?? globalThis;
  const { AsyncLocalStorage } = hooks;
  // Exactly one instance: on Node 20 each further one slows every promise of the process again.
  return AsyncLocalStorage && new AsyncLocalStorage();
}

const storage = findStorage();

/** The innermost open scope around the running code, or `undefined` outside of any. */
export function ambientScope(): Scope | undefined {
  let scope = storage?.getStore();
  // Code that outlived its scope (a pool opened inside a task) belongs to the next one that is open.
  while (scope?.closed) scope = scope.parent;
  return scope;
}

/** Calls `body` with `scope` as the ambient one, for everything that it starts. */
export function runInside<R, A extends unknown[]>(
  scope: Scope,
  body: (...args: A) => R,
  ...args: A
): R {
  return storage === undefined ? body(...args) : storage.run(scope, body, ...args);
}

let following = false;

/** Has the runtime follow the promises that are made from now on: Node 20 and 22 do so after the first `run`. */
export function followPromises(scope: Scope): void {
  if (following) return;
  following = true;
  storage?.run(scope, () => {});
}

/** Makes `scope` the ambient one until the end of the running reaction, and for all that it starts. */
export function enterScope(scope: Scope): void {
  storage?.enterWith(scope);
}

/**
 * A reaction that is told the scope in which it was registered. One function serves all scopes
 * where the runtime keeps them apart: a closure for each would be the dearest part of a task.
 */
export function reactionIn<S extends Scope, A>(
  react: (scope: S, argument: A) => void,
): (scope: S) => (argument: A) => void {
  if (storage === undefined) return (scope) => (argument) => react(scope, argument);
  const shared = (argument: A): void => react(storage.getStore() as S, argument);
  return () => shared;
}

/** Throws where the runtime cannot know the ambient scope. */
export function requireAmbient(call: string): void {
  if (storage !== undefined) return;
  throw new InvalidStateError(
    "JOINERY_NO_AMBIENT_SCOPE",
    `${call} needs AsyncLocalStorage to know which task is running, and this runtime has none. ` +
      "Use the handle that the task's function gets as its argument, or pass { signal }.",
  );
}

/** The signal to pass to a wait inside `handle`: none where the wait finds its scope by itself. */
export function explicitSignal(handle: { readonly signal: AbortSignal }): AbortSignal | undefined {
  return storage === undefined ? handle.signal : undefined;
}
