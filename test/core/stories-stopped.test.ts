/** What happens in every program, second half: the user leaves, time is over, one of ten thousand fails. */

import {
  createTask,
  type ExceptionGroup,
  shield,
  sleep,
  taskGroup,
  timeout,
  TimeoutError,
} from "joinery";
import { describe, expect, test } from "vitest";
import { inVirtualTime } from "../support/virtual-clock.ts";
import { caught, cleanups, Story } from "./fixtures/story.ts";

describe.each(cleanups)("with cleanup by %s", (cleanup) => {
  const first = new Error("first");

  test("1d: when the user cancels, every cleanup is over before the call returns, and the reason is kept", async () => {
    const story = new Story(cleanup);
    const { trace } = story;
    const reasons: unknown[] = [];
    const user = new Error("the user left");
    const error = await story.told(async () => {
      const outer = createTask(
        () =>
          taskGroup((group) => {
            group.createTask(story.worker("A", 1000));
            group.createTask(async () => {
              await taskGroup((inner) => void inner.createTask(story.worker("B", 1000)));
              trace.push("never");
            });
            group.createTask(({ signal }) =>
              sleep(1000).finally(() => reasons.push(signal.reason)),
            );
          }),
        { name: "outer" },
      );
      await sleep(100);
      outer.cancel(user);
      const failure = await caught(outer);
      trace.push("it is over");
      await sleep(5000);
      return failure;
    });
    expect(trace).toEqual([
      "A starts",
      "B starts",
      "A is stopped",
      "B is stopped",
      "A is clean",
      "B is clean",
      "it is over",
    ]);
    expect(error).toMatchObject({
      name: "AbortError",
      source: "explicit",
      by: "main",
      scope: "outer",
      cause: user,
    });
    expect(reasons).toEqual([error]);
    expect(reasons[0]).toBe(error);
  });

  test("1d: when a signal of somebody else aborts, its reason is the cause", async () => {
    const story = new Story(cleanup);
    const { trace } = story;
    const controller = new AbortController();
    const user = new Error("the user left");
    const error = await story.told(() =>
      caught(
        taskGroup(
          async (group) => {
            group.createTask(story.worker("A", 1000));
            await sleep(100);
            controller.abort(user);
          },
          { signal: controller.signal },
        ),
      ),
    );
    expect(trace).toEqual(["A starts", "A is stopped", "A is clean"]);
    expect(error).toMatchObject({ name: "AbortError", source: "signal", cause: user });
  });

  test("1e: a timeout around a group waits for all cleanup and throws a TimeoutError", async () => {
    const story = new Story(cleanup);
    const { trace } = story;
    const error = await story.told(async () => {
      const failure = await caught(
        timeout(100, () =>
          taskGroup((group) => {
            group.createTask(story.worker("A", 300));
            group.createTask(story.worker("B", 300));
          }),
        ),
      );
      trace.push("it is over");
      await sleep(5000);
      return failure;
    });
    expect(trace).toEqual([
      "A starts",
      "B starts",
      "A is stopped",
      "B is stopped",
      "A is clean",
      "B is clean",
      "it is over",
    ]);
    expect(error).toBeInstanceOf(TimeoutError);
    expect(error).toMatchObject({
      code: "JOINERY_TIMEOUT",
      cause: { name: "AbortError", source: "deadline" },
    });
  });

  test("1e: an error during the cleanup after a timeout is not lost", async () => {
    const story = new Story(cleanup);
    const error = await story.told(() =>
      caught(
        timeout(100, () =>
          taskGroup((group) => {
            group.createTask(async () => {
              await sleep(300).catch(() => story.clean());
              throw first;
            });
          }),
        ),
      ),
    );
    expect((error as ExceptionGroup).errors).toEqual([first]);
  });
});

test("1f: of 10,000 items, 50 at a time, nothing runs and nothing starts once one has failed", async () => {
  const seen = { started: 0, running: 0, most: 0, failedAt: 0, runningAtEnd: -1, startedAtEnd: 0 };
  const broken = new Error("item 5000");

  async function item(index: number): Promise<void> {
    seen.started++;
    seen.most = Math.max(seen.most, ++seen.running);
    try {
      await sleep(1 + (index % 5));
      if (index === 5000) throw broken;
    } finally {
      await shield(() => sleep(1), { within: 1000 });
      seen.running--;
    }
  }

  const error = await inVirtualTime(async () => {
    const failure = await caught(
      taskGroup(
        (group) => {
          for (let index = 0; index < 10_000; index++) group.createTask(() => item(index));
          group.signal.addEventListener("abort", () => (seen.failedAt = seen.started));
        },
        { concurrency: 50 },
      ),
    );
    seen.runningAtEnd = seen.running;
    seen.startedAtEnd = seen.started;
    await sleep(5000);
    return failure;
  });

  expect((error as ExceptionGroup).errors).toEqual([broken]);
  expect(seen.most).toBe(50);
  expect(seen.runningAtEnd).toBe(0);
  expect(seen.started).toBe(seen.startedAtEnd);
  expect(seen.started).toBe(seen.failedAt);
  expect(seen.started).toBeGreaterThan(5000);
  expect(seen.started).toBeLessThanOrEqual(5050);
});
