/** Random programs: two to four tasks, one to three primitives, few distinct times, so that ties are common. */

import * as fc from "fast-check";
import {
  type PrimitiveKind,
  type Program,
  type RawProgram,
  type RawStep,
  type RawUse,
  resolved,
} from "./program.ts";

const kinds = fc.constantFrom<PrimitiveKind[]>(
  "Lock",
  "Semaphore",
  "BoundedSemaphore",
  "Event",
  "Condition",
  "Condition",
  "Barrier",
  "Queue",
  "LifoQueue",
  "PriorityQueue",
);

const primitive = fc.record({ kind: kinds, size: fc.nat(2) });
/** Divisible by the numbers of what there is to choose from. */
const any = fc.nat(119);
const use: fc.Arbitrary<RawUse> = fc.record({ on: any, verb: any, item: fc.nat(3) });
const cancel: fc.Arbitrary<RawUse> = fc.record({
  on: any,
  verb: fc.constant("cancel" as const),
  item: fc.constant(0),
});
const act = fc.oneof({ weight: 6, arbitrary: use }, { weight: 1, arbitrary: cancel });

const simple: { weight: number; arbitrary: fc.Arbitrary<RawStep> }[] = [
  {
    weight: 4,
    arbitrary: fc.record({ op: fc.constant("sleep" as const), ms: fc.constantFrom(10, 20) }),
  },
  {
    weight: 8,
    arbitrary: fc.record({
      op: fc.constant("do" as const),
      acts: fc.constant([]),
      wait: use,
      within: fc.option(fc.constantFrom(10, 20), { freq: 2, nil: null }),
    }),
  },
  {
    weight: 8,
    arbitrary: fc.record({
      op: fc.constant("do" as const),
      acts: fc.array(act, { minLength: 1, maxLength: 3, size: "max" }),
      wait: fc.option(use, { freq: 1, nil: null }),
      within: fc.constant(null),
    }),
  },
];
const raise = { weight: 1, arbitrary: fc.record({ op: fc.constant("raise" as const) }) };

function steps(depth: number, maxLength: number): fc.Arbitrary<readonly RawStep[]> {
  const choice =
    depth === 0 ? [...simple, raise] : [...simple, raise, { weight: 6, arbitrary: within(depth) }];
  return fc.array(fc.oneof(...choice), { maxLength, size: "max" });
}

function within(depth: number): fc.Arbitrary<RawStep> {
  return fc.record({ op: fc.constant("with" as const), on: any, body: steps(depth - 1, 3) });
}

const raw: fc.Arbitrary<RawProgram> = fc.record({
  primitives: fc.oneof(
    { weight: 2, arbitrary: fc.array(primitive, { minLength: 1, maxLength: 1 }) },
    { weight: 1, arbitrary: fc.array(primitive, { minLength: 2, maxLength: 3, size: "max" }) },
  ),
  tasks: fc.array(steps(2, 4), { minLength: 2, maxLength: 4, size: "max" }),
  cancels: fc.oneof(
    { weight: 2, arbitrary: fc.constant([]) },
    {
      weight: 1,
      arbitrary: fc.array(fc.record({ at: fc.constantFrom(5, 15, 25), task: any }), {
        minLength: 1,
        maxLength: 2,
      }),
    },
  ),
});

export const program: fc.Arbitrary<Program> = raw.map(resolved);
