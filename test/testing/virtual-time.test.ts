import {
  abandonable,
  all,
  checkpoint,
  createTask,
  currentTask,
  moveOnAfter,
  run,
  type Scheduler,
  shield,
  sleep,
  suspend,
  taskGroup,
  timeLeft,
  timeout,
  timeoutAt,
} from "joinery";
import { withVirtualTime } from "joinery/testing";
import { describe, expect, test } from "vitest";
import { caught } from "../core/fixtures/story.ts";
import { turn } from "../support/turn.ts";
import { after } from "../support/work.ts";

const day = 24 * 60 * 60 * 1000;

/** Somebody else's work, in real time. */
const foreign = <T>(value: T): Promise<T> =>
  new Promise((resolve) => void setTimeout(resolve, 5, value));

const nameOfTask = (): string | undefined => currentTask()?.name;

describe("time", () => {
  test("begins at 0, passes while all wait, and stands still while anybody works", async () => {
    await withVirtualTime(async (clock) => {
      expect(clock.now()).toBe(0);
      await sleep(day);
      expect(clock.now()).toBe(day);
      await turn(20);
      expect(clock.now()).toBe(day);
    });
  });

  test("begins where it is told to", async () => {
    await withVirtualTime(
      async (clock) => {
        await timeoutAt(1_000_500, () => sleep(1000)).catch(() => {});
        expect(clock.now()).toBe(1_000_500);
      },
      { start: 1_000_000 },
    );
  });

  test("is that of deadlines and of all that is built on them", async () => {
    const trace: unknown[] = [];
    await withVirtualTime(async (clock) => {
      await timeout(100, async () => {
        trace.push(timeLeft());
        await sleep(40);
        trace.push(timeLeft());
      });
      trace.push(await moveOnAfter(60, () => sleep(day)), clock.now());
      trace.push(await all([() => after(20, "a"), () => after(10, "b")]), clock.now());
    });
    const moved = { expired: true, value: undefined };
    expect(trace).toEqual([100, 60, moved, 100, ["a", "b"], 120]);
  });

  test("jumps from timer to timer, and brings those of one time together", async () => {
    const trace: string[] = [];
    await withVirtualTime((clock) =>
      taskGroup((group) => {
        for (const ms of [30, 10, 20, 10]) {
          group.createTask(async () => {
            await sleep(ms);
            trace.push(`${ms} at ${clock.now()}`);
          });
        }
      }),
    );
    expect(trace).toEqual(["10 at 10", "10 at 10", "20 at 20", "30 at 30"]);
  });

  test("passes for tasks that a limit keeps waiting, and for a run inside", async () => {
    await withVirtualTime(async (clock) => {
      await all(
        Array.from({ length: 4 }, () => () => sleep(10)),
        { concurrency: 2 },
      );
      expect(clock.now()).toBe(20);
      await run(async () => {
        createTask(() => sleep(10));
        await sleep(5);
      });
      expect(clock.now()).toBe(25);
    });
  });

  test("is one for two runs that share the clock, each with timers of its own", async () => {
    const trace: string[] = [];
    const scheduler: Scheduler = { ready: (step) => step.proceed() };
    await withVirtualTime((clock) => {
      const work = (ms: number) => async (): Promise<void> => {
        await sleep(ms);
        trace.push(`${ms} at ${clock.now()}`);
      };
      return all([work(5), () => run(work(10), { scheduler }), work(20)]);
    });
    expect(trace).toEqual(["5 at 5", "10 at 10", "20 at 20"]);
  });

  test("passes for cleanup that waits", async () => {
    await withVirtualTime(async (clock) => {
      await moveOnAfter(10, async () => {
        try {
          await sleep(day);
        } finally {
          await shield(() => sleep(30), { within: 100 });
        }
      });
      await taskGroup((group) => group.defer(() => sleep(60)));
      expect(clock.now()).toBe(100);
    });
  });

  test("does not jump while somebody lets turns pass", async () => {
    const trace: string[] = [];
    await withVirtualTime((clock) =>
      taskGroup((group) => {
        group.createTask(async () => {
          for (let i = 0; i < 50; i++) await checkpoint();
          trace.push(`50 checkpoints at ${clock.now()}`);
        });
        group.createTask(async () => {
          await sleep(1);
          trace.push(`slept at ${clock.now()}`);
        });
      }),
    );
    expect(trace).toEqual(["50 checkpoints at 0", "slept at 1"]);
  });

  test("a day in steps of a minute, of ten tasks, is over at once", async () => {
    let steps = 0;
    await withVirtualTime((clock) =>
      taskGroup((group) => {
        for (let i = 0; i < 10; i++) {
          group.createTask(async () => {
            for (; clock.now() < day; steps++) await sleep(60_000);
          });
        }
      }),
    );
    expect(steps).toBe(10 * 24 * 60);
  });
});

describe("what is not joinery's", () => {
  test("holds the clock back until it settles", async () => {
    const trace: string[] = [];
    await withVirtualTime((clock) =>
      taskGroup((group) => {
        group.createTask(async () => {
          await foreign(undefined);
          trace.push(`foreign at ${clock.now()}`);
        });
        group.createTask(async () => {
          await sleep(1);
          trace.push(`slept at ${clock.now()}`);
        });
      }),
    );
    expect(trace).toEqual(["foreign at 0", "slept at 1"]);
  });

  test("holds it back also in the body of a group whose children wait", async () => {
    await withVirtualTime((clock) =>
      taskGroup(async (group) => {
        group.createTask(() => sleep(10), { background: true });
        await foreign(undefined);
        expect(clock.now()).toBe(0);
      }),
    );
  });

  test("does not hold it back if it may be left behind at any time", async () => {
    await withVirtualTime(async (clock) => {
      let settle: (() => void) | undefined;
      const slow = new Promise<void>((resolve) => (settle = resolve));
      const result = await moveOnAfter(1000, () => abandonable(slow, { label: "slow" }));
      expect([result.expired, clock.now()]).toEqual([true, 1000]);
      settle?.();
    });
  });

  test("is waited for when nothing else is left: that is no deadlock", async () => {
    const value = await withVirtualTime(() => abandonable(foreign("late"), { label: "slow" }));
    expect(value).toBe("late");
  });

  test("may be a wait of one's own that says so", async () => {
    const resource = { kind: "socket", name: "8080", foreign: true };
    const read = (): Promise<string> =>
      suspend<string>((wait) => void foreign("read").then((text) => wait.resolve(text)), {
        resource,
      });
    expect(await withVirtualTime(read)).toBe("read");
  });

  test("may be a task outside, which lives in its own time", async () => {
    const outside = createTask(async () => {
      await sleep(5);
      return "from outside";
    });
    expect(await withVirtualTime(() => outside)).toBe("from outside");
  });

  test("may be a virtual time inside, which moves by itself", async () => {
    await withVirtualTime((outer) =>
      taskGroup((group) => {
        group.createTask(() => sleep(1));
        group.createTask(() =>
          withVirtualTime(async (inner) => {
            for (let i = 0; i < 5; i++) await sleep(day);
            expect([outer.now(), inner.now()]).toEqual([0, 5 * day]);
          }),
        );
      }),
    );
  });
});

describe("advance", () => {
  test("moves the clock, and waits until all that was due is done", async () => {
    const trace: string[] = [];
    await withVirtualTime((clock) =>
      taskGroup(async (group) => {
        group.createTask(
          async () => {
            for (let i = 1; ; i++) {
              await sleep(10);
              await checkpoint();
              trace.push(`tick ${i} at ${clock.now()}`);
            }
          },
          { background: true },
        );
        for (const ms of [9, 1, 25]) {
          await clock.advance(ms);
          trace.push(`${clock.now()}`);
        }
      }),
    );
    expect(trace).toEqual(["9", "tick 1 at 10", "10", "tick 2 at 20", "tick 3 at 30", "35"]);
  });

  test("by nothing, or by a time that is over, lets the others come to rest", async () => {
    const trace: string[] = [];
    await withVirtualTime((clock) =>
      taskGroup(async (group) => {
        for (const ms of [0, -5]) {
          group.createTask(async () => {
            await checkpoint();
            trace.push("ran");
          });
          await clock.advance(ms);
          trace.push(`at ${clock.now()}`);
        }
      }),
    );
    expect(trace).toEqual(["ran", "at 0", "ran", "at 0"]);
  });

  test("takes a number", async () => {
    const error = await withVirtualTime((clock) => caught(clock.advance(NaN)));
    expect(error).toMatchObject({ code: "JOINERY_INVALID_TIME" });
  });
});

describe("it is a run", () => {
  test("with the value of the body, and its error as it is", async () => {
    const error = new Error("mine");
    expect(await withVirtualTime(() => 5)).toBe(5);
    expect(await caught(withVirtualTime(() => Promise.reject(error)))).toBe(error);
  });

  test("whose main task has the name that is given, or that of the body", async () => {
    expect(await withVirtualTime(nameOfTask)).toBe("nameOfTask");
    expect(await withVirtualTime(() => nameOfTask())).toBe("main");
    expect(await withVirtualTime(nameOfTask, { name: "test" })).toBe("test");
  });

  test("that a signal cancels", async () => {
    const controller = new AbortController();
    const body = (): Promise<void> => {
      controller.abort("enough");
      return sleep(day);
    };
    const error = await caught(withVirtualTime(body, { signal: controller.signal }));
    expect(error).toMatchObject({ source: "signal", cause: "enough" });
  });

  test("that waits for what is left over", async () => {
    const trace: string[] = [];
    await withVirtualTime(async (clock) => {
      createTask(async () => {
        try {
          await sleep(day);
        } finally {
          await shield(() => sleep(10), { within: 100 });
          trace.push(`over at ${clock.now()}`);
        }
      });
      await sleep(1);
    });
    expect(trace).toEqual(["over at 11"]);
  });

  test.each([
    ["no body", () => withVirtualTime(5 as never), "JOINERY_EXPECTED_FUNCTION"],
    ["a promise", () => withVirtualTime(Promise.resolve() as never), "JOINERY_STARTED_PROMISE"],
    ["options", () => withVirtualTime(() => {}, null as never), "JOINERY_INVALID_ARGUMENT"],
    ["start", () => withVirtualTime(() => {}, { start: NaN }), "JOINERY_INVALID_TIME"],
    [
      "stuckAfter",
      () => withVirtualTime(() => {}, { stuckAfter: "1" as never }),
      "JOINERY_INVALID_TIME",
    ],
  ])("that refuses what it cannot use: %s", async (_, call, code) => {
    expect(await caught(call())).toMatchObject({ code });
  });
});
