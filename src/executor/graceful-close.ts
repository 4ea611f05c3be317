import { badArgument, expectFunction } from "../core/arguments.ts";

/** For closing a worker. */
export interface CloseOptions {
  /** Milliseconds for the calls that run; after them they are cancelled. Default: `Infinity`. */
  within?: number;
}

/** The longest time that timers know. */
const longest = 2 ** 31 - 1;

/**
 * Makes the `close()` of an engine's worker: what runs may finish, for a while.
 *
 * `close` takes nothing more, and waits for what runs; it is called once, however often the worker is closed. `cancel`
 * cancels what runs: after `within`, if `close` has not ended by then. Whoever is in more of a hurry may close again, with
 * less time. What it makes resolves, or rejects, as `close` does.
 *
 * Throws `TypeError` (`JOINERY_EXPECTED_FUNCTION`) if one of them is no function. What it makes rejects with `TypeError`
 * (`JOINERY_INVALID_TIME`) if `within` is no time; nothing is closed then.
 *
 * *Cancellation*: not subject to it, as the worker is not.
 *
 * @example
 * ```ts
 * import { gracefulClose } from "joinery/executor";
 *
 * let end = (): void => {};
 * const running = new Promise<void>((resolve) => (end = resolve));
 * const close = gracefulClose(
 *   () => running,
 *   () => {
 *     console.log("cancelled"); // cancelled
 *     end();
 *   },
 * );
 * await close({ within: 10 });
 * ```
 *
 * Idea: the graceful shutdown of HTTP servers.
 */
export function gracefulClose(
  close: () => Promise<void>,
  cancel: () => void,
): (options?: CloseOptions) => Promise<void> {
  expectFunction("close", close);
  expectFunction("cancel", cancel);
  let closed: Promise<void> | undefined;
  return async ({ within = Infinity } = {}) => {
    if (typeof within !== "number" || Number.isNaN(within))
      throw badArgument("within", "a number of milliseconds", within, "JOINERY_INVALID_TIME");
    closed ??= close();
    if (within > longest) return closed;
    const timer = setTimeout(cancel, within);
    try {
      await closed;
    } finally {
      clearTimeout(timer);
    }
  };
}
