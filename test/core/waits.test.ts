import { describe, expect, test } from "vitest";
import {
  CancelledError,
  checkpoint,
  createTask,
  currentTask,
  moveOnAfter,
  sleep,
  suspend,
  type Parked,
  taskGroup,
  wait,
} from "joinery";
import { takeUnhandledRejections } from "../support/no-leaks.ts";
import { turn } from "../support/turn.ts";
import { inPassingTime } from "../support/virtual-clock.ts";

const caught = (error: unknown): unknown => error;

describe("suspend", () => {
  test("2: resolves or rejects with what it is given, and only once", async () => {
    const parked: Parked<string>[] = [];
    const first = suspend<string>((each) => void parked.push(each));
    const second = suspend<string>((each) => void parked.push(each));
    const boom = new Error("boom");
    expect(parked.map((each) => each.resolve("value"))).toEqual([true, true]);
    expect(parked.map((each) => each.reject(boom))).toEqual([false, false]);
    expect([await first, await second]).toEqual(["value", "value"]);

    const told: boolean[] = [];
    const failing = suspend((each) => void told.push(each.reject(boom), each.reject(boom)));
    expect(await failing.catch(caught)).toBe(boom);
    expect(told).toEqual([true, false]);
  });

  test("2: a park that throws rejects, and leaves no wait", async () => {
    const boom = new Error("boom");
    const failing = suspend(() => {
      throw boom;
    });
    expect(await failing.catch(caught)).toBe(boom);
  });

  test("2: a cancel takes it back, then rejects", async () => {
    const trace: string[] = [];
    await inPassingTime(() =>
      moveOnAfter(10, () =>
        suspend(() => (error) => void trace.push(`taken back: ${error.source}`)).catch(
          (error: unknown) => {
            trace.push(`rejected: ${error instanceof CancelledError}`);
          },
        ),
      ),
    );
    expect(trace).toEqual(["taken back: deadline", "rejected: true"]);
  });

  test("2: one that says false settles itself later", async () => {
    const trace: string[] = [];
    await inPassingTime(() =>
      moveOnAfter(10, () =>
        suspend<string>((parked) => () => {
          setImmediate(() => trace.push(`later: ${parked.resolve("value")}`));
          return false;
        }).then((value) => trace.push(value)),
      ),
    );
    expect(trace).toEqual(["later: true", "value"]);
  });

  test("2: the wait that another one's cancel wakes does not keep the rest asleep", async () => {
    const trace: string[] = [];
    const waits = new Map<string, Parked<string>>();
    const park = (name: string, onCancel: () => void): Promise<unknown> =>
      suspend<string>((parked) => {
        waits.set(name, parked);
        return onCancel;
      }).then(
        (value) => trace.push(`${name}: ${value}`),
        () => trace.push(`${name}: cancelled`),
      );
    await inPassingTime(() =>
      moveOnAfter(10, () =>
        Promise.all([
          park("a", () => void waits.get("b")?.resolve("handed over")),
          park("b", () => expect.unreachable("it has its value")),
          park("c", () => {}),
          park("d", () => {}),
        ]),
      ),
    );
    expect(trace).toEqual(["b: handed over", "a: cancelled", "c: cancelled", "d: cancelled"]);
  });

  test("2: it is taken back once, also when its scope and its signal are both cancelled", async () => {
    const reasons: unknown[] = [];
    const controller = new AbortController();
    await inPassingTime(() =>
      moveOnAfter(10, () =>
        suspend<void>(
          (parked) => (error) => {
            reasons.push(error.source);
            setImmediate(() => {
              controller.abort();
              parked.resolve();
            });
            return false;
          },
          { signal: controller.signal },
        ),
      ),
    );
    expect(reasons).toEqual(["deadline"]);
  });

  test("2: ends with a signal of its own as well, in whatever scope", async () => {
    const controller = new AbortController();
    const waiting = suspend(() => {}, { signal: controller.signal, label: "own" });
    controller.abort("why");
    expect(await waiting.catch(caught)).toMatchObject({ source: "signal", cause: "why" });
    expect(await suspend(() => {}, { signal: controller.signal }).catch(caught)).toMatchObject({
      cause: "why",
    });
  });
});

describe("sleep and checkpoint", () => {
  test("2: a time that is over still lets a turn pass", async () => {
    const trace: string[] = [];
    for (const ms of [0, -1, -Infinity]) {
      setImmediate(() => trace.push("turn"));
      await sleep(ms);
      trace.push(`slept ${ms}`);
    }
    expect(trace).toEqual(["turn", "slept 0", "turn", "slept -1", "turn", "slept -Infinity"]);
  });

  test("2: sleeps end in order of their times, whatever the order of the calls", async () => {
    const trace: number[] = [];
    await inPassingTime(() =>
      Promise.all([30, 10, 20, 0].map((ms) => sleep(ms).then(() => trace.push(ms)))),
    );
    expect(trace).toEqual([0, 10, 20, 30]);
  });

  test("2: an infinite sleep ends with its scope", async () => {
    const result = await inPassingTime(() => moveOnAfter(10, () => sleep(Infinity)));
    expect(result.expired).toBe(true);
  });

  test("2: a checkpoint lets others go on, and throws when its scope is cancelled", async () => {
    const trace: string[] = [];
    await inPassingTime(() =>
      taskGroup(async (group) => {
        const task = group.createTask(async () => {
          for (let i = 0; ; i++) {
            trace.push(`computes ${i}`);
            await checkpoint();
          }
        });
        await turn(1);
        trace.push("others");
        task.cancel();
      }),
    );
    expect(trace).toEqual(["computes 0", "others"]);
  });

  test("2: in a catch that takes everything, a checkpoint tells a cancel from an error", async () => {
    const trace: string[] = [];
    const work = async (fail: boolean): Promise<void> => {
      try {
        if (fail) throw new Error("ordinary");
        await sleep(1000);
      } catch {
        await checkpoint();
        trace.push("went on");
      }
    };
    await inPassingTime(async () => {
      await work(true);
      await moveOnAfter(5, () => work(false));
    });
    expect(trace).toEqual(["went on"]);
  });

  test("2: a checkpoint with a signal looks at that", async () => {
    await checkpoint({ signal: new AbortController().signal });
    expect(await checkpoint({ signal: AbortSignal.abort("x") }).catch(caught)).toMatchObject({
      cause: "x",
    });
  });
});

describe("awaiting a task", () => {
  test("2: ends with the scope that awaits, and leaves the task alone", async () => {
    const trace: string[] = [];
    await inPassingTime(() =>
      taskGroup(async (group) => {
        const task = group.createTask(() => sleep(20).then(() => trace.push("task went on")));
        const result = await moveOnAfter(10, async () => await task);
        trace.push(`expired: ${result.expired}`);
        await wait([task]);
        expect(task.state).toBe("done");
      }),
    );
    expect(trace).toEqual(["expired: true", "task went on"]);
  });

  test("2: so it does when the function merely returns the task", async () => {
    const trace: string[] = [];
    await inPassingTime(() =>
      taskGroup(async (group) => {
        const task = group.createTask(() => sleep(30).then(() => trace.push("task went on")));
        const follower = group.createTask(() => task);
        const result = await moveOnAfter(10, () => task);
        trace.push(`expired: ${result.expired}`);
        follower.cancel();
        await wait([follower]);
        trace.push(`follower: ${follower.state}`);
      }),
    );
    expect(trace).toEqual(["expired: true", "follower: cancelled", "task went on"]);
  });

  test("2: the error of a background task whose only waiter gave up before is not lost", async () => {
    const boom = new Error("boom");
    await inPassingTime(async () => {
      const task = createTask(() => sleep(20).then(() => Promise.reject(boom)));
      await moveOnAfter(10, async () => await task);
      await sleep(20);
      expect(task.done()).toBe(true);
    });
    expect(await takeUnhandledRejections()).toEqual([boom]);
  });

  test.each([
    ["() => task", (): PromiseLike<unknown> | undefined => currentTask()],
    ["async () => task", async (): Promise<unknown> => currentTask()],
    ["async () => await task", async (): Promise<unknown> => await currentTask()],
  ])("2: a task that awaits itself gets an InvalidStateError: %s", async (_, main) => {
    await inPassingTime(async () => {
      const task = createTask(main);
      await moveOnAfter(10, async () => await task).catch(() => {});
      expect(task.state).toBe("failed");
      expect(task.exception()).toMatchObject({
        name: "InvalidStateError",
        code: "JOINERY_SELF_AWAIT",
        message: `task "${task.name}" awaits itself, and would wait for ever.`,
      });
    });
  });
});

test("2: an error while it is taken back is the error of that wait, and the rest is woken", async () => {
  const boom = new Error("cannot be taken back");
  await inPassingTime(async () => {
    const outcome = await moveOnAfter(10, () =>
      Promise.allSettled([
        suspend(() => () => {
          throw boom;
        }),
        sleep(1000),
        taskGroup((group) => void group.createTask(() => sleep(1000))),
      ]),
    );
    const [first, second, third] = outcome.value ?? [];
    expect(first).toEqual({ status: "rejected", reason: boom });
    expect([second, third]).toMatchObject([
      { reason: { source: "deadline" } },
      { reason: { source: "deadline" } },
    ]);
  });
});
