/**
 * Several errors at once, as one error: PEP 654 for JavaScript.
 *
 * A group has members, all of them errors, and never changes: parts are new groups that share the leaves.
 * `stack` is text made on demand, so building a group costs little more than an `AggregateError`.
 */
import { badArgument, branded, describe } from "./errors.ts";
import { leavesOf, membersOf, partition, type Halves } from "./error-tree.ts";
import { countOf } from "./format-exception.ts";
import { checkedMembers } from "./group-members.ts";
import { errorsProperty, inspectors, inspectProperty, stackProperty } from "./group-text.ts";
import { matches, type Condition, type Matched, type Matcher } from "./matcher.ts";
import {
  captureFrames,
  framesKey,
  inherited,
  muteStacks,
  unmuteStacks,
  type Frames,
} from "./own-stack.ts";

/**
 * Several unrelated errors that travel as one. Its members are errors or further groups; it is never
 * empty and never changes. `errors` is what `AggregateError` calls them, `exceptions` what Python does: the
 * same frozen array. Iteration goes over the leaves, depth first, whatever the nesting.
 *
 * `AggregateError`s and `SuppressedError`s of others count as groups wherever they are members.
 * `stack`, `console.log` and the report of an uncaught error show the whole tree, as
 * `formatException` does; `stack` ends after 4,000 lines.
 *
 * Errors: `TypeError` with `JOINERY_INVALID_ARGUMENT` (message, list) or `JOINERY_NOT_AN_ERROR` (a member),
 * `RangeError` with `JOINERY_EMPTY_GROUP`.
 *
 * @example
 * ```ts
 * import { ExceptionGroup } from "joinery";
 *
 * const group = new ExceptionGroup("upload failed", [
 *   new TypeError("no such file"),
 *   new ExceptionGroup("mirrors", [new RangeError("too large")]),
 * ]);
 * console.log(String(group)); // ExceptionGroup: upload failed (2 sub-exceptions)
 * console.log([...group].map((error) => error.message).join(", ")); // no such file, too large
 * console.log(String(group.subgroup(RangeError)?.errors[0])); // ExceptionGroup: mirrors (1 sub-exception)
 * ```
 *
 * Idea: PEP 654, Python's `ExceptionGroup`.
 */
export class ExceptionGroup<E extends Error = Error> extends AggregateError {
  override readonly name: string = "ExceptionGroup";
  /** The members, frozen; typed as the array that `AggregateError` promises. */
  declare readonly errors: (E | ExceptionGroup<E>)[];
  readonly #members: (E | ExceptionGroup<E>)[];
  #frames: Frames;

  static {
    Object.defineProperty(this.prototype, framesKey, {
      get(this: ExceptionGroup): Frames {
        return this.#frames;
      },
      set(this: ExceptionGroup, frames: Frames) {
        this.#frames = frames;
      },
    });
  }

  constructor(message: string, errors: Iterable<E | ExceptionGroup<E>>, options?: ErrorOptions) {
    const members = checkedMembers<E | ExceptionGroup<E>>(message, errors);
    const cause =
      options !== undefined && "cause" in options ? { cause: options.cause } : undefined;
    const limit = muteStacks();
    super([], message, cause);
    unmuteStacks(limit);
    this.#members = members;
    this.#frames = captureFrames(new.target);
    Object.defineProperty(this, "errors", errorsProperty);
    Object.defineProperty(this, "stack", stackProperty);
  }

  /** The members: the same array as `errors`. */
  get exceptions(): readonly (E | ExceptionGroup<E>)[] {
    return this.#members;
  }

  /**
   * The part of the group that the matcher takes, and the rest; `undefined` for a side without errors.
   *
   * The matcher is tried on a group before its members: a nested group that matches is taken whole, and
   * when the group itself matches it is returned as it is. Parts keep message, nesting, order, `cause` and
   * stack, share the leaves and the nested groups that stay whole, and are made by {@link derive}.
   *
   * Errors: `TypeError` with `JOINERY_INVALID_ARGUMENT` for a matcher that is none, or a `derive` that
   * returns no group.
   *
   * @example
   * ```ts
   * import { ExceptionGroup } from "joinery";
   *
   * const group = new ExceptionGroup("g", [new TypeError("a"), new RangeError("b"), new TypeError("c")]);
   * const [types, others] = group.split(TypeError);
   * console.log(types?.errors.length); // 2
   * console.log(others?.errors[0]?.message); // b
   * ```
   *
   * Idea: PEP 654, `split`.
   */
  split<const M extends Matcher>(
    matcher: M,
  ): [matched: ExceptionGroup<Matched<M, E>> | undefined, rest: ExceptionGroup<E> | undefined] {
    const condition = matches(matcher);
    return [...splitTree(this, condition, condition)] as ReturnType<typeof this.split<M>>;
  }

  /**
   * The part of the group that the matcher takes: the first half of {@link split}, with the same errors.
   *
   * @example
   * ```ts
   * import { ExceptionGroup, TimeoutError } from "joinery";
   *
   * const group = new ExceptionGroup("g", [new TimeoutError("too slow"), new TypeError("b")]);
   * console.log(group.subgroup(TimeoutError)?.errors[0]?.message); // too slow
   * ```
   *
   * Idea: PEP 654, `subgroup`.
   */
  subgroup<const M extends Matcher>(matcher: M): ExceptionGroup<Matched<M, E>> | undefined {
    return this.split(matcher)[0];
  }

  /**
   * Makes a part of this group out of some of its errors. Override it in a subclass, so that parts are of
   * the subclass too; `cause`, stack and `notes` are copied to whatever it returns.
   *
   * @example
   * ```ts
   * import { ExceptionGroup } from "joinery";
   *
   * class BatchError extends ExceptionGroup {
   *   override derive(errors: readonly Error[]): BatchError {
   *     return new BatchError(this.message, errors);
   *   }
   * }
   * const batch = new BatchError("batch 7", [new TypeError("a"), new RangeError("b")]);
   * console.log(batch.subgroup(TypeError) instanceof BatchError); // true
   * ```
   *
   * Idea: PEP 654, `derive`.
   */
  derive(errors: readonly (E | ExceptionGroup<E>)[]): ExceptionGroup<E> {
    return new ExceptionGroup(this.message, errors);
  }

  /** The leaves, depth first. */
  *[Symbol.iterator](): Generator<E, void, undefined> {
    yield* leavesOf(this) as E[];
  }

  override toString(): string {
    return `${super.toString()} ${countOf(this.#members)}`;
  }
}
branded(ExceptionGroup, "joinery.ExceptionGroup");

for (const inspect of inspectors)
  Object.defineProperty(ExceptionGroup.prototype, inspect, inspectProperty);

/** The two parts of a tree, as groups wherever the tree has groups. */
export function splitTree(root: Error, leaf: Condition, whole: Condition): Halves {
  return partition(root, leaf, whole, partOf);
}

/** A group of others as an {@link ExceptionGroup}; one of ours as it is. */
export function adopted(group: Error): ExceptionGroup {
  return group instanceof ExceptionGroup ? group : ofForeign(group, membersOf(group)!);
}

function partOf(group: Error, members: readonly Error[], original: readonly Error[]): Error {
  // Nothing was taken out of it. Groups do not change, so the object itself serves as well as a copy.
  if (members.length === original.length && members.every((member, at) => member === original[at]))
    return group;
  if (group instanceof ExceptionGroup) return inherited(group, derived(group, members));
  return ofForeign(group, members);
}

function ofForeign(group: Error, members: readonly Error[]): ExceptionGroup {
  const { message }: { message: unknown } = group;
  return inherited(group, new ExceptionGroup(String(message), members));
}

function derived(group: ExceptionGroup, members: readonly Error[]): ExceptionGroup {
  const part: unknown = group.derive(members);
  if (part instanceof ExceptionGroup) return part;
  throw badArgument(
    TypeError,
    "JOINERY_INVALID_ARGUMENT",
    `Expected derive() to return an ExceptionGroup, got ${describe(part)}`,
  );
}
