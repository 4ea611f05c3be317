/** Section 2: children with `{ background: true }`. */

import {
  type CancelledError,
  ExceptionGroup,
  moveOnAfter,
  shield,
  sleep,
  subscribe,
  taskGroup,
} from "joinery";
import { expect, test } from "vitest";
import { inVirtualTime } from "../support/virtual-clock.ts";

const background = { background: true } as const;

async function messagesOf(promise: Promise<unknown>): Promise<string[]> {
  const error = await promise.catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(ExceptionGroup);
  return (error as ExceptionGroup).errors.map((member) => member.message);
}

test("2: a background child is cancelled when the others are done, and awaited", async () => {
  const trace: string[] = [];
  const value = await inVirtualTime(() =>
    taskGroup((group) => {
      group.createTask(async () => {
        try {
          for (;;) {
            await sleep(4);
            trace.push("beat");
          }
        } catch (error) {
          trace.push((error as CancelledError).source);
          await shield(() => sleep(20), { within: 50 });
          trace.push("cleaned up");
          throw error;
        }
      }, background);
      group.createTask(() => sleep(10).then(() => trace.push("child over")));
      trace.push("body over");
      return "value";
    }).finally(() => trace.push("group over")),
  );
  expect(trace).toEqual([
    "body over",
    "beat",
    "beat",
    "child over",
    "shutdown",
    "cleaned up",
    "group over",
  ]);
  expect(value).toBe("value");
});

test("2: one cancellation is shared by all of them, and the group itself is not cancelled", async () => {
  const seen: unknown[] = [];
  const aborted = await inVirtualTime(() =>
    taskGroup(async (group) => {
      for (let i = 0; i < 3; i++) {
        group.createTask(
          () => sleep(100).catch((error: unknown) => void seen.push(error)),
          background,
        );
      }
      group.defer(() => void seen.push(group.signal.aborted));
      await sleep(1);
    }),
  );
  expect(aborted).toBeUndefined();
  expect(seen).toHaveLength(4);
  expect(new Set(seen.slice(0, 3)).size).toBe(1);
  expect(seen[3]).toBe(false);
});

test("2: one that was cancelled before keeps its own reason, and lends it to no other", async () => {
  const errors = await inVirtualTime(() =>
    taskGroup(async (group) => {
      const tasks = ["first", "second", "third"].map((name) =>
        group.createTask(() => sleep(100).finally(() => shield(() => sleep(20), { within: 50 })), {
          name,
          ...background,
        }),
      );
      await sleep(1);
      tasks[0]?.cancel("first, too early");
      tasks[2]?.cancel("third, too early");
      return tasks;
    }),
  ).then((tasks) => tasks.map((task) => caught(() => task.result())));
  expect(errors).toMatchObject([
    { scope: "first", source: "explicit", cause: "first, too early" },
    { scope: "second", source: "shutdown" },
    { scope: "third", source: "explicit", cause: "third, too early" },
  ]);
});

test("2: the cancellation that they share ends at the edge of each", async () => {
  const absorbed: string[] = [];
  const stop = subscribe(({ scope }) => absorbed.push(scope.name), { types: ["absorbed"] });
  await inVirtualTime(() =>
    taskGroup((group) => {
      for (const name of ["first", "second"])
        group.createTask(() => sleep(100), { name, ...background });
    }),
  );
  stop();
  expect(absorbed).toEqual(["first", "second"]);
});

function caught(call: () => unknown): unknown {
  try {
    return call();
  } catch (error) {
    return error;
  }
}

test("2: it does not keep the group open, even when it is the only child", async () => {
  const trace: string[] = [];
  await inVirtualTime(() =>
    taskGroup((group) => {
      group.createTask(() => sleep(Infinity).finally(() => trace.push("child over")), background);
    }),
  );
  expect(trace).toEqual(["child over"]);
});

test("2: it goes on as long as the body does, and when children are added", async () => {
  const trace: string[] = [];
  await inVirtualTime(() =>
    taskGroup(async (group) => {
      group.createTask(
        () => sleep(100).catch((error: CancelledError) => trace.push(error.source)),
        background,
      );
      await sleep(5);
      trace.push("body over");
      group.createTask(() =>
        sleep(5).then(
          () => void group.createTask(() => sleep(5).then(() => trace.push("last child"))),
        ),
      );
    }),
  );
  expect(trace).toEqual(["body over", "last child", "shutdown"]);
});

test("2: one that ends by itself is nothing special", async () => {
  const value = await inVirtualTime(() =>
    taskGroup(async (group) => {
      const task = group.createTask(() => sleep(1).then(() => "done"), background);
      await sleep(5);
      return task.result();
    }),
  );
  expect(value).toBe("done");
});

test("2: its error before the end is the failure of a child, and cancels the others", async () => {
  const trace: string[] = [];
  const messages = await inVirtualTime(() =>
    messagesOf(
      taskGroup(async (group) => {
        group.createTask(
          () => sleep(5).then(() => Promise.reject(new Error("background"))),
          background,
        );
        group.createTask(() =>
          sleep(100).catch((error: CancelledError) => trace.push(error.source)),
        );
        await sleep(100);
      }),
    ),
  );
  expect(messages).toEqual(["background"]);
  expect(trace).toEqual(["sibling-error"]);
});

test("2: its error during its shutdown counts as well", async () => {
  const messages = await inVirtualTime(() =>
    messagesOf(
      taskGroup((group) => {
        group.createTask(
          () => sleep(100).catch(() => Promise.reject(new Error("in cleanup"))),
          background,
        );
        group.createTask(
          () => sleep(100).finally(() => shield(() => sleep(5), { within: 50 })),
          background,
        );
        return "dropped";
      }),
    ),
  );
  expect(messages).toEqual(["in cleanup"]);
});

test("2: one that adds a foreground child on its way out is waited for", async () => {
  const trace: string[] = [];
  await inVirtualTime(() =>
    taskGroup((group) => {
      group.createTask(async () => {
        await sleep(100).finally(() =>
          group.createTask(() => sleep(5).then(() => trace.push("farewell"))),
        );
      }, background);
      group.createTask(() => sleep(5));
    }),
  );
  expect(trace).toEqual(["farewell"]);
});

test("2: one that replaces itself on its way out does not hold up the group: the next one never runs", async () => {
  let started = 0;
  await inVirtualTime(() =>
    taskGroup((group) => {
      const heartbeat = async (): Promise<void> => {
        if (++started > 20) return; // a group that waits for the next one would never end
        await sleep(100).finally(() => group.createTask(heartbeat, background));
      };
      group.createTask(heartbeat, background);
      group.createTask(() => sleep(5));
    }),
  );
  expect(started).toBe(1);
});

test("2: an outer cancel reaches it like the others", async () => {
  const trace: string[] = [];
  await inVirtualTime(() =>
    moveOnAfter(5, () =>
      taskGroup(async (group) => {
        group.createTask(
          () => sleep(100).catch((error: CancelledError) => trace.push(error.source)),
          background,
        );
        await sleep(100);
      }),
    ),
  );
  expect(trace).toEqual(["deadline"]);
});
