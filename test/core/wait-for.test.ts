import { describe, expect, test } from "vitest";
import {
  createTask,
  currentTask,
  moveOnAfter,
  sleep,
  type Task,
  taskGroup,
  TimeoutError,
  wait,
  waitFor,
} from "joinery";
import { takeWarnings } from "../support/no-leaks.ts";
import { turn } from "../support/turn.ts";
import { inVirtualTime } from "../support/virtual-clock.ts";

const caught = (error: unknown): unknown => error;

describe("in time", () => {
  test("2.7: a function, a task and a promise give their value", async () => {
    await inVirtualTime(async () => {
      expect(await waitFor(() => sleep(5).then(() => "function"), 10)).toBe("function");
      expect(
        await waitFor(
          createTask(() => sleep(5).then(() => "task")),
          10,
        ),
      ).toBe("task");
      expect(await waitFor(Promise.resolve("promise"), 10)).toBe("promise");
      expect(await waitFor(() => "at once", Infinity)).toBe("at once");
    });
  });

  test("2.7: their errors come out", async () => {
    const boom = new Error("boom");
    await inVirtualTime(async () => {
      expect(await waitFor(() => Promise.reject(boom), 10).catch(caught)).toBe(boom);
      expect(
        await waitFor(
          createTask(() => Promise.reject(boom)),
          10,
        ).catch(caught),
      ).toBe(boom);
      expect(await waitFor(Promise.reject(boom), 10).catch(caught)).toBe(boom);
    });
  });

  test("2.7: a function runs as a task of its own, which ends with the time", async () => {
    await inVirtualTime(async (task) => {
      expect(await waitFor((own) => currentTask() === own && own !== task, 10)).toBe(true);
      const aborted = await waitFor(async (own) => {
        await sleep(1);
        return own.signal.aborted;
      }, 10);
      expect(aborted).toBe(false);
    });
  });

  test("2.7: what a function calls its task is one", async () => {
    await inVirtualTime(async () => {
      const seen = await waitFor(
        (handle: Task<unknown>) => [typeof handle.id, typeof handle.cancel, handle.state],
        10,
      );
      expect(seen).toEqual(["number", "function", "running"]);
    });
  });
});

const stubborn = () => sleep(100).then(undefined, () => "value");

describe("too late", () => {
  test("2.7: the function is cancelled and awaited, then comes a TimeoutError caused by the cancellation", async () => {
    const trace: string[] = [];
    await inVirtualTime(async () => {
      const error = await waitFor(
        () => sleep(100).finally(() => turn().then(() => trace.push("cleanup"))),
        10,
      ).catch(caught);
      trace.push("edge");
      expect(error).toBeInstanceOf(TimeoutError);
      expect(error).toMatchObject({ cause: { source: "deadline" } });
    });
    expect(trace).toEqual(["cleanup", "edge"]);
  });

  test("2.7: a task is cancelled and awaited", async () => {
    const trace: string[] = [];
    await inVirtualTime(async () => {
      const task = createTask(() =>
        sleep(100).finally(() => turn().then(() => trace.push("cleanup"))),
      );
      const error = await waitFor(task, 10).catch(caught);
      trace.push(task.state);
      expect(error).toBeInstanceOf(TimeoutError);
    });
    expect(trace).toEqual(["cleanup", "cancelled"]);
  });

  test("2.7: work that returns in spite of its cancel gives its value", async () => {
    await inVirtualTime(async () => {
      expect(await waitFor(stubborn, 10)).toBe("value");
      expect(await waitFor(createTask(stubborn), 10)).toBe("value");
    });
  });

  test("2.7: work that fails instead gives that error", async () => {
    const boom = new Error("boom");
    const failing = () => sleep(100).catch(() => Promise.reject(boom));
    await inVirtualTime(async () => {
      expect(await waitFor(failing, 10).catch(caught)).toBe(boom);
      expect(await waitFor(createTask(failing), 10).catch(caught)).toBe(boom);
    });
  });

  test("2.7: a promise can only be left behind; its late error is a warning", async () => {
    await inVirtualTime(async () => {
      const late = createTask(() => sleep(20));
      const foreign = new Promise((_, reject) => void late.then(() => reject(new Error("late"))));
      expect(await waitFor(foreign, 10).catch(caught)).toBeInstanceOf(TimeoutError);
      await late;
    });
    expect(await takeWarnings()).toEqual([
      expect.stringMatching(/^JOINERY_GHOST_ERROR: promise of waitFor\(\).*Error: late/),
    ]);
  });
});

describe("no time at all", () => {
  test.each([0, -1, -Infinity])("2.7: with %d ms a function is not started", async (ms) => {
    const trace: string[] = [];
    const error = await waitFor(() => trace.push("started"), ms).catch(caught);
    expect(trace).toEqual([]);
    expect(error).toBeInstanceOf(TimeoutError);
    expect(error).toMatchObject({ code: "JOINERY_TIMEOUT" });
  });

  test("2.7: a task that is over gives its outcome, one that runs is cancelled and awaited", async () => {
    await inVirtualTime(async () => {
      const done = createTask(() => "value");
      const failed = createTask(() => Promise.reject(new Error("boom")));
      const running = createTask(() => sleep(10));
      await wait([done, failed]);
      expect(await waitFor(done, 0)).toBe("value");
      expect(await waitFor(failed, -1).catch(caught)).toMatchObject({ message: "boom" });
      expect(await waitFor(running, 0).catch(caught)).toBeInstanceOf(TimeoutError);
      expect(running.state).toBe("cancelled");
    });
  });

  test("2.7: a promise that is settled gives its value, another one is left behind", async () => {
    expect(await waitFor(Promise.resolve("value"), 0)).toBe("value");
    const pending = turn(10);
    expect(await waitFor(pending, 0).catch(caught)).toBeInstanceOf(TimeoutError);
    await pending;
  });
});

describe("cancellation", () => {
  test("2.7: of the one who waits cancels the work and waits for it", async () => {
    const trace: string[] = [];
    await inVirtualTime(() =>
      taskGroup(async (group) => {
        const work = createTask(() =>
          sleep(100).catch(async (error: unknown) => {
            await turn();
            trace.push(`work: ${(error as { source: string }).source}`);
            throw error;
          }),
        );
        const waiting = group.createTask(() =>
          waitFor(work, 50).finally(() => trace.push("waitFor is over")),
        );
        await sleep(10);
        waiting.cancel("why");
        await wait([waiting]);
        trace.push(`${work.state} ${waiting.state}`);
      }),
    );
    expect(trace).toEqual(["work: parent", "waitFor is over", "cancelled cancelled"]);
  });

  test("2.7: work that ends in the same turn keeps its value, and the next wait throws", async () => {
    const trace: string[] = [];
    await inVirtualTime(() =>
      taskGroup(async (group) => {
        const waiting = group.createTask(async () => {
          trace.push(await waitFor(() => sleep(10).then(() => "value"), 50));
          await sleep(1);
          trace.push("never");
        });
        await sleep(10);
        waiting.cancel();
        await wait([waiting]);
        trace.push(waiting.state);
      }),
    );
    expect(trace).toEqual(["value", "cancelled"]);
  });

  test("2.7: a task that was cancelled by somebody else is an error of the work, not a timeout", async () => {
    await inVirtualTime(async () => {
      const work = createTask(() => sleep(100));
      const waiting = waitFor(work, 50).catch(caught);
      await turn();
      work.cancel("else");
      expect(await waiting).toMatchObject({ name: "AbortError", cause: "else" });
    });
  });

  test("2.7: an outer deadline goes through", async () => {
    await inVirtualTime(async () => {
      expect(await moveOnAfter(10, () => waitFor(() => sleep(100), 50))).toEqual({
        expired: true,
        value: undefined,
      });
    });
  });

  test("2: a task that waits for itself gets an InvalidStateError", async () => {
    await inVirtualTime(async () => {
      const self = createTask((task) => waitFor(task, 10));
      await wait([self], { timeout: 100 });
      expect(self.state).toBe("failed");
      expect(self.exception()).toMatchObject({ code: "JOINERY_SELF_AWAIT" });
    });
  });
});
