import { expectFunction, expectOptions, expectTime, badArgument } from "./arguments.ts";
import { block } from "./block.ts";
import { type DeadlineScope, ShieldScope } from "./deadline.ts";
import { enclosingScope } from "./process-scope.ts";
import { obey } from "./signal.ts";
import { type BlockOptions, inTime, type TimeoutScope } from "./timeout.ts";

export interface ShieldOptions extends BlockOptions {
  /** How long the block may take, in milliseconds. There is no default: who wants no bound writes `Infinity`. */
  within: number;
}

/**
 * Runs `body` where no cancellation from outside reaches it: for cleanup that has to wait.
 *
 * Resolves with what `body` returned, rejects with what it threw; with {@link TimeoutError} if the
 * bound `within` passed first. Tasks of a group opened inside are shielded as well; a child created
 * in a group outside is not.
 *
 * Rejects with `TypeError` (`JOINERY_INVALID_ARGUMENT`, `JOINERY_INVALID_TIME`, `JOINERY_EXPECTED_FUNCTION`)
 * on a bad argument; `within` has to be given.
 *
 * *Cancellation*: of the scopes outside, and their deadlines, do not reach the body. Leaving the shield
 * does not throw; the next wait after it does. An explicit `{ signal }` still counts.
 *
 * @example
 * ```ts
 * import { moveOnAfter, shield, sleep } from "joinery";
 *
 * await moveOnAfter(10, async () => {
 *   try {
 *     await sleep(60_000);
 *   } finally {
 *     await shield(() => sleep(20), { within: 1000 });
 *     console.log("said goodbye"); // said goodbye
 *   }
 * });
 * ```
 *
 * Idea: Trio's `CancelScope(shield=True)`; the rules are those of Swift's cancellation shields.
 */
export function shield<R>(
  body: (scope: TimeoutScope) => R | PromiseLike<R>,
  options: ShieldOptions,
): Promise<R> {
  return block(
    () => open(body, options),
    (scope) => inTime(scope, options.within, body),
  );
}

function open(body: unknown, options: ShieldOptions): DeadlineScope {
  expectFunction("body", body);
  const signal = expectOptions(options);
  if (options.within === undefined) {
    const expected =
      "a number of milliseconds (a shield has a bound: write Infinity if you mean none)";
    throw badArgument("within", expected, undefined);
  }
  expectTime("within", options.within);
  const scope = new ShieldScope(enclosingScope(signal), options.name);
  obey(scope, signal);
  return scope;
}
