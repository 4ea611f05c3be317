/** Trees of errors through `split`, `subgroup`, `derive` and `exceptStar`, against `except*`. */

import type { Kind } from "../kind.ts";
import { explain } from "./explain.ts";
import { interpret, type Outcome } from "./interpret.ts";
import { print } from "./print.ts";
import { type Program, programs } from "./program.ts";

export const groups: Kind<Program> = {
  name: "groups",
  arbitrary: programs,
  run: (list) => withoutStacks(() => Promise.all(list.map(interpret))),
  explain: async (differences) =>
    differences.map(({ program, python, joinery }) =>
      explain(program, python as Outcome, joinery as Outcome),
    ),
  print,
};

/** Stacks are not compared, and take most of the time. */
async function withoutStacks<T>(body: () => Promise<T>): Promise<T> {
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = 0;
  try {
    return await body();
  } finally {
    Error.stackTraceLimit = stackTraceLimit;
  }
}
