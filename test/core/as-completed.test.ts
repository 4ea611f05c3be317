import { describe, expect, test } from "vitest";
import { asCompleted, createTask, moveOnAfter, sleep, type Task, taskGroup, wait } from "joinery";
import { takeUnhandledRejections } from "../support/no-leaks.ts";
import { inVirtualTime } from "../support/virtual-clock.ts";

const task = (ms: number): Task<number> =>
  createTask(() => sleep(ms).then(() => ms), { name: `${ms} ms` });

test("2.10: gives the handles themselves, in the order in which they end", async () => {
  await inVirtualTime(async () => {
    const tasks = [30, 10, 20].map(task);
    const seen: unknown[] = [];
    for await (const each of asCompleted(tasks)) {
      expect(tasks).toContain(each);
      seen.push([each.name, each.result(), each.state]);
    }
    expect(seen).toEqual([
      ["10 ms", 10, "done"],
      ["20 ms", 20, "done"],
      ["30 ms", 30, "done"],
    ]);
  });
});

test("2.10: those that are over come first, those that end together in order of their end", async () => {
  await inVirtualTime(async () => {
    const early = task(5);
    await early;
    const seen: string[] = [];
    for await (const each of asCompleted([task(10), early, task(10)]))
      seen.push(`${each.name} ${each.id > early.id}`);
    expect(seen).toEqual(["5 ms false", "10 ms true", "10 ms true"]);
  });
});

test("2.10: throws no error of a task, and shows failed and cancelled ones", async () => {
  await inVirtualTime(async () => {
    const failing = createTask(() => Promise.reject(new Error("boom")));
    const victim = task(10);
    victim.cancel();
    const states: string[] = [];
    for await (const each of asCompleted<Task<unknown>>([failing, victim, task(5)]))
      states.push(each.state);
    expect(states.toSorted()).toEqual(["cancelled", "done", "failed"]);
    expect(states.at(-1)).toBe("done");
    expect(failing.exception()).toMatchObject({ message: "boom" });
  });
});

test("2.10: duplicates collapse; without tasks the loop ends at once", async () => {
  await inVirtualTime(async () => {
    const one = task(5);
    let count = 0;
    for await (const each of asCompleted([one, one])) count += each.result() / 5;
    for await (const _ of asCompleted([])) count += 100;
    expect(count).toBe(1);
  });
});

test("2.10: leaving the loop early leaves the rest running", async () => {
  await inVirtualTime(async () => {
    const slow = task(50);
    for await (const each of asCompleted([slow, task(5)])) {
      expect(each.name).toBe("5 ms");
      break;
    }
    expect(slow.state).toBe("running");
    expect(await slow).toBe(50);
  });
});

test("2.10: the error of a background task that fails after the loop was left is not lost", async () => {
  const boom = new Error("boom");
  await inVirtualTime(async () => {
    const failing = createTask(() => sleep(20).then(() => Promise.reject(boom)));
    for await (const _ of asCompleted([failing as Task<unknown>, task(5)])) break;
    await wait([task(30)]);
    expect(failing.done()).toBe(true);
  });
  expect(await takeUnhandledRejections()).toEqual([boom]);
});

test("2.10: a step that is cancelled loses no handle: the next one gives it", async () => {
  const trace: string[] = [];
  await inVirtualTime(async () => {
    const completed = asCompleted([task(20), task(30)]);
    trace.push(`expired: ${(await moveOnAfter(10, () => completed.next())).expired}`);
    await sleep(50);
    for await (const each of completed) trace.push(each.name);
  });
  expect(trace).toEqual(["expired: true", "20 ms", "30 ms"]);
});

test("2.10: a step ends with the signal, too", async () => {
  await inVirtualTime(async () => {
    const completed = asCompleted([task(20)], { signal: AbortSignal.abort("why") });
    expect(await completed.next().catch((error: unknown) => error)).toMatchObject({
      source: "signal",
      cause: "why",
    });
  });
});

test("2.10: after the last there is no more, however often one asks", async () => {
  await inVirtualTime(async () => {
    const completed = asCompleted([task(5)]);
    expect((await completed.next()).value?.name).toBe("5 ms");
    expect([await completed.next(), await completed.next()]).toEqual([
      { done: true, value: undefined },
      { done: true, value: undefined },
    ]);
    expect(completed[Symbol.asyncIterator]()).toBe(completed);
  });
});

describe("steps that are taken at once", () => {
  test("2.10: each gets a handle of its own, in order", async () => {
    await inVirtualTime(async () => {
      const completed = asCompleted([20, 10].map(task));
      const steps = await moveOnAfter(100, () =>
        Promise.all([completed.next(), completed.next(), completed.next()]),
      );
      expect(steps.expired).toBe(false);
      expect(steps.value?.map((step) => step.value?.name)).toEqual(["10 ms", "20 ms", undefined]);
    });
  });

  test("2.10: one that is parked ends when the iterator is returned", async () => {
    await inVirtualTime(async () => {
      const slow = task(20);
      const completed = asCompleted([slow]);
      const step = completed.next();
      await completed.return?.();
      expect(await moveOnAfter(10, async () => await step)).toEqual({
        expired: false,
        value: { done: true, value: undefined },
      });
      await slow;
    });
  });
});

test("2.10: in a group, the error of a child is shown and still the group's", async () => {
  const states: string[] = [];
  const error = await inVirtualTime(() =>
    taskGroup(
      async (group) => {
        const tasks = [
          group.createTask(() => Promise.reject(new Error("boom"))),
          group.createTask(() => sleep(5)),
        ];
        for await (const each of asCompleted<Task<unknown>>(tasks)) states.push(each.state);
      },
      { onError: "collect" },
    ),
  ).catch((reason: unknown) => reason);
  expect(states).toEqual(["failed", "done"]);
  expect((error as AggregateError).errors.map(String)).toEqual(["Error: boom"]);
});

test("2: an error that somebody has seen before stays seen, also when two loops over it are left early", async () => {
  await inVirtualTime(async () => {
    const lone = createTask(() => Promise.reject(new Error("seen")));
    await lone.then(undefined, () => {});
    const [one, other] = [asCompleted([lone]), asCompleted([lone])];
    await one.return?.();
    await sleep(1);
    await other.return?.();
  });
  expect(await takeUnhandledRejections()).toEqual([]);
});

test("2: an error that was unhandled before it is left unseen once more is reported once", async () => {
  await inVirtualTime(async () => {
    const lone = createTask(() => Promise.reject(new Error("alone")));
    await sleep(1);
    await asCompleted([lone]).return?.();
    await sleep(1);
  });
  expect(await takeUnhandledRejections()).toEqual([new Error("alone")]);
});
