/** `except*` inside a `catch`: several errors at once, each to the clause that knows it. */
import { badArgument, expectFunction } from "./arguments.ts";
import { membersOf } from "./error-tree.ts";
import { asError, isCancelled, isError } from "./errors.ts";
import { ExceptionGroup, partOf, regroup } from "./exception-group.ts";
import { conditionOf, type Condition, type Matched, type Matcher } from "./matcher.ts";

/** One clause of {@link exceptStar}, made by {@link on}. */
export interface ExceptClause {
  readonly takes: Condition;
  readonly handle: (group: ExceptionGroup<never>) => unknown;
}

/**
 * A clause of {@link exceptStar}: the errors it takes, and what to do with them. The handler gets them as one
 * group, in the shape of the original, also when there was a single error and no group. It may be async.
 *
 * Matchers are tried on single errors only, so a class of groups (`AggregateError` and below) is refused, as in Python.
 *
 * Errors: `TypeError` with `JOINERY_INVALID_ARGUMENT` (matcher); `JOINERY_EXPECTED_FUNCTION` or, for a promise,
 * `JOINERY_STARTED_PROMISE` (handler).
 *
 * @example
 * ```ts
 * import { exceptStar, on } from "joinery";
 *
 * await exceptStar(
 *   new RangeError("too large"),
 *   on([TypeError, RangeError], (group) => console.log(group.errors[0]?.message)), // too large
 * );
 * ```
 *
 * Idea: PEP 654, the `except*` clause.
 */
export function on<const M extends Matcher>(
  matcher: M,
  handler: (group: ExceptionGroup<Matched<M>>) => unknown,
): ExceptClause {
  const takes = conditionOf(matcher);
  const group = [matcher].flat().find(makesGroups);
  const expected = "a class of single errors (those inside a group are matched one by one)";
  if (group !== undefined) throw badArgument("matcher", expected, group);
  expectFunction("handler", handler);
  return { takes, handle: handler };
}

/**
 * Handles an error, which may be a group, clause by clause: `except*` for a `catch` block.
 *
 * Every single error in the tree goes to the first clause that takes it; all clauses run, one after another,
 * each at most once, even if one throws. It resolves when everything was handled and nothing was thrown. Otherwise
 * it rejects:
 * - errors that no clause took, and groups that a handler threw again as it got them, come out in their
 *   original shape; an error that was no group comes out as it is;
 * - one new error of a handler, with nothing else left, comes out as it is;
 * - otherwise an `ExceptionGroup` holds the new errors in the order of the clauses, then what is left.
 *
 * A value that is no error is thrown on untouched.
 *
 * Errors: `TypeError` with `JOINERY_INVALID_ARGUMENT` for something that `on()` did not make, before any handler runs.
 *
 * *Cancellation*: a `CancelledError`, alone or inside a group, goes to no clause and comes out. Handlers run in
 * the scope of the caller; when that is cancelled, their waits throw, and the cancellation comes out with the rest.
 *
 * @example
 * ```ts
 * import { ExceptionGroup, exceptStar, on } from "joinery";
 *
 * try {
 *   throw new ExceptionGroup("g", [new TypeError("a"), new RangeError("b"), new SyntaxError("c")]);
 * } catch (error) {
 *   const left = await exceptStar(
 *     error,
 *     on(TypeError, (group) => console.log(group.errors[0]?.message)), // a
 *     on(RangeError, async (group) => console.log(group.errors[0]?.message)), // b
 *   ).catch((rest: ExceptionGroup) => rest);
 *   console.log(String(left)); // ExceptionGroup: g (1 sub-exception)
 * }
 * ```
 *
 * Idea: PEP 654, `except*`.
 */
export async function exceptStar(
  error: unknown,
  ...clauses: readonly ExceptClause[]
): Promise<void> {
  for (const [at, clause] of clauses.entries())
    if (typeof (clause as Partial<ExceptClause> | undefined)?.handle !== "function")
      throw badArgument(`clauses[${at}]`, "made by on()", clause);
  if (!isError(error)) throw error;
  const naked = membersOf(error).length === 0;
  // All of it, with what is no error wrapped once and for all: leaves are told apart by identity.
  const whole = naked ? new ExceptionGroup("", [error]) : partOf(error, () => true)!;
  const root =
    whole instanceof ExceptionGroup ? whole : regroup(whole, membersOf(whole) as Error[]);
  const left = new Set(root);
  const thrown = new Set<Error>();
  const open = new Set([...left].filter((leaf) => !isCancelled(leaf)));
  for (const { takes, handle } of clauses) {
    const taken = new Set([...open].filter(takes));
    if (taken.size === 0) continue;
    const part = partOf(root, (leaf) => taken.has(leaf));
    for (const leaf of taken) open.delete(leaf);
    try {
      await handle(part as ExceptionGroup<never>);
    } catch (failure) {
      // What a handler throws again as it got it counts as left, in its old place.
      if (failure === part && !naked) continue;
      thrown.add(asError(failure));
    }
    for (const leaf of taken) left.delete(leaf);
  }
  const remainder = partOf(root, (leaf) => left.has(leaf));
  if (remainder !== undefined) thrown.add(remainder === root ? error : remainder);
  const [first, ...others] = thrown;
  if (first === undefined) return;
  throw others.length === 0 ? first : new ExceptionGroup("", thrown);
}

function makesGroups(cls: Function): boolean {
  return /^(Aggregate|Suppressed)Error$/.test(cls.prototype?.name);
}
