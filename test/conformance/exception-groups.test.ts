import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { explain } from "../../conformance/groups/explain.ts";
import type { Outcome } from "../../conformance/groups/interpret.ts";
import { groups } from "../../conformance/groups/kind.ts";
import { type Clause, groupClasses, type Program } from "../../conformance/groups/program.ts";
import { read } from "../support/repository.ts";

interface Recorded {
  readonly name: string;
  readonly program: Program;
  /** What CPython did. */
  readonly python: Outcome;
  /** The wanted differences that it takes to get from there to what joinery does. */
  readonly differences?: readonly string[];
}

const cases = read("conformance/groups/recorded.jsonl")
  .trimEnd()
  .split("\n")
  .map((line) => JSON.parse(line) as Recorded);

describe("trees of errors, as CPython handles them", () => {
  test.each(cases)("5: $name", async ({ program, python, differences = [] }) => {
    const [joinery] = await groups.run([program]);
    expect(explain(program, python, joinery as Outcome)).toEqual({ explainedBy: differences });
  });
});

describe("what explains a difference", () => {
  const [plain] = cases;

  test("nothing explains a part that is missing, or that is there for no reason", () => {
    const { program, python } = plain!;
    const { parts } = python as { parts: [unknown[]] };
    const without = { parts: [[parts[0][0], null]] } as unknown as Outcome;
    expect(explain(program, python, without)).toHaveProperty("unexplained");
    expect(explain(program, without, python)).toHaveProperty("unexplained");
  });

  test("a part that was not derived is not taken for a group that stayed whole", async () => {
    const renamed = cases.find(({ name }) => name === "a subclass derives its parts")!;
    const underived = JSON.parse(JSON.stringify(renamed.python).replaceAll("part of ", ""));
    expect(explain(renamed.program, renamed.python, underived as Outcome)).toHaveProperty(
      "unexplained",
    );
  });
});

describe("the random programs", () => {
  const programs = fc.sample(groups.arbitrary, { seed: 654, numRuns: 1000 });

  test("contain every operation, handler and class of groups", () => {
    expect(new Set(programs.map(({ does }) => does)).size).toBe(3);
    const handlers = programs.flatMap((one) => ("clauses" in one ? doings(one.clauses) : []));
    expect(new Set(handlers).size).toBe(7);
    const classes = new Set(programs.flatMap(({ nodes }) => nodes.map((node) => node.is)));
    for (const name of groupClasses) expect(classes).toContain(name);
    const roots = programs.map(({ nodes }) => nodes.at(-1)!);
    expect(roots.filter(({ notes, cause }) => notes.length > 0 && cause !== null)).not.toEqual([]);
  });

  test("are the same for the same seed, and printed so that they can be told apart", () => {
    const again = fc.sample(groups.arbitrary, { seed: 654, numRuns: 1000 });
    expect(again).toEqual(programs);
    const distinct = new Set(programs.map((program) => JSON.stringify(program)));
    const printed = new Set(programs.map((program) => groups.print(program)));
    expect(printed.size).toBeGreaterThan(distinct.size * 0.95);
  });

  test("are all carried out, and give plain data", async () => {
    const outcomes = await groups.run(programs);
    expect(outcomes).toEqual(JSON.parse(JSON.stringify(outcomes)));
    expect(outcomes.filter((outcome) => JSON.stringify(outcome).includes("group"))).not.toEqual([]);
  });
});

function doings(clauses: readonly Clause[]): string[] {
  return clauses.flatMap(({ handler }) => [
    handler.does,
    ...(handler.does === "nest" ? doings(handler.clauses) : []),
  ]);
}
