import { expect, test } from "vitest";
import {
  all,
  CancelledError,
  createTask,
  moveOnAfter,
  run,
  shield,
  sleep,
  taskGroup,
  timeout,
  wait,
  waitFor,
} from "joinery";
import { turn } from "../support/turn.ts";
import { inVirtualTime } from "../support/virtual-clock.ts";

const caught = (error: unknown): unknown => error;

test("3.3: source explicit: the reason is the cause, and the task that asked is named", async () => {
  await inVirtualTime(() =>
    taskGroup(async (group) => {
      const victim = group.createTask(() => sleep(1000), { name: "victim" });
      await group.createTask(() => void victim.cancel("why"), { name: "asker" });
      await wait([victim]);
      const error = await victim.then(undefined, caught);
      expect(error).toBeInstanceOf(CancelledError);
      expect(error).toMatchObject({
        name: "AbortError",
        code: "JOINERY_CANCELLED",
        source: "explicit",
        by: "asker",
        scope: "victim",
        cause: "why",
        message: 'task "victim" was cancelled: asked by task "asker"',
      });
    }),
  );
});

test("3.3: code outside of any task asks without a name, and without a reason there is no cause", async () => {
  const task = createTask(() => sleep(1000), { name: "victim" });
  await turn();
  task.cancel();
  const error = (await task.then(undefined, caught)) as CancelledError;
  expect(error).toMatchObject({ source: "explicit", by: undefined });
  expect(error.message).toBe('task "victim" was cancelled: asked by code outside of any task');
  expect(Object.hasOwn(error, "cause")).toBe(false);
});

test("3.3: the body of a group that is in no task asks without a name, too", async () => {
  let seen: unknown;
  await taskGroup(
    async (group) => {
      group.createTask(() => sleep(1000).catch((error: unknown) => (seen = error)));
      await turn();
      group.cancel();
    },
    { cancellable: true, name: "crew" },
  );
  expect(seen).toMatchObject({
    by: undefined,
    message: 'group "crew" was cancelled: asked by code outside of any task',
  });
});

test("3.3: source deadline: timeout, moveOnAfter, waitFor and the bound of a shield", async () => {
  const sources: unknown[] = [];
  const body = () => sleep(1000).catch((error: CancelledError) => void sources.push(error.source));
  await inVirtualTime(async () => {
    await timeout(1, body);
    await moveOnAfter(1, body);
    await waitFor(body, 1);
    await shield(body, { within: 1 });
  });
  expect(sources).toEqual(["deadline", "deadline", "deadline", "deadline"]);
});

test("3.3: source sibling-error: its cause is the failure, and the failed task is named", async () => {
  let seen: unknown;
  await inVirtualTime(() =>
    taskGroup(async (group) => {
      group.createTask(() => sleep(1000).catch((error: unknown) => (seen = error)));
      group.createTask(() => Promise.reject(new Error("boom")), { name: "failing" });
    }).catch(caught),
  );
  expect(seen).toMatchObject({
    source: "sibling-error",
    by: "failing",
    cause: { message: "boom" },
  });
  expect((seen as Error).message).toMatch(
    /^group "group-\d+" was cancelled: task "failing" failed$/,
  );
});

test("3.3: source sibling-error: a failed body is said to be one", async () => {
  let seen: unknown;
  await inVirtualTime(() =>
    taskGroup(
      async (group) => {
        group.createTask(() => sleep(1000).catch((error: unknown) => (seen = error)));
        await turn();
        throw new Error("boom");
      },
      { name: "crew" },
    ).catch(caught),
  );
  expect(seen).toMatchObject({
    source: "sibling-error",
    by: undefined,
    message: 'group "crew" was cancelled: its body failed',
  });
});

test("3.3: source parent: the error that cancelled the one who waits is the cause", async () => {
  let seen: unknown;
  await inVirtualTime(async () => {
    const task = createTask(() => sleep(1000).catch((error: unknown) => (seen = error)));
    await waitFor(task, 5).catch(caught);
  });
  expect(seen).toMatchObject({ source: "parent", cause: { source: "deadline" } });
  expect((seen as Error).message).toMatch(/was cancelled: who waits for it was cancelled$/);
});

test("3.3: source signal: the reason of the signal is the cause, on a wait and on a scope", async () => {
  const controller = new AbortController();
  const errors: unknown[] = [];
  const note = (error: unknown): void => void errors.push(error);
  await inVirtualTime(async () => {
    setImmediate(() => controller.abort("outside"));
    await Promise.all([
      sleep(1000, { signal: controller.signal }).catch(note),
      timeout(1000, () => sleep(1000), { signal: controller.signal }).catch(note),
      all([() => sleep(1000)], { signal: controller.signal }).catch(note),
    ]);
  });
  expect(errors).toHaveLength(3);
  expect(new Set(errors).size).toBe(1);
  expect(errors[0]).toMatchObject({ source: "signal", cause: "outside" });
});

test("3.3: a task whose own signal aborts says so", async () => {
  const controller = new AbortController();
  await taskGroup(async (group) => {
    const task = group.createTask(() => sleep(1000), { signal: controller.signal });
    await turn();
    controller.abort("outside");
    await wait([task]);
    expect(() => task.result()).toThrow(/^The signal that was passed has aborted$/);
  });
});

test("3.3: source shutdown: background children, and tasks that are left over when run ends", async () => {
  const errors: CancelledError[] = [];
  const work = () => sleep(1000).catch((error: CancelledError) => void errors.push(error));
  await inVirtualTime(async () => {
    await taskGroup(async (group) => {
      group.createTask(work, { background: true });
      await turn();
    });
    createTask(work);
    await turn();
  });
  expect(errors.map(({ source }) => source)).toEqual(["shutdown", "shutdown"]);
  for (const { message } of errors)
    expect(message).toMatch(/was cancelled: the block around it is over$/);
});

test("3.3: the first reason wins", async () => {
  await inVirtualTime(() =>
    taskGroup(async (group) => {
      const task = group.createTask(() => sleep(1000));
      await turn();
      expect([task.cancel("first"), task.cancel("second")]).toEqual([true, true]);
      expect(task.signal.reason).toMatchObject({ cause: "first" });
      await wait([task]);
      expect(() => task.result()).toThrow(expect.objectContaining({ cause: "first" }));
      expect(task.cancel("third")).toBe(false);
    }),
  );
});

test("3.3: a failure after an explicit cancel does not change the reason", async () => {
  const sources: unknown[] = [];
  await inVirtualTime(() =>
    taskGroup(
      async (group) => {
        for (let i = 0; i < 2; i++) {
          group.createTask(async () => {
            await sleep(1000).catch(() => {});
            await sleep(1000).catch((error: CancelledError) => sources.push(error.source));
            throw new Error("late");
          });
        }
        await turn();
        group.cancel("enough");
      },
      { cancellable: true },
    ).catch(caught),
  );
  expect(sources).toEqual(["explicit", "explicit"]);
});

test("3.3: one error object a cancellation, shared by all it reaches, and the reason of every signal", async () => {
  const seen = new Set<unknown>();
  let count = 0;
  const note = (error: unknown): void => {
    count++;
    seen.add(error);
  };
  await inVirtualTime(() =>
    moveOnAfter(10, ({ signal }) => {
      signal.addEventListener("abort", () => note(signal.reason));
      return taskGroup(async (group) => {
        for (let i = 0; i < 3; i++) {
          group.createTask(async (task) => {
            await sleep(1000).catch(note);
            note(task.signal.reason);
          });
        }
        await sleep(1000).catch(note);
        note(group.signal.reason);
      });
    }),
  );
  expect([count, seen.size]).toEqual([9, 1]);
});

test("3.3: code that knows only aborts takes it as one", async () => {
  const error = await inVirtualTime(() =>
    run(() => sleep(1000), { signal: AbortSignal.abort("no"), handleSignals: false }),
  ).catch(caught);
  expect(error).toMatchObject({ name: "AbortError", cause: "no" });
  expect(String(error)).toBe("AbortError: The signal that was passed has aborted");
});
