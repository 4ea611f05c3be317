import { AsyncLocalStorage } from "node:async_hooks";
import { expect, test } from "vitest";
import {
  createTask,
  currentTask,
  enclosingTask,
  sleep,
  suspend,
  type Parked,
  statistics,
  taskGroup,
  timeout,
  wait,
} from "joinery";
import { Program } from "./fixtures/program.ts";
import { turn } from "../support/turn.ts";
import { inVirtualTime } from "../support/virtual-clock.ts";

const span = new AsyncLocalStorage<string | undefined>();

test("4.7: a child sees the AsyncLocalStorage values of the createTask call", async () => {
  const seen: (string | undefined)[] = [];
  await inVirtualTime(() =>
    span.run("body", () =>
      taskGroup(async (group) => {
        group.createTask(async () => {
          seen.push(span.getStore());
          await sleep(5);
          seen.push(`${span.getStore()} after a wait`);
        });
        span.run("inner", () => group.createTask(() => void seen.push(span.getStore())));
        // Not with `exit`, which on Deno ends with the call, and not with what that starts.
        await span.run(undefined, () => group.createTask(() => void seen.push(span.getStore())));
      }),
    ),
  );
  expect(seen).toEqual(["body", "inner", undefined, "body after a wait"]);
});

test("4.7: so does a background task", async () => {
  await inVirtualTime(async () => {
    expect(await span.run("caller", () => createTask(() => span.getStore()))).toBe("caller");
  });
});

test("4.7: a child that waits for its place sees those of its call, not of the one that makes room", async () => {
  const seen: (string | undefined)[] = [];
  await inVirtualTime(() =>
    taskGroup(
      (group) => {
        for (const name of ["a", "b", "c"]) {
          span.run(name, () =>
            group.createTask(() => sleep(5).then(() => seen.push(span.getStore()))),
          );
        }
      },
      { concurrency: 1 },
    ),
  );
  expect(seen).toEqual(["a", "b", "c"]);
});

test("4.7: with a limiter of somebody else as well", async () => {
  const seen: (string | undefined)[] = [];
  const limiter = {
    acquire: () => span.run("limiter", () => turn().then(() => ({ release: () => {} }))),
  };
  await inVirtualTime(() =>
    taskGroup(
      (group) => {
        span.run("caller", () => group.createTask(() => void seen.push(span.getStore())));
      },
      { concurrency: limiter },
    ),
  );
  expect(seen).toEqual(["caller"]);
});

test("3: a wait goes on in the context of the code that waits, whoever wakes it", async () => {
  const seen: (string | undefined)[] = [];
  await inVirtualTime(() =>
    taskGroup(async (group) => {
      let parked: Parked<void> | undefined;
      const sleeper = group.createTask(
        () =>
          span.run("sleeper", async () => {
            await suspend<void>((each) => void (parked = each));
            seen.push(span.getStore(), currentTask()?.name);
          }),
        { name: "sleeper" },
      );
      await turn();
      span.run("waker", () => parked?.resolve());
      await sleeper;
    }),
  );
  expect(seen).toEqual(["sleeper", "sleeper"]);
});

test("3: code that outlives its scope belongs to the next one that is open", async () => {
  const seen: (string | undefined)[] = [];
  let pool: (() => void) | undefined;
  await inVirtualTime(
    async () => {
      await createTask(
        () =>
          timeout(1000, () => {
            // What a pool starts lazily keeps the context it was started in.
            const opened = new Promise<void>((resolve) => (pool = resolve));
            void (async () => {
              await opened;
              seen.push(currentTask()?.name);
              await sleep(1);
              seen.push("slept");
            })();
          }),
        { name: "opener" },
      );
      pool?.();
      await sleep(10);
      seen.push(currentTask()?.name);
    },
    { name: "main" },
  );
  expect(seen).toEqual([undefined, "slept", "main"]);
});

test("3: code that outlives its run belongs to the process", async () => {
  const seen: unknown[] = [];
  let open: (() => void) | undefined;
  let over: Promise<unknown> | undefined;
  await inVirtualTime(() => {
    const opened = new Promise<void>((resolve) => (open = resolve));
    over = (async () => {
      await opened;
      seen.push(currentTask(), statistics().scopes);
      await taskGroup(
        (group) => void group.createTask(() => seen.push(currentTask()?.name), { name: "later" }),
      );
    })();
    return undefined;
  });
  open?.();
  await over;
  expect(seen).toEqual([undefined, 0, "later"]);
});

test("3: a callback of somebody else's belongs to the scope that registered it", async () => {
  const names: (string | undefined)[] = [];
  await inVirtualTime(() =>
    taskGroup(async (group) => {
      const task = group.createTask(
        () =>
          new Promise<void>((resolve) => {
            setImmediate(() => {
              names.push(currentTask()?.name);
              resolve();
            });
          }),
        { name: "registers" },
      );
      await wait([task]);
    }),
  );
  expect(names).toEqual(["registers"]);
});

test("3: the scope of a task is nobody else's, also of the first task of a process", async () => {
  const { lines, stderr } = await new Program("context-program.mjs").ended;
  expect({ lines, stderr }).toEqual({ lines: ["66 looks, all right"], stderr: "" });
});

test("3: enclosingTask is the running task, whatever the signal, and nothing outside of any", async () => {
  expect(enclosingTask()).toBeUndefined();
  await createTask(async (outer) => {
    expect(enclosingTask()).toBe(outer);
    await createTask((inner) => expect(enclosingTask({ signal: outer.signal })).toBe(inner));
  });
});
