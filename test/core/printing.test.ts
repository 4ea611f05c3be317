/** What a user sees of a real failure: in a process of its own, as Node prints it. */

import { formatException, run, taskGroup, type ExceptionGroup } from "joinery";
import { describe, expect, test } from "vitest";
import { Program } from "./fixtures/program.ts";

/** The tree of the failure of the program, without frames. */
const tree = [
  "ExceptionGroup: unhandled errors in a TaskGroup (2 sub-exceptions)",
  "    task: main",
  "├─ 1 ─ TypeError: front: no title",
  "│      task: main › pages › front",
  "└─ 2 ─ ExceptionGroup: unhandled errors in a TaskGroup (2 sub-exceptions)",
  "       task: main › pages › archive",
  "   ├─ 1 ─ Error: mirror 2: refused [ECONNREFUSED]",
  "   │      task: main › pages › archive › mirrors › mirror 2",
  "   └─ 2 ─ ExceptionGroup: unhandled errors in a TaskGroup (1 sub-exception)",
  "          task: main › pages › archive › mirrors › mirror 1",
  "      └─ 1 ─ RangeError: disk: out of range",
  "             task: main › pages › archive › mirrors › mirror 1 › disk",
  "         └─ cause: Error: bad sector",
];

const frame = /^[\s│]*at /;

function withoutFrames(lines: readonly string[]): string[] {
  return lines.filter((line) => !frame.test(line));
}

/** The lines from the head of the group on, with the end of Node's report cut off. */
function report(stderr: string): string[] {
  const lines = stderr.split("\n");
  const start = lines.findIndex((line) => line.startsWith("ExceptionGroup"));
  const end = lines.findIndex((line) => line.startsWith("Node.js v"));
  return lines.slice(start, end);
}

describe("5: a real failure, with the task path of each leaf", () => {
  test.each(["log", "stack", "format"])("5: printed by %s", async (way) => {
    const { code, lines, stderr } = await new Program("printing-program.mjs", way).ended;
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(withoutFrames(lines)).toEqual(tree);
  });

  test("5: printed by console.error", async () => {
    const { stderr } = await new Program("printing-program.mjs", "error").ended;
    expect(withoutFrames(stderr.trimEnd().split("\n"))).toEqual(tree);
  });

  test("5: printed as a part of something else", async () => {
    const { lines } = await new Program("printing-program.mjs", "nestedInAnObject").ended;
    const inside = withoutFrames(lines).slice(2, -1);
    expect(inside.map((line) => line.replace(/^ {2}(error: )?/, ""))).toEqual(tree);
  });

  test.each(["uncaught", "unhandled", "thrownLater"])("5: that nobody caught: %s", async (way) => {
    const { code, lines, stderr } = await new Program("printing-program.mjs", way).ended;
    expect({ code, lines }).toEqual({ code: 1, lines: [] });
    expect(withoutFrames(report(stderr)).slice(0, tree.length)).toEqual(tree);
    expect(stderr.match(/no title/g), "the whole tree, once").toHaveLength(1);
  });

  test("5: each leaf has its own stack", async () => {
    const { lines } = await new Program("printing-program.mjs", "format").ended;
    const leaf = lines.findIndex((line) => line.includes("RangeError: disk"));
    expect(lines[leaf + 2]).toMatch(/^ +at readDisk \(.*printing-program\.mjs:\d+:\d+\)$/);
  });
});

describe("5: a group of 100,000 levels", () => {
  test("5: is printed whole by console.log", async () => {
    const { code, lines, stderr } = await new Program("printing-program.mjs", "logTower").ended;
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(lines).toHaveLength(100_001);
    expect(lines[0]).toBe("ExceptionGroup: level 99999 (1 sub-exception)");
    expect(lines.at(-1)).toMatch(/^ +└─ \[depth 100000\] 1 ─ Error: the innermost$/);
  }, 20_000);

  test("5: that nobody caught ends the process as any error does", async () => {
    const { code, stderr } = await new Program("printing-program.mjs", "uncaughtTower").ended;
    expect(code).toBe(1);
    expect(stderr).toContain("ExceptionGroup: level 99999 (1 sub-exception)");
    expect(stderr).not.toContain("RangeError");
  }, 20_000);
});

test("5: an error that goes through several tasks has the path of the innermost", async () => {
  const error: unknown = await run(
    () =>
      taskGroup((group) => {
        group.createTask(
          async () => {
            const inner = taskGroup((nested) => {
              nested.createTask(() => Promise.reject(new Error("broken")), { name: "inner" });
            });
            // Takes it out of its group, and lets it go on as its own.
            await inner.catch((failure: ExceptionGroup) => Promise.reject(failure.errors[0]!));
          },
          { name: "outer" },
        );
      }),
    { name: "program" },
  ).catch((reason: unknown) => reason);
  expect(withoutFrames(formatException(error).split("\n"))).toEqual([
    "ExceptionGroup: unhandled errors in a TaskGroup (1 sub-exception)",
    "    task: program",
    "└─ 1 ─ Error: broken",
    "       task: program › outer › inner",
  ]);
});
