import { describe, expect, test } from "vitest";
import { ExceptionGroup, formatException, taskGroup, TimeoutError } from "joinery";
import { chain, deepest, withoutStacks } from "./error-trees.ts";

/** An error with a stack that is the same on every machine. */
function at<E extends Error>(error: E, ...frames: string[]): E {
  return Object.assign(error, {
    stack: [`${error.name}: ${error.message}`, ...frames.map((frame) => `    at ${frame}`)].join(
      "\n",
    ),
  });
}

/** A group whose own frames are left out. */
function group(message: string, errors: Error[], options?: ErrorOptions): ExceptionGroup {
  return withoutStacks(() => new ExceptionGroup(message, errors, options));
}

function text(error: unknown): string {
  return `\n${formatException(error)}\n`;
}

describe("formatException", () => {
  test("5: shows the whole tree, each leaf with its own stack", () => {
    const tree = group("unhandled errors in a TaskGroup", [
      at(new TypeError("no such user"), "load (user.ts:1:2)", "main (main.ts:3:4)"),
      group("mirrors", [
        at(new RangeError("too large"), "copy (mirror.ts:5:6)"),
        at(new Error("gone")),
      ]),
    ]);
    expect(text(tree)).toBe(`
ExceptionGroup: unhandled errors in a TaskGroup (2 sub-exceptions)
├─ 1 ─ TypeError: no such user
│      at load (user.ts:1:2)
│      at main (main.ts:3:4)
└─ 2 ─ ExceptionGroup: mirrors (2 sub-exceptions)
   ├─ 1 ─ RangeError: too large
   │      at copy (mirror.ts:5:6)
   └─ 2 ─ Error: gone
`);
  });

  test("5: shows chains of causes, and the members of a cause", () => {
    const root = at(
      new Error("down", {
        cause: group("both", [at(new Error("a")), at(new Error("b", { cause: "text" }))]),
      }),
      "main (main.ts:1:1)",
    );
    expect(text(root)).toBe(`
Error: down
    at main (main.ts:1:1)
└─ cause: ExceptionGroup: both (2 sub-exceptions)
   ├─ 1 ─ Error: a
   └─ 2 ─ Error: b
      └─ cause: "text"
`);
  });

  test("5: members come before the cause of their group", () => {
    expect(text(group("g", [at(new Error("a"))], { cause: at(new Error("why")) }))).toBe(`
ExceptionGroup: g (1 sub-exception)
├─ 1 ─ Error: a
└─ cause: Error: why
`);
  });

  test("5: an error that occurs again is not shown again, so circles end", () => {
    const error = at(new Error("round"));
    error.cause = at(new Error("and round", { cause: error }));
    expect(text(group("g", [error, error]))).toBe(`
ExceptionGroup: g (2 sub-exceptions)
├─ 1 ─ Error: round
│  └─ cause: Error: and round
│     └─ cause: Error: round [shown above]
└─ 2 ─ Error: round [shown above]
`);
  });

  test("5: codes follow the message", () => {
    const system = Object.assign(at(new Error("no such file")), { code: "ENOENT" });
    expect(formatException(system)).toBe("Error: no such file [ENOENT]");
    expect(formatException(at(new TimeoutError("late")))).toBe(
      "TimeoutError: late [JOINERY_TIMEOUT]",
    );
  });

  test("5: an error of a task tells the path of the innermost task it came from", async () => {
    const error = at(new Error("lost"), "load (user.ts:1:2)");
    const failed = taskGroup(
      (outer) => {
        outer.createTask(
          async ({ name }) => {
            await outer.createTask(() => Promise.reject(error), { name: `${name}'s loader` });
          },
          { name: "main" },
        );
        outer.createTask(() => Promise.reject("text"));
      },
      { onError: "collect" },
    );
    await expect(failed).rejects.toThrow(ExceptionGroup);
    expect(formatException(error)).toMatch(
      /^Error: lost\n {4}task: .*main's loader\n {4}at load \(user\.ts:1:2\)$/,
    );
  });

  test("5: notes and messages of several lines keep to their column", () => {
    const noted = Object.assign(at(new Error("first\nsecond"), "f (f.ts:1:1)"), {
      notes: ["a note\nof two lines", 2],
    });
    expect(text(group("g", [noted, noted]))).toBe(`
ExceptionGroup: g (2 sub-exceptions)
├─ 1 ─ Error: first
│      second
│      note: a note
│      of two lines
│      note: 2
│      at f (f.ts:1:1)
└─ 2 ─ Error: first
       second [shown above]
`);
  });

  test("5: a class that never set its name is shown by its own", () => {
    class HttpError extends Error {}
    expect(formatException(at(new HttpError("404")))).toBe("HttpError: 404");
    const nameless = new (class extends Error {})("m");
    Object.defineProperty(nameless.constructor, "name", { value: "" });
    expect(formatException(at(nameless))).toBe("Error: m");
  });

  test("5: the name of an error goes before that of its class", () => {
    const error = Object.assign(new Error("aborted"), { name: "AbortError" });
    expect(formatException(at(error))).toBe("AbortError: aborted");
  });

  test("5: stacks without a line for the message are shown from their first line", () => {
    const error = Object.assign(new Error("m"), {
      stack: "load@http://host/user.js:1:2\nmain@http://host/main.js:3:4\n",
    });
    expect(formatException(error)).toBe(
      "Error: m\n    load@http://host/user.js:1:2\n    main@http://host/main.js:3:4",
    );
    const inFile = Object.assign(new Error("m"), { stack: "load@user.js:1:2\n@main.js:3:4\n" });
    expect(formatException(inFile)).toBe("Error: m\n    load@user.js:1:2\n    @main.js:3:4");
    expect(formatException(Object.assign(new Error("m"), { stack: undefined }))).toBe("Error: m");
    expect(
      formatException(
        Object.assign(new Error("new"), { stack: "Error: old\n    at f (f.ts:1:1)" }),
      ),
    ).toBe("Error: new\n    at f (f.ts:1:1)");
  });

  test("5: what looks like a frame in a message is none", () => {
    const error = at(new Error("look at me@home:8080"), "f (f.ts:1:1)");
    expect(formatException(error)).toBe("Error: look at me@home:8080\n    at f (f.ts:1:1)");
  });

  test("5: a value that is no error is described", () => {
    expect(formatException("text")).toBe('"text"');
    expect(formatException(undefined)).toBe("undefined");
    expect(formatException({})).toBe("an Object");
  });

  test("3.9: deep trees are printed in linear text: the indentation ends at 40 columns and the depth is told", () => {
    const lines = formatException(chain(16, at(new Error("bottom")))).split("\n");
    expect(lines.at(-4)).toBe(`${" ".repeat(36)}└─ 1 ─ ExceptionGroup: level 2 (1 sub-exception)`);
    expect(lines.at(-3)).toBe(
      `${" ".repeat(39)}└─ [depth 14] 1 ─ ExceptionGroup: level 1 (1 sub-exception)`,
    );
    expect(lines.at(-1)).toBe(`${" ".repeat(39)}└─ [depth 16] 1 ─ Error: bottom`);
  });

  test("3.9: chains of 100,000 causes are printed too", { timeout: 60_000 }, () => {
    const error = withoutStacks(() => {
      let effect = new Error("root");
      for (let depth = 0; depth < deepest; depth++) effect = new Error("next", { cause: effect });
      return effect;
    });
    expect(formatException(error)).toContain(`[depth ${deepest}] cause: Error: root`);
  });
});
