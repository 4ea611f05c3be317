/** Rule 4.5: `group.cancel(reason)` ends a group without an error, and the type says so. */

import {
  type CancelledError,
  type CancellableTaskGroup,
  ExceptionGroup,
  moveOnAfter,
  shield,
  sleep,
  taskGroup,
  type TaskGroup,
} from "joinery";
import { describe, expect, test } from "vitest";
import { inVirtualTime } from "../support/virtual-clock.ts";

const cancellable = { cancellable: true } as const;
const a = new Error("a");

async function errorsOf(promise: Promise<unknown>): Promise<readonly Error[]> {
  const error = await promise.catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(ExceptionGroup);
  return (error as ExceptionGroup).errors;
}

describe("4.5: group.cancel()", () => {
  test("4.5: cancels the body and the children, awaits their cleanup, and the block goes on without an error", async () => {
    const trace: string[] = [];
    const result = await inVirtualTime(() =>
      taskGroup(async (group) => {
        group.createTask(async () => {
          try {
            await sleep(100);
          } catch (error) {
            trace.push(
              `child: ${(error as CancelledError).source}, ${String((error as CancelledError).cause)}`,
            );
            await shield(() => sleep(20), { within: 50 });
            trace.push("child cleaned up");
            throw error;
          }
        });
        group.createTask(
          async () => {
            await sleep(5);
            group.cancel("found");
            trace.push("asked");
            await sleep(1).catch((error: CancelledError) => trace.push(`asker: ${error.by}`));
          },
          { name: "finder" },
        );
        await sleep(100);
        return "not reached";
      }, cancellable),
    );
    expect(trace).toEqual(["asked", "child: explicit, found", "asker: finder", "child cleaned up"]);
    expect(result).toEqual({ cancelled: true, value: undefined });
  });

  test("4.5: gives the body's value if it returned", async () => {
    const result = await inVirtualTime(() =>
      taskGroup((group) => {
        group.createTask(() => sleep(100));
        group.createTask(() => sleep(5).then(() => group.cancel()));
        return "value";
      }, cancellable),
    );
    expect(result).toEqual({ cancelled: true, value: "value" });
  });

  test("4.5: a body that never waits again returns its value", async () => {
    const result = await taskGroup((group) => {
      group.cancel();
      return "value";
    }, cancellable);
    expect(result).toEqual({ cancelled: true, value: "value" });
  });

  test("4.5: the result says that the group was not cancelled when it was not", async () => {
    expect(await taskGroup(() => "value", cancellable)).toEqual({
      cancelled: false,
      value: "value",
    });
  });

  test("4.5: nothing leaks out: the next wait after the block is not refused", async () => {
    const trace: string[] = [];
    await inVirtualTime(async () => {
      await taskGroup((group) => group.cancel(), cancellable);
      await sleep(1);
      trace.push("slept");
    });
    expect(trace).toEqual(["slept"]);
  });

  test("4.5: an error before it still comes out, also one of the same turn", async () => {
    const trace: string[] = [];
    const group = taskGroup(async (g) => {
      const failing = g.createTask(() => Promise.reject(a));
      await failing.then(undefined, () => {});
      g.cancel("too late");
      await sleep(1).catch((error: CancelledError) => trace.push(error.source));
    }, cancellable);
    expect(await errorsOf(group)).toEqual([a]);
    expect(trace).toEqual(["explicit"]);
  });

  test("4.5: an error during the wind-down still comes out, of a child and of the body", async () => {
    const b = new Error("b");
    const errors = await inVirtualTime(() =>
      errorsOf(
        taskGroup(async (group) => {
          group.createTask(() => sleep(100).catch(() => Promise.reject(a)));
          group.createTask(() => sleep(5).then(() => group.cancel()));
          await sleep(100).catch(() => Promise.reject(b));
        }, cancellable),
      ),
    );
    expect(errors).toEqual([a, b]);
  });

  test("4.5: an outer cancel before it goes on", async () => {
    const trace: string[] = [];
    const { expired } = await inVirtualTime(() =>
      moveOnAfter(5, () =>
        taskGroup(async (group) => {
          await sleep(100).catch((error: unknown) => {
            group.cancel();
            throw error;
          });
        }, cancellable).finally(() => trace.push("out")),
      ),
    );
    expect([expired, ...trace]).toEqual([true, "out"]);
  });

  test("4.5: an outer cancel during the wind-down wins, whether the body returned or not", async () => {
    const trace: string[] = [];
    const windDown = (body: () => Promise<void> | void): Promise<unknown> =>
      moveOnAfter(10, () =>
        taskGroup((group) => {
          group.createTask(() => sleep(100).finally(() => shield(() => sleep(20), { within: 50 })));
          group.createTask(() => sleep(5).then(() => group.cancel()));
          return body();
        }, cancellable).then(
          () => trace.push("swallowed"),
          (error: CancelledError) => {
            trace.push(error.source);
            throw error;
          },
        ),
      );
    await inVirtualTime(async () => {
      expect(await windDown(() => sleep(100))).toEqual({ expired: true, value: undefined });
      expect(await windDown(() => {})).toEqual({ expired: true, value: undefined });
    });
    expect(trace).toEqual(["deadline", "deadline"]);
  });

  test("4.5: a repeated one does nothing: the first reason stays", async () => {
    const trace: string[] = [];
    const result = await inVirtualTime(() =>
      taskGroup(async (group) => {
        group.createTask(async () => {
          await sleep(100).catch((error: CancelledError) => trace.push(String(error.cause)));
          await shield(() => sleep(10), { within: 50 });
          group.cancel("third");
          trace.push("cleaned up");
        });
        await sleep(1);
        group.cancel("first");
        group.cancel("second");
        await sleep(1).catch((error: CancelledError) => trace.push(String(error.cause)));
      }, cancellable),
    );
    expect(trace).toEqual(["first", "first", "cleaned up"]);
    expect(result).toEqual({ cancelled: true, value: undefined });
  });

  test("4.5: a late one does nothing", async () => {
    let handle!: CancellableTaskGroup;
    const result = await taskGroup((group) => {
      handle = group;
      return "value";
    }, cancellable);
    handle.cancel("late");
    expect(result).toEqual({ cancelled: false, value: "value" });
    expect(handle.signal.aborted).toBe(false);
  });

  test("4.5: ends the waits of a nested group, which lets it pass", async () => {
    const trace: string[] = [];
    const result = await inVirtualTime(() =>
      taskGroup(async (outer) => {
        outer.createTask(() => sleep(5).then(() => outer.cancel()));
        await taskGroup(async (inner) => {
          inner.createTask(() => sleep(100).finally(() => trace.push("inner child over")));
        }).finally(() => trace.push("inner over"));
        trace.push("not reached");
      }, cancellable),
    );
    expect(trace).toEqual(["inner child over", "inner over"]);
    expect(result).toEqual({ cancelled: true, value: undefined });
  });

  test("4.5: of an inner group leaves the outer one alone", async () => {
    const result = await inVirtualTime(() =>
      taskGroup(async (outer) => {
        const task = outer.createTask(() => sleep(20).then(() => "outer child"));
        const inner = await taskGroup(async (group) => {
          group.cancel();
          await sleep(1);
        }, cancellable);
        return [inner.cancelled, await task];
      }),
    );
    expect(result).toEqual([true, "outer child"]);
  });

  test("4.5: in a plain group it is refused, with what to do", async () => {
    const group = taskGroup((g: TaskGroup) => (g as CancellableTaskGroup).cancel());
    const [error] = await errorsOf(group);
    expect(error).toMatchObject({ name: "InvalidStateError", code: "JOINERY_NOT_CANCELLABLE" });
    expect(error?.message).toMatch(/cancellable: true/);
  });
});
