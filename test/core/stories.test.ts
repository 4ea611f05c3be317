/** Six things that happen to every program, and what becomes of them. */

import {
  all,
  CancelledError,
  createTask,
  ExceptionGroup,
  shield,
  sleep,
  taskGroup,
  timeout,
  TimeoutError,
} from "joinery";
import { beforeEach, describe, expect, test } from "vitest";
import { takeUnhandledRejections } from "../support/no-leaks.ts";
import { inVirtualTime, VirtualClock } from "../support/virtual-clock.ts";

let clock: VirtualClock;
let finished: Map<number, Promise<void>>;

beforeEach(() => {
  clock = new VirtualClock();
  finished = new Map();
});

/** Two ways to clean up for 50 ms: with a library wait behind a shield, and with somebody else's promise. */
const cleanups: Record<string, () => Promise<void>> = {
  "a shielded wait": () => shield(() => sleep(50), { within: 1000 }),
  "a foreign promise": () => foreignWork(50),
};

/** As a driver of a database does it: knows of no scope, and ends together what is due together. */
function foreignWork(ms: number): Promise<void> {
  const at = clock.now() + ms;
  const work = finished.get(at) ?? new Promise((done) => void clock.setTimeout(done, ms));
  finished.set(at, work);
  return work;
}

/** Sleeps for `ms`, then returns or throws; cleans up in any case. */
function worker(
  name: string,
  ms: number,
  trace: string[],
  clean: () => Promise<void>,
  error?: Error,
) {
  return async (): Promise<string> => {
    trace.push(`${name} starts`);
    try {
      await sleep(ms);
      if (error) throw error;
      trace.push(`${name} returns`);
      return name;
    } catch (reason) {
      trace.push(`${name} ${reason instanceof CancelledError ? "is stopped" : "fails"}`);
      throw reason;
    } finally {
      await clean();
      trace.push(`${name} is clean`);
    }
  };
}

/** Runs a story on the clock of this test. */
function told<R>(story: () => Promise<R>): Promise<R> {
  return inVirtualTime(story, { clock, name: "main" });
}

function caught(work: Promise<unknown>): Promise<unknown> {
  return work.then(
    (value) => expect.unreachable(`it returned ${String(value)}`),
    (error: unknown) => error,
  );
}

describe.each(Object.entries(cleanups))("with cleanup by %s", (_, clean) => {
  const first = new Error("first");
  const second = new RangeError("second");

  test("1a: results stand in the order of the items, whatever their order of completion", async () => {
    const trace: string[] = [];
    const results = await told(() =>
      all([30, 10, 20].map((ms) => worker(`${ms} ms`, ms, trace, clean))),
    );
    expect(results).toEqual(["30 ms", "10 ms", "20 ms"]);
    expect(trace.filter((line) => line.endsWith("returns"))).toEqual([
      "10 ms returns",
      "20 ms returns",
      "30 ms returns",
    ]);
  });

  test("1b: two fail, two are stopped, all are awaited, and one error has both", async () => {
    const trace: string[] = [];
    const error = await told(async () => {
      const failure = await caught(
        taskGroup((group) => {
          group.createTask(worker("A", 100, trace, clean, first));
          group.createTask(worker("B", 100, trace, clean, second));
          group.createTask(worker("C", 200, trace, clean));
          group.createTask(worker("D", 200, trace, clean));
        }),
      );
      trace.push("the group is over");
      return failure;
    });
    expect(trace).toEqual([
      ...["A starts", "B starts", "C starts", "D starts"],
      ...["A fails", "B fails"],
      ...["A is clean", "B is clean"],
      ...["C is stopped", "D is stopped"],
      ...["C is clean", "D is clean"],
      "the group is over",
    ]);
    expect(error).toBeInstanceOf(ExceptionGroup);
    expect((error as ExceptionGroup).errors).toEqual([first, second]);
    expect((error as ExceptionGroup).message).toBe("unhandled errors in a TaskGroup");
    expect(await takeUnhandledRejections()).toEqual([]);
  });

  test("1c: an inner failure stops the job that the outer group has in the background", async () => {
    const trace: string[] = [];
    const error = await told(async () => {
      const failure = await caught(
        taskGroup(async (outer) => {
          outer.createTask(worker("the job", 10_000, trace, clean), { background: true });
          await taskGroup((inner) => {
            inner.createTask(worker("good", 1000, trace, clean));
            inner.createTask(worker("bad", 100, trace, clean, first));
          });
          trace.push("never");
        }),
      );
      trace.push("the outer group is over");
      return failure;
    });
    expect(trace).toEqual([
      ...["the job starts", "good starts", "bad starts"],
      ...["bad fails", "bad is clean"],
      ...["good is stopped", "good is clean"],
      ...["the job is stopped", "the job is clean"],
      "the outer group is over",
    ]);
    expect((error as ExceptionGroup).errors).toMatchObject([
      { name: "ExceptionGroup", errors: [first] },
    ]);
  });

  test("1c: an inner failure that is caught leaves the outer job alone", async () => {
    const trace: string[] = [];
    await told(() =>
      taskGroup(async (outer) => {
        outer.createTask(worker("the job", 300, trace, clean));
        const inner = taskGroup(
          (group) => void group.createTask(worker("bad", 100, trace, clean, first)),
        );
        expect(await caught(inner)).toMatchObject({ errors: [first] });
        trace.push("caught");
      }),
    );
    expect(trace).toEqual([
      ...["the job starts", "bad starts", "bad fails", "bad is clean", "caught"],
      ...["the job returns", "the job is clean"],
    ]);
  });

  test("1d: when the user cancels, every cleanup is over before the call returns, and the reason is kept", async () => {
    const trace: string[] = [];
    const reasons: unknown[] = [];
    const user = new Error("the user left");
    const error = await told(async () => {
      const outer = createTask(
        () =>
          taskGroup((group) => {
            group.createTask(worker("A", 1000, trace, clean));
            group.createTask(async () => {
              await taskGroup((inner) => void inner.createTask(worker("B", 1000, trace, clean)));
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
      const failure = await caught(Promise.resolve(outer));
      trace.push("it is over");
      await sleep(5000);
      return failure;
    });
    expect(trace).toEqual([
      ...["A starts", "B starts"],
      ...["A is stopped", "B is stopped"],
      ...["A is clean", "B is clean"],
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
    const trace: string[] = [];
    const controller = new AbortController();
    const user = new Error("the user left");
    const error = await told(() =>
      caught(
        taskGroup(
          async (group) => {
            group.createTask(worker("A", 1000, trace, clean));
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
    const trace: string[] = [];
    const error = await told(async () => {
      const failure = await caught(
        timeout(100, () =>
          taskGroup((group) => {
            group.createTask(worker("A", 300, trace, clean));
            group.createTask(worker("B", 300, trace, clean));
          }),
        ),
      );
      trace.push("it is over");
      await sleep(5000);
      return failure;
    });
    expect(trace).toEqual([
      ...["A starts", "B starts", "A is stopped", "B is stopped"],
      ...["A is clean", "B is clean", "it is over"],
    ]);
    expect(error).toBeInstanceOf(TimeoutError);
    expect(error).toMatchObject({
      code: "JOINERY_TIMEOUT",
      cause: { name: "AbortError", source: "deadline" },
    });
  });

  test("1e: an error during the cleanup after a timeout is not lost", async () => {
    const error = await told(() =>
      caught(
        timeout(100, () =>
          taskGroup((group) => {
            group.createTask(async () => {
              try {
                await sleep(300);
              } finally {
                await clean();
                throw first;
              }
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

  const error = await told(async () => {
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
