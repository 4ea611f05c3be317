import {
  checkpoint,
  createTask,
  type Parked,
  sleep,
  suspend,
  type Task,
  taskGroup,
  timeout,
} from "joinery";
import {
  explore,
  type ExhaustiveOptions,
  ScheduleError,
  type SeededOptions,
} from "joinery/testing";
import { afterEach, describe, expect, test } from "vitest";
import { caught } from "../core/fixtures/story.ts";
import { failAfter } from "../support/work.ts";

/** Where tasks wait until they are notified; who comes later waits for the next time. */
class Bell {
  readonly #waiting = new Set<Parked<void>>();

  wait(): Promise<void> {
    return suspend<void>((wait) => {
      this.#waiting.add(wait);
      return () => void this.#waiting.delete(wait);
    });
  }

  ring(): void {
    for (const wait of this.#waiting) wait.resolve();
    this.#waiting.clear();
  }
}

/** A lock, first come, first served. */
class Latch {
  #held = false;
  readonly #queue: Parked<void>[] = [];

  async acquire(): Promise<void> {
    if (this.#held) await suspend<void>((wait) => void this.#queue.push(wait));
    this.#held = true;
  }

  release(): void {
    this.#held = false;
    this.#queue.shift()?.resolve();
  }
}

const ask = async (): Promise<void> => createTask(() => {}, { name: "bank" });

/** Looks, waits, and writes what it has seen. In the usual order, the first is done before the second looks. */
async function lostUpdate(): Promise<void> {
  let balance = 0;
  const pay = async (): Promise<void> => {
    const before = balance;
    await ask();
    balance = before + 10;
  };
  await taskGroup((group) => {
    group.createTask(pay, { name: "a" });
    group.createTask(() => ask().then(pay), { name: "b" });
  });
  if (balance !== 20) throw new Error(`the balance is ${balance}`);
}

/** Takes two latches in both orders; in the usual order of steps, the first has both before the second begins. */
async function deadlock(): Promise<void> {
  const [left, right] = [new Latch(), new Latch()];
  const both = async (first: Latch, second: Latch): Promise<void> => {
    await first.acquire();
    await second.acquire();
    second.release();
    first.release();
  };
  await taskGroup((group) => {
    group.createTask(() => both(left, right), { name: "a" });
    group.createTask(
      async () => {
        await checkpoint();
        await both(right, left);
      },
      { name: "b" },
    );
    group.createTask(
      async () => {
        await left.acquire();
        await checkpoint();
        left.release();
      },
      { name: "c" },
    );
  });
}

/** Rings before somebody waits, unless the waiter comes first, as it usually does. */
async function lostWakeup(): Promise<void> {
  const bell = new Bell();
  await taskGroup((group) => {
    group.createTask(() => bell.wait(), { name: "waiter" });
    group.createTask(() => bell.ring(), { name: "ringer" });
  });
}

const tick = (): Promise<void> => checkpoint();

async function manySteps(): Promise<void> {
  for (let i = 0; i < 150; i++) await sleep(1);
  throw new RangeError("enough");
}

async function awaitedTasks(): Promise<void> {
  const tasks = [createTask(tick), createTask(tick), createTask(tick, { name: "x".repeat(50) })];
  for (const task of tasks) await task;
  await suspend<void>((wait) => void wait.resolve(), { label: "row db-5" });
  throw new Error("enough");
}

const fail = (): Promise<never> => failAfter(10, new Error("failed"));

const always = (): Promise<never> => Promise.reject(new Error("always"));

async function cancelledTask(): Promise<void> {
  const task = createTask(() => sleep(5));
  task.cancel();
  await task;
}

/** The orders in which tasks with the names of `letters` start, in every schedule that is run. */
async function orders(
  letters: string,
  options: SeededOptions | ExhaustiveOptions,
): Promise<{ all: string[]; complete: boolean }> {
  const all: string[] = [];
  const { complete } = await explore(async () => {
    let order = "";
    await taskGroup((group) => {
      for (const name of letters) group.createTask(() => void (order += name));
    });
    all.push(order);
  }, options);
  return { all, complete };
}

const twice = (): Promise<void> =>
  taskGroup((group) => {
    for (const name of ["a", "b"]) group.createTask(() => checkpoint(), { name });
  });

async function failure(
  body: () => unknown,
  options?: SeededOptions | ExhaustiveOptions,
): Promise<ScheduleError> {
  const error = await caught(explore(body, options));
  expect(error).toBeInstanceOf(ScheduleError);
  return error as ScheduleError;
}

afterEach(() => void delete process.env["JOINERY_SEED"]);

describe.each([
  ["a lost update", lostUpdate, { message: "the balance is 10" }],
  ["a deadlock", deadlock, { code: "JOINERY_DEADLOCK" }],
  ["a lost wake-up", lostWakeup, { code: "JOINERY_DEADLOCK" }],
])("%s", (_, body, cause) => {
  test("does not show in the usual order", async () => {
    expect(await explore(body, { seeds: 1 })).toEqual({ schedules: 1, complete: false });
  });

  test("is found at random within 100 schedules", async () => {
    expect(await failure(body)).toMatchObject({ code: "JOINERY_SCHEDULE_FAILED", cause });
  });

  test("is found by going through all schedules, within 100 of them", async () => {
    const error = await failure(body, { exhaustive: true, limit: 100 });
    expect(error).toMatchObject({ cause });
  });

  test.each<[string, SeededOptions | ExhaustiveOptions]>([
    ["a random one", {}],
    ["one of all", { exhaustive: true }],
  ])("replays from its seed: %s", async (__, options) => {
    const { seed, trace } = await failure(body, options);
    process.env["JOINERY_SEED"] = seed;
    let runs = 0;
    const replayed = await failure(
      () => {
        runs++;
        return body();
      },
      { name: body.name },
    );
    expect([replayed.seed, replayed.trace, runs]).toEqual([seed, trace, 1]);
  });
});

describe("the error", () => {
  test("shows the seed, the steps as a table, and what went wrong", async () => {
    const error = await failure(lostWakeup, { exhaustive: true });
    expect(error.message.split("\n").slice(0, 10)).toMatchInlineSnapshot(`
      [
        "Schedule 2 fails. JOINERY_SEED=path:1 replays this one.",
        "",
        "step  ms  pick    lostWakeup    ringer     waiter",
        "   1   0          its start",
        "   2   0  2 of 2                its start",
        "   3   0                                   its start",
        "   4   0                                   suspend",
        "   5   0          its children",
        "",
        "DeadlockError: Every task waits, no timer is set, and nothing is to come from outside:",
      ]
    `);
  });

  test("shows the end of a long schedule", async () => {
    const error = await failure(manySteps, { seeds: 1 });
    const lines = error.trace.split("\n");
    expect(lines).toHaveLength(102);
    expect([lines[1], lines[2], lines.at(-1)]).toEqual([
      "… 51 steps before",
      "  52   51        sleep",
      " 151  150        sleep",
    ]);
    expect(error.message.endsWith("\n\nRangeError: enough")).toBe(true);
  });

  test("calls tasks without a name by their order, and cuts long names", async () => {
    const { trace } = await failure(awaitedTasks, { seeds: 1 });
    expect(trace).toContain(" tick-1 ");
    expect(trace).toContain(' task "tick-2"');
    expect(trace).toContain(" row db-5");
    expect(trace).toContain(`${"x".repeat(29)}…`);
  });
});

describe("at random", () => {
  test("every seed is a schedule of its own, and the same each time", async () => {
    const { all: once, complete } = await orders("abcde", { seeds: 8 });
    expect([once[0], complete]).toEqual(["abcde", false]);
    expect(new Set(once).size).toBeGreaterThan(6);
    const again = await orders("abcde", { seeds: [7, 3] });
    expect(again.all).toEqual([once[7], once[3]]);
  });

  test("100 schedules are run if nobody says how many", async () => {
    expect(await explore(twice)).toEqual({ schedules: 100, complete: false });
  });
});

describe("exhaustively", () => {
  test("the seed of the usual order is one too", async () => {
    const { seed } = await failure(always, { exhaustive: true });
    process.env["JOINERY_SEED"] = seed;
    expect((await failure(always)).seed).toBe(seed);
  });

  test("every order is run once, the usual one first, then those with one difference", async () => {
    expect(await orders("abc", { exhaustive: true, bound: Infinity })).toEqual({
      all: ["abc", "bac", "cab", "acb", "bca", "cba"],
      complete: true,
    });
  });

  test("the bound is how many may have to wait for a later one", async () => {
    const none = await orders("abc", { exhaustive: true, bound: 0 });
    const one = await orders("abc", { exhaustive: true, bound: 1 });
    const two = await orders("abc", { exhaustive: true });
    expect(none).toEqual({ all: ["abc"], complete: true });
    expect(one).toEqual({ all: ["abc", "bac", "acb"], complete: true });
    expect(two).toEqual({ all: ["abc", "bac", "cab", "acb", "bca"], complete: true });
  });

  test("no more than the limit are run, and the result says so", async () => {
    const some = await orders("abc", { exhaustive: true, bound: Infinity, limit: 3 });
    expect(some).toEqual({ all: ["abc", "bac", "cab"], complete: false });
  });

  test("a test that does not repeat itself is found out", async () => {
    let run = 0;
    const body = (): Promise<void> => {
      run++;
      return taskGroup((group) => {
        for (let i = 0; i < (run === 1 ? 3 : 2); i++) group.createTask(() => {});
      });
    };
    const error = await caught(explore(body, { exhaustive: true }));
    expect(error).toMatchObject({ name: "InvalidStateError", code: "JOINERY_NOT_REPEATABLE" });
  });

  test("so is one that has no such step any more when it is replayed", async () => {
    process.env["JOINERY_SEED"] = "path:5";
    expect(await caught(explore(twice))).toMatchObject({ code: "JOINERY_NOT_REPEATABLE" });
  });
});

test("time passes as in virtual time, and begins where it is told to", async () => {
  const seen = new Set<number>();
  await explore(
    async (clock) => {
      await timeout(1000, () => sleep(10_000)).catch(() => {});
      seen.add(clock.now());
    },
    { seeds: 3, start: 500 },
  );
  expect([...seen]).toEqual([1500]);
});

test("failures of one turn are reported together in every schedule", async () => {
  const result = await explore(
    async () => {
      const error = await caught(
        taskGroup((group) => {
          for (let i = 0; i < 3; i++) group.createTask(fail);
        }),
      );
      expect(error).toMatchObject({ errors: { length: 3 } });
    },
    { exhaustive: true, bound: 3 },
  );
  expect(result.complete).toBe(true);
});

test("a cancellation around it comes out as it is", async () => {
  await taskGroup(
    async (group) => {
      const exploring: Task<unknown> = group.createTask(() =>
        explore(() => {
          group.cancel();
          return sleep(5);
        }),
      );
      await expect(exploring).rejects.toMatchObject({ name: "AbortError" });
    },
    { cancellable: true },
  );
  const signal = AbortSignal.abort("enough");
  expect(await caught(explore(() => sleep(5), { signal }))).toMatchObject({ cause: "enough" });
});

test("a body that throws a cancellation that is not its own has failed", async () => {
  expect((await failure(cancelledTask)).cause).toMatchObject({ name: "AbortError" });
});

test.each<[string, unknown, unknown, string]>([
  ["no body", 5, {}, "JOINERY_EXPECTED_FUNCTION"],
  ["no schedules", twice, { seeds: 0 }, "JOINERY_INVALID_ARGUMENT"],
  ["no options", twice, null, "JOINERY_INVALID_ARGUMENT"],
  ["a start that is none", twice, { start: NaN }, "JOINERY_INVALID_TIME"],
  ["seeds of another kind", twice, { seeds: "12" }, "JOINERY_INVALID_ARGUMENT"],
  ["seeds that are none", twice, { seeds: [1, -1] }, "JOINERY_INVALID_ARGUMENT"],
  ["a bound that is none", twice, { exhaustive: true, bound: -1 }, "JOINERY_INVALID_ARGUMENT"],
  ["a limit that is none", twice, { exhaustive: true, limit: 0.5 }, "JOINERY_INVALID_ARGUMENT"],
])("it refuses %s", async (_, body, options, code) => {
  expect(await caught(explore(body as never, options as never))).toMatchObject({ code });
});

test("with JOINERY_SEED only that schedule is run, also if it passes", async () => {
  process.env["JOINERY_SEED"] = "17";
  expect(await orders("abc", { seeds: 1 })).toEqual({ all: ["cab"], complete: false });
});

test.each(["x", "-1", "path:a", "path:1."])("it refuses JOINERY_SEED=%s", async (seed) => {
  process.env["JOINERY_SEED"] = seed;
  expect(await caught(explore(twice))).toMatchObject({ code: "JOINERY_INVALID_ARGUMENT" });
});
