/** The root of the tree: what is opened outside of any `run` belongs to the process, which nobody cancels. */

import { systemClock } from "./clock.ts";
import { ambientScope } from "./context.ts";
import type { ScopeKind } from "./events.ts";
import { Scope } from "./scope.ts";
import { Timers } from "./timers.ts";

class ProcessScope extends Scope {
  override givenName: string = "process";

  get kind(): ScopeKind {
    return "process";
  }
}

export const processScope: Scope = new ProcessScope(undefined, new Timers(systemClock));

/**
 * The scope that a call belongs to: the ambient one; where there is none, the one whose `signal` the
 * caller passed; otherwise the process.
 */
export function enclosingScope(signal?: AbortSignal): Scope {
  const scope = ambientScope() ?? Scope.of(signal);
  return scope === undefined || scope.closed ? processScope : scope;
}
