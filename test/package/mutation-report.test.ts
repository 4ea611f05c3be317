import { expect, test } from "vitest";
import { readReport, tally } from "../../scripts/mutation-report.mjs";

const source = "let room = 1;\nif (room > 0) use(room);\n";

/** As Stryker reports it: `room > 0` is something else. */
function mutant(replacement: string, status: string): object {
  const location = { start: { line: 2, column: 5 }, end: { line: 2, column: 13 } };
  return { location, replacement, status, mutatorName: "Condition" };
}

function listed(condition: string, file = "a.ts") {
  return { file, before: "if (room > 0) use(room);", after: `if (${condition}) use(room);` };
}

function read(mutants: object[], ...list: ReturnType<typeof listed>[]) {
  return readReport({ files: { "a.ts": { source, mutants } } }, list, ["a.ts"]);
}

test("a survivor that is listed does not count", () => {
  const reported = [mutant("true", "Survived"), mutant("false", "Killed"), mutant("1", "Timeout")];
  const { mutants, outdated, doubtful } = read(reported, listed("true"));
  expect({ outdated, doubtful }).toEqual({ outdated: [], doubtful: [] });
  expect(tally(mutants)).toMatchObject({ killed: 2, survived: 0, equivalent: 1, score: 100 });
});

test("one entry of the list stands for one survivor", () => {
  const { mutants } = read(
    [mutant("true", "Survived"), mutant("true", "Survived")],
    listed("true"),
  );
  expect(tally(mutants)).toMatchObject({ killed: 0, survived: 1, equivalent: 1, score: 0, raw: 0 });
});

test("an entry that was killed is outdated, and tells which mutant to try again", () => {
  const { outdated, doubtful } = read([mutant("true", "Killed")], listed("true"));
  expect(outdated).toEqual([listed("true")]);
  expect(doubtful.map((each) => each.range)).toEqual(["a.ts:2:4-2:12"]);
});

test("an entry that no mutant fits is outdated; one of another file is left out", () => {
  const killed = mutant("true", "Killed");
  const { outdated, doubtful } = read([killed], listed("room >= 0"), listed("true", "b.ts"));
  expect({ outdated, doubtful }).toEqual({ outdated: [listed("room >= 0")], doubtful: [] });
});

test("a mutant that could not be tried is an error", () => {
  expect(() => read([mutant("true", "CompileError")])).toThrow("a.ts: a mutant is CompileError");
});
