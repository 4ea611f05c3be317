import { all, moveOnAfter, sleep, taskGroup } from "joinery";
import { BoundedSemaphore, Semaphore } from "joinery/sync";
import { describe, expect, test } from "vitest";
import { inVirtualTime } from "../support/virtual-clock.ts";

describe.each([
  ["a semaphore", Semaphore],
  ["a bounded semaphore", BoundedSemaphore],
])("%s", (_, Class) => {
  test("lets as many in as it says, and the others in order of arrival", async () => {
    const semaphore = new Class(2);
    const trace: string[] = [];
    await inVirtualTime(() =>
      all(
        ["a", "b", "c", "d"].map((name, i) => async () => {
          using token = await semaphore.acquire();
          void token;
          trace.push(`${name} in`);
          await sleep(5 + i);
          trace.push(`${name} out`);
        }),
      ),
    );
    expect(trace).toEqual(["a in", "b in", "a out", "c in", "b out", "d in", "c out", "d out"]);
    expect(semaphore.statistics()).toEqual({ value: 2, waiting: 0 });
  });

  test("hands a permit over: nobody barges in, and it is locked while somebody waits", async () => {
    const semaphore = new Class(1);
    const token = await semaphore.acquire();
    const waiting = semaphore.acquire();
    token.release();
    token.release();
    expect([semaphore.locked(), semaphore.tryAcquire()]).toEqual([true, undefined]);
    (await waiting).release();
    expect(semaphore.locked()).toBe(false);
    semaphore.tryAcquire()?.release();
    expect(semaphore.statistics()).toEqual({ value: 1, waiting: 0 });
  });

  test("a permit that comes with the cancel is kept, and passed on", async () => {
    const semaphore = new Class(1);
    const trace: string[] = [];
    await inVirtualTime(() =>
      taskGroup(async (group) => {
        const token = await semaphore.acquire();
        const woken = group.createTask(() =>
          semaphore.with(() => sleep(1).catch(() => trace.push("cancelled"))),
        );
        group.createTask(() => semaphore.with(() => void trace.push("next")));
        await sleep(1);
        token.release();
        woken.cancel();
      }),
    );
    expect(trace).toEqual(["cancelled", "next"]);
  });

  test("a cancelled waiter leaves no trace", async () => {
    const semaphore = new Class(1);
    const token = await semaphore.acquire();
    expect(await inVirtualTime(() => moveOnAfter(5, () => semaphore.acquire()))).toEqual({
      expired: true,
      value: undefined,
    });
    expect(semaphore.statistics()).toEqual({ value: 0, waiting: 0 });
    token.release();
    expect(semaphore.statistics()).toEqual({ value: 1, waiting: 0 });
  });
});

test("a semaphore rises above the value it began with", () => {
  const semaphore = new Semaphore(1);
  semaphore.release();
  expect(semaphore.statistics().value).toBe(2);
});

test("a semaphore may begin at 0, and be released before it is acquired", async () => {
  const semaphore = new Semaphore(0);
  const waiting = semaphore.acquire();
  expect(semaphore.statistics()).toEqual({ value: 0, waiting: 1 });
  semaphore.release();
  await waiting;
  expect(semaphore.locked()).toBe(true);
});

test("a bounded semaphore does not rise above the value it began with", () => {
  const semaphore = new BoundedSemaphore(1, { name: "seats" });
  expect(() => semaphore.release()).toThrow(
    expect.objectContaining({
      name: "InvalidStateError",
      code: "JOINERY_NOT_HELD",
      message: 'semaphore "seats" was released more often than it was acquired.',
    }),
  );
});
