/** Section 2, `Task`: cancelling one. */

import { CancelledError, shield, sleep, taskGroup } from "joinery";
import { describe, expect, test } from "vitest";
import { inVirtualTime } from "../support/virtual-clock.ts";

describe("2: cancel", () => {
  test("3.6: before the first step: the function never runs", async () => {
    const trace: string[] = [];
    await taskGroup(async (group) => {
      const task = group.createTask(() => void trace.push("ran"));
      trace.push(String(task.cancel()), task.state);
      await sleep(0);
      trace.push(task.state, String(task.cancelled()));
    });
    expect(trace).toEqual(["true", "cancelling", "cancelled", "true"]);
  });

  test("2: twice is one cancellation: the first reason wins, and the cleanup is not interrupted", async () => {
    const trace: string[] = [];
    await inVirtualTime(() =>
      taskGroup(async (group) => {
        const task = group.createTask(async () => {
          await sleep(100).catch((error: CancelledError) => trace.push(String(error.cause)));
          await shield(() => sleep(20), { within: 50 });
          trace.push("cleaned up");
          await sleep(0);
        });
        await sleep(1);
        trace.push(String(task.cancel("first")));
        await sleep(1);
        trace.push(String(task.cancel("second")), task.state);
        await task.then(undefined, (error: CancelledError) => trace.push(String(error.cause)));
      }),
    );
    expect(trace).toEqual(["true", "first", "true", "cancelling", "cleaned up", "first"]);
  });

  test("2: after the end returns false and changes nothing", async () => {
    await inVirtualTime(() =>
      taskGroup(async (group) => {
        const task = group.createTask(() => "value");
        await task;
        expect(task.cancel("late")).toBe(false);
        expect([task.state, task.cancelled(), task.result(), task.signal.aborted]).toEqual([
          "done",
          false,
          "value",
          false,
        ]);
      }),
    );
  });

  test("2: of the running task by itself acts at its next wait; a value that is ready is kept", async () => {
    await inVirtualTime(() =>
      taskGroup(async (group) => {
        const waits = group.createTask(async (task) => {
          task.cancel("self");
          await sleep(0);
        });
        const returns = group.createTask(async (task) => {
          task.cancel("self");
          return "value";
        });
        await sleep(5);
        expect([waits.state, returns.state]).toEqual(["cancelled", "done"]);
        expect(returns.result()).toBe("value");
      }),
    );
  });

  test("2: in the turn in which it is woken does not take what it has got", async () => {
    const trace: string[] = [];
    await inVirtualTime(() =>
      taskGroup(async (group) => {
        const task = group.createTask(async () => {
          await sleep(5);
          trace.push("woken");
          await sleep(5);
          trace.push("not reached");
        });
        await sleep(5);
        task.cancel();
      }),
    );
    expect(trace).toEqual(["woken"]);
  });

  test("3.3: says who asked, by name", async () => {
    const errors: CancelledError[] = [];
    await inVirtualTime(() =>
      taskGroup(async (group) => {
        const one = group.createTask(() => sleep(100), { name: "one" });
        group.createTask(() => void one.cancel("why"), { name: "asker" });
        await one.then(undefined, (error: CancelledError) => errors.push(error));
      }),
    );
    expect(errors).toHaveLength(1);
    expect(errors[0]).toMatchObject({
      source: "explicit",
      by: "asker",
      scope: "one",
      cause: "why",
    });
    expect(errors[0]).toBeInstanceOf(CancelledError);
  });

  test("3.3: aborts its signal with that same error, also one that is asked for later", async () => {
    await inVirtualTime(() =>
      taskGroup(async (group) => {
        const pairs: unknown[][] = [];
        const early = group.createTask(({ signal }) =>
          sleep(100).catch((error: unknown) => pairs.push([signal.reason, error])),
        );
        const late = group.createTask(() => sleep(100));
        await sleep(1);
        early.cancel();
        late.cancel();
        const error = await late.then(undefined, (reason: unknown) => reason);
        expect(pairs).toHaveLength(1);
        expect(pairs[0]?.[0]).toBe(pairs[0]?.[1]);
        expect(late.signal.aborted).toBe(true);
        expect(late.signal.reason).toBe(error);
        expect(late.signal).toBe(late.signal);
      }),
    );
  });

  test("2: with { signal }: cancels that child alone, before and after its start", async () => {
    const controller = new AbortController();
    const trace: string[] = [];
    await inVirtualTime(() =>
      taskGroup(async (group) => {
        const { signal } = controller;
        const task = group.createTask(() => sleep(100), { signal });
        const other = group.createTask(() => sleep(10).then(() => "other"));
        await sleep(1);
        controller.abort("why");
        await task.then(undefined, (error: CancelledError) =>
          trace.push(`${error.source}: ${String(error.cause)}`),
        );
        const born = group.createTask(() => void trace.push("ran"), { signal });
        await sleep(0);
        trace.push(born.state, await other);
      }),
    );
    expect(trace).toEqual(["signal: why", "cancelled", "other"]);
  });
});
