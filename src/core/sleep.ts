import { expectOptions, expectTime } from "./arguments.ts";
import { nextTurn } from "./clock.ts";
import { requireAmbient } from "./context.ts";
import { enclosingScope } from "./process-scope.ts";
import { refusal } from "./refusal.ts";
import type { Bucket, Timer } from "./timers.ts";
import { Wait } from "./wait.ts";

export interface WaitOptions {
  /** Ends the wait as well. Default: the ambient scope's signal. */
  signal?: AbortSignal | undefined;
}

/** One object is the wait and its timer: a sleeping task has nothing else. */
class Sleep extends Wait<void> implements Timer {
  bucket: Bucket | undefined;
  earlier: Timer | undefined;
  later: Timer | undefined;

  override get kind(): string {
    return "sleep";
  }

  override get due(): number {
    return this.bucket?.due ?? 0;
  }

  fire(): void {
    this.resolve();
  }

  override onLeave(): void {
    this.scope.timers.clear(this);
  }
}

/**
 * Waits for `ms` milliseconds.
 *
 * Resolves when they are over, never earlier; rounded up to the next millisecond. Sleeps of the same
 * length that begin in the same turn of the event loop end together. A time that is over already (0
 * or less) still lets a turn pass; `Infinity` sleeps until it is cancelled, and keeps the program alive.
 * Rejects with `TypeError` (`JOINERY_INVALID_TIME`) if `ms` is `NaN` or no number.
 *
 * *Cancellation*: rejects with the `CancelledError` of the scope or signal, at the moment of the
 * cancel; at once if it is cancelled already. The timer is gone in the same moment.
 *
 * @example
 * ```ts
 * import { sleep } from "joinery";
 *
 * await sleep(10);
 * console.log("rested"); // rested
 * ```
 *
 * Idea: `asyncio.sleep`.
 */
export function sleep(ms: number, options: WaitOptions = {}): Promise<void> {
  let signal: AbortSignal | undefined;
  try {
    expectTime("ms", ms);
    signal = expectOptions(options);
  } catch (error) {
    return Promise.reject(error);
  }
  const scope = enclosingScope(signal);
  const refused = refusal(scope, signal);
  if (refused) return refused;
  const wait = new Sleep(scope, "sleep");
  if (ms > 0) scope.timers.setAfter(ms, wait);
  else nextTurn(() => wait.fire());
  return wait.park(signal);
}

/**
 * A point where the running task may be cancelled: lets one turn of the event loop pass.
 *
 * Resolves in the next turn. Rejects with `InvalidStateError` (`JOINERY_NO_AMBIENT_SCOPE`) on a runtime
 * that cannot know the running task, unless `signal` is passed.
 *
 * *Cancellation*: rejects exactly when the scope is cancelled. Inside a `catch` that takes everything
 * it is the way to go on only if the work was not asked to stop; in a long computation it is the way
 * to hear of it.
 *
 * @example
 * ```ts
 * import { checkpoint } from "joinery";
 *
 * let sum = 0;
 * for (let i = 0; i < 3; i++) {
 *   sum += i;
 *   await checkpoint();
 * }
 * console.log(sum); // 3
 * ```
 *
 * Idea: Trio's `checkpoint`.
 */
export async function checkpoint(options: WaitOptions = {}): Promise<void> {
  if (expectOptions(options) === undefined) requireAmbient("checkpoint()");
  await sleep(0, options);
}
