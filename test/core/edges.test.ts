/** Corners of rules that have their main tests elsewhere. */

import { inspect } from "node:util";
import {
  allTasks,
  createTask,
  run,
  sleep,
  statistics,
  taskGroup,
  timeout,
  timeoutAt,
  type TimeoutScope,
} from "joinery";
import { expect, test } from "vitest";
import { takeUnhandledRejections } from "../support/no-leaks.ts";
import { turn } from "../support/turn.ts";
import { inVirtualTime } from "../support/virtual-clock.ts";

test("2: a permit may be disposed instead of released", async () => {
  const trace: string[] = [];
  const limiter = {
    acquire: () => Promise.resolve({ [Symbol.dispose]: () => trace.push("disposed") }),
  };
  await taskGroup((group) => void group.createTask(() => trace.push("ran")), {
    concurrency: limiter,
  });
  expect(trace).toEqual(["ran", "disposed"]);
});

test("2: a permit that cannot be given back does not hide the error of the child", async () => {
  const limiter = {
    acquire: () =>
      Promise.resolve({
        release: () => {
          throw new Error("stuck");
        },
      }),
  };
  const failing = taskGroup(
    (group) => void group.createTask(() => Promise.reject(new Error("first"))),
    { concurrency: limiter },
  );
  await expect(failing).rejects.toMatchObject({ errors: [{ message: "first" }] });
});

test("2: a limiter whose permits are nothing to give back is none the worse", async () => {
  const limiter = { acquire: () => Promise.resolve({}) };
  const value = taskGroup((group) => group.createTask(() => 1), { concurrency: limiter });
  expect(await value).toBe(1);
});

test("2: outside of any run allTasks are those of the process", async () => {
  const task = createTask(() => turn(), { name: "outside" });
  expect(allTasks().map(({ name }) => name)).toEqual(["outside"]);
  await task;
});

/** How a wrong time is named. */
const wrong = (value: unknown): Promise<unknown> =>
  sleep(value as number).catch((error: Error) => error.message.split(", got ")[1]);

test("2: values with no name of their own, and long texts, are named all the same", async () => {
  expect(await wrong(Object.create({ constructor: {} }))).toBe("an object.");
  expect(await wrong(Object.create(null))).toBe("an object without a prototype.");
  expect(await wrong("x".repeat(50))).toBe(`"${"x".repeat(40)}…".`);
});

test("2: a nested run below one that listens does not listen itself", async () => {
  const before = process.listenerCount("SIGINT");
  await run(() =>
    run(() => {
      expect(process.listenerCount("SIGINT")).toBe(before + 1);
    }),
  );
});

test("2: a timeout that a background task has left open ends with its run", async () => {
  let opened = false;
  await run(
    () => {
      createTask(async () => {
        void timeout(60_000, () => ((opened = true), new Promise(() => {})));
        await turn();
      });
      return turn(3);
    },
    { handleSignals: false },
  );
  expect(opened).toBe(true);
  expect(await takeUnhandledRejections()).toMatchObject([{ code: "JOINERY_SCOPE_LEFT_OPEN" }]);
});

test("3: a wait that nobody awaits ends with its scope, and is not unhandled", async () => {
  const winner = await taskGroup(() => Promise.race([sleep(60_000), Promise.resolve("quick")]));
  expect(winner).toBe("quick");
  expect(statistics().timers).toBe(0);
});

test("3: code that was not awaited hears that its scope is over", async () => {
  let floating!: Promise<unknown>;
  await taskGroup((group) => {
    group.createTask(() => {
      floating = sleep(60_000).catch((error: unknown) => error);
    });
  });
  expect(await floating).toMatchObject({ name: "AbortError", source: "shutdown" });
});

test("2: timeoutAt counts from the epoch, and a closed timeout cannot be rescheduled", async () => {
  let scope!: TimeoutScope;
  expect(await timeoutAt(Date.now() + 60_000, (given) => ((scope = given), "in time"))).toBe(
    "in time",
  );
  expect(() => scope.reschedule(0)).toThrow(/its block is over/);
  await timeout(10, async (given) => {
    given.reschedule(Date.now() - 1);
    await sleep(60_000).catch(() => {});
    expect(() => given.reschedule(Infinity)).toThrow(/its deadline has passed/);
  });
});

test("4.9: a block that is left open when it is cancelled already is closed as well", async () => {
  const error: unknown = await inVirtualTime(() =>
    taskGroup((group) => {
      group.createTask(async () => {
        void timeout(1, () => new Promise(() => {}));
        await sleep(5);
      });
    }),
  ).catch((reason: unknown) => reason);
  expect(error).toMatchObject({ errors: [{ code: "JOINERY_SCOPE_LEFT_OPEN" }] });
});

test("2: a block that is opened in a run while it ends is closed with it", async () => {
  let late: unknown;
  await run(
    () => {
      createTask(() => sleep(Infinity).catch(() => turn(6)));
      // Not awaited: goes on when the main task is over, and then belongs to the run.
      void (async () => {
        await turn(3);
        late = timeout(60_000, () => new Promise(() => {}));
      })();
    },
    { handleSignals: false },
  );
  expect(late).toBeInstanceOf(Promise);
  expect(statistics().scopes).toBe(0);
});

test("2: a handle is shown by its name, without the machine behind it", async () => {
  await taskGroup(
    (group) => {
      const task = group.createTask(() => 1, { name: "one" });
      expect(inspect([task, group])).toBe('[ task "one", group "both" ]');
    },
    { name: "both" },
  );
});

test("2: a signal in the place of the options is refused", async () => {
  const { signal } = new AbortController();
  await expect(sleep(1, signal as object)).rejects.toMatchObject({
    code: "JOINERY_INVALID_ARGUMENT",
  });
});

test("3.6: a child that is born cancelled asks the limiter for nothing", async () => {
  const trace: string[] = [];
  const limiter = {
    acquire: () => {
      trace.push("asked");
      return Promise.resolve({});
    },
  };
  const group = taskGroup((g) => void g.createTask(() => trace.push("ran")), {
    concurrency: limiter,
    signal: AbortSignal.abort(),
  });
  await expect(group).rejects.toMatchObject({ source: "signal" });
  expect(trace).toEqual([]);
});
