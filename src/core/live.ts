/** The tree as it is now: for whoever looks at a program from outside, and has not listened before. */

import { DeadlineScope } from "./deadline.ts";
import type { CancelledError } from "./errors.ts";
import type { ScopeInfo } from "./events.ts";
import { type Ghost, ghosts } from "./ghosts.ts";
import type { GroupState } from "./group-scope.ts";
import { elements } from "./linked.ts";
import { processScope } from "./process-scope.ts";
import { lastRefusal, timesTold } from "./refusal.ts";
import { timeOfRequest } from "./resistance.ts";
import type { Resource } from "./resource.ts";
import type { Scope } from "./scope.ts";
import { TaskScope } from "./task.ts";
import type { TaskState } from "./task-handle.ts";
import type { Wait } from "./wait.ts";

/** A wait that is parked at the moment. */
export interface LiveWait {
  /** `sleep`; the kind of its resource; `suspend` for all others. */
  readonly kind: string;
  /** What it waits for, in a word. */
  readonly label: string;
  /** What it waits for, if that has holders or many waiters; a task is one that is held by itself. */
  readonly resource: Resource | undefined;
  /** Milliseconds until it ends by itself: of a sleep. `Infinity` for all others. */
  readonly timeLeft: number;
  /** For how many milliseconds it has been parked; `undefined` if nobody was subscribed to `waiting`. */
  readonly age: number | undefined;
  /** An error whose stack shows the code that waits, where the engine can tell (V8). Resolves in the same turn. */
  locate(): Promise<Error>;
}

/** An open scope, as it is at the moment. */
export interface LiveScope extends ScopeInfo {
  /** Of a task and of a group, where it stands; all others are `open` and nothing else. */
  readonly state: TaskState | GroupState;
  /** The time on its clock, which events have as `at`. */
  readonly now: number;
  /** Why it is cancelled, if it is. All that one cancel has reached have the same object. */
  readonly cancellation: CancelledError | undefined;
  /** How many milliseconds ago that was asked for. */
  readonly cancelledFor: number | undefined;
  /** Whether that cancel was asked of this very scope, whose edge absorbs it. */
  readonly absorbs: boolean;
  /** Of a task: whether it does not keep its group open. */
  readonly background: boolean;
  /** Milliseconds until its own deadline; `Infinity` if it has none. */
  readonly timeLeft: number;
  /** How often its code was told of that: more than once if it was caught, and waited again. */
  readonly timesTold: number;
  /** An error whose stack shows where its code was last refused a wait. */
  readonly refusedAt: Error | undefined;
  /** The waits that are parked in it. */
  readonly waits: readonly LiveWait[];
}

/** A promise that was left behind and has not settled. */
export interface LiveGhost {
  readonly id: number;
  readonly label: string;
  /** The scope whose code left it, which may be over. */
  readonly scope: ScopeInfo;
  /** For how many milliseconds it has been one. */
  readonly age: number;
}

/**
 * All open scopes of the process as they are now, from the process down, each after the one around it
 * and in order of creation.
 *
 * Nothing has to be turned on for it, and it costs nothing until it is called. Each scope is described
 * when it is come to: a tree of 100,000 tasks needs no second copy. Read it in one go, without an
 * `await` in between. The descriptions are plain data, but for errors, and for resources, which belong
 * to the program.
 *
 * @example
 * ```ts
 * import { liveScopes, sleep, taskGroup } from "joinery";
 *
 * await taskGroup(
 *   async (group) => {
 *     group.createTask(() => sleep(Infinity), { name: "worker" });
 *     await sleep(10);
 *     for (const { kind, name, waits } of liveScopes()) {
 *       if (kind === "task") console.log(name, waits.map(({ label }) => label)); // worker [ 'sleep' ]
 *     }
 *     group.cancel();
 *   },
 *   { cancellable: true },
 * );
 * ```
 *
 * Idea: `asyncio.capture_call_graph`, the thread dump of the JDK.
 */
export function* liveScopes(): Generator<LiveScope, void, undefined> {
  for (const scope of processScope.tree()) yield describeScope(scope);
}

/**
 * The promises that {@link abandonable} has left behind and that have not settled, the oldest first.
 *
 * @example
 * ```ts
 * import { abandonable, liveGhosts, moveOnAfter } from "joinery";
 *
 * const slow = new Promise((resolve) => setTimeout(resolve, 50));
 * await moveOnAfter(10, () => abandonable(slow, { label: "the slow one" }));
 * console.log(liveGhosts().map(({ label }) => label)); // [ 'the slow one' ]
 * ```
 */
export function liveGhosts(): LiveGhost[] {
  return [...ghosts].map(describeGhost);
}

function describeScope(scope: Scope): LiveScope {
  const { cancellation, absorbs, state } = scope;
  const now = scope.timers.clock.now();
  return {
    ...scope.info,
    state,
    now,
    cancellation,
    cancelledFor: cancellation && now - (timeOfRequest(cancellation) ?? now),
    absorbs,
    background: scope instanceof TaskScope && scope.background,
    timeLeft: scope instanceof DeadlineScope ? scope.deadline - now : Infinity,
    timesTold: cancellation ? timesTold(scope.host, cancellation) : 0,
    refusedAt: cancellation && lastRefusal(scope.host, cancellation)?.at,
    waits: elements(scope.firstWait).map((wait) => describeWait(wait, now)),
  };
}

function describeWait(wait: Wait<never>, now: number): LiveWait {
  const { kind, label, resource, due, since } = wait;
  const timeLeft = Math.max(0, due - now);
  const age = since === undefined ? undefined : now - since;
  return { kind, label, resource, timeLeft, age, locate: () => wait.locate() };
}

function describeGhost({ id, label, scope, since }: Ghost): LiveGhost {
  return { id, label, scope: scope.info, age: scope.timers.clock.now() - since };
}
