/**
 * When everybody waits: the moment at which virtual time jumps, and `waitAllBlocked` resolves.
 *
 * V1. A task that is busy, as `busyTasks` says it, holds everybody back: it runs, or waits for a promise
 *     that is not joinery's.
 * V2. That nobody moves has to be so for some turns of the event loop: what a failure or a refusal
 *     leads to comes in a later turn.
 * V3. Whoever waits for this moment sees it before time jumps.
 */

import { nextTurn } from "../core/clock.ts";
import { afterRealTime } from "./real-time.ts";

/** Turns of the event loop in which nobody moves: more than any reaction inside joinery takes (V2). */
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
