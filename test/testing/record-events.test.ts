import { abandonable, moveOnAfter, sleep, taskGroup } from "joinery";
import { recordEvents, withVirtualTime } from "joinery/testing";
import { expect, test } from "vitest";
import { caught } from "../core/fixtures/story.ts";
import { turn } from "../support/turn.ts";
import { failAfter } from "../support/work.ts";

/** Everything that can happen, but for a cancellation that is caught. */
async function program(): Promise<unknown> {
  return withVirtualTime(() =>
    taskGroup((group) => {
      group.createTask(() => sleep(50));
      group.createTask(() => failAfter(10, new RangeError("too far")), { name: "fails" });
    }),
  ).catch(String);
}

test("what happens is written down, a line each, the same each time", async () => {
  const once = recordEvents();
  await program();
  once.stop();
  const again = recordEvents();
  await program();
  again.stop();
  expect(again.lines).toEqual(once.lines);
  expect(once.lines).toMatchInlineSnapshot(`
    [
      "run run-1: opened",
      "task main: opened",
      "task main: started",
      "group group-1: opened",
      "task task-1: opened",
      "task fails: opened",
      "task task-1: started",
      "task task-1: waiting (sleep)",
      "task fails: started",
      "task fails: waiting (sleep)",
      "group group-1: waiting (its children)",
      "task fails: resumed (sleep)",
      "task fails: raised (RangeError: too far)",
      "task fails: ended (failed)",
      "group group-1: failed (RangeError: too far)",
      "task fails: closed",
      "group group-1: cancelled (sibling-error)",
      "task task-1: delivered (wait)",
      "task task-1: resumed (sleep)",
      "task task-1: ended (cancelled)",
      "task task-1: closed",
      "group group-1: resumed (its children)",
      "group group-1: grouped (ExceptionGroup: unhandled errors in a TaskGroup (1 sub-exception))",
      "group group-1: absorbed",
      "group group-1: closed",
      "task main: raised (ExceptionGroup: unhandled errors in a TaskGroup (1 sub-exception))",
      "task main: ended (failed)",
      "task main: closed",
      "run run-1: closed",
    ]
  `);
});

test("only what was asked for is, with times and the notes of the test", async () => {
  const events = recordEvents({ types: ["ended"], times: true });
  events.note("it begins");
  await program();
  events.stop();
  await withVirtualTime(() => sleep(1));
  expect(events.lines).toEqual([
    "it begins",
    "10 task fails: ended (failed)",
    "10 task task-1: ended (cancelled)",
    "10 task main: ended (failed)",
  ]);
});

test("what becomes of a cancellation, and of a promise that was left behind", async () => {
  let settle: (() => void) | undefined;
  const slow = new Promise<void>((resolve) => (settle = resolve));
  const types = ["swallowed", "absorbed", "delivered", "adopted", "settled"] as const;
  using events = recordEvents({ types });
  await withVirtualTime(async () => {
    await moveOnAfter(10, () => abandonable(slow, { label: "slow" }), { name: "limit" });
    await moveOnAfter(
      10,
      async () => {
        await caught(sleep(20));
        await caught(sleep(20));
      },
      { name: "stubborn" },
    );
  });
  settle?.();
  await turn();
  expect(events.lines).toMatchInlineSnapshot(`
    [
      "task main: delivered (wait)",
      "timeout limit: adopted (slow)",
      "timeout limit: absorbed",
      "task main: delivered (wait)",
      "task main: swallowed (waited, 2 times)",
      "timeout stubborn: absorbed",
      "timeout limit: settled (slow, fulfilled)",
    ]
  `);
});

test("a type that there is not is refused", () => {
  expect(() => recordEvents({ types: ["begun" as never] })).toThrow(
    expect.objectContaining({ code: "JOINERY_INVALID_ARGUMENT" }),
  );
  expect(() => recordEvents(null as never)).toThrow(
    expect.objectContaining({ code: "JOINERY_INVALID_ARGUMENT" }),
  );
});
