/** Several things at once, where every wait is told its scope by a handle. */

import {
  all,
  allSettled,
  any,
  asCompleted,
  gather,
  race,
  sleep,
  taskGroup,
  wait,
  type Task,
  type TaskFunction,
} from "joinery";
import { expect, test } from "vitest";
import { inVirtualTime } from "../../support/virtual-clock.ts";
import { caught } from "./caught.ts";

let trace: string[] = [];

/** Sleeps for `ms`; says when it is over, in whatever way. */
function after<T>(ms: number, value: T): TaskFunction<T> {
  return async (task) => {
    try {
      await sleep(ms, task);
      if (value instanceof Error) throw value;
      return value;
    } finally {
      trace.push(`${ms} over`);
    }
  };
}

function inTime<R>(main: (task: Task<unknown>) => Promise<R>): Promise<R> {
  trace = [];
  return inVirtualTime(main);
}

test("2: all keeps the order and the names of what it is given", async () => {
  await inTime(async ({ signal }) => {
    expect(await all([after(20, "a"), after(10, "b")], { signal })).toEqual(["a", "b"]);
    expect(await all({ a: after(20, 1), b: after(10, 2) }, { signal })).toEqual({ a: 1, b: 2 });
  });
});

test("2: all stops the others at a failure, awaits them, and tells every error", async () => {
  const error = await inTime(({ signal }) =>
    caught(all([after(10, new Error("a")), after(10, new Error("b")), after(500, 0)], { signal })),
  );
  expect(error).toMatchObject({ errors: [{ message: "a" }, { message: "b" }] });
  expect(trace).toEqual(["10 over", "10 over", "500 over"]);
});

test("2: allSettled tells all outcomes", async () => {
  const error = new Error("a");
  const settled = await inTime(({ signal }) =>
    allSettled([after(10, error), after(20, "b")], { signal }),
  );
  expect(settled).toEqual([
    { status: "rejected", reason: error },
    { status: "fulfilled", value: "b" },
  ]);
});

test("2: race and any stop the losers, and await them", async () => {
  await inTime(async ({ signal }) => {
    expect(await race([after(500, "slow"), after(10, "quick")], { signal })).toBe("quick");
    expect(trace).toEqual(["10 over", "500 over"]);
    const items = [after(10, new Error("no")), after(20, "yes"), after(500, "slow")];
    expect(await any(items, { signal })).toBe("yes");
  });
  expect(trace).toEqual(["10 over", "500 over", "10 over", "20 over", "500 over"]);
});

test("2: gather throws the first error, and lets the rest run on", async () => {
  await inTime(async ({ signal }) => {
    const error = await caught(gather([after(10, new Error("a")), after(20, "b")], { signal }));
    expect([error, trace]).toEqual([new Error("a"), ["10 over"]]);
    await sleep(50, { signal });
  });
  expect(trace).toEqual(["10 over", "20 over"]);
});

test("2: a cancelled gather cancels what it started", async () => {
  const controller = new AbortController();
  const error = await inTime(({ signal }) =>
    taskGroup(
      async (group) => {
        const { signal: own } = controller;
        const child = group.createTask((task) => gather([after(500, "a")], task), { signal: own });
        await sleep(10, group);
        controller.abort("enough");
        return caught(child);
      },
      { signal },
    ),
  );
  expect(error).toMatchObject({ source: "signal", cause: "enough" });
  expect(trace).toEqual(["500 over"]);
});

test("2: wait returns at its time, at the first, or when all are over", async () => {
  await inTime(({ signal }) =>
    taskGroup(
      async (group) => {
        const tasks = [group.createTask(after(10, 1)), group.createTask(after(20, 2))];
        const none = await wait(tasks, { timeout: 5, signal: group.signal });
        expect([none.done.size, none.pending.size]).toEqual([0, 2]);
        const first = await wait(tasks, { returnWhen: "FIRST_COMPLETED", signal: group.signal });
        expect([...first.done]).toEqual([tasks[0]]);
        const both = await wait(tasks, { signal: group.signal });
        expect([...both.done].map((task) => task.result())).toEqual([1, 2]);
      },
      { signal },
    ),
  );
});

test("2: asCompleted gives the handles in the order in which they end", async () => {
  const values = await inTime(({ signal }) =>
    taskGroup(
      async (group) => {
        const tasks = [30, 10, 20].map((ms) => group.createTask(after(ms, ms)));
        const seen: number[] = [];
        for await (const task of asCompleted(tasks, { signal: group.signal }))
          seen.push(task.result());
        return seen;
      },
      { signal },
    ),
  );
  expect(values).toEqual([10, 20, 30]);
});
