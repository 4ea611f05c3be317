/** What CPython's own tests of exception groups ask and no other test does: see docs/asyncio-coverage.md. */

import { CancelledError, ExceptionGroup } from "joinery";
import { expect, test } from "vitest";

type Noted = Error & { notes?: unknown };

const type = new TypeError("t");
const range = new RangeError("r");

test("5: String(group) counts direct members only, at every level and for subclasses", () => {
  class Failures extends ExceptionGroup {
    override readonly name: string = "Failures";
  }
  const flat = new Failures("flat", [type, range]);
  const nested = new Failures("nested", [flat, type, flat, range]);
  expect([flat, nested].map(String)).toEqual([
    "Failures: flat (2 sub-exceptions)",
    "Failures: nested (4 sub-exceptions)",
  ]);
});

test("5: members keep the causes that they have", () => {
  const cause = new Error("out of memory");
  const member = new RangeError("r", { cause });
  const group = new ExceptionGroup("g", [new ExceptionGroup("inner", [type]), member]);
  expect(group.errors[1]).toBe(member);
  expect([...group].map((leaf) => leaf.cause)).toEqual([undefined, cause]);
});

test("5: each part has a list of notes of its own", () => {
  const group: Noted = new ExceptionGroup("g", [type, range]);
  group.notes = ["one", "two"];
  const parts = (group as ExceptionGroup).split(TypeError) as unknown as { notes: string[] }[];
  for (const [at, part] of parts.entries()) part.notes.push(`part ${at}`);
  (group.notes as string[]).push("group");
  expect(group.notes).toEqual(["one", "two", "group"]);
  expect(parts.map(({ notes }) => notes)).toEqual([
    ["one", "two", "part 0"],
    ["one", "two", "part 1"],
  ]);
});

test("5: a note that is in no list becomes a list of one in the parts", () => {
  const group: Noted = new ExceptionGroup("g", [type, range]);
  group.notes = "one";
  expect((group as ExceptionGroup).subgroup(TypeError)).toMatchObject({ notes: ["one"] });
});

test.each([
  ["undefined", undefined],
  ["a number", 42],
  ["an error that is no group", new Error("no group")],
])("5: a derive that gives %s is a TypeError", (_, given) => {
  class Broken extends ExceptionGroup {
    override derive(): never {
      return given as never;
    }
  }
  const broken = new Broken("g", [type, range]);
  expect(() => broken.split(TypeError)).toThrow(TypeError);
  expect(() => broken.subgroup(TypeError)).toThrow(TypeError);
});

test("5: parts of a subclass without derive are plain groups, and its constructor is not called", () => {
  let made = 0;
  class Numbered extends ExceptionGroup {
    readonly number: number;
    constructor(message: string, errors: readonly Error[], number: number) {
      super(message, errors);
      made++;
      this.number = number;
    }
  }
  const cancelled = new CancelledError("stop");
  const group = new Numbered("g", [type, new Numbered("inner", [range, cancelled], 2)], 1);
  const [matched, rest] = group.split([RangeError]);
  expect(made).toBe(2);
  for (const part of [matched!, matched!.errors[0]!, rest!, rest!.errors[1]!]) {
    expect(part).toBeInstanceOf(ExceptionGroup);
    expect(part).not.toBeInstanceOf(Numbered);
  }
  expect([...rest!]).toEqual([type, cancelled]);
});

test("5: derive makes the nested parts, with what each of them carries", () => {
  class Coded extends ExceptionGroup {
    readonly code: number;
    constructor(message: string, errors: readonly Error[], code: number) {
      super(message, errors);
      this.code = code;
    }
    override derive(errors: readonly Error[]): Coded {
      return new Coded(this.message, errors, this.code);
    }
  }
  const nested = new Coded("nested", [type, range], 101);
  const [matched, rest] = new Coded("outer", [range, nested], 42).split(TypeError);
  expect(matched).toMatchObject({ code: 42, errors: [{ code: 101, errors: [type] }] });
  expect(rest).toMatchObject({ code: 42, errors: [range, { code: 101, errors: [range] }] });
  expect(rest).toBeInstanceOf(Coded);
});

test("5: a matcher for a subclass of groups takes those groups whole", () => {
  class Batch extends ExceptionGroup {}
  const batch = new Batch("batch", [type, range]);
  const [matched, rest] = new ExceptionGroup("g", [batch, range]).split(Batch);
  expect(matched!.errors).toEqual([batch]);
  expect(matched!.errors[0]).toBe(batch);
  expect(rest!.errors).toEqual([range]);
});
