/** `except*` inside a `catch`: several errors at once, each to the clause that knows it. */
import { asError, badArgument, describe, isCancelled, isError } from "./errors.ts";
import { leavesOf, membersOf, type Halves } from "./error-tree.ts";
import { adopted, ExceptionGroup, splitTree } from "./exception-group.ts";
import { classesIn, matches, type Condition, type Matched, type Matcher } from "./matcher.ts";

/** One clause of {@link exceptStar}, made by {@link on}. */
export interface ExceptClause {
  readonly matches: Condition;
  readonly handle: (group: ExceptionGroup<never>) => unknown;
}

/**
 * A clause of {@link exceptStar}: the errors it takes, and what to do with them. The handler gets them as one
 * group, in the shape of the original, also when there was a single error and no group. It may be async.
 *
 * Matchers are tried on single errors only, so a class of groups (`AggregateError` and below) is refused, as in Python.
 *
 * Errors: `TypeError` with `JOINERY_INVALID_ARGUMENT` (matcher) or `JOINERY_EXPECTED_FUNCTION` (handler).
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
  const condition = matches(matcher);
  const group = classesIn(matcher).find(namesGroups);
  if (group !== undefined)
    throw invalid(
      `Expected a class of single errors, got ${describe(group)}; the errors inside a group are matched one by one`,
    );
  if (typeof handler !== "function") {
    throw badArgument(
      TypeError,
      "JOINERY_EXPECTED_FUNCTION",
      `Expected the handler of on() to be a function, got ${describe(handler)}`,
    );
  }
  return { matches: condition, handle: handler };
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
 * Errors: `TypeError` with `JOINERY_INVALID_ARGUMENT` for a call without clauses, or with something that `on()`
 * did not make, before any handler runs.
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
  checkClauses(clauses);
  if (!isError(error)) throw error;
  const naked = membersOf(error) === undefined;
  const root = naked ? new ExceptionGroup("", [error]) : adopted(error);
  const outcome = await runClauses(root, clauses);
  const left = remainderOf(root, outcome);
  // Untouched as a whole, the object itself goes on. Only a handler that threw it again leaves a naked error wrapped.
  const remainder = left === root && !(naked && outcome.again.size > 0) ? error : left;
  const thrown = [...outcome.thrown];
  const [first, ...others] = remainder === undefined ? thrown : [...thrown, remainder];
  if (first === undefined) return;
  throw others.length === 0 ? first : new ExceptionGroup("", [first, ...others]);
}

interface Outcome {
  /** The parts that no clause was asked about, and that no clause took. */
  readonly cancelled: Error | undefined;
  readonly rest: Error | undefined;
  /** The leaves that a handler threw again, with the very part it was given. */
  readonly again: ReadonlySet<Error>;
  readonly thrown: ReadonlySet<Error>;
}

async function runClauses(
  root: ExceptionGroup,
  clauses: readonly ExceptClause[],
): Promise<Outcome> {
  const [cancelled, work] = splitTree(root, isCancelled, never);
  const again = new Set<Error>();
  const thrown = new Set<Error>();
  let rest = work;
  for (const { matches: condition, handle } of clauses) {
    if (rest === undefined) break;
    const [matched, unmatched]: Halves = splitTree(rest, condition, never);
    if (matched === undefined) continue;
    rest = unmatched;
    const part = adopted(matched);
    const failure = await attempt(handle, part);
    if (failure?.error === part) for (const leaf of part) again.add(leaf);
    else if (failure !== undefined) thrown.add(asError(failure.error));
  }
  return { cancelled, rest, again, thrown };
}

/** What is left to raise of the original, in its shape. */
function remainderOf(root: Error, { cancelled, rest, again }: Outcome): Error | undefined {
  if (cancelled === undefined && again.size === 0) return rest;
  const kept = new Set(again);
  for (const tree of [cancelled, rest]) {
    if (tree !== undefined) for (const leaf of leavesOf(tree)) kept.add(leaf);
  }
  return splitTree(root, (leaf) => kept.has(leaf), never)[0];
}

/** Groups are never matched themselves: a predicate that says "not a TypeError" would take the whole tree. */
const never: Condition = () => false;

async function attempt(
  handle: ExceptClause["handle"],
  part: ExceptionGroup,
): Promise<{ error: unknown } | undefined> {
  try {
    await handle(part as ExceptionGroup<never>);
    return undefined;
  } catch (error) {
    return { error };
  }
}

function namesGroups(cls: Function): boolean {
  return (
    cls === AggregateError ||
    cls.prototype instanceof AggregateError ||
    cls.name === "SuppressedError"
  );
}

function checkClauses(clauses: readonly unknown[]): void {
  if (clauses.length === 0)
    throw invalid("Expected at least one clause, got none; make one with on(matcher, handler)");
  const odd = clauses.findIndex((clause) => !isClause(clause));
  if (odd !== -1)
    throw invalid(`Expected clause ${odd} to be made by on(), got ${describe(clauses[odd])}`);
}

function isClause(value: unknown): value is ExceptClause {
  const clause = (value ?? {}) as Partial<ExceptClause>;
  return typeof clause.matches === "function" && typeof clause.handle === "function";
}

function invalid(message: string): Error {
  return badArgument(TypeError, "JOINERY_INVALID_ARGUMENT", message);
}
