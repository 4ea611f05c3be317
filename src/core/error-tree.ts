/**
 * The tree of errors: groups are its nodes, all other errors its leaves.
 *
 * Nothing here recurses, so no tree is too deep. Groups of others are mutable and may contain
 * themselves; every walk enters a group once, and a group met again inside itself counts as a leaf.
 */
import { asError, isError } from "./errors.ts";
import type { Condition } from "./matcher.ts";

/** How {@link foldErrors} makes one value out of a tree. */
export interface Fold<R> {
  leaf(error: Error): R;
  /** Asked before a group is entered: a result keeps the walk out of it. */
  whole?(group: Error): R | undefined;
  /** The results of the members are in their order. */
  group(group: Error, results: readonly R[], members: readonly Error[]): R;
}

interface Frame<R> {
  readonly group: Error;
  readonly members: readonly Error[];
  next: number;
  readonly results: R[];
  readonly outer: R[];
}

/** One pass over the tree, members before their group. */
export function foldErrors<R>(root: Error, fold: Fold<R>): R {
  return new Walk(fold).from(root);
}

class Walk<R> {
  readonly #fold: Fold<R>;
  readonly #finished = new Map<Error, R>();
  readonly #entered = new Set<Error>();
  readonly #path: Frame<R>[] = [];

  constructor(fold: Fold<R>) {
    this.#fold = fold;
  }

  from(root: Error): R {
    const results: R[] = [];
    this.#visit(root, results);
    for (let frame = this.#path.at(-1); frame !== undefined; frame = this.#path.at(-1)) {
      const next = frame.members[frame.next++];
      if (next === undefined) this.#leave(frame);
      else this.#visit(next, frame.results);
    }
    return results[0] as R;
  }

  #visit(error: Error, results: R[]): void {
    if (this.#finished.has(error)) return void results.push(this.#finished.get(error) as R);
    const members = this.#entered.has(error) ? undefined : membersOf(error);
    if (members === undefined) return void results.push(this.#fold.leaf(error));
    const whole = this.#fold.whole?.(error);
    if (whole !== undefined) return void results.push(whole);
    this.#entered.add(error);
    this.#path.push({ group: error, members, next: 0, results: [], outer: results });
  }

  #leave({ group, members, results, outer }: Frame<R>): void {
    this.#path.pop();
    const result = this.#fold.group(group, results, members);
    this.#finished.set(group, result);
    outer.push(result);
  }
}

/** The leaves, depth first. */
export function leavesOf(root: Error): Error[] {
  const leaves: Error[] = [];
  foldErrors<null>(root, { leaf: (error) => (leaves.push(error), null), group: () => null });
  return leaves;
}

/** What satisfies a condition, and what does not; each with the shape of the original. */
export type Halves = readonly [matched: Error | undefined, rest: Error | undefined];

/** Makes the part of `group` that has only `members` left of all its `original` ones. */
export type Rebuild = (
  group: Error,
  members: readonly Error[],
  original: readonly Error[],
) => Error;

/** Divides a tree. Groups left without members are dropped. */
export function partition(
  root: Error,
  leaf: Condition,
  whole: Condition,
  rebuild: Rebuild,
): Halves {
  return foldErrors<Halves>(root, {
    leaf: (error) => (leaf(error) ? [error, undefined] : [undefined, error]),
    whole: (group) => (whole(group) ? [group, undefined] : undefined),
    group(group, halves, members) {
      const part = (side: 0 | 1): Error | undefined => {
        const kept = halves.map((half) => half[side]).filter((error) => error !== undefined);
        return kept.length === 0 ? undefined : rebuild(group, kept, members);
      };
      return [part(0), part(1)];
    },
  });
}

/**
 * The members of a group; `undefined` for a leaf. Groups are `AggregateError`s of any origin, and
 * `SuppressedError`s, whose two members are what was thrown last and what that suppressed. A group
 * of others that is empty (`Promise.any([])`) is a leaf: there would be nothing left of it.
 */
export function membersOf(error: Error): readonly Error[] | undefined {
  const members = rawMembers(error);
  if (members === undefined || members.length === 0) return undefined;
  return members.every(isError) ? members : Array.from(members, (member) => wrapped(error, member));
}

function rawMembers(error: Error): readonly unknown[] | undefined {
  const {
    errors,
    error: last,
    suppressed,
  } = error as { errors?: unknown; error?: unknown; suppressed?: unknown };
  // By name, because Node 20 has no SuppressedError of its own, and other realms have others.
  if (error.name === "SuppressedError" && "suppressed" in error) return [last, suppressed];
  const aggregate = error instanceof AggregateError || error.name === "AggregateError";
  return aggregate && Array.isArray(errors) ? errors : undefined;
}

const wrappers = new WeakMap<Error, Map<unknown, Error>>();

/** A member that is no error, as an error; always the same one, since leaves are compared by identity. */
function wrapped(group: Error, member: unknown): Error {
  if (isError(member)) return member;
  const known = wrappers.get(group) ?? new Map<unknown, Error>();
  wrappers.set(group, known);
  const error = known.get(member) ?? asError(member);
  known.set(member, error);
  return error;
}
