import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type * as Joinery from "joinery";
import { turn } from "../support/turn.ts";
import type * as VirtualTime from "../support/virtual-clock.ts";

let joinery: typeof Joinery;
let inVirtualTime: typeof VirtualTime.inVirtualTime;

/** A fresh copy of the package, on a runtime without `node:` modules: a page in a browser. */
beforeEach(async () => {
  vi.resetModules();
  vi.spyOn(process, "getBuiltinModule").mockReturnValue(undefined);
  joinery = await import("joinery");
  ({ inVirtualTime } = await import("../support/virtual-clock.ts"));
});

afterEach(() => {
  expect(joinery.statistics()).toEqual({ tasks: 0, scopes: 0, timers: 0, listeners: 0, ghosts: 0 });
  vi.restoreAllMocks();
  vi.resetModules();
});

const caught = (error: unknown): unknown => error;
const noAmbient = { name: "InvalidStateError", code: "JOINERY_NO_AMBIENT_SCOPE" };

describe("the ambient calls say that they cannot know", () => {
  test("3: currentTask, currentSignal, timeLeft, allTasks throw, checkpoint rejects", async () => {
    const { InvalidStateError, allTasks, checkpoint, currentSignal, currentTask, timeLeft } =
      joinery;
    const calls: [string, () => unknown][] = [
      ["currentTask()", currentTask],
      ["currentSignal()", currentSignal],
      ["timeLeft()", timeLeft],
      ["allTasks()", allTasks],
    ];
    for (const [name, call] of calls) {
      const refused = expect.objectContaining({
        ...noAmbient,
        message: expect.stringContaining(name),
      });
      expect(call).toThrow(refused);
      expect(call).toThrow(InvalidStateError);
      expect(call).toThrow(/AsyncLocalStorage.*pass \{ signal \}/);
    }
    expect(await checkpoint().catch(caught)).toMatchObject({
      ...noAmbient,
      message: expect.stringMatching(/^checkpoint\(\) needs AsyncLocalStorage/),
    });
  });

  test("3: with a signal, checkpoint works", async () => {
    const { checkpoint } = joinery;
    await checkpoint({ signal: new AbortController().signal });
    expect(await checkpoint({ signal: AbortSignal.abort("x") }).catch(caught)).toMatchObject({
      source: "signal",
      cause: "x",
    });
  });
});

test("3: enclosingTask knows the task by its signal, and nothing without one", async () => {
  const { createTask, enclosingTask, timeout } = joinery;
  await createTask(async (task) => {
    expect(enclosingTask()).toBeUndefined();
    expect(enclosingTask({ signal: task.signal })).toBe(task);
    expect(enclosingTask({ signal: new AbortController().signal })).toBeUndefined();
    await timeout(1000, ({ signal }) => expect(enclosingTask({ signal })).toBe(task), {
      signal: task.signal,
    });
  });
});

describe("the handle and { signal } carry everything", () => {
  test("3: the first failure cancels siblings, that wait with the signal of their handle", async () => {
    const { sleep, taskGroup } = joinery;
    const trace: string[] = [];
    const error = await taskGroup((group) => {
      group.createTask(({ signal }) =>
        sleep(100_000, { signal }).finally(() => trace.push("sibling")),
      );
      group.createTask(async ({ signal }) => {
        await sleep(0, { signal });
        throw new Error("boom");
      });
    }).catch(caught);
    trace.push(String((error as AggregateError).errors));
    expect(trace).toEqual(["sibling", "Error: boom"]);
  });

  test("3: a deadline reaches through nested blocks and groups", async () => {
    const { moveOnAfter, sleep, taskGroup, timeout } = joinery;
    const trace: string[] = [];
    const nested = (signal: AbortSignal): Promise<void> =>
      taskGroup(
        (group) =>
          void group.createTask((task) => sleep(1000, task).finally(() => trace.push("deep"))),
        { signal },
      );
    await inVirtualTime(async (main) => {
      const result = await moveOnAfter(
        10,
        (outer) =>
          timeout(
            1000,
            (inner) =>
              taskGroup((group) => void group.createTask(({ signal }) => nested(signal)), {
                signal: inner.signal,
              }),
            { signal: outer.signal },
          ),
        { signal: main.signal },
      );
      trace.push(`expired: ${result.expired}`);
    });
    expect(trace).toEqual(["deep", "expired: true"]);
  });

  test("3: a shield keeps out the cancellation outside, when its body uses its handle", async () => {
    const { moveOnAfter, shield, sleep } = joinery;
    const trace: string[] = [];
    await inVirtualTime((main) =>
      moveOnAfter(
        10,
        async ({ signal }) => {
          await sleep(1000, { signal }).catch(() => trace.push("cancelled"));
          await shield((own) => sleep(0, own).then(() => trace.push("shielded")), { within: 1000 });
        },
        { signal: main.signal },
      ),
    );
    expect(trace).toEqual(["cancelled", "shielded"]);
  });

  test("3: our own signal makes the scope it belongs to the parent, and takes no listener", async () => {
    const { moveOnAfter, sleep, statistics, taskGroup } = joinery;
    await taskGroup(async (group) => {
      await moveOnAfter(
        100_000,
        async (scope) => {
          expect(statistics()).toMatchObject({ scopes: 2, listeners: 0 });
          await sleep(0, { signal: scope.signal });
        },
        { signal: group.signal },
      );
    });
  });

  test("3: the signal of a scope that is over puts a call below the process", async () => {
    const { sleep, taskGroup } = joinery;
    const signal = await taskGroup((group) => group.signal);
    await sleep(0, { signal });
    expect(signal.aborted).toBe(false);
  });

  test("3: a run ends what was started with its signal", async () => {
    const { createTask, run, sleep } = joinery;
    const trace: string[] = [];
    await run(
      async ({ signal }) => {
        createTask(
          (task) => sleep(Infinity, { signal: task.signal }).catch(() => trace.push("left over")),
          { signal },
        );
        await turn();
      },
      { handleSignals: false },
    );
    trace.push("run is over");
    expect(trace).toEqual(["left over", "run is over"]);
  });
});

/** A foreign promise that resolves when every clock has jumped. */
const foreign = (): Promise<string> => turn(30).then(() => "late");

function throws(): never {
  throw new Error("no");
}

describe("items that are no functions", () => {
  test("3: waitFor leaves a promise behind when the time is over", async () => {
    const { statistics, TimeoutError, waitFor } = joinery;
    const promise = foreign();
    await inVirtualTime(async ({ signal }) => {
      expect(await waitFor(promise, 1, { signal }).catch(caught)).toBeInstanceOf(TimeoutError);
      expect(statistics().ghosts).toBe(1);
    });
    await promise;
  });

  test("3: waitFor cancels a task when the time is over", async () => {
    const { sleep, taskGroup, TimeoutError, waitFor } = joinery;
    await inVirtualTime(({ signal }) =>
      taskGroup(
        async (group) => {
          const task = group.createTask((self) => sleep(50, self));
          expect(await waitFor(task, 1, group).catch(caught)).toBeInstanceOf(TimeoutError);
          expect(task.state).toBe("cancelled");
        },
        { signal },
      ),
    );
  });

  test("3: race and all leave a promise behind when they are over", async () => {
    const { all, race, statistics } = joinery;
    const promise = foreign();
    expect(await race([promise, () => "winner"])).toBe("winner");
    expect(statistics().ghosts).toBe(1);
    await all([promise, () => Promise.reject(new Error("boom"))]).catch(caught);
    expect(statistics().ghosts).toBe(1); // one promise is one ghost
    await promise;
  });

  test("3: a race that is cancelled has no winner, whatever its items return then", async () => {
    const { race, sleep } = joinery;
    const controller = new AbortController();
    const racing = race([(task) => sleep(60_000, task).catch(() => "late")], {
      signal: controller.signal,
    }).catch(caught);
    await turn();
    controller.abort("enough");
    expect(await racing).toMatchObject({ source: "signal", cause: "enough" });
  });

  test("3: wait returns when its timeout is over", async () => {
    const { sleep, taskGroup, wait } = joinery;
    await inVirtualTime(({ signal }) =>
      taskGroup(
        async (group) => {
          const slow = group.createTask((self) => sleep(50, self));
          const { pending } = await wait([slow], { timeout: 1, signal: group.signal });
          expect([pending.size, slow.state]).toEqual([1, "running"]);
        },
        { signal },
      ),
    );
  });

  test("3: hooks run, and all, any, gather and asCompleted work", async () => {
    const { all, any, asCompleted, gather, taskGroup } = joinery;
    const trace: unknown[] = [];
    await taskGroup(async (group) => {
      group.defer(() => trace.push("hook"));
      trace.push(await all({ a: () => 1, b: Promise.resolve(2) }, { signal: group.signal }));
      trace.push(await any([throws, () => "yes"]));
      trace.push(await gather([() => 1, () => 2]));
      for await (const task of asCompleted([group.createTask(() => 5)])) trace.push(task.result());
    });
    expect(trace).toEqual([{ a: 1, b: 2 }, "yes", [1, 2], 5, "hook"]);
  });
});

test("3: without process.emitWarning a warning goes to the console", async () => {
  const { abandonable, moveOnAfter } = joinery;
  const said = vi.spyOn(console, "warn").mockReturnValue(undefined);
  const own = Object.getOwnPropertyDescriptor(process, "emitWarning")!;
  const promise = turn(30).then(() => Promise.reject(new Error("late")));
  try {
    Object.assign(process, { emitWarning: undefined });
    await inVirtualTime((main) =>
      moveOnAfter(1, ({ signal }) => abandonable(promise, { label: "query", signal }), {
        signal: main.signal,
      }),
    );
    await promise.catch(() => {});
    await turn();
  } finally {
    Object.defineProperty(process, "emitWarning", own);
  }
  expect(said.mock.calls).toEqual([[expect.stringMatching(/^\[JOINERY_GHOST_ERROR\] query/)]]);
});
