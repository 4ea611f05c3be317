/** Rule 4.2: failures of the same turn of the event loop are reported together. */

import { all, ExceptionGroup, shield, sleep, taskGroup, timeout } from "joinery";
import { expect, test } from "vitest";
import { turn } from "../support/turn.ts";
import { inVirtualTime } from "../support/virtual-clock.ts";

async function messagesOf(promise: Promise<unknown>): Promise<string[]> {
  const error = await promise.catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(ExceptionGroup);
  return (error as ExceptionGroup).errors.map((member) => member.message);
}

async function fail(message: string): Promise<never> {
  throw new Error(message);
}

/** `fn` inside ten more async functions. */
async function deep<T>(fn: () => Promise<T>, depth = 10): Promise<T> {
  return depth === 0 ? await fn() : await deep(fn, depth - 1);
}

test("4.2: two sleeps of the same length are due together", async () => {
  const messages = await inVirtualTime(() =>
    messagesOf(
      taskGroup((group) => {
        group.createTask(() => sleep(100).then(() => fail("a")));
        group.createTask(() => sleep(100).then(() => fail("b")));
      }),
    ),
  );
  expect(messages).toEqual(["a", "b"]);
});

test("4.2: on the system's clock as well, every time", async () => {
  for (let i = 0; i < 20; i++) {
    const group = taskGroup((g) => {
      for (const message of ["a", "b", "c"]) {
        g.createTask(() => sleep(1).then(() => fail(message)));
        const until = performance.now() + 0.3;
        while (performance.now() < until); // the calls of sleep() fall on both sides of a millisecond
      }
    });
    expect(await messagesOf(group)).toEqual(["a", "b", "c"]);
  }
});

test("4.2: one of them wrapped in ten more async functions", async () => {
  for (const first of [true, false]) {
    const messages = await inVirtualTime(() =>
      messagesOf(
        taskGroup((group) => {
          if (first) group.createTask(() => deep(() => sleep(5).then(() => fail("deep"))));
          group.createTask(() => sleep(5).then(() => fail("plain")));
          if (!first) group.createTask(() => deep(() => sleep(5).then(() => fail("deep"))));
        }),
      ),
    );
    expect(messages.toSorted()).toEqual(["deep", "plain"]);
  }
});

test("4.2: one of them after further waits of the library that resolve in the same turn", async () => {
  const messages = await inVirtualTime(() =>
    messagesOf(
      taskGroup((group) => {
        const slept = group.createTask(() => sleep(5));
        group.createTask(() => sleep(5).then(() => fail("plain")));
        group.createTask(async () => {
          await all([slept, () => timeout(50, () => shield(() => slept, { within: 50 }))]);
          await taskGroup((nested) => void nested.createTask(() => slept));
          await fail("after waits");
        });
      }),
    ),
  );
  expect(messages).toEqual(["plain", "after waits"]);
});

test("4.2: sleeps of different lengths that end at the same time, and a deadline at that time", async () => {
  const messages = await inVirtualTime(() =>
    messagesOf(
      taskGroup((group) => {
        group.createTask(() => sleep(10).then(() => fail("10")));
        group.createTask(async () => {
          await sleep(4);
          await sleep(6);
          await fail("4 + 6");
        });
        group.createTask(async () => {
          await timeout(10, () => sleep(100)).catch((error: Error) => fail(error.name));
        });
      }),
    ),
  );
  expect(messages.toSorted()).toEqual(["10", "4 + 6", "TimeoutError"]);
});

test("4.2: the error of a child and the body's own", async () => {
  const messages = await inVirtualTime(() =>
    messagesOf(
      taskGroup(async (group) => {
        group.createTask(() => deep(() => sleep(5).then(() => fail("child"))));
        await sleep(5);
        await fail("body");
      }),
    ),
  );
  expect(messages).toEqual(["child", "body"]);
});

test("4.2: the first steps of children, whoever comes first", async () => {
  const trace: string[] = [];
  const messages = await messagesOf(
    taskGroup((group) => {
      group.createTask(() => fail("a"));
      group.createTask(async () => {
        trace.push("the second starts");
        await fail("b");
      });
      group.createTask(() => deep(() => fail("c")));
    }),
  );
  expect(messages).toEqual(["a", "b", "c"]);
  expect(trace).toEqual(["the second starts"]);
});

test("4.2: the reaction comes in the next turn, not later: until then the group takes children", async () => {
  const trace: string[] = [];
  const messages = await messagesOf(
    taskGroup(async (group) => {
      const failing = group.createTask(() => fail("a"));
      await failing.then(undefined, () => {});
      trace.push(`aborted in the same turn: ${group.signal.aborted}`);
      group.createTask(() => void trace.push("accepted, and runs"));
      await turn(1);
      trace.push(`aborted in the next: ${group.signal.aborted}`);
      group.createTask(() => void trace.push("never runs"));
    }),
  );
  expect(messages).toEqual(["a"]);
  expect(trace).toEqual([
    "aborted in the same turn: false",
    "accepted, and runs",
    "aborted in the next: true",
  ]);
});

test("4.2: a failure in a later turn is that of a cancelled child, if it does not catch it", async () => {
  const messages = await inVirtualTime(() =>
    messagesOf(
      taskGroup((group) => {
        group.createTask(() => sleep(5).then(() => fail("first")));
        group.createTask(() => sleep(6).then(() => fail("too late")));
      }),
    ),
  );
  expect(messages).toEqual(["first"]);
});

test("4.2: nested groups that fail in the same turn: the inner one can be handled, the outer one still comes out", async () => {
  const trace: string[] = [];
  const messages = await inVirtualTime(() =>
    messagesOf(
      taskGroup(async (outer) => {
        outer.createTask(() => sleep(5).then(() => fail("outer")));
        trace.push(
          ...(await messagesOf(
            taskGroup(async (inner) => {
              inner.createTask(() => sleep(5).then(() => fail("inner")));
              await sleep(100);
            }),
          )),
        );
        await sleep(100).catch((error: Error) => trace.push(error.name));
      }),
    ),
  );
  expect(messages).toEqual(["outer"]);
  expect(trace).toEqual(["inner", "AbortError"]);
});

test("4.2: a thousand failures in one turn are a thousand errors", async () => {
  const names = Array.from({ length: 1000 }, (_, i) => String(i));
  const messages = await inVirtualTime(() =>
    messagesOf(
      taskGroup((group) => {
        for (const name of names) group.createTask(() => sleep(5).then(() => fail(name)));
      }),
    ),
  );
  expect(messages).toEqual(names);
});
