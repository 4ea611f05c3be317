import {
  CancelledError,
  createTask,
  currentTask,
  run,
  shield,
  sleep,
  type Task,
  taskGroup,
  timeLeft,
  timeout,
} from "joinery";
import { describe, expect, test } from "vitest";
import { takeUnhandledRejections } from "../support/no-leaks.ts";
import { turn } from "../support/turn.ts";
import { inVirtualTime } from "../support/virtual-clock.ts";
import { caught } from "./fixtures/story.ts";

/** Does nothing until it is cancelled; notes why, and that the cleanup took its time. */
async function worker(name: string, trace: string[]): Promise<never> {
  try {
    await sleep(Infinity);
    throw new Error("unreachable");
  } catch (error) {
    trace.push(`${name}: ${(error as CancelledError).source}`);
    throw error;
  } finally {
    await shield(() => sleep(50), { within: 1000 });
    trace.push(`${name} is clean`);
  }
}

describe("main", () => {
  test("2: its value comes out, from a function that is asynchronous or not", async () => {
    expect(await run(async () => "a value")).toBe("a value");
    expect(await run(() => "a value")).toBe("a value");
  });

  test("2: its error comes out as it is, thrown at once or later", async () => {
    const error = new TypeError("main broke");
    expect(await caught(run(() => Promise.reject(error)))).toBe(error);
    const atOnce = (): never => {
      throw error;
    };
    expect(await caught(run(atOnce))).toBe(error);
  });

  test("2: it starts in a later microtask, with its own handle, which bears its name", async () => {
    const trace: string[] = [];
    const running = run(function program(task) {
      trace.push(`main: ${task.name}`);
      expect(currentTask()).toBe(task);
    });
    trace.push("run() has returned");
    await running;
    await run((task) => void trace.push(`main: ${task.name}`));
    await run((task) => void trace.push(`main: ${task.name}`), { name: "server" });
    expect(trace).toEqual(["run() has returned", "main: program", "main: main", "main: server"]);
  });

  test("2: a CancelledError of its own making is an ordinary error", async () => {
    const error = new CancelledError("mine");
    expect(await caught(run(() => Promise.reject(error)))).toBe(error);
  });
});

describe("what is left over", () => {
  test("2: background tasks are cancelled when main is over, and awaited", async () => {
    const trace: string[] = [];
    const tasks: Task<never>[] = [];
    const value = await inVirtualTime(async () => {
      tasks.push(
        createTask(() => worker("A", trace)),
        createTask(() => worker("B", trace)),
      );
      await sleep(10);
      trace.push("main is over");
      return "a value";
    });
    trace.push("run is over");
    expect(value).toBe("a value");
    expect(trace).toEqual([
      "main is over",
      "A: shutdown",
      "B: shutdown",
      "A is clean",
      "B is clean",
      "run is over",
    ]);
    expect(tasks.map((task) => task.state)).toEqual(["cancelled", "cancelled"]);
  });

  test("2: also after an error of main, and that is what comes out", async () => {
    const trace: string[] = [];
    const broken = new Error("main broke");
    const error = await caught(
      inVirtualTime(async () => {
        createTask(() => worker("A", trace));
        await sleep(10);
        throw broken;
      }),
    );
    trace.push("run is over");
    expect(error).toBe(broken);
    expect(trace).toEqual(["A: shutdown", "A is clean", "run is over"]);
  });

  test("2: also what these create on their way out", async () => {
    const trace: string[] = [];
    await inVirtualTime(async () => {
      createTask(() => worker("A", trace).catch(() => void createTask(() => worker("B", trace))));
      await sleep(10);
    });
    expect(trace).toEqual(["A: shutdown", "A is clean", "B: shutdown", "B is clean"]);
  });

  test("3.6: a background task that has not started never does", async () => {
    const trace: string[] = [];
    let task: Task<unknown> | undefined;
    await run(() => {
      task = createTask(() => trace.push("started"));
      task.cancel();
    });
    expect(trace).toEqual([]);
    expect(task?.state).toBe("cancelled");
  });

  test("2: a block that main forgot to await is ended, and said", async () => {
    const trace: string[] = [];
    const error = await caught(
      inVirtualTime(async () => {
        void taskGroup((group) => void group.createTask(() => worker("A", trace))).catch(() => {});
        await sleep(10);
      }),
    );
    expect(trace).toEqual(["A: shutdown", "A is clean"]);
    expect(error).toMatchObject({ code: "JOINERY_SCOPE_LEFT_OPEN" });
  });
});

describe("a failure in the background", () => {
  const broken = new Error("the background broke");

  test("2: that nobody awaits is an unhandled rejection, as with any promise", async () => {
    await run(async () => {
      createTask(() => Promise.reject(broken));
      await turn();
    });
    expect(await takeUnhandledRejections()).toEqual([broken]);
  });

  test("2: also outside of any run", async () => {
    createTask(() => Promise.reject(broken));
    await turn();
    expect(await takeUnhandledRejections()).toEqual([broken]);
  });

  test("2: also when it fails while it is being shut down", async () => {
    await inVirtualTime(async () => {
      createTask(() => sleep(Infinity).catch(() => Promise.reject(broken)));
      await sleep(10);
    });
    expect(await takeUnhandledRejections()).toEqual([broken]);
  });

  test("2: that is awaited in the same turn is handled", async () => {
    await run(async () => {
      const task = createTask(() => Promise.reject(broken));
      while (!task.done()) await Promise.resolve();
      expect(await caught(task)).toBe(broken);
    });
    expect(await takeUnhandledRejections()).toEqual([]);
  });

  test("2: that is awaited later is handled then, as with any promise", async () => {
    const handled: unknown[] = [];
    const onHandled = (): unknown => handled.push("handled");
    process.on("rejectionHandled", onHandled);
    await run(async () => {
      const task = createTask(() => Promise.reject(broken));
      await turn();
      expect(await takeUnhandledRejections()).toEqual([broken]);
      expect(await caught(task)).toBe(broken);
      await turn();
    });
    process.off("rejectionHandled", onHandled);
    expect(handled).toEqual(["handled"]);
  });

  test("2: that somebody waits for belongs to him", async () => {
    await run(async () => {
      const task = createTask(async () => {
        await turn();
        throw broken;
      });
      expect(await caught(task)).toBe(broken);
    });
    expect(await takeUnhandledRejections()).toEqual([]);
  });
});

describe("the signal option", () => {
  test("2: cancels main, and run rejects when its cleanup is over", async () => {
    const trace: string[] = [];
    const controller = new AbortController();
    const reason = new Error("the user left");
    const error = await caught(
      inVirtualTime(
        () => {
          createTask(() => sleep(10).then(() => controller.abort(reason)));
          return worker("main", trace);
        },
        { signal: controller.signal },
      ),
    );
    expect(trace).toEqual(["main: signal", "main is clean"]);
    expect(error).toMatchObject({ name: "AbortError", source: "signal", cause: reason });
  });

  test("3.6: of a signal that has aborted, main never starts", async () => {
    const trace: string[] = [];
    const error = await caught(
      run(() => trace.push("started"), { signal: AbortSignal.abort("too late") }),
    );
    expect(trace).toEqual([]);
    expect(error).toMatchObject({ source: "signal", cause: "too late" });
  });

  test("2: a main that swallows the cancellation keeps its value", async () => {
    const controller = new AbortController();
    const value = await inVirtualTime(
      async () => {
        controller.abort();
        await sleep(10).catch(() => {});
        return "a value";
      },
      { signal: controller.signal },
    );
    expect(value).toBe("a value");
  });

  test("2: a run in a run is cancelled with the scope around it", async () => {
    const trace: string[] = [];
    const error = await caught(
      inVirtualTime(() =>
        timeout(100, async () => {
          expect(timeLeft()).toBe(100);
          await run(() => worker("inner", trace));
        }),
      ),
    );
    expect(trace).toEqual(["inner: deadline", "inner is clean"]);
    expect(error).toMatchObject({ code: "JOINERY_TIMEOUT" });
  });
});
