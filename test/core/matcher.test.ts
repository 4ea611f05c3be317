import { runInNewContext } from "node:vm";
import { describe, expect, test } from "vitest";
import { CancelledError, ExceptionGroup, TimeoutError } from "joinery";

const group = new ExceptionGroup("group", [
  new TypeError("t"),
  new RangeError("r"),
  new TimeoutError("late"),
]);

const red = new Error("red");

function taken(matcher: unknown): string[] {
  const part = group.subgroup(matcher as typeof Error);
  return part === undefined ? [] : [...part].map((error) => error.message);
}

describe("a matcher", () => {
  test("5: a matcher may be an error class", () => {
    expect(taken(TypeError)).toEqual(["t"]);
    expect(taken(TimeoutError)).toEqual(["late"]);
    expect(taken(CancelledError)).toEqual([]);
    expect(taken(Error)).toEqual(["t", "r", "late"]);
  });

  test("5: a matcher may be the error class of another realm", () => {
    const [Theirs, theirs] = runInNewContext(`[TypeError, new TypeError("theirs")]`) as [
      typeof TypeError,
      TypeError,
    ];
    expect(new ExceptionGroup("g", [red, theirs]).subgroup(Theirs)!.errors).toEqual([theirs]);
    expect(taken(Theirs)).toEqual([]);
  });

  test("5: a matcher may be an array of classes, and an empty one takes nothing", () => {
    expect(taken([TypeError, TimeoutError])).toEqual(["t", "late"]);
    expect(taken([])).toEqual([]);
  });

  test("5: a matcher may be a predicate, and what it returns counts as true or false", () => {
    expect(taken((error: Error) => error.message === "r")).toEqual(["r"]);
    expect(taken((error: Error) => error instanceof RangeError && "yes")).toEqual(["r"]);
    expect(
      taken(function isType(error: Error) {
        return error.name === "TypeError";
      }),
    ).toEqual(["t"]);
  });

  test.each([
    [undefined, "undefined"],
    ["TypeError", '"TypeError"'],
    [new TypeError("t"), "a TypeError"],
    [[TypeError, () => true], "an Array"],
    [[TypeError, "x"], "an Array"],
  ])("5: anything else is refused at once (%#)", (matcher, got) => {
    expect(() => taken(matcher)).toThrow(
      expect.objectContaining({
        name: "TypeError",
        code: "JOINERY_INVALID_ARGUMENT",
        message: `Expected \`matcher\` to be an error class, an array of them or a predicate, got ${got}.`,
      }),
    );
  });

  test("5: a predicate that throws is not caught", () => {
    const broken = new Error("broken");
    expect(() =>
      group.split(() => {
        throw broken;
      }),
    ).toThrow(broken);
  });
});
