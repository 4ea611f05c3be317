/** What a function returns may be a thenable: a task, or a query that runs when it is awaited. */

import {
  abandonable,
  all,
  createTask,
  currentTask,
  moveOnAfter,
  run,
  sleep,
  type Task,
  taskGroup,
  timeout,
  TimeoutError,
} from "joinery";
import { describe, expect, test } from "vitest";
import { inVirtualTime } from "../support/virtual-clock.ts";

/** A task that goes on for ever, and belongs to nobody here. */
function service(): Task<void> {
  return createTask(() => sleep(Infinity), { name: "service" });
}

describe("a task that a function returns is awaited in the scope of the function", () => {
  test("3.1: a deadline ends the wait for it, and leaves the task alone", async () => {
    await inVirtualTime(async () => {
      const task = service();
      await expect(timeout(10, () => task)).rejects.toThrow(TimeoutError);
      expect(await moveOnAfter(10, () => task)).toEqual({ expired: true, value: undefined });
      expect(task.state).toBe("running");
    });
  });

  test("3.1: a failure in a group ends the wait of its body", async () => {
    const broken = new Error("broken");
    await inVirtualTime(async () => {
      const task = service();
      const group = taskGroup((children) => {
        children.createTask(() => sleep(10).then(() => Promise.reject(broken)));
        return task;
      });
      await expect(group).rejects.toMatchObject({ errors: [broken] });
    });
  });

  test("3.1: cancelling the child that waits for it ends that child", async () => {
    const states: string[] = [];
    await inVirtualTime(async () => {
      const task = service();
      await taskGroup(async (group) => {
        const child = group.createTask(() => task);
        await sleep(10);
        child.cancel();
        await sleep(10);
        states.push(child.state, task.state);
      });
    });
    expect(states).toEqual(["cancelled", "running"]);
  });
});

test("3: a lazy thenable runs in the task whose function returned it", async () => {
  const trace: string[] = [];
  const query = {
    // oxlint-disable-next-line unicorn/no-thenable -- as a query builder has it
    then(done: (rows: string) => void): void {
      trace.push(`runs in ${currentTask()?.name}`);
      done("rows");
    },
  };
  await run(() =>
    taskGroup(async (group) => {
      const child = group.createTask(() => query as PromiseLike<string>, { name: "child" });
      trace.push(await child);
    }),
  );
  expect(trace).toEqual(["runs in child", "rows"]);
});

describe("a thenable that is no promise", () => {
  test("2: may call back at once", async () => {
    // oxlint-disable-next-line unicorn/no-thenable -- the odd one that this is about
    const ready = { then: (done: (value: string) => void) => done("ready") } as PromiseLike<string>;
    await inVirtualTime(async () => {
      expect(await timeout(10, () => abandonable(ready, { label: "ready" }))).toBe("ready");
      expect(await timeout(10, () => all([ready]))).toEqual(["ready"]);
    });
  });

  test("2: may be a function", async () => {
    const query = Object.assign(() => "not called", {
      // oxlint-disable-next-line unicorn/no-thenable -- as some query builders have it
      then: (done: (rows: string) => void) => done("rows"),
    }) as unknown as PromiseLike<string>;
    const task = createTask(() => query);
    await task;
    expect(task.result()).toBe("rows");
  });

  test("2: is asked once as an item of all(), with both functions", async () => {
    const asked: string[] = [];
    const query = {
      // oxlint-disable-next-line unicorn/no-thenable -- as a query builder has it
      then(done: (rows: string) => void, failed: (error: unknown) => void): void {
        asked.push(`${typeof done}, ${typeof failed}`);
        setImmediate(done, "rows");
      },
    } as PromiseLike<string>;
    expect(await run(() => all([query]))).toEqual(["rows"]);
    expect(asked).toEqual(["function, function"]);
  });
});
