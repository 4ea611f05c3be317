/** Rules 4.6 and 4.7: which groups take children, and how these start. */

import { AsyncLocalStorage } from "node:async_hooks";
import {
  type CancelledError,
  ExceptionGroup,
  InvalidStateError,
  moveOnAfter,
  shield,
  sleep,
  suspend,
  type Task,
  taskGroup,
  type TaskGroup,
} from "joinery";
import { describe, expect, test } from "vitest";
import { inVirtualTime } from "../support/virtual-clock.ts";

const a = new Error("a");

async function errorsOf(promise: Promise<unknown>): Promise<readonly Error[]> {
  const error = await promise.catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(ExceptionGroup);
  return (error as ExceptionGroup).errors;
}

describe("4.6: createTask", () => {
  test("4.6: is accepted while the group joins, and extends the join", async () => {
    const trace: string[] = [];
    await inVirtualTime(() =>
      taskGroup((group) => {
        group.createTask(async () => {
          await sleep(5);
          group.createTask(async () => {
            await sleep(5);
            trace.push("grandchild");
            group.createTask(() => sleep(5).then(() => trace.push("great-grandchild")));
          });
          trace.push("child");
        });
        trace.push("body");
      }).then(() => trace.push("group over")),
    );
    expect(trace).toEqual(["body", "child", "grandchild", "great-grandchild", "group over"]);
  });

  test("4.6: in a cancelled group gives a task that is born cancelled and never runs", async () => {
    const trace: string[] = [];
    const errors = await inVirtualTime(() =>
      errorsOf(
        taskGroup(async (group) => {
          group.createTask(() => Promise.reject(a));
          await sleep(100).catch(() => {});
          const born = group.createTask(() => void trace.push("runs"));
          trace.push(born.state, String(born.signal.aborted));
          await shield(() => sleep(1), { within: 5 });
          trace.push(born.state, String(born.cancelled()));
          expect(() => born.result()).toThrow(group.signal.reason as Error);
        }),
      ),
    );
    expect(trace).toEqual(["cancelling", "true", "cancelled", "true"]);
    expect(errors).toEqual([a]);
  });

  test("4.6: by a child that dies gives a task that never runs, and no error of its own", async () => {
    const trace: string[] = [];
    const errors = await inVirtualTime(() =>
      errorsOf(
        taskGroup((group) => {
          group.createTask(async () => {
            await sleep(100).finally(() => group.createTask(() => void trace.push("runs")));
          });
          group.createTask(() => sleep(5).then(() => Promise.reject(a)));
        }),
      ),
    );
    expect(trace).toEqual([]);
    expect(errors).toEqual([a]);
  });

  test("4.6: by a child that fails, before the reaction, gives a task that has its first step", async () => {
    const trace: string[] = [];
    const errors = await errorsOf(
      taskGroup((group) => {
        group.createTask(async () => {
          group.createTask(async () => {
            trace.push("first step");
            await sleep(60_000).catch((error: CancelledError) => trace.push(error.source));
          });
          throw a;
        });
      }),
    );
    expect(trace).toEqual(["first step", "sibling-error"]);
    expect(errors).toEqual([a]);
  });

  test("4.6: in a closed group is an InvalidStateError, and fn is not called", async () => {
    const trace: string[] = [];
    let group!: TaskGroup;
    await taskGroup((g) => void (group = g), { name: "early" });
    expect(() => group.createTask(() => void trace.push("called"))).toThrow(InvalidStateError);
    expect(() => group.createTask(() => {})).toThrow(
      expect.objectContaining({ code: "JOINERY_GROUP_CLOSED" }),
    );
    expect(() => group.createTask(() => {})).toThrow(
      /"early" is over: createTask\(\) has to come before its block ends/,
    );
    expect(trace).toEqual([]);
  });

  test("4.6: at any moment around the end is either refused, or keeps the group open", async () => {
    for (let hops = 0; hops < 16; hops++) {
      const trace: string[] = [];
      let last!: Task<void>;
      let group!: TaskGroup;
      await inVirtualTime(async () => {
        const over = taskGroup(async (g) => {
          group = g;
          last = g.createTask(() => sleep(5));
        }).then(() => trace.push("group over"));
        await sleep(0);
        await suspend<void>((wait) => void last.then(() => wait.resolve()));
        for (let hop = 0; hop < hops; hop++) await Promise.resolve();
        let refused = false;
        try {
          group.createTask(() => sleep(5).then(() => trace.push("child over")));
        } catch {
          refused = true;
        }
        await over;
        await sleep(10);
        expect(trace, `after ${hops} microtasks`).toEqual(
          refused ? ["group over"] : ["child over", "group over"],
        );
      });
    }
  });

  test("4.6: right after the last child's own promise has settled is either refused, or keeps the group open", async () => {
    for (let hops = 0; hops < 8; hops++) {
      const trace: string[] = [];
      await inVirtualTime(async () => {
        let work!: Promise<void>;
        let group!: TaskGroup;
        const over = taskGroup((g) => {
          group = g;
          g.createTask(() => (work = sleep(5)));
        }).then(() => trace.push("group over"));
        await sleep(0);
        await work;
        for (let hop = 0; hop < hops; hop++) await Promise.resolve();
        let refused = false;
        try {
          group.createTask(() => sleep(5).then(() => trace.push("child over")));
        } catch {
          refused = true;
        }
        await over;
        await sleep(10);
        expect(trace, `after ${hops} microtasks`).toEqual(
          refused ? ["group over"] : ["child over", "group over"],
        );
      });
    }
  });
});

describe("4.7: children", () => {
  test("4.7: own their errors: an un-awaited handle is no unhandled rejection", async () => {
    expect(
      await errorsOf(taskGroup((group) => void group.createTask(() => Promise.reject(a)))),
    ).toEqual([a]);
    // and no-leaks.ts looks at the unhandled rejections
  });

  test("4.7: start in a later microtask, in order of creation", async () => {
    const trace: string[] = [];
    await taskGroup(async (group) => {
      group.createTask(() => void trace.push("one"));
      group.createTask(async () => void trace.push("two"));
      const three = group.createTask(() => void trace.push("three"));
      trace.push(`body, ${three.state}`);
      queueMicrotask(() => trace.push("a microtask after them"));
      await sleep(0);
      trace.push("body again");
    });
    expect(trace).toEqual([
      "body, new",
      "one",
      "two",
      "three",
      "a microtask after them",
      "body again",
    ]);
  });

  test("4.7: that throw before their first await reject, and createTask does not throw", async () => {
    const trace: string[] = [];
    const errors = await errorsOf(
      taskGroup((group) => {
        const task = group.createTask(() => {
          throw a;
        });
        trace.push(task.state);
      }),
    );
    expect(trace).toEqual(["new"]);
    expect(errors).toEqual([a]);
  });

  test("4.7: run in the asynchronous context of the createTask call", async () => {
    const span = new AsyncLocalStorage<string>();
    const trace: (string | undefined)[] = [];
    await inVirtualTime(() =>
      taskGroup(
        async (group) => {
          const child = async (): Promise<void> => {
            trace.push(span.getStore());
            await sleep(1);
            trace.push(span.getStore());
          };
          span.run("first", () => group.createTask(child));
          span.run("second", () => group.createTask(child)); // waits its turn, and starts in the context of the first
          group.createTask(child);
        },
        { concurrency: 1 },
      ),
    );
    expect(trace).toEqual(["first", "first", "second", "second", undefined, undefined]);
  });

  test("4.7: get their own handle, and belong to the group wherever they were created", async () => {
    const trace: unknown[] = [];
    await inVirtualTime(() =>
      taskGroup(async (outer) => {
        await moveOnAfter(5, async () => {
          const task = outer.createTask(async (self) => {
            await sleep(20);
            trace.push(self === task, outer.tasks.includes(self));
          });
          await sleep(100);
        });
        trace.push("the deadline does not reach it");
      }),
    );
    expect(trace).toEqual(["the deadline does not reach it", true, true]);
  });

  test("4.7: are refused at once when fn is none, and a started promise is named as such", async () => {
    await taskGroup((group) => {
      const create = group.createTask.bind(group) as (fn: unknown) => unknown;
      expect(() => create(undefined)).toThrow(
        expect.objectContaining({ code: "JOINERY_EXPECTED_FUNCTION" }),
      );
      expect(() => create(Promise.resolve())).toThrow(
        expect.objectContaining({ code: "JOINERY_STARTED_PROMISE" }),
      );
      expect(group.tasks).toEqual([]);
    });
  });
});
