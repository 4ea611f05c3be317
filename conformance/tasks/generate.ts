/** Random programs: at most four levels deep, with few distinct times, so that ties are common. */

import * as fc from "fast-check";
import { numbered, size, type Block, type Program, type Step, type TaskNode } from "./program.ts";

const deepest = 4;
const id = fc.constant(0);

const time = fc.constantFrom(10, 20, 30);
const deadline = fc.oneof(
  { weight: 6, arbitrary: time },
  { weight: 1, arbitrary: fc.constantFrom(0, 15, 25) },
);
const anyTask = fc.nat(7);
const errors = fc.constantFrom(["A"], ["B"], ["A", "B"], ["C", "TimeoutError"], ["group"]);
const leaves = fc.constantFrom(["A"], ["B"], ["A", "B"], ["C", "TimeoutError"]);

const step = <S extends Step>(op: S["op"], rest: Fields<S>): fc.Arbitrary<S> =>
  fc.record({ op: fc.constant(op), id, ...rest }) as unknown as fc.Arbitrary<S>;

type Fields<S extends Step> = {
  [K in Exclude<keyof S, "op" | "id">]: fc.Arbitrary<unknown>;
};

interface Level {
  readonly block: fc.Arbitrary<Block>;
  readonly task: fc.Arbitrary<TaskNode>;
  readonly tasks: fc.Arbitrary<readonly TaskNode[]>;
}

const simple: { weight: number; arbitrary: fc.Arbitrary<Step> }[] = [
  { weight: 10, arbitrary: step<StepOf<"sleep">>("sleep", { ms: time }) },
  {
    weight: 4,
    arbitrary: step<StepOf<"raise">>("raise", {
      error: fc.oneof(
        { weight: 12, arbitrary: fc.constantFrom("A", "B", "C") },
        { weight: 1, arbitrary: fc.constant("CancelledError") },
      ),
    }),
  },
  { weight: 1, arbitrary: step<StepOf<"return">>("return", {}) },
  { weight: 1, arbitrary: step<StepOf<"cancel">>("cancel", { task: anyTask }) },
  { weight: 1, arbitrary: step<StepOf<"await">>("await", { task: anyTask }) },
  {
    weight: 1,
    arbitrary: step<StepOf<"reschedule">>("reschedule", {
      ms: fc.option(fc.constantFrom(0, 10, 15, 20), { freq: 6 }),
    }),
  },
];

type StepOf<Op extends Step["op"]> = Extract<Step, { op: Op }>;

/** Steps that hold blocks and tasks, which are made of `inner`. */
function compound({
  block,
  task,
  tasks,
}: Level): { weight: number; arbitrary: fc.Arbitrary<Step> }[] {
  const clause = fc.record({ errors: leaves, handler: block });
  const flag = fc.boolean();
  return [
    { weight: 8, arbitrary: step<StepOf<"group">>("group", { children: tasks, body: block }) },
    { weight: 3, arbitrary: step<StepOf<"spawn">>("spawn", { task }) },
    { weight: 1, arbitrary: step<StepOf<"create">>("create", { task }) },
    {
      weight: 2,
      arbitrary: step<StepOf<"gather">>("gather", {
        items: tasks,
        returnExceptions: flag,
        handles: flag,
        twice: fc.nat(7).map((n) => n === 0),
      }),
    },
    {
      weight: 2,
      arbitrary: step<StepOf<"wait">>("wait", {
        items: tasks,
        returnWhen: fc.constantFrom("ALL_COMPLETED", "FIRST_COMPLETED", "FIRST_EXCEPTION"),
        timeout: fc.option(fc.constantFrom(10, 15, 20), { freq: 2 }),
      }),
    },
    { weight: 1, arbitrary: step<StepOf<"asCompleted">>("asCompleted", { items: tasks }) },
    { weight: 2, arbitrary: step<StepOf<"waitFor">>("waitFor", { ms: deadline, body: block }) },
    { weight: 4, arbitrary: step<StepOf<"timeout">>("timeout", { ms: deadline, body: block }) },
    { weight: 1, arbitrary: step<StepOf<"shield">>("shield", { body: block }) },
    {
      weight: 4,
      arbitrary: step<StepOf<"finally">>("finally", {
        body: block,
        cleanup: block,
        shielded: fc.constantFrom(true, true, true, false),
      }),
    },
    {
      weight: 1,
      arbitrary: step<StepOf<"except">>("except", { errors, body: block, handler: block }),
    },
    {
      weight: 3,
      arbitrary: step<StepOf<"exceptStar">>("exceptStar", {
        body: block,
        clauses: fc.tuple(clause, clause),
      }),
    },
    { weight: 1, arbitrary: step<StepOf<"swallow">>("swallow", { body: block }) },
  ];
}

function level(depth: number): Level {
  const steps = depth === 0 ? simple : [...simple, ...compound(level(depth - 1))];
  const block = fc.array(fc.oneof(...steps), { maxLength: 2, size: "max" });
  const task = fc.record({ id, steps: block });
  const tasks = fc.array(task, { minLength: 1, maxLength: 3, size: "max" });
  return { block, task, tasks };
}

/** How many steps and tasks a program may have: of larger ones there are too many orders to try. */
const largest = 50;

export const program: fc.Arbitrary<Program> = fc
  .record({
    main: level(deepest).task,
    cancels: fc.oneof(
      { weight: 2, arbitrary: fc.constant([]) },
      {
        weight: 1,
        arbitrary: fc.array(fc.record({ at: fc.constantFrom(5, 10, 15, 20, 25), task: anyTask }), {
          minLength: 1,
          maxLength: 2,
        }),
      },
    ),
  })
  .map(numbered)
  .filter((each) => size(each) <= largest);
