/** Programs over trees of errors, and how random ones are made. */

import * as fc from "fast-check";

const leafClasses = [
  "Fault",
  "Glitch", // a Fault
  "SmallGlitch", // a Glitch
  "Outage",
  "TypeError",
  "CancelledError",
] as const;

/** `AggregateError` and `ExceptionGroup` derive `ExceptionGroup`; the others are subclasses of that. */
export const groupClasses = [
  "ExceptionGroup",
  "AggregateError",
  "Batch",
  "Ledger",
  "Renamed",
  "Signed",
] as const;

/** An error. Others name it by its place in the list; it names only earlier ones. */
export interface Node {
  readonly is: (typeof leafClasses)[number] | (typeof groupClasses)[number];
  readonly members?: readonly number[];
  readonly cause: number | null;
  readonly notes: readonly string[];
}

export type Matcher =
  /** With `list`, an array (a tuple in Python), also of one class or none. */
  | { readonly classes: readonly string[]; readonly list: boolean }
  | {
      readonly says: "always" | "never" | "ends with" | "has members" | "has note a";
      readonly number?: number;
    };

export interface Step {
  readonly does: "split" | "subgroup";
  readonly matcher: Matcher;
  /** The half that the next step divides. */
  readonly follow: number;
}

export type Handler =
  | { readonly does: "return" | "rethrow" | "throw first leaf" }
  /** Throws that error of the program, or a group of it and what the handler got. */
  | { readonly does: "throw" | "wrap"; readonly number: number }
  | { readonly does: "throw part"; readonly matcher: Matcher }
  | { readonly does: "nest"; readonly clauses: readonly Clause[] };

export interface Clause {
  readonly matcher: Matcher;
  readonly handler: Handler;
  /** Whether the handler is async; Python's are not. */
  readonly later: boolean;
}

/** What is done with the last of the errors. */
export type Program = { readonly nodes: readonly Node[] } & (
  | {
      readonly does: "divide";
      readonly steps: readonly Step[];
      /** Whether the root gets one more note when all is done. */
      readonly late: boolean;
    }
  | { readonly does: "derive"; readonly members: readonly number[] }
  | { readonly does: "exceptStar"; readonly clauses: readonly Clause[] }
);

const foreign = "AggregateError";
const deepest = 4;
/** How far back a member may be: near, so that most errors end up in the tree. */
const reach = 6;

const rawNode = fc.record({
  leaf: fc.constantFrom(...leafClasses),
  group: fc.option(fc.constantFrom(...groupClasses), { freq: 2, nil: undefined }),
  members: fc.array(fc.nat(reach - 1), { minLength: 1, maxLength: 4 }),
  cause: fc.option(fc.nat(20), { freq: 2 }),
  notes: fc.option(fc.array(fc.constantFrom("a", "b"), { minLength: 1, maxLength: 2 }), {
    freq: 2,
    nil: [],
  }),
});
type RawNode = typeof rawNode extends fc.Arbitrary<infer T> ? T : never;

/** Turns distances into places. With `divisible`, the last one is a group of joinery's. */
function nodesOf(raw: readonly RawNode[], divisible: boolean): Node[] {
  const nodes: Node[] = [];
  const depths: number[] = [];
  for (const [at, { leaf, group, members, cause, notes }] of raw.entries()) {
    const must = divisible && at === raw.length - 1;
    const shared = { cause: at > 0 && cause !== null ? cause % at : null, notes };
    const near = at === 0 ? [] : members.map((distance) => at - 1 - (distance % at));
    const chosen = near.filter((member) => depths[member]! < deepest);
    // The first error is always a leaf.
    if (must && chosen.length === 0) chosen.push(0);
    if (must || (group !== undefined && chosen.length > 0)) {
      const is = group === undefined || (must && group === foreign) ? "ExceptionGroup" : group;
      nodes.push({ is, members: chosen, ...shared });
      depths.push(1 + Math.max(...chosen.map((member) => depths[member]!)));
    } else {
      nodes.push({ is: leaf, ...shared });
      depths.push(0);
    }
  }
  return nodes;
}

const trees = fc.array(rawNode, { minLength: 2, maxLength: 12, size: "max" });
const groups = trees.map((raw) => nodesOf(raw, true));
const anything = trees.map((raw) => nodesOf(raw, false));

const singles = ["Error", ...leafClasses] as const;
// No Ledger: where CPython has derived a group that stays whole, that class is gone.
const all = [...singles, "ExceptionGroup", "Batch", "Renamed", "Signed"] as const;

function classMatchers(names: readonly string[]): fc.Arbitrary<Matcher> {
  const classes = fc.array(fc.constantFrom(...names), { maxLength: 3 });
  return fc.oneof(
    fc.record({
      classes: fc.constantFrom(...names).map((name) => [name]),
      list: fc.constant(false),
    }),
    fc.record({ classes, list: fc.constant(true) }),
  );
}

const predicates: fc.Arbitrary<Matcher> = fc.oneof(
  { weight: 1, arbitrary: fc.record({ says: fc.constantFrom("always", "never") }) },
  { weight: 1, arbitrary: fc.record({ says: fc.constant("has note a") }) },
  {
    weight: 6,
    arbitrary: fc.record({ says: fc.constantFrom("ends with", "has members"), number: fc.nat(9) }),
  },
);
const matchers = fc.oneof(classMatchers(all), predicates);

const steps = fc.array(
  fc.record({
    does: fc.constantFrom("split", "subgroup"),
    matcher: matchers,
    follow: fc.nat(1),
  }),
  { minLength: 1, maxLength: 3 },
);

// Few numbers, so that several handlers throw the same error.
const throwing = <D extends string>(does: D): fc.Arbitrary<{ does: D; number: number }> =>
  fc.record({ does: fc.constant(does), number: fc.nat(3) });

const { clauses } = fc.letrec<{ clauses: Clause[]; handler: Handler }>((tie) => ({
  clauses: fc.array(
    fc.record({
      matcher: classMatchers(singles.filter((name) => name !== "CancelledError")),
      handler: tie("handler"),
      later: fc.boolean(),
    }),
    { minLength: 1, maxLength: 3 },
  ),
  handler: fc.oneof(
    { maxDepth: 2, withCrossShrink: true },
    {
      weight: 4,
      arbitrary: fc.record({ does: fc.constantFrom("return", "rethrow", "throw first leaf") }),
    },
    { weight: 3, arbitrary: throwing("throw") },
    { weight: 1, arbitrary: throwing("wrap") },
    { weight: 1, arbitrary: fc.record({ does: fc.constant("throw part"), matcher: matchers }) },
    { weight: 2, arbitrary: fc.record({ does: fc.constant("nest"), clauses: tie("clauses") }) },
  ),
}));

export const programs: fc.Arbitrary<Program> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      nodes: groups,
      does: fc.constant("divide"),
      steps,
      late: fc.boolean(),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      nodes: groups,
      does: fc.constant("derive"),
      members: fc.array(fc.nat(3), { minLength: 1, maxLength: 3 }),
    }),
  },
  {
    weight: 5,
    arbitrary: fc.record({ nodes: anything, does: fc.constant("exceptStar"), clauses }),
  },
);
