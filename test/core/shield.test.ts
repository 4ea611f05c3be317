import { expect, test } from "vitest";
import {
  currentSignal,
  currentTask,
  moveOnAfter,
  shield,
  sleep,
  taskGroup,
  timeout,
  TimeoutError,
  type TimeoutScope,
  wait,
} from "joinery";
import { turn } from "../support/turn.ts";
import { inVirtualTime } from "../support/virtual-clock.ts";

const caught = (error: unknown): unknown => error;

test("2.9: a bad argument is called by its name", async () => {
  const body = shield(5 as never, { within: 1 });
  await expect(body).rejects.toThrow("Expected `body` to be a function, got 5.");
  const within = shield(() => {}, { within: Number.NaN });
  await expect(within).rejects.toThrow("Expected `within` to be a number of milliseconds");
});

test("2.9: outer cancellation does not reach the block, which runs to its end; the next wait throws", async () => {
  const trace: string[] = [];
  await inVirtualTime(() =>
    taskGroup(async (group) => {
      const task = group.createTask(async () => {
        const value = await shield(
          async () => {
            await sleep(20);
            trace.push(`aborted inside: ${currentSignal().aborted}`);
            return "value";
          },
          { within: 100 },
        );
        trace.push(value);
        await sleep(0);
        trace.push("never");
      });
      await sleep(10);
      task.cancel();
      trace.push("cancelled");
      await wait([task]);
      trace.push(task.state);
    }),
  );
  expect(trace).toEqual(["cancelled", "aborted inside: false", "value", "cancelled"]);
});

test("2.9: nothing escapes: the block around is over when the shielded work is", async () => {
  const trace: string[] = [];
  await inVirtualTime(async () => {
    const result = await moveOnAfter(10, () =>
      taskGroup(async (group) => {
        group.createTask(() =>
          shield(() => sleep(50), { within: 100 }).then(() => trace.push("shielded work")),
        );
      }),
    );
    trace.push(`edge, expired: ${result.expired}`);
  });
  expect(trace).toEqual(["shielded work", "edge, expired: true"]);
});

test("2: leaving a shield does not throw by itself: a value gets out of a cancelled block", async () => {
  await inVirtualTime(async () => {
    const result = await moveOnAfter(10, () =>
      shield(() => sleep(20).then(() => "value"), { within: 100 }),
    );
    expect(result).toEqual({ expired: true, value: "value" });
  });
});

test("2: its bound ends it with a TimeoutError, in a cancelled scope as well", async () => {
  await inVirtualTime(async () => {
    expect(await shield(() => sleep(100), { within: 10 }).catch(caught)).toBeInstanceOf(
      TimeoutError,
    );
    const error = await moveOnAfter(5, () => shield(() => sleep(100), { within: 10 })).catch(
      caught,
    );
    expect(error).toBeInstanceOf(TimeoutError);
    expect(error).toMatchObject({ cause: { source: "deadline" } });
  });
});

test("2: the body has a scope with a deadline that can be moved", async () => {
  const trace: string[] = [];
  await inVirtualTime(() =>
    shield(
      async (scope: TimeoutScope) => {
        trace.push(`when: ${scope.when()}`);
        scope.reschedule(100);
        await sleep(50);
        trace.push(`expired: ${scope.expired()}`);
      },
      { within: 10 },
    ),
  );
  expect(trace).toEqual(["when: 10", "expired: false"]);
});

test("2: errors pass; the task is still the one around", async () => {
  const boom = new Error("boom");
  await inVirtualTime(async (task) => {
    expect(await shield(() => Promise.reject(boom), { within: 10 }).catch(caught)).toBe(boom);
    expect(await shield(() => currentTask() === task, { within: 10 })).toBe(true);
  });
});

test("2: the tasks of a group opened inside are shielded, a child created in a group outside is not", async () => {
  const trace: string[] = [];
  const work = (name: string) => () =>
    sleep(20).then(
      () => trace.push(`${name}: done`),
      () => trace.push(`${name}: cancelled`),
    );
  await inVirtualTime(() =>
    moveOnAfter(10, () =>
      taskGroup((outside) =>
        shield(
          () =>
            taskGroup((inside) => {
              outside.createTask(work("outside"));
              inside.createTask(work("inside"));
            }),
          { within: 100 },
        ),
      ),
    ),
  );
  expect(trace).toEqual(["outside: cancelled", "inside: done"]);
});

test("2: in a shield inside a cancelled scope, scopes start afresh", async () => {
  const trace: string[] = [];
  await inVirtualTime(() =>
    moveOnAfter(10, async () => {
      await sleep(100).catch(() => {});
      await shield(
        () =>
          taskGroup(async (group) => {
            group.createTask(() => sleep(5).then(() => trace.push("child ran")));
            await timeout(50, () => sleep(10)).then(() => trace.push("timeout ran"));
          }),
        { within: 100 },
      );
    }),
  );
  expect(trace).toEqual(["child ran", "timeout ran"]);
});

test("2: shields nest; what is cancelled inside one stops at its edge", async () => {
  const trace: string[] = [];
  await inVirtualTime(() =>
    moveOnAfter(5, () =>
      shield(
        async () => {
          const inner = await moveOnAfter(10, () =>
            shield(() => sleep(20).then(() => trace.push("innermost")), { within: 100 }),
          );
          trace.push(`inner expired: ${inner.expired}`);
          await sleep(1);
          trace.push("outer shield goes on");
        },
        { within: 100 },
      ),
    ),
  );
  expect(trace).toEqual(["innermost", "inner expired: true", "outer shield goes on"]);
});

test("2: an explicit signal reaches into a shield", async () => {
  const controller = new AbortController();
  await inVirtualTime(async () => {
    const shielded = shield(() => sleep(100), { within: 1000, signal: controller.signal });
    await turn();
    controller.abort("now");
    expect(await shielded.catch(caught)).toMatchObject({ source: "signal", cause: "now" });
  });
});

test("2: within has to be given, Infinity has to be written out", async () => {
  // @ts-expect-error within is mandatory
  expect(await shield(() => 1, {}).catch(caught)).toMatchObject({
    code: "JOINERY_INVALID_ARGUMENT",
  });
  // @ts-expect-error the options are mandatory
  expect(await shield(() => 1).catch(caught)).toMatchObject({ code: "JOINERY_INVALID_ARGUMENT" });
  expect(await shield(() => 1, { within: Infinity })).toBe(1);
});
