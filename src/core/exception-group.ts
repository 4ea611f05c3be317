/**
 * Several errors at once, as one error: PEP 654 for JavaScript.
 *
 * I1. A group has at least one member, and all members are errors.
 * I2. Neither the members nor their order ever change: parts are new groups that share the leaves.
 * I3. `stack` is text made on demand, so building a group costs little more than an `AggregateError`.
 */
import { badArgument, outOfRange } from "./arguments.ts";
import { partition } from "./error-tree.ts";
import { branded, isError } from "./errors.ts";
import { formatException, headlineOf, originKey, originOf } from "./format-exception.ts";
import { conditionOf, type Matched, type Matcher } from "./matcher.ts";

/** Not everywhere: a group of an old Firefox shows the stacks of its members only. */
const v8: {
  readonly prototype: Error;
  captureStackTrace?(target: object, above: Function): void;
} = Error;

/**
 * Several unrelated errors that travel as one. Its members are errors or further groups; it is never
 * empty and never changes. `errors` is what `AggregateError` calls them, `exceptions` what Python does: the
 * same frozen array. Iteration goes over the leaves, depth first, whatever the nesting.
 *
 * `AggregateError`s and `SuppressedError`s of others count as groups wherever they are members.
 * `stack`, `console.log` and the report of an uncaught error show the whole tree, as
 * `formatException` does; `stack` ends after 4,000 lines.
 *
 * Errors: `TypeError` with `JOINERY_NOT_AN_ERROR` (a member), `RangeError` with `JOINERY_EMPTY_GROUP`.
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

  constructor(message: string, errors: Iterable<E | ExceptionGroup<E>>, options?: ErrorOptions) {
    const members = Object.freeze([...errors]);
    for (const [at, member] of members.entries())
      if (!isError(member))
        throw badArgument(`errors[${at}]`, "an error", member, "JOINERY_NOT_AN_ERROR");
    if (members.length === 0)
      throw outOfRange("errors", "one error at least", members, "JOINERY_EMPTY_GROUP");
    super(members, message, options);
    const origin = {};
    v8.captureStackTrace?.(origin, new.target);
    Object.defineProperties(this, {
      // As a plain value, Node would print the members of an uncaught group a second time.
      errors: { get: () => members },
      stack: treeAsStack,
      [originKey]: { value: origin, writable: true },
    });
  }

  /** The members: the same array as `errors`. */
  get exceptions(): readonly (E | ExceptionGroup<E>)[] {
    return this.errors;
  }

  /**
   * The part of the group that the matcher takes, and the rest; `undefined` for a side without errors.
   *
   * The matcher is tried on a group before its members: a nested group that matches is taken whole, and
   * when the group itself matches it is returned as it is. Parts keep message, nesting, order, `cause` and
   * stack, share the leaves and the nested groups that stay whole, and are made by {@link derive}.
   *
   * Errors: `TypeError` with `JOINERY_INVALID_ARGUMENT` for a matcher that is none.
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
    return partition(this, conditionOf(matcher), regroup) as ReturnType<typeof this.split<M>>;
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
    type Part = ReturnType<typeof this.subgroup<M>>;
    return partition(this, conditionOf(matcher), regroup, [0])[0] as Part;
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
  [Symbol.iterator](): IterableIterator<E> {
    const leaves: Error[] = [];
    partOf(this, (leaf) => leaves.push(leaf) > 0);
    return leaves.values() as IterableIterator<E>;
  }

  override toString(): string {
    return headlineOf(this);
  }
}
branded(ExceptionGroup, "joinery.ExceptionGroup");

// What `console.log` looks for in Node and Bun, and in Deno.
for (const inspect of ["nodejs.util.inspect.custom", "Deno.customInspect"])
  Object.defineProperty(ExceptionGroup.prototype, Symbol.for(inspect), {
    value(this: ExceptionGroup) {
      return formatException(this);
    },
  });

const longestStack = 4000;

/**
 * The own `stack` of a group is its tree: what reports uncaught errors reads nothing else. Made only when read.
 * It is cut, since Node 26 searches it for repetitions in quadratic time.
 */
const treeAsStack: PropertyDescriptor & ThisType<Error> = {
  configurable: true,
  get() {
    const lines = formatException(this).split("\n");
    const more = lines.length - longestStack;
    if (more > 0) lines.splice(longestStack, more, `… ${more} more lines: formatException(error)`);
    return lines.join("\n");
  },
  set(value: unknown) {
    Object.defineProperty(this, "stack", { value, writable: true });
  },
};

/** The part of a tree that has only these leaves. Groups are not asked: "no TypeError" would be true of the whole tree. */
export function partOf(root: Error, keeps: (leaf: Error) => boolean): Error | undefined {
  return partition(root, (error, isLeaf) => isLeaf && keeps(error), regroup, [0])[0];
}

/** What a part keeps of its group, beside message and cause. */
interface Kept {
  notes?: unknown;
  [originKey]?: Pick<Error, "stack">;
}

/** A group of these members in the place of `group`: made where that was, with its cause and its notes. */
export function regroup(group: Error & Kept, members: readonly Error[]): ExceptionGroup {
  const part: ExceptionGroup & Kept =
    group instanceof ExceptionGroup
      ? group.derive(members)
      : new ExceptionGroup(group.message, members);
  if (!(part instanceof ExceptionGroup)) throw badArgument("derive()", "an ExceptionGroup", part);
  part[originKey] = originOf(group);
  if ("notes" in group) part.notes = [group.notes].flat();
  if ("cause" in group)
    Object.defineProperty(part, "cause", { value: group.cause, writable: true });
  else delete part.cause;
  return part;
}
