import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { CancelledError, ExceptionGroup, exceptStar, on } from "joinery";
import { Blue, Green, Red, runs, shapeOf, suppressedError, trees } from "./error-trees.ts";

const red = new Red("r");
const green = new Green("g");
const blue = new Blue("b");
const tree = new ExceptionGroup("outer", [red, new ExceptionGroup("inner", [green, blue])]);

const nothing = (): void => {};
const again = (group: Error): never => {
  throw group;
};
const fails = (error: unknown) => (): never => {
  throw error;
};

/** What comes out of an `exceptStar`; `undefined` when everything was handled. */
async function left(error: unknown, ...clauses: Parameters<typeof on>[]): Promise<unknown> {
  try {
    await exceptStar(error, ...clauses.map((clause) => on(...clause)));
    return undefined;
  } catch (out) {
    return out;
  }
}

describe("clauses", () => {
  test("5: every leaf goes to the first clause that takes it, in the shape of the original", async () => {
    const trace: unknown[] = [];
    const note = (name: string) => (group: Error) =>
      void trace.push([name, shapeOf(group), group.message]);
    expect(
      await left(tree, [Green, note("green")], [[Red, Green], note("both")], [Error, note("rest")]),
    ).toBeUndefined();
    expect(trace).toEqual([
      ["green", [["g"]], "outer"],
      ["both", ["r"], "outer"],
      ["rest", [["b"]], "outer"],
    ]);
  });

  test("5: a clause without errors does not run, nor any after the last error is handled", async () => {
    const unreached = fails(new Error("unreached"));
    expect(
      await left(tree, [CancelledError, unreached], [Error, nothing], [() => true, unreached]),
    ).toBeUndefined();
  });

  test("5: handlers may be async and run one after another", async () => {
    const trace: string[] = [];
    const slow = (name: string) => async () => {
      trace.push(`${name} begins`);
      await Promise.resolve();
      trace.push(`${name} ends`);
    };
    await left(tree, [Red, slow("red")], [Green, slow("green")], [Blue, slow("blue")]);
    expect(trace).toEqual([
      "red begins",
      "red ends",
      "green begins",
      "green ends",
      "blue begins",
      "blue ends",
    ]);
  });

  test("5: predicates are asked about single errors, never about groups", async () => {
    expect(
      shapeOf((await left(tree, [(error) => !(error instanceof Red), nothing])) as Error),
    ).toEqual(["r"]);
  });

  test("5: all clauses run even if one throws", async () => {
    const trace: string[] = [];
    const failure = new Error("failure");
    const out = await left(
      tree,
      [Red, fails(failure)],
      [Green, () => void trace.push("green")],
      [Blue, () => void trace.push("blue")],
    );
    expect(trace).toEqual(["green", "blue"]);
    expect(out).toBe(failure);
  });
});

test("5: it resolves when everything was handled", async () => {
  const handled = exceptStar(tree, on(Error, nothing)).then(
    () => "resolved",
    () => "rejected",
  );
  expect(await handled).toBe("resolved");
});

describe("a naked error", () => {
  test("5: a naked error is wrapped for its clause", async () => {
    let group: ExceptionGroup | undefined;
    expect(await left(red, [Red, (given) => (group = given)])).toBeUndefined();
    expect(group).toBeInstanceOf(ExceptionGroup);
    expect(group).toMatchObject({ message: "", errors: [red] });
  });

  test("5: a naked error that no clause takes comes out naked", async () => {
    expect(await left(red, [Green, nothing])).toBe(red);
  });

  test("5: a naked error that its handler throws again stays wrapped", async () => {
    const out = await left(red, [Red, again]);
    expect(out).toBeInstanceOf(ExceptionGroup);
    expect(out).toMatchObject({ message: "", errors: [red] });
  });

  test("5: what its handler throws instead comes out naked", async () => {
    expect(await left(red, [Red, fails(blue)])).toBe(blue);
    expect(await left(red, [Red, fails(red)])).toBe(red);
  });

  test("5: a thrown thing that is no error goes on untouched", async () => {
    expect(await left("text", [Error, fails(blue)])).toBe("text");
  });
});

describe("what comes out", () => {
  test("5: what no clause takes keeps message, shape, cause and leaves", async () => {
    const group = new ExceptionGroup("g", [red, new ExceptionGroup("inner", [green])], {
      cause: blue,
    });
    const out = await left(group, [Red, nothing]);
    expect(out).toMatchObject({ message: "g", cause: blue });
    expect(shapeOf(out as Error)).toEqual([["g"]]);
  });

  test("5: a group of which nothing was handled is the same object", async () => {
    expect(await left(tree, [CancelledError, nothing])).toBe(tree);
    const foreign = new AggregateError([red], "foreign");
    expect(await left(foreign, [Green, nothing])).toBe(foreign);
  });

  test("5: parts that are thrown again are merged with what is left", async () => {
    expect(shapeOf((await left(tree, [Blue, again], [Green, nothing])) as Error)).toEqual([
      "r",
      ["b"],
    ]);
    expect(await left(tree, [Blue, again])).toBe(tree);
  });

  test("5: new errors come first, in the order of the clauses, then what is left", async () => {
    const one = new Error("one");
    const out = (await left(tree, [Green, fails(one)], [Red, fails("two")])) as ExceptionGroup;
    expect(out.message).toBe("");
    expect(out.errors[0]).toBe(one);
    expect(out.errors[1]).toMatchObject({ code: "JOINERY_NOT_AN_ERROR", cause: "two" });
    expect(out.errors[2]).toMatchObject({ message: "outer" });
    expect(shapeOf(out.errors[2])).toEqual([["b"]]);
    expect("cause" in one).toBe(false);
  });

  test("5: the same new error of two clauses comes out once", async () => {
    const same = new Error("same");
    expect(
      await left(new ExceptionGroup("g", [red, green]), [Red, fails(same)], [Green, fails(same)]),
    ).toBe(same);
  });

  test("5: a handler that throws a part of its part throws something new", async () => {
    const out = await left(
      tree,
      [[Green, Blue], (group) => again(group.subgroup(Blue)!)],
      [Red, nothing],
    );
    expect(shapeOf(out as Error)).toEqual([["b"]]);
  });

  test("5: handlers that all throw their part again give the original shape back", async () => {
    await fc.assert(
      fc.asyncProperty(trees, async (group) => {
        const out = await left(
          group,
          [Red, again],
          [[Green], again],
          [(error) => error instanceof Blue, again],
        );
        expect(shapeOf(out as Error)).toEqual(shapeOf(group));
      }),
      runs,
    );
  });
});

describe("cancellation", () => {
  const cancelled = new CancelledError("stop");

  test("5: a naked CancelledError goes to no clause", async () => {
    expect(await left(cancelled, [CancelledError, fails(blue)], [Error, fails(blue)])).toBe(
      cancelled,
    );
  });

  test("5: a CancelledError inside a group goes to no clause and comes out", async () => {
    const group = new ExceptionGroup("g", [red, new ExceptionGroup("inner", [cancelled, green])]);
    expect(shapeOf((await left(group, [Error, nothing])) as Error)).toEqual([["stop"]]);
  });

  test("3.4: an abort of the platform that a CancelledError caused is one too", async () => {
    const native = Object.assign(new Error("aborted", { cause: cancelled }), {
      name: "AbortError",
    });
    expect(await left(native, [Error, fails(blue)])).toBe(native);
  });

  test("5: a cancellation that hits every handler comes out as itself", async () => {
    expect(await left(tree, [Red, fails(cancelled)], [Error, fails(cancelled)])).toBe(cancelled);
  });
});

describe("groups of others", () => {
  test("5: an AggregateError is taken as a group, and its handler gets one of ours", async () => {
    let part: Error | undefined;
    const foreign = new AggregateError([red, green], "foreign", { cause: blue });
    expect(await left(foreign, [[Red, Green], (group) => (part = group)])).toBeUndefined();
    expect(part).toBeInstanceOf(ExceptionGroup);
    expect(part).toMatchObject({ message: "foreign", cause: blue, errors: [red, green] });
  });

  test("5: a member that is no error is handed over as one, also when it comes out again", async () => {
    const foreign = new AggregateError([new AggregateError(["text", red], "inner")], "foreign");
    const out = (await left(foreign, [Red, nothing])) as ExceptionGroup;
    expect([...out]).toEqual([
      expect.objectContaining({ code: "JOINERY_NOT_AN_ERROR", cause: "text" }),
    ]);
  });

  test("5: a SuppressedError is taken as a group of two", async () => {
    expect(
      shapeOf((await left(suppressedError(red, green, "s"), [Red, nothing])) as Error),
    ).toEqual(["g"]);
  });
});

describe("refusals", () => {
  test.each([
    [
      "a group class",
      () => on(AggregateError, nothing),
      "Expected `matcher` to be a class of single errors (those inside a group are matched one by one), got the function AggregateError.",
    ],
    [
      "a group class in a list",
      () => on([Red, ExceptionGroup], nothing),
      "Expected `matcher` to be a class of single errors (those inside a group are matched one by one), got the function ExceptionGroup.",
    ],
    [
      "a matcher that is none",
      () => on(7 as never, nothing),
      "Expected `matcher` to be an error class, an array of them or a predicate, got 7.",
    ],
  ])("5: %s is refused by on()", (_, make, message) => {
    expect(make).toThrow(
      expect.objectContaining({ name: "TypeError", code: "JOINERY_INVALID_ARGUMENT", message }),
    );
  });

  test("5: SuppressedError is a group class too", () => {
    class SuppressedError extends Error {
      static {
        this.prototype.name = "SuppressedError";
      }
    }
    expect(() => on(SuppressedError, nothing)).toThrow("a class of single errors");
  });

  test("5: a class with a name like those of groups is not refused", async () => {
    class Early extends Error {}
    Early.prototype.name = "EarlyAggregateError";
    class Late extends Error {}
    Late.prototype.name = "AggregateErrorReport";
    expect(await left(new Early("e"), [[Early, Late], nothing])).toBeUndefined();
  });

  test("5: a handler that is no function is refused by on()", () => {
    expect(() => on(Red, undefined as never)).toThrow(
      expect.objectContaining({
        name: "TypeError",
        code: "JOINERY_EXPECTED_FUNCTION",
        message: "Expected `handler` to be a function, got undefined.",
      }),
    );
  });

  test("5: a clause that on() did not make is refused before any handler runs", async () => {
    const code = "JOINERY_INVALID_ARGUMENT";
    const unreached = on(Error, fails(new Error("unreached")));
    await expect(exceptStar(red, unreached, nothing as never)).rejects.toMatchObject({
      code,
      message: "Expected `clauses[1]` to be made by on(), got the function nothing.",
    });
    await expect(exceptStar(red, unreached, undefined as never)).rejects.toMatchObject({ code });
    await expect(exceptStar(red, { takes: nothing } as never)).rejects.toMatchObject({ code });
  });

  test("5: without a clause the error comes out as it is", async () => {
    await expect(exceptStar(red)).rejects.toBe(red);
  });
});
