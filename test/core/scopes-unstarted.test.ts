import { expect, test } from "vitest";
import { createTask, moveOnAfter, run, sleep, subscribe, taskGroup, timeout, wait } from "joinery";
import { turn } from "../support/turn.ts";
import { inVirtualTime } from "../support/virtual-clock.ts";

const never = (): void => expect.unreachable("it must not run");

test("3.6: a child cancelled before its first step does not run at all", async () => {
  await inVirtualTime(() =>
    taskGroup(async (group) => {
      const task = group.createTask(never);
      expect(task.state).toBe("new");
      task.cancel("changed my mind");
      expect(task.state).toBe("cancelling");
      await wait([task]);
      expect(task.state).toBe("cancelled");
      expect(() => task.result()).toThrow(expect.objectContaining({ cause: "changed my mind" }));
    }),
  );
});

test("3.6: a child born in a cancelled group does not run, and fails nothing", async () => {
  const result = await inVirtualTime(() =>
    taskGroup(
      async (group) => {
        group.cancel();
        const task = group.createTask(never);
        expect(task.signal.aborted).toBe(true);
        return "body";
      },
      { cancellable: true },
    ),
  );
  expect(result).toMatchObject({ cancelled: true, value: "body" });
});

test("3.6: a child created with a signal that has aborted does not run", async () => {
  await inVirtualTime(() =>
    taskGroup(async (group) => {
      const task = group.createTask(never, { signal: AbortSignal.abort("too late") });
      const background = createTask(never, { signal: AbortSignal.abort("too late") });
      await wait([task, background]);
      expect([task.state, background.state]).toEqual(["cancelled", "cancelled"]);
    }),
  );
});

test("3.6: a signal that aborts in the same turn stops a child before its first step", async () => {
  const controller = new AbortController();
  await inVirtualTime(() =>
    taskGroup(async (group) => {
      const task = group.createTask(never, { signal: controller.signal });
      controller.abort();
      await wait([task]);
      expect(task.cancelled()).toBe(true);
    }),
  );
});

test("3.6: children that wait for a place are never started when the group is cancelled", async () => {
  const trace: string[] = [];
  await inVirtualTime(() =>
    moveOnAfter(10, () =>
      taskGroup(
        async (group) => {
          group.createTask(() => sleep(1000).finally(() => trace.push("first is over")));
          for (let i = 0; i < 3; i++) group.createTask(never);
          await turn();
          expect(group.tasks.map((task) => task.state)).toEqual(["running", "new", "new", "new"]);
        },
        { concurrency: 1 },
      ),
    ),
  );
  expect(trace).toEqual(["first is over"]);
});

test("3.6: a child that waits for a place and is cancelled alone leaves the queue", async () => {
  const trace: string[] = [];
  await inVirtualTime(() =>
    taskGroup(
      async (group) => {
        group.createTask(() => sleep(10).then(() => trace.push("first")));
        const second = group.createTask(never);
        group.createTask(() => trace.push("third"));
        second.cancel();
        await wait([second]);
        trace.push("second is over");
      },
      { concurrency: 1 },
    ),
  );
  expect(trace).toEqual(["second is over", "first", "third"]);
});

test("3.6: the main task of a run in a cancelled scope does not run", async () => {
  const trace: string[] = [];
  await inVirtualTime(() =>
    moveOnAfter(1, async () => {
      await sleep(5).catch(() => trace.push("cancelled"));
      await run(never, { handleSignals: false });
    }),
  );
  expect(trace).toEqual(["cancelled"]);
});

test("3.6: the body of a block runs up to its first wait, as a function does", async () => {
  const trace: string[] = [];
  await inVirtualTime(() =>
    moveOnAfter(1, async () => {
      await sleep(5).catch(() => trace.push("cancelled"));
      await timeout(10, async () => {
        trace.push("body");
        await sleep(0);
        trace.push("never");
      });
    }),
  );
  expect(trace).toEqual(["cancelled", "body"]);
});

test("3.6: a task that never started is not reported as started", async () => {
  const trace: string[] = [];
  const unsubscribe = subscribe((event) => {
    if (event.scope.name === "unborn") trace.push(event.type);
  });
  await inVirtualTime(() =>
    taskGroup(async (group) => {
      group.createTask(never, { name: "unborn" }).cancel();
    }),
  );
  unsubscribe();
  expect(trace).toEqual(["opened", "cancelled", "ended", "absorbed", "closed"]);
});
