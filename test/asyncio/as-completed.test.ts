/** What CPython's own tests of `as_completed` ask and no other test does: see docs/asyncio-coverage.md. */

import { asCompleted, createTask, timeout, TimeoutError } from "joinery";
import { expect, test } from "vitest";
import { inVirtualTime } from "../support/virtual-clock.ts";
import { after } from "../support/work.ts";

test("2.10: a timeout around the loop ends it, and the tasks run on", async () => {
  await inVirtualTime(async () => {
    const tasks = [150, 100].map((ms) => createTask(() => after(ms, ms)));
    const seen: number[] = [];
    const loop = timeout(120, async () => {
      for await (const task of asCompleted(tasks)) seen.push(task.result());
    });
    await expect(loop).rejects.toThrow(TimeoutError);
    expect(seen).toEqual([100]);
    expect(await tasks[0]).toBe(150);
  });
});

test("2.10: a timeout that is not needed changes nothing", async () => {
  await inVirtualTime(async () => {
    const tasks = [20, 10].map((ms) => createTask(() => after(ms, ms)));
    const seen = await timeout(1000, async () => {
      const results: number[] = [];
      for await (const task of asCompleted(tasks)) results.push(task.result());
      return results;
    });
    expect(seen).toEqual([10, 20]);
  });
});

test("2.10: after steps that were taken by hand, a loop goes on with the rest", async () => {
  await inVirtualTime(async () => {
    const tasks = [40, 30, 20, 10].map((ms) => createTask(() => after(ms, ms)));
    const completed = asCompleted(tasks);
    const seen: number[] = [];
    for (const _ of [1, 2]) seen.push((await completed.next()).value!.result());
    expect(seen).toEqual([10, 20]);
    for await (const task of completed) seen.push(task.result());
    expect(seen).toEqual([10, 20, 30, 40]);
  });
});

test.each([createTask, 5, [Promise.resolve()], [() => 5]])(
  "2.10: what is no iterable of tasks is refused at once",
  (tasks) => {
    expect(() => asCompleted(tasks as never)).toThrow(
      expect.objectContaining({ name: "TypeError", code: "JOINERY_INVALID_ARGUMENT" }),
    );
  },
);
