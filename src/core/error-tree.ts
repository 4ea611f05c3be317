/** The tree of errors: groups are its nodes, all other errors its leaves. No tree is too deep: nothing recurses. */
import { asError } from "./errors.ts";

/**
 * The members of a group as they stand there; none for a leaf. Groups are `AggregateError`s of any origin,
 * and `SuppressedError`s: what was thrown last, and what that suppressed. An empty group of others
 * (`Promise.any([])`) is a leaf: there would be nothing left of it.
 */
export function membersOf(group: Error): readonly unknown[] {
  const { name, errors, error, suppressed } = group as Error & Record<string, unknown>;
  // By name too: other realms have classes of their own, and Node 20 has no SuppressedError.
  if (name === "SuppressedError" && "suppressed" in group) return [error, suppressed];
  const isGroup = group instanceof AggregateError || name === "AggregateError";
  return isGroup && Array.isArray(errors) ? errors : [];
}

/** What is taken of a tree, and what is not; each in the shape of the original. */
export type Halves = [taken: Error | undefined, rest: Error | undefined];

/** A group on the way from the root: how far its members are done, and what has become of them. */
interface Visit {
  readonly group: Error;
  readonly members: readonly unknown[];
  readonly outer: Visit | undefined;
  next: number;
  readonly halves: [taken: Error[], rest: Error[]];
}

/**
 * Divides a tree. `takes` is asked about a group before its members; `regroup` makes a group of some of its
 * members. The rest is the dear half where little is taken: leave it out of `sides` where nobody needs it.
 */
export function partition(
  root: Error,
  takes: (error: Error, isLeaf: boolean) => boolean,
  regroup: (group: Error, members: readonly Error[]) => Error,
  sides: readonly (0 | 1)[] = [0, 1],
): Halves {
  const above = enter(root, [root]);
  // Groups of others are mutable: one that is met again inside itself counts as a leaf.
  const path = new Set<Error>();
  for (let visit: Visit | undefined = above; visit !== undefined;) {
    const { group, members, outer, halves }: Visit = visit;
    if (visit.next < members.length) {
      const error = asError(members[visit.next++]);
      const inner = path.has(error) ? [] : membersOf(error);
      const isLeaf = inner.length === 0;
      const isTaken = takes(error, isLeaf);
      if (isTaken || isLeaf) {
        halves[isTaken ? 0 : 1].push(error);
      } else {
        path.add(error);
        visit = enter(error, inner, visit);
      }
    } else {
      path.delete(group);
      visit = outer;
      for (const side of sides.filter((half) => halves[half].length > 0)) {
        const part = halves[side];
        // A group of which nothing is missing stays the same object.
        const isWhole = members.every((member, at) => member === part[at]);
        outer?.halves[side].push(isWhole ? group : regroup(group, part));
      }
    }
  }
  return [above.halves[0][0], above.halves[1][0]];
}

function enter(group: Error, members: readonly unknown[], outer?: Visit): Visit {
  return { group, members, outer, next: 0, halves: [[], []] };
}
