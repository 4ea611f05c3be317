/**
 * When everybody waits: the moment at which virtual time jumps, and `waitAllBlocked` resolves.
 *
 * V1. A task is blocked if it is parked in a wait of joinery, joins the children of a group, waits for
 *     a `run` inside it, or waits until a limit lets it start.
 * V2. Any other task runs, or waits for a promise that is not joinery's. It holds everybody back.
 * V3. That nobody moves has to be so for some turns of the event loop: what a failure or a refusal
 *     leads to comes in a later turn.
 */

import { nextTurn } from "../core/clock.ts";
import { liveScopes, type LiveScope, type Resource } from "../core/index.ts";
import { afterRealTime } from "./real-time.ts";

/** What `waitAllBlocked` waits for. */
export const stillness: Resource = { kind: "stillness", name: "of all others" };

/** The runs with a virtual time of their own. */
export const ownTimes: Set<number> = new Set();

/** How those inside a `run` are. */
export interface Picture {
  readonly tasks: number;
  /** The tasks that are not blocked (V2). */
  readonly busy: readonly LiveScope[];
  /** Whether one of them waits for stillness itself. */
  readonly awaited: boolean;
  /** Whether one of them waits for something that may come from outside. */
  readonly foreign: boolean;
}

/** Looks at all tasks inside the scope `root`. */
export function look(root: number): Picture {
  const inside = new Set<number | undefined>([root]);
  const busy = new Map<number, LiveScope>();
  let [tasks, awaited, foreign] = [0, false, false];
  for (const scope of liveScopes()) {
    const isRoot = scope.id === root;
    // Who waits for a virtual time inside this one is busy: that moves by itself.
    if (!isRoot && (!inside.has(scope.parent) || ownTimes.has(scope.id))) continue;
    inside.add(scope.id);
    if (scope.kind === "task") {
      tasks++;
      if (scope.state !== "new") busy.set(scope.id, scope);
    }
    if (blocksItsHost(scope)) busy.delete(scope.host);
    awaited ||= scope.waits.some(({ resource }) => resource === stillness);
    foreign ||= scope.waits.some(({ resource }) => resource?.foreign === true);
  }
  return { tasks, busy: [...busy.values()], awaited, foreign };
}

/** Whether the task that runs the code in `scope` waits there (V1). */
function blocksItsHost({ kind, state, waits }: LiveScope): boolean {
  return waits.length > 0 || state === "joining" || kind === "run";
}

/** The `run` around the task `id`, or the process; also the process if there is no such task. */
export function rootAround(id: number | undefined): number {
  const around = new Map<number, number>();
  let root = 0;
  for (const { id: each, kind, parent } of liveScopes()) {
    if (parent === undefined) root = each;
    around.set(each, kind === "run" || parent === undefined ? each : (around.get(parent) as number));
  }
  return around.get(id as number) ?? root;
}

/** Whether there are tasks that are neither inside `root` nor wait for it. */
export function othersOutside(root: number): boolean {
  const parents = new Map<number, number | undefined>();
  const outside = new Set<number>();
  const inside = new Set<number | undefined>([root]);
  for (const { id, kind, parent } of liveScopes()) {
    parents.set(id, parent);
    if (inside.has(parent)) inside.add(id);
    else if (kind === "task") outside.add(id);
  }
  for (let id: number | undefined = root; id !== undefined; id = parents.get(id)) outside.delete(id);
  return outside.size > 0;
}

/** Turns of the event loop in which nobody moves: more than any reaction inside joinery takes (V3). */
const quietTurns = 3;

/** Turns after which we look once a millisecond: somebody waits for the world outside. */
const eagerTurns = 500;

/**
 * Calls `still` each time that `quiet` has been true for some turns, until the returned function is
 * called. `still` says whether it has set something in motion.
 */
export function watchStillness(quiet: () => boolean, still: () => boolean): () => void {
  let [inARow, idle, watching] = [0, 0, true];
  const again = (): void => {
    if (idle++ < eagerTurns) nextTurn(turn);
    else afterRealTime(1, turn);
  };
  const turn = (): void => {
    if (!watching) return;
    again(); // so that in the next turn we come first, ahead of those who go on in this one
    // Those who are woken in this turn have left their waits when the microtasks begin.
    queueMicrotask(() => {
      if (!watching) return;
      inARow = quiet() ? inARow + 1 : 0;
      if (inARow < quietTurns) return;
      inARow = 0;
      if (still()) idle = 0;
    });
  };
  again();
  return () => void (watching = false);
}
