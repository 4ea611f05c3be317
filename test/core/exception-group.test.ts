import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { CancelledError, ExceptionGroup, exceptStar, formatException, on } from "joinery";
import {
  Blue,
  chain,
  deepest,
  Green,
  Red,
  runs,
  shapeOf,
  suppressedError,
  trees,
  withoutStacks,
} from "./error-trees.ts";

const red = new Red("r");
const green = new Green("g");
const blue = new Blue("b");

describe("construction", () => {
  test("5: a group is an AggregateError with a message, members and a cause", () => {
    const group = new ExceptionGroup("several", new Set([red, green]), { cause: blue });
    expect(group).toBeInstanceOf(AggregateError);
    expect(group).toBeInstanceOf(ExceptionGroup);
    expect(group.name).toBe("ExceptionGroup");
    expect(group.message).toBe("several");
    expect(group.errors).toEqual([red, green]);
    expect(group.cause).toBe(blue);
    expect(Object.hasOwn(new ExceptionGroup("", [red], {}), "cause")).toBe(false);
  });

  test("5: errors and exceptions are the same frozen copy", () => {
    const list = [red, green];
    const group = new ExceptionGroup("g", list);
    list.pop();
    expect(group.errors).toHaveLength(2);
    expect(group.exceptions).toBe(group.errors);
    expect(() => group.errors.push(blue)).toThrow(TypeError);
    expect(() => Object.assign(group, { errors: [] })).toThrow(TypeError);
  });

  test.each([
    [
      "an empty group",
      () => new ExceptionGroup("g", []),
      RangeError,
      "JOINERY_EMPTY_GROUP",
      "Expected `errors` to be one error at least, got an empty array.",
    ],
    [
      "a member that is no error",
      () => new ExceptionGroup("g", [red, green, "text" as never]),
      TypeError,
      "JOINERY_NOT_AN_ERROR",
      'Expected `errors[2]` to be an error, got "text".',
    ],
  ])("5: %s is refused", (...[, make, kind, code, message]) => {
    expect(make).toThrow(kind);
    expect(make).toThrow(expect.objectContaining({ code, message }));
  });

  test("5: String(group) counts the members", () => {
    expect(String(new ExceptionGroup("one", [red]))).toBe("ExceptionGroup: one (1 sub-exception)");
    expect(String(new ExceptionGroup("two", [red, green]))).toBe(
      "ExceptionGroup: two (2 sub-exceptions)",
    );
    expect(String(new ExceptionGroup("", [red]))).toBe("ExceptionGroup (1 sub-exception)");
  });
});

describe("split and subgroup", () => {
  const tree = new ExceptionGroup("outer", [
    red,
    new ExceptionGroup("inner", [green, blue]),
    new ExceptionGroup("solo", [green]),
  ]);

  test("5: nesting and order are kept, emptied groups are dropped, leaves are shared", () => {
    const [greens, rest] = tree.split(Green);
    expect(shapeOf(greens)).toEqual([["g"], ["g"]]);
    expect(shapeOf(rest)).toEqual(["r", ["b"]]);
    expect([...greens!]).toEqual([green, green]);
    expect([...rest!][0]).toBe(red);
    expect(greens!.message).toBe("outer");
    expect(greens!.errors.map((error) => error.message)).toEqual(["inner", "solo"]);
  });

  test("5: no match and full match leave one side undefined", () => {
    expect(tree.split(CancelledError)).toEqual([undefined, tree]);
    expect(tree.split([Red, Green, Blue])).toEqual([tree, undefined]);
  });

  test("5: conditions are tried on a group before its members", () => {
    const asked: string[] = [];
    const [inner, rest] = tree.split(
      (error) => (asked.push(error.message), error.message === "inner"),
    );
    expect(asked).toEqual(["outer", "r", "inner", "solo", "g"]);
    expect(inner!.errors[0]).toBe(tree.errors[1]);
    expect(shapeOf(rest)).toEqual(["r", ["g"]]);
  });

  test("5: a group that matches itself is returned as it is", () => {
    expect(tree.split(ExceptionGroup)).toEqual([tree, undefined]);
    expect(tree.subgroup(Error)).toBe(tree);
    expect(tree.subgroup((error) => error === tree)).toBe(tree);
  });

  test("5: parts keep cause, stack and a copy of the notes", () => {
    const group: ExceptionGroup & { notes?: string[] } = new ExceptionGroup("g", [red, green], {
      cause: blue,
    });
    group.notes = ["seen on Monday"];
    const part: typeof group = group.subgroup(Red)!;
    expect(part.cause).toBe(blue);
    expect(Object.keys(part)).not.toContain("cause");
    expect(part.notes).toEqual(["seen on Monday"]);
    expect(part.notes).not.toBe(group.notes);
    expect(part.stack!.split("\n").find((line) => / at /.test(line))).toBe(
      group.stack!.split("\n").find((line) => / at /.test(line)),
    );
    expect(Object.hasOwn(tree.subgroup(Red)!, "cause")).toBe(false);
  });

  test("5: the cause of a part can be assigned, as that of any error", () => {
    const part = new ExceptionGroup("g", [new TypeError("t"), new Error("e")], {
      cause: 1,
    }).subgroup(TypeError)!;
    part.cause = 2;
    expect(part.cause).toBe(2);
  });

  test("5: a CancelledError is taken by split when it is asked for", () => {
    const group = new ExceptionGroup("g", [new CancelledError("stop"), red]);
    expect(shapeOf(group.subgroup(CancelledError))).toEqual(["stop"]);
  });

  test("5: derive makes the parts of a subclass", () => {
    class Batch extends ExceptionGroup {
      override readonly name: string = "Batch";
      readonly batch: number;
      constructor(batch: number, errors: readonly Error[]) {
        super("batch", errors);
        this.batch = batch;
      }
      override derive(errors: readonly Error[]): Batch {
        return new Batch(this.batch, errors);
      }
    }
    const part = new Batch(7, [red, green]).subgroup(Red);
    expect(part).toBeInstanceOf(Batch);
    expect(part).toMatchObject({ batch: 7, message: "batch" });
    expect(String(part)).toBe("Batch: batch (1 sub-exception)");
  });

  test("5: derive has to return a group", () => {
    class Flat extends ExceptionGroup {
      override derive(): never {
        return new Error("one for all") as never;
      }
    }
    const flat = new Flat("flat", [red, green]);
    expect(() => flat.subgroup(Red)).toThrow(
      expect.objectContaining({
        code: "JOINERY_INVALID_ARGUMENT",
        message: "Expected `derive()` to be an ExceptionGroup, got an Error.",
      }),
    );
  });

  test("5: split partitions the leaves and keeps their order and shape", () => {
    fc.assert(
      fc.property(trees, fc.subarray([Red, Green, Blue]), (group, wanted) => {
        const [matched, rest] = group.split(wanted);
        const isWanted = (error: Error): boolean => wanted.some((Color) => error instanceof Color);
        expect([...(matched ?? [])]).toEqual([...group].filter(isWanted));
        expect([...(rest ?? [])]).toEqual([...group].filter((error) => !isWanted(error)));
        expect(shapeOf(matched)).toEqual(projection(group, isWanted));
        expect(shapeOf(rest)).toEqual(projection(group, (error) => !isWanted(error)));
      }),
      runs,
    );
  });

  test("5: subgroup is the first half of split", () => {
    fc.assert(
      fc.property(trees, fc.constantFrom(Red, Green, Error), (group, wanted) => {
        expect(shapeOf(group.subgroup(wanted))).toEqual(shapeOf(group.split(wanted)[0]));
      }),
      runs,
    );
  });
});

/** The definition, by recursion: what is left of a tree when only some leaves stay. */
function projection(error: Error, keep: (leaf: Error) => boolean): ReturnType<typeof shapeOf> {
  if (!(error instanceof ExceptionGroup)) return keep(error) ? error.message : undefined;
  const members = error.errors
    .map((member) => projection(member, keep))
    .filter((shape) => shape !== undefined);
  return members.length === 0 ? undefined : members;
}

describe("groups of others", () => {
  test("5: an AggregateError is taken as a group, and becomes one of ours when it is divided", () => {
    const foreign = new AggregateError([red, green], "foreign", { cause: blue });
    const [reds, rest] = new ExceptionGroup("g", [foreign, blue]).split(Red);
    const part = reds!.errors[0] as ExceptionGroup;
    expect(part).toBeInstanceOf(ExceptionGroup);
    expect(part).toMatchObject({ message: "foreign", cause: blue, errors: [red] });
    expect(formatException(part).split("\n")[1]).toBe(foreign.stack!.split("\n")[1]);
    expect(shapeOf(rest)).toEqual([["g"], "b"]);
  });

  test("5: a nested group from which nothing is taken stays the same object, also a foreign one", () => {
    const whole = [
      new AggregateError([green], "foreign"),
      new ExceptionGroup("ours", [green, blue]),
    ];
    expect(new ExceptionGroup("g", [red, ...whole]).split(Red)[1]!.errors).toEqual(whole);
    expect(new ExceptionGroup("g", [red, ...whole]).split(Red)[1]!.errors[0]).toBe(whole[0]);
    expect(new ExceptionGroup("g", [red, ...whole]).split(Red)[1]!.errors[1]).toBe(whole[1]);
  });

  test("5: a SuppressedError has two members: the last error and the one it suppressed", () => {
    const group = new ExceptionGroup("g", [suppressedError(red, green)]);
    expect([...group]).toEqual([red, green]);
    expect(shapeOf(group.subgroup(Green))).toEqual([["g"]]);
  });

  test("5: an AggregateError of another realm is known by its name", () => {
    const other = Object.assign(new Error("other realm"), {
      name: "AggregateError",
      errors: [red, green],
    });
    expect([...new ExceptionGroup("g", [other])]).toEqual([red, green]);
    expect([...new ExceptionGroup("g", [Object.assign(other, { errors: undefined })])]).toEqual([
      other,
    ]);
  });

  test("5: errors that only have fields of those names are leaves", () => {
    const leaves = [
      Object.assign(new Error("invalid"), { errors: [new Error("field")] }),
      Object.assign(new Error("odd"), { error: new Error("a"), suppressed: new Error("b") }),
      Object.assign(new Error("named"), { name: "SuppressedError" }),
    ];
    expect([...new ExceptionGroup("g", leaves)]).toEqual(leaves);
  });

  test("5: an empty AggregateError is a leaf, so that it is not lost", () => {
    const empty = new AggregateError([], "All promises were rejected");
    expect([...new ExceptionGroup("g", [empty])]).toEqual([empty]);
  });

  test("5: a member that is no error becomes one, and parts keep it", () => {
    const group = new ExceptionGroup("g", [new AggregateError([red, "text"], "foreign")]);
    const [matched, rest] = group.split(Red);
    expect([...group][1]).toMatchObject({ code: "JOINERY_NOT_AN_ERROR", cause: "text" });
    expect([...matched!]).toEqual([red]);
    expect([...rest!][0]).toMatchObject({ code: "JOINERY_NOT_AN_ERROR", cause: "text" });
  });

  test("5: a group that contains itself does not hang", () => {
    const loop = new AggregateError([red], "loop");
    loop.errors.push(loop);
    const group = new ExceptionGroup("g", [loop, green]);
    expect([...group]).toEqual([red, loop, green]);
    expect(group.subgroup(Green)!.errors).toEqual([green]);
    expect(formatException(group)).toContain(
      "AggregateError: loop (2 sub-exceptions) [shown above]",
    );
  });
});

describe("depth", () => {
  test(
    "3.9: groups nested 100,000 deep are iterated, divided, handled and printed without overflowing the stack",
    { timeout: 60_000 },
    async () => {
      const group = chain(deepest, green, (level) => (level === deepest - 20_000 ? [red] : []));
      expect([...group]).toEqual([red, green]);
      const [greens, rest] = withoutStacks(() => group.split(Green));
      expect([...greens!]).toEqual([green]);
      expect([...rest!]).toEqual([red]);
      const untouched = exceptStar(
        group,
        on(Blue, () => {}),
      );
      await expect(untouched.catch((error: unknown) => error === group)).resolves.toBe(true);
      const printed = formatException(group);
      expect(printed).toContain(`[depth ${deepest}] 1 ─ Green: g`);
      expect(printed.match(/ level /g)).toHaveLength(deepest);
    },
  );

  test("3.9: a group of 100,000 members is divided in order", () => {
    const members = Array.from({ length: deepest }, (_, at) => (at % 2 === 0 ? red : green));
    expect(new ExceptionGroup("wide", members).subgroup(Red)!.errors).toHaveLength(deepest / 2);
  });
});

/** The stack of a group of so many members, each of them a line. */
function linesOf(count: number): string[] {
  const members = (): Error[] => Array.from({ length: count }, () => new Error("m"));
  return withoutStacks(() => new ExceptionGroup("g", members())).stack!.split("\n");
}

describe("stack", () => {
  test("5: the stack of a group is its whole tree, its own frames first", () => {
    const group = new ExceptionGroup("g", [red, new ExceptionGroup("inner", [green])]);
    expect(group.stack).toBe(formatException(group));
    expect(group.stack!.split("\n")[0]).toBe("ExceptionGroup: g (2 sub-exceptions)");
    expect(group.stack!.split("\n")[1]).toMatch(/^ {4}at .*exception-group\.test\.ts/);
    expect(Object.keys(group)).toEqual(["name"]);
  });

  test("5: the stack of a huge group is cut, because Node 26 takes minutes to print more; one that fits is not", () => {
    expect(linesOf(3999).at(-1)).toBe("└─ 3999 ─ Error: m");
    const cut = linesOf(5000);
    expect(cut).toHaveLength(4001);
    expect(cut.at(-1)).toBe("… 1001 more lines: formatException(error)");
  });

  test("5: a stack that somebody assigns replaces it", () => {
    const group = new ExceptionGroup("g", [red]);
    group.stack = "mapped";
    expect(group.stack).toBe("mapped");
    group.stack = "mapped again";
    expect(group.stack).toBe("mapped again");
  });

  test("5: where there is no captureStackTrace, the stack has those of the members", () => {
    const host: { prototype: Error; captureStackTrace?: unknown } = Error;
    const capture = host.captureStackTrace;
    try {
      host.captureStackTrace = undefined;
      const { stack } = new ExceptionGroup("g", [red]);
      expect(stack).toMatch(/^ExceptionGroup: g \(1 sub-exception\)\n└─ 1 ─ Red: r\n {7}at /);
    } finally {
      host.captureStackTrace = capture;
    }
  });

  test("5: console.log finds the tree in Node, Bun and Deno", () => {
    const group = new ExceptionGroup("g", [red]);
    for (const inspect of ["nodejs.util.inspect.custom", "Deno.customInspect"]) {
      const show = (group as unknown as Record<symbol, () => string>)[Symbol.for(inspect)]!;
      expect(show.call(group)).toBe(formatException(group));
    }
  });
});

test("5: two copies of the package know each other's groups", async () => {
  // The query makes a second copy of the module. TypeScript does not resolve it, hence a string.
  const path: string = "../../src/core/exception-group.ts?copy";
  const copy = (await import(path)) as { ExceptionGroup: typeof ExceptionGroup };
  expect(copy.ExceptionGroup).not.toBe(ExceptionGroup);
  const theirs = new copy.ExceptionGroup("theirs", [red, green], { cause: blue });
  expect(theirs).toBeInstanceOf(ExceptionGroup);
  expect(new ExceptionGroup("ours", [red])).toBeInstanceOf(copy.ExceptionGroup);
  expect(red).not.toBeInstanceOf(copy.ExceptionGroup);
  const [reds, rest] = new ExceptionGroup("ours", [theirs, blue]).split(Red);
  expect(shapeOf(reds)).toEqual([["r"]]);
  expect(shapeOf(rest)).toEqual([["g"], "b"]);
  expect(reds!.errors[0]!.cause).toBe(blue);
  expect(formatException(new ExceptionGroup("ours", [theirs]))).toContain(
    "└─ 1 ─ ExceptionGroup: theirs (2 sub-exceptions)",
  );
});
