/** Section 2, the options of `taskGroup` and of its children, and rules 4.8 and 4.10. */

import {
  type CancelledError,
  currentSignal,
  ExceptionGroup,
  shield,
  sleep,
  taskGroup,
  type TaskGroupOptions,
} from "joinery";
import { describe, expect, test } from "vitest";
import { takeWarnings } from "../support/no-leaks.ts";
import { inVirtualTime } from "../support/virtual-clock.ts";

async function messagesOf(promise: Promise<unknown>): Promise<string[]> {
  const error = await promise.catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(ExceptionGroup);
  return (error as ExceptionGroup).errors.map((member) => member.message);
}

async function failAfter(ms: number, message: string): Promise<never> {
  await sleep(ms);
  throw new Error(message);
}

describe("2: a group", () => {
  test("2: resolves with the body's value once every child has ended", async () => {
    const trace: string[] = [];
    const value = await inVirtualTime(() =>
      taskGroup(async (group) => {
        group.createTask(() => sleep(20).then(() => trace.push("slow")));
        group.createTask(() => sleep(10).then(() => trace.push("quick")));
        await sleep(1);
        trace.push("body over");
        return "value";
      }).finally(() => trace.push("group over")),
    );
    expect(trace).toEqual(["body over", "quick", "slow", "group over"]);
    expect(value).toBe("value");
  });

  test("2: needs no child, and its body may be a plain function", async () => {
    expect(await taskGroup(() => 1)).toBe(1);
    expect(await taskGroup(async () => 2)).toBe(2);
  });

  test("2: runs its body at once, and in the task that opened it", async () => {
    const trace: string[] = [];
    const over = taskGroup(() => void trace.push("body"));
    trace.push("after the call");
    await over;
    expect(trace).toEqual(["body", "after the call"]);
  });

  test("2: a body may give a lazy thenable, which runs inside the group", async () => {
    let inside: boolean | undefined;
    await taskGroup((group): PromiseLike<void> => ({
      // oxlint-disable-next-line unicorn/no-thenable -- as query builders are
      then: (onDone, onFailed) => {
        inside = currentSignal() === group.signal;
        return Promise.resolve().then(onDone, onFailed);
      },
    }));
    expect(inside).toBe(true);
  });

  test("2: waits for what a body returns as the body's own wait, which a failure ends", async () => {
    const trace: string[] = [];
    await inVirtualTime(() =>
      taskGroup(async (outer) => {
        const slow = outer.createTask(() => sleep(100));
        slow.then(() => trace.push("slow over")).then(undefined, () => {});
        const failing = taskGroup((group) => {
          group.createTask(() => failAfter(5, "a"));
          return slow;
        });
        trace.push(...(await messagesOf(failing)));
      }),
    );
    expect(trace).toEqual(["a", "slow over"]);
  });
});

describe("2: name", () => {
  test("2: is that of the group, of its cancellation and of its children's errors", async () => {
    const trace: unknown[] = [];
    await taskGroup(
      (group) => {
        trace.push(group.name);
        group.createTask(() => Promise.reject(new Error("a")));
        group.createTask(async ({ signal }) => {
          await sleep(1000).catch(() => trace.push((signal.reason as CancelledError).scope));
        });
      },
      { name: "uploads" },
    ).catch(() => {});
    expect(trace).toEqual(["uploads", "uploads"]);
  });

  test("2: is one with a number when none is given", async () => {
    expect(await taskGroup((group) => group.name)).toMatch(/^group-\d+$/);
  });
});

describe("2: onError", () => {
  test("2: collect lets siblings and body go on, and all errors come out at the end", async () => {
    const trace: string[] = [];
    const messages = await inVirtualTime(() =>
      messagesOf(
        taskGroup(
          async (group) => {
            group.createTask(() => failAfter(5, "a"));
            group.createTask(() => failAfter(15, "b"));
            group.createTask(() => sleep(20).then(() => trace.push("sibling finished")));
            await sleep(10);
            trace.push(`aborted: ${group.signal.aborted}`);
            group.createTask(() => void trace.push("a later child runs"));
          },
          { onError: "collect" },
        ),
      ),
    );
    expect(trace).toEqual(["aborted: false", "a later child runs", "sibling finished"]);
    expect(messages).toEqual(["a", "b"]);
  });

  test("2: collect lets children go on after the body failed, whose error is the last", async () => {
    const trace: string[] = [];
    const messages = await inVirtualTime(() =>
      messagesOf(
        taskGroup(
          (group) => {
            group.createTask(() => sleep(5).then(() => trace.push("finished")));
            group.createTask(() => failAfter(5, "child"));
            throw new Error("body");
          },
          { onError: "collect" },
        ),
      ),
    );
    expect(trace).toEqual(["finished"]);
    expect(messages).toEqual(["child", "body"]);
  });

  test("2: collect with a cancellation from outside gives the errors of both times", async () => {
    const controller = new AbortController();
    const messages = await inVirtualTime(() =>
      messagesOf(
        taskGroup(
          (group) => {
            group.createTask(() => failAfter(1, "before"));
            group.createTask(() => sleep(100).catch(() => Promise.reject(new Error("in cleanup"))));
            group.createTask(() => sleep(5).then(() => controller.abort()));
          },
          { onError: "collect", signal: controller.signal },
        ),
      ),
    );
    expect(messages).toEqual(["before", "in cleanup"]);
  });
});

/** Swallows its cancellation, and goes on for `ms`. */
async function resist(ms: number): Promise<void> {
  await sleep(100).catch(() => {});
  await shield(() => sleep(ms), { within: Infinity });
}

/** How many warnings there are about a child that resists for `ms`. */
async function warningsAfter(ms: number, options: TaskGroupOptions = {}): Promise<number> {
  const nested = (): Promise<void> =>
    taskGroup((inner) => {
      inner.createTask(() => Promise.reject(new Error("a")));
      inner.createTask(() => resist(ms));
    });
  await taskGroup(nested, options).catch(() => {});
  return (await takeWarnings()).length;
}

describe("2: grace", () => {
  test("2: names the tasks that are still there so many milliseconds after the cancel, once", async () => {
    const warnings = await inVirtualTime(async () => {
      await taskGroup(
        (group) => {
          group.createTask(() => failAfter(5, "a"));
          group.createTask(() => resist(100), { name: "stubborn" });
          group.createTask(() => resist(5), { name: "quick" });
        },
        { grace: 10, name: "g" },
      ).catch(() => {});
      return takeWarnings();
    });
    expect(warnings).toHaveLength(1);
    expect(warnings[0]).toMatch(/^JOINERY_RESISTS_CANCEL: .*10 ms/);
    expect(warnings[0]).toMatch(/stubborn/);
    expect(warnings[0]).not.toMatch(/quick/);
  });

  test("2: says nothing when all end in time, or when it is Infinity", async () => {
    await inVirtualTime(async () => {
      for (const [grace, ms] of [
        [10, 5],
        [Infinity, 10_000],
      ] as const) {
        const group = taskGroup(
          (g) => {
            g.createTask(() => failAfter(5, "a"));
            g.createTask(() => resist(ms));
          },
          { grace },
        );
        expect(await messagesOf(group)).toEqual(["a"]);
      }
    });
    expect(await takeWarnings()).toEqual([]);
  });

  test("2: is 5000 ms, and a nested group inherits it", async () => {
    await inVirtualTime(async () => {
      expect(await warningsAfter(4990)).toBe(0);
      expect(await warningsAfter(5010)).toBe(1);
      expect(await warningsAfter(50, { grace: 20 })).toBe(1);
    });
  });
});

describe("4.8 and 4.10: what a group keeps, and what it is not", () => {
  test("4.8: a group keeps no finished children: tasks are those that are not over, in order", async () => {
    const trace: string[][] = [];
    await inVirtualTime(() =>
      taskGroup(async (group) => {
        const note = (): void => void trace.push(group.tasks.map((task) => task.name));
        for (const ms of [30, 10, 20]) group.createTask(() => sleep(ms), { name: `${ms}` });
        note();
        for (const ms of [15, 10, 10]) {
          await sleep(ms);
          note();
        }
      }),
    );
    expect(trace).toEqual([["30", "10", "20"], ["30", "20"], ["30"], []]);
  });

  test("4.8: a cancelled child is gone when it is over, not before; tasks is a snapshot", async () => {
    await inVirtualTime(() =>
      taskGroup(async (group) => {
        const task = group.createTask(() =>
          sleep(100).finally(() => shield(() => sleep(5), { within: 50 })),
        );
        await sleep(1);
        const before = group.tasks;
        task.cancel();
        expect(group.tasks).toEqual([task]);
        await sleep(10);
        expect(group.tasks).toEqual([]);
        expect(before).toEqual([task]);
      }),
    );
  });

  test("4.8: blocks that are open in the body are no tasks", async () => {
    await taskGroup((group) => shield(() => expect(group.tasks).toEqual([]), { within: 5 }));
  });

  test("4.10: a group is no disposable: the callback is the only form", async () => {
    await taskGroup((group) => {
      const dispose =
        (Symbol as { asyncDispose?: symbol }).asyncDispose ?? Symbol.for("nodejs.asyncDispose");
      expect(dispose in group).toBe(false);
      expect(Symbol.dispose in group).toBe(false);
    });
  });
});
