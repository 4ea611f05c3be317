import { abandonable, createTask, moveOnAfter, run, sleep, suspend, taskGroup } from "joinery";
import { assertNoLeaks, LeftBehindError, withVirtualTime } from "joinery/testing";
import { expect, test } from "vitest";
import { caught } from "../core/fixtures/story.ts";

/** A task that lasts until it is told to end. */
function lasting(name: string): { end: () => Promise<void> } {
  let settle: (() => void) | undefined;
  const task = createTask(() => new Promise<void>((resolve) => (settle = resolve)), { name });
  return {
    end: async () => {
      settle?.();
      await task;
    },
  };
}

test("with nothing left it resolves, and with the value of its body", async () => {
  await assertNoLeaks();
  expect(await assertNoLeaks(() => withVirtualTime(() => sleep(5000).then(() => 7)))).toBe(7);
});

test("what is left is counted, and shown as a tree", async () => {
  const { end } = lasting("forgotten");
  const error = await caught(assertNoLeaks());
  await end();
  expect(error).toBeInstanceOf(LeftBehindError);
  expect(error).toMatchObject({
    name: "LeftBehindError",
    code: "JOINERY_LEFT_BEHIND",
    left: { tasks: 1, scopes: 1 },
  });
  expect((error as Error).message.split("\n")).toEqual([
    "Left behind: 1 task, 1 scope.",
    "process",
    "└─ forgotten  awaits what is not joinery's",
  ]);
});

test("everything counts: timers, listeners on signals of others, promises that were left behind", async () => {
  const controller = new AbortController();
  const { signal } = controller;
  let settle: (() => void) | undefined;
  const slow = new Promise<void>((resolve) => (settle = resolve));
  await moveOnAfter(-1, () => abandonable(slow, { label: "slow" }));
  const waits = [sleep(1000, { signal }), suspend(() => {}, { signal })].map(caught);
  const error = await caught(assertNoLeaks());
  controller.abort();
  settle?.();
  await Promise.all(waits);
  expect((error as LeftBehindError).left).toEqual({ timers: 1, listeners: 2, ghosts: 1 });
  expect((error as Error).message).toMatch(/^Left behind: 1 timer, 2 listeners, 1 ghost\.\n/);
});

test("with a body only what that has added counts", async () => {
  const { end } = lasting("before");
  expect(await assertNoLeaks(() => "fine")).toBe("fine");
  await taskGroup(() => assertNoLeaks(() => sleep(0)));
  let inside: { end: () => Promise<void> } | undefined;
  const error = await caught(assertNoLeaks(() => void (inside = lasting("inside"))));
  await inside?.end();
  await end();
  expect(error).toMatchObject({ left: { tasks: 1, scopes: 1 } });
});

test("what has just ended is no leak", async () => {
  const work = run(() => taskGroup((group) => void group.createTask(() => sleep(0))));
  expect(await assertNoLeaks(() => "fine")).toBe("fine");
  await work;
});

test("the error of the body goes before", async () => {
  const error = new Error("mine");
  const left: { end: () => Promise<void> }[] = [];
  const body = (): Promise<never> => {
    left.push(lasting("left"));
    return Promise.reject(error);
  };
  expect(await caught(assertNoLeaks(body))).toBe(error);
  await left[0]?.end();
});

test("a body has to be a function", async () => {
  expect(await caught(assertNoLeaks(5 as never))).toMatchObject({
    code: "JOINERY_EXPECTED_FUNCTION",
  });
});
