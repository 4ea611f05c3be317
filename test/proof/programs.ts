/** Random programs: trees of groups, sleeps, errors, cancels, shields, deadlines and handlers. */

import * as fc from "fast-check";

/** A step that waits for `ms`, and what it does then. */
interface Simple {
  readonly kind: "sleep" | "raise" | "cancel" | "resist";
  readonly ms: number;
  /** Whether one that resists, which cleans up when it is cancelled before the end, raises then. */
  readonly raises: boolean;
}

/** A block around further steps; `ms` is its deadline, if it has one. */
interface Block {
  readonly kind: "shield" | "moveOn" | "timeout" | "catch";
  readonly ms: number;
  readonly body: readonly Program[];
}

export interface Group {
  readonly kind: "group";
  readonly collect: boolean;
  /** Whether its first child is in the background. */
  readonly background: boolean;
  readonly concurrency: number;
  /** Whether its body cancels it in the end. */
  readonly stops: boolean;
  /** What is left for the end. */
  readonly hook: "none" | "waits" | "raises";
  readonly body: readonly Program[];
  readonly children: readonly Program[];
}

export type Program = Simple | Block | Group;

const ms = fc.constantFrom(0, 1, 2, 3);

const simple: fc.Arbitrary<Simple> = fc.record({
  kind: fc.constantFrom<Simple["kind"][]>("sleep", "sleep", "raise", "cancel", "resist"),
  ms,
  raises: fc.boolean(),
});

export function programs(depth: number): fc.Arbitrary<Program> {
  if (depth === 0) return simple;
  const inner = programs(depth - 1);
  const block: fc.Arbitrary<Block> = fc.record({
    kind: fc.constantFrom<Block["kind"][]>("shield", "moveOn", "timeout", "catch"),
    ms,
    body: fc.array(inner, { maxLength: 3 }),
  });
  const group: fc.Arbitrary<Group> = fc.record({
    kind: fc.constant("group"),
    collect: fc.boolean(),
    background: fc.boolean(),
    concurrency: fc.constantFrom(1, 2, Infinity, Infinity),
    stops: fc.boolean(),
    hook: fc.constantFrom<Group["hook"][]>("none", "none", "waits", "raises"),
    body: fc.array(inner, { maxLength: 2 }),
    children: fc.array(inner, { maxLength: 3 }),
  });
  return fc.oneof(
    { weight: 2, arbitrary: simple },
    { weight: 4, arbitrary: group },
    { weight: 2, arbitrary: block },
  );
}
