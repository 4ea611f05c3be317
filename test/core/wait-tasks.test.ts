import { describe, expect, test } from "vitest";
import { createTask, moveOnAfter, sleep, type Task, wait } from "joinery";
import { inVirtualTime } from "../support/virtual-clock.ts";

const caught = (error: unknown): unknown => error;
const names = (tasks: ReadonlySet<Task<unknown>>): string[] => [...tasks].map(({ name }) => name);

/** A task that ends after `ms` as its name says: "done", "failed" or "cancelled". */
function task(ms: number, name: string): Task<unknown> {
  return createTask(
    async (self) => {
      await sleep(ms);
      if (name.startsWith("failed")) throw new Error(name);
      if (name.startsWith("cancelled")) {
        self.cancel();
        await sleep(1);
      }
    },
    { name },
  );
}

describe("returnWhen", () => {
  test("2.6: ALL_COMPLETED is the default, and throws no error of a task", async () => {
    await inVirtualTime(async () => {
      const { done, pending } = await wait([
        task(10, "done"),
        task(5, "failed"),
        task(7, "cancelled"),
      ]);
      expect([names(done), names(pending)]).toEqual([["done", "failed", "cancelled"], []]);
    });
  });

  test("2.6: FIRST_COMPLETED returns with the first, in whatever way it ended", async () => {
    await inVirtualTime(async () => {
      for (const name of ["done", "failed", "cancelled"]) {
        const slow = task(50, "slow");
        const { done, pending } = await wait([slow, task(5, name)], {
          returnWhen: "FIRST_COMPLETED",
        });
        expect([names(done), names(pending)]).toEqual([[name], ["slow"]]);
        expect(slow.state).toBe("running");
      }
    });
  });

  test("2.6: FIRST_COMPLETED may return several, that end together", async () => {
    await inVirtualTime(async () => {
      const { done } = await wait([task(5, "done a"), task(9, "slow"), task(5, "done b")], {
        returnWhen: "FIRST_COMPLETED",
      });
      expect(names(done)).toEqual(["done a", "done b"]);
    });
  });

  test("2.6: FIRST_EXCEPTION returns with the first failure, and takes a cancelled task for none", async () => {
    await inVirtualTime(async () => {
      const tasks = [task(20, "slow"), task(5, "done"), task(10, "failed"), task(7, "cancelled")];
      const { done, pending } = await wait(tasks, { returnWhen: "FIRST_EXCEPTION" });
      expect([names(done), names(pending)]).toEqual([["done", "failed", "cancelled"], ["slow"]]);
    });
  });

  test("2.6: FIRST_EXCEPTION without a failure waits for all", async () => {
    await inVirtualTime(async () => {
      const { done, pending } = await wait([task(20, "done"), task(5, "cancelled")], {
        returnWhen: "FIRST_EXCEPTION",
      });
      expect([names(done), names(pending)]).toEqual([["done", "cancelled"], []]);
    });
  });

  test("2.6: tasks that are over already count at once", async () => {
    await inVirtualTime(async () => {
      const failed = task(1, "failed");
      await wait([failed]);
      for (const returnWhen of ["FIRST_COMPLETED", "FIRST_EXCEPTION"] as const) {
        const { done, pending } = await wait([task(20, "slow"), failed], { returnWhen });
        expect([names(done), names(pending)]).toEqual([["failed"], ["slow"]]);
      }
      expect(names((await wait([failed])).done)).toEqual(["failed"]);
    });
  });
});

describe("timeout", () => {
  test("2.6: returns what is done so far, and cancels nothing", async () => {
    await inVirtualTime(async () => {
      const slow = task(50, "slow");
      const { done, pending } = await wait([task(5, "done"), slow], { timeout: 10 });
      expect([names(done), names(pending), slow.state]).toEqual([["done"], ["slow"], "running"]);
      expect(await slow).toBeUndefined();
    });
  });

  test("2.6: a time that is over looks and returns", async () => {
    await inVirtualTime(async () => {
      for (const timeout of [0, -1]) {
        const { done, pending } = await wait([task(5, "slow")], { timeout });
        expect([names(done), names(pending)]).toEqual([[], ["slow"]]);
      }
    });
  });
});

describe("what it is given", () => {
  test("2.6: duplicates collapse, the handles are the ones given, any iterable will do", async () => {
    await inVirtualTime(async () => {
      const one = task(5, "done");
      const { done } = await wait(
        (function* () {
          yield one;
          yield one;
        })(),
      );
      expect([...done]).toHaveLength(1);
      expect(done.has(one)).toBe(true);
    });
  });

  test("2.6: nothing, and what is no task, is refused", async () => {
    expect(await wait([]).catch(caught)).toMatchObject({
      name: "RangeError",
      code: "JOINERY_NO_ITEMS",
    });
    for (const bad of [Promise.resolve(), async () => {}, undefined]) {
      expect(await wait([bad as never]).catch(caught)).toMatchObject({
        name: "TypeError",
        code: "JOINERY_INVALID_ARGUMENT",
      });
    }
  });
});

describe("cancellation", () => {
  test("2.6: ends the wait, and leaves the tasks alone", async () => {
    await inVirtualTime(async () => {
      const slow = task(50, "done");
      expect((await moveOnAfter(10, () => wait([slow]))).expired).toBe(true);
      expect(slow.state).toBe("running");
      await slow;
    });
  });

  test("2.6: a signal ends it, also together with a timeout", async () => {
    const controller = new AbortController();
    await inVirtualTime(async () => {
      const slow = task(50, "done");
      const waiting = wait([slow], { signal: controller.signal, timeout: 40 }).catch(caught);
      await sleep(5);
      controller.abort("why");
      expect(await waiting).toMatchObject({ source: "signal", cause: "why" });
      await slow;
    });
  });
});
