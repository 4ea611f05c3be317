/** Section 2, `Task`: the handle. */

import {
  CancelledError,
  createTask,
  currentTask,
  InvalidStateError,
  moveOnAfter,
  shield,
  sleep,
  type Task,
  taskGroup,
} from "joinery";
import { describe, expect, test } from "vitest";
import { takeUnhandledRejections } from "../support/no-leaks.ts";
import { inVirtualTime } from "../support/virtual-clock.ts";

const a = new Error("a");

describe("2: awaiting a task", () => {
  test("2: gives its value, to several and after the end", async () => {
    const values = await inVirtualTime(() =>
      taskGroup(async (group) => {
        const task = group.createTask(() => sleep(5).then(() => "value"));
        const readers = [1, 2].map((n) => group.createTask(async () => `${await task} ${n}`));
        const seen = [await task, await task];
        for (const reader of readers) seen.push(await reader);
        return seen;
      }),
    );
    expect(values).toEqual(["value", "value", "value 1", "value 2"]);
  });

  test("2: gives its error, the same object to everybody", async () => {
    const seen: unknown[] = [];
    const see = (error: unknown): void => void seen.push(error);
    await inVirtualTime(() =>
      taskGroup(async (group) => {
        const task = group.createTask(() => sleep(5).then(() => Promise.reject(a)));
        await Promise.all([task.then(undefined, see), task.then(undefined, see)]);
        await task.then(undefined, see);
        see(task.exception());
      }).catch(() => {}),
    );
    expect(seen).toEqual([a, a, a, a]);
    expect(new Set(seen).size).toBe(1);
  });

  test("2: is a library wait: it ends with the scope that awaits, and leaves the task alone", async () => {
    const trace: string[] = [];
    await inVirtualTime(() =>
      taskGroup(async (group) => {
        const task = group.createTask(() => sleep(20).then(() => "value"));
        const { expired } = await moveOnAfter(5, async () => await task);
        trace.push(`expired: ${expired}`, task.state);
        trace.push(await task);
      }),
    );
    expect(trace).toEqual(["expired: true", "running", "value"]);
  });

  test("2: as the whole body of a timeout is a wait of that timeout", async () => {
    const trace: string[] = [];
    await inVirtualTime(() =>
      taskGroup(async (group) => {
        const task = group.createTask(() => sleep(20).then(() => trace.push("task over")));
        const { expired } = await moveOnAfter(5, () => task);
        trace.push(`expired: ${expired}`);
      }),
    );
    expect(trace).toEqual(["expired: true", "task over"]);
  });

  test("2: by itself is an InvalidStateError, also from a block inside and when it returns itself", async () => {
    const self = expect.objectContaining({ name: "InvalidStateError", code: "JOINERY_SELF_AWAIT" });
    await taskGroup(async (group) => {
      group.createTask((task) => expect(Promise.resolve(task)).rejects.toEqual(self));
      group.createTask((task) =>
        shield(() => expect(Promise.resolve(task)).rejects.toEqual(self), { within: 5 }),
      );
    });
    const returned = taskGroup((group) => void group.createTask(async (task) => await task));
    await expect(returned).rejects.toMatchObject({ errors: [self] });
  });

  test("2: by itself is found when the function gives its handle back without async", async () => {
    const self = expect.objectContaining({ code: "JOINERY_SELF_AWAIT" });
    await inVirtualTime(async () => {
      const outcome = await moveOnAfter(5, () =>
        taskGroup((group) => void group.createTask((task) => task)).catch(
          (error: unknown) => error,
        ),
      );
      expect(outcome).toMatchObject({ expired: false, value: { errors: [self] } });
    });
  });

  test("2: by a child while its parent waits for that child is no self-await: a cancel ends it", async () => {
    const trace: string[] = [];
    await inVirtualTime(() =>
      moveOnAfter(5, () =>
        taskGroup(async (group) => {
          const parent = currentTask() as Task<unknown>;
          group.createTask(() =>
            Promise.resolve(parent).catch((error: CancelledError) => trace.push(error.source)),
          );
        }),
      ),
    );
    expect(trace).toEqual(["deadline"]);
  });

  test("2: that was cancelled by somebody gives its CancelledError, which is an ordinary error there", async () => {
    const trace: string[] = [];
    await inVirtualTime(() =>
      taskGroup(async (group) => {
        const task = group.createTask(() => sleep(100), { name: "victim" });
        await sleep(1);
        task.cancel("enough");
        await task.then(undefined, (error: CancelledError) =>
          trace.push(`${error.scope}: ${String(error.cause)}`),
        );
        await sleep(1); // not refused: it was not our cancellation
        trace.push("went on");
      }),
    );
    expect(trace).toEqual(["victim: enough", "went on"]);
  });
});

function upload(): void {}

describe("2: state and outcome", () => {
  test("2: goes from new to running to done, failed or cancelled", async () => {
    const trace: string[] = [];
    await inVirtualTime(() =>
      taskGroup(
        async (group) => {
          const done = group.createTask(() => sleep(5));
          const failed = group.createTask(() => sleep(5).then(() => Promise.reject(a)));
          const cancelled = group.createTask(() => sleep(100));
          const note = (): void =>
            void trace.push(
              [done, failed, cancelled].map((t) => `${t.state}${t.done() ? "!" : ""}`).join(" "),
            );
          note();
          await sleep(1);
          note();
          cancelled.cancel();
          note();
          await sleep(10);
          note();
        },
        { onError: "collect" },
      ).catch(() => {}),
    );
    expect(trace).toEqual([
      "new new new",
      "running running running",
      "running running cancelling",
      "done! failed! cancelled!",
    ]);
  });

  test("2: result() and exception() before the end are an InvalidStateError", async () => {
    await taskGroup((group) => {
      const task = group.createTask(() => {}, { name: "slow" });
      for (const early of [() => task.result(), () => task.exception()]) {
        expect(early).toThrow(InvalidStateError);
        expect(early).toThrow(expect.objectContaining({ code: "JOINERY_NOT_DONE" }));
        expect(early).toThrow(/"slow"/);
      }
    });
  });

  test("2: result() and exception() after the end: value, error, and the CancelledError thrown by both", async () => {
    let tasks!: Task<unknown>[];
    await taskGroup((group) => {
      tasks = [
        group.createTask(() => 1),
        group.createTask(() => Promise.reject(a)),
        group.createTask(() => 2),
      ];
      tasks[2]?.cancel();
    }).catch(() => {});
    const [done, failed, cancelled] = tasks as [Task<unknown>, Task<unknown>, Task<unknown>];
    expect([done.result(), done.exception(), done.cancelled()]).toEqual([1, undefined, false]);
    expect(failed.exception()).toBe(a);
    expect(() => failed.result()).toThrow(a);
    expect(failed.cancelled()).toBe(false);
    expect(() => cancelled.result()).toThrow(CancelledError);
    expect(() => cancelled.exception()).toThrow(CancelledError);
  });

  test("2: a throw that is no error is wrapped once, and carried as the cause", async () => {
    const thrown: unknown[] = ["text", undefined, null, 0, { code: 1 }];
    for (const value of thrown) {
      let task!: Task<never>;
      await taskGroup((group) => {
        task = group.createTask(() => {
          throw value;
        });
      }).catch(() => {});
      expect(task.exception()).toBeInstanceOf(Error);
      expect(task.exception()).toMatchObject({ code: "JOINERY_NOT_AN_ERROR", cause: value });
      expect(task.exception()).toBe(task.exception());
    }
  });

  test("2: a thenable that the function returns is waited for, inside the task", async () => {
    const nameOfTask: PromiseLike<string | undefined> = {
      // oxlint-disable-next-line unicorn/no-thenable -- as query builders are
      then: (onDone, onFailed) => Promise.resolve(currentTask()?.name).then(onDone, onFailed),
    };
    const name = await taskGroup((group) => group.createTask(() => nameOfTask, { name: "child" }));
    expect(name).toBe("child");
  });

  test("2: a thenable that throws makes the task fail", async () => {
    const bad: PromiseLike<never> = {
      // oxlint-disable-next-line unicorn/no-thenable -- what it is about
      then: () => {
        throw a;
      },
    };
    const group = taskGroup((g) => void g.createTask(() => bad));
    await expect(group).rejects.toMatchObject({ errors: [a] });
  });

  test("2: the name is the option, or that of the function and a number, or a number; ids differ", async () => {
    await taskGroup((group) => {
      const named = group.createTask(upload, { name: "given" });
      const ofFunction = group.createTask(upload);
      const anonymous = group.createTask(() => {});
      const names = ["given", `upload-${ofFunction.id}`, `task-${anonymous.id}`];
      expect([named.name, ofFunction.name, anonymous.name]).toEqual(names);
      expect([named.name, ofFunction.name, anonymous.name], "asked again").toEqual(names);
      expect(new Set([named.id, ofFunction.id, anonymous.id]).size).toBe(3);
    });
  });
});

describe("2: addDoneCallback", () => {
  test("2: calls with the task when it is over, in order, before anybody goes on who awaits it", async () => {
    const trace: unknown[] = [];
    await inVirtualTime(() =>
      taskGroup(async (group) => {
        const task = group.createTask(() => sleep(5).then(() => "value"));
        task.addDoneCallback((over) => trace.push(over === task, over.state));
        task.addDoneCallback((over) => trace.push(over.result()));
        trace.push(`awaited: ${await task}`);
      }),
    );
    expect(trace).toEqual([true, "done", "value", "awaited: value"]);
  });

  test("2: calls at once for a task that is over, and not at all once it is taken back", async () => {
    const trace: string[] = [];
    await inVirtualTime(() =>
      taskGroup(async (group) => {
        const task = group.createTask(() => sleep(5));
        const takeBack = task.addDoneCallback(() => trace.push("taken back"));
        takeBack();
        await task;
        task.addDoneCallback(() => trace.push("late"));
        takeBack();
      }),
    );
    expect(trace).toEqual(["late"]);
  });

  test("2: hears of a failure and of a cancellation, and takes neither", async () => {
    const states: string[] = [];
    await inVirtualTime(async () => {
      const failed = createTask(() => sleep(5).then(() => Promise.reject(a)));
      const cancelled = createTask(() => sleep(5));
      for (const task of [failed, cancelled]) task.addDoneCallback(() => states.push(task.state));
      await sleep(1);
      cancelled.cancel();
      await sleep(10);
    });
    expect(states).toEqual(["cancelled", "failed"]);
    expect(await takeUnhandledRejections()).toEqual([a]);
  });

  test("2: one that throws is an unhandled rejection, and the rest is told", async () => {
    const trace: string[] = [];
    await inVirtualTime(() =>
      taskGroup((group) => {
        const task = group.createTask(() => sleep(5));
        task.addDoneCallback(() => {
          throw a;
        });
        task.addDoneCallback(() => trace.push("told"));
      }),
    );
    expect(trace).toEqual(["told"]);
    expect(await takeUnhandledRejections()).toEqual([a]);
  });
});
