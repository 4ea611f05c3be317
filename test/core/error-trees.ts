/** Trees of errors for the tests of groups: made at random, made deep, and told as plain arrays. */
import * as fc from "fast-check";
import { ExceptionGroup } from "joinery";

/** A leaf is its message, a group the array of its members. */
export type Shape = string | Shape[];

export function shapeOf(error: Error | undefined): Shape | undefined {
  if (error === undefined) return undefined;
  return error instanceof AggregateError
    ? error.errors.map((member: Error) => shapeOf(member)!)
    : error.message;
}

export class Red extends Error {}
export class Green extends Error {}
export class Blue extends Error {}

const classes = [Red, Green, Blue] as const;
let serial = 0;

const leaf: fc.Arbitrary<Error> = fc
  .constantFrom(...classes)
  .map((Color) => new Color(`${Color.name} ${serial++}`));

/** Groups of groups of red, green and blue errors; messages tell all of them apart. */
export const trees: fc.Arbitrary<ExceptionGroup> = fc.letrec<{
  node: Error;
  group: ExceptionGroup;
}>((tie) => ({
  node: fc.oneof({ maxDepth: 4, withCrossShrink: true }, leaf, tie("group")),
  group: fc
    .array(tie("node"), { minLength: 1, maxLength: 4 })
    .map((members) => new ExceptionGroup(`group ${serial++}`, members)),
})).group;

/** As many random trees as tell something. */
export const runs = { numRuns: 25 };

export const deepest = 100_000;

/** A chain of groups, each in the next; `at` adds members beside the inner group. */
export function chain(
  depth: number,
  innermost: Error,
  at: (level: number) => Error[] = () => [],
): ExceptionGroup {
  return withoutStacks(() => {
    let group = new ExceptionGroup("level 0", [innermost]);
    for (let level = 1; level < depth; level++)
      group = new ExceptionGroup(`level ${level}`, [...at(level), group]);
    return group;
  });
}

/** 100,000 stacks are beside the point, and a gigabyte. */
export function withoutStacks<T>(body: () => T): T {
  const host: Partial<typeof Error> = Error;
  const { stackTraceLimit, captureStackTrace } = host;
  // Bun's captureStackTrace does not ask for the limit.
  Object.assign(host, { stackTraceLimit: 0, captureStackTrace: () => {} });
  try {
    return body();
  } finally {
    Object.assign(host, { stackTraceLimit, captureStackTrace });
  }
}

/** A `SuppressedError`, which Node 20 does not have. */
export function suppressedError(error: unknown, suppressed: unknown, message = ""): Error {
  return Object.assign(new Error(message), { name: "SuppressedError", error, suppressed });
}
