/** Several pieces of work that are cancelled together. */

import {
  all,
  allSettled,
  asCompleted,
  CancelledError,
  createTask,
  type ExceptionGroup,
  gather,
  type JoineryEvent,
  moveOnAfter,
  race,
  sleep,
  subscribe,
  taskGroup,
  wait,
} from "joinery";
import { describe, expect, test } from "vitest";
import { takeUnhandledRejections, takeWarnings } from "../support/no-leaks.ts";
import { failAfter } from "../support/work.ts";
import { inVirtualTime } from "../support/virtual-clock.ts";

const broken = new Error("broken");
const caught = (error: unknown): unknown => error;

/** Fails when it is cancelled. */
const failsAtTheEnd = (): Promise<never> =>
  sleep(1000).then(
    () => expect.unreachable(),
    () => Promise.reject(broken),
  );

describe("allSettled", () => {
  test("2: cancelled by its own signal gives no list, though an item fails meanwhile", async () => {
    const controller = new AbortController();
    const error = await inVirtualTime(async () => {
      createTask(() => sleep(5).then(() => controller.abort()));
      return allSettled([failsAtTheEnd], { signal: controller.signal }).catch(caught);
    });
    expect((error as ExceptionGroup).errors).toEqual([broken]);
  });

  test("2: gives the list when it has a signal that nobody aborts", async () => {
    const { signal } = new AbortController();
    const list = await inVirtualTime(() => allSettled([() => failAfter(1, broken)], { signal }));
    expect(list).toEqual([{ status: "rejected", reason: broken }]);
  });
});

test("2: the losers of a race are told why they are cancelled", async () => {
  let reason: unknown;
  await inVirtualTime(() =>
    race([
      () => "first",
      () => sleep(1000).catch((error: CancelledError) => void (reason = error.cause)),
    ]),
  );
  expect(reason).toBe("another item was first");
});

describe("gather with returnExceptions, cancelled", () => {
  test("2: an error that would have stood in the list is a process warning", async () => {
    await inVirtualTime(() =>
      moveOnAfter(5, () => gather([failsAtTheEnd, () => sleep(1)], { returnExceptions: true })),
    );
    expect(await takeWarnings()).toEqual([
      expect.stringMatching(/^JOINERY_LATE_ERROR: task ".*" failed after .*: Error: broken$/),
    ]);
  });

  test("2: but not one that a group reports in any case", async () => {
    const group = inVirtualTime(() =>
      taskGroup(async (children) => {
        const child = children.createTask(failsAtTheEnd);
        await moveOnAfter(5, () => gather([child], { returnExceptions: true }));
      }),
    );
    await expect(group).rejects.toMatchObject({ errors: [broken] });
    expect(await takeWarnings()).toEqual([]);
  });
});

describe("wait", () => {
  test("2.6: that was cancelled has seen nothing: a later error is unhandled again", async () => {
    await inVirtualTime(async () => {
      const task = createTask(() => failAfter(10, broken));
      expect(await moveOnAfter(5, () => wait([task]))).toMatchObject({ expired: true });
      await sleep(10);
    });
    expect(await takeUnhandledRejections()).toEqual([broken]);
  });

  test("2.6: without a timeout opens no scope", async () => {
    const events: JoineryEvent[] = [];
    await inVirtualTime(async () => {
      const task = createTask(() => sleep(1));
      const unsubscribe = subscribe((event) => events.push(event));
      await wait([task]);
      unsubscribe();
    });
    expect(events.filter((event) => event.type === "opened")).toEqual([]);
  });
});

test("2: leaving asCompleted ends a step that is on its way", async () => {
  await inVirtualTime(() =>
    taskGroup(async (group) => {
      const iterator = asCompleted([group.createTask(() => sleep(10))]);
      const step = iterator.next();
      const over = { done: true, value: undefined };
      expect(await iterator.return?.()).toEqual(over);
      expect(await step).toEqual(over);
    }),
  );
});

test("2: the children of all() are told of the failure by the name of the one that failed", async () => {
  let cancelled: unknown;
  const failing = inVirtualTime(() =>
    all({
      bad: () => failAfter(1, broken),
      good: () => sleep(1000).catch((error: CancelledError) => void (cancelled = error)),
    }),
  );
  await expect(failing).rejects.toMatchObject({ errors: [broken] });
  expect(cancelled).toBeInstanceOf(CancelledError);
  expect(cancelled).toMatchObject({ source: "sibling-error", by: "bad", cause: broken });
});
