/** Rule 3.7: `group.defer()`, the cleanup of a group. */

import {
  type CancelledError,
  currentTask,
  ExceptionGroup,
  moveOnAfter,
  shield,
  sleep,
  subscribe,
  taskGroup,
  timeLeft,
} from "joinery";
import { expect, test } from "vitest";
import { inVirtualTime } from "../support/virtual-clock.ts";

async function messagesOf(promise: Promise<unknown>): Promise<string[]> {
  const error = await promise.catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(ExceptionGroup);
  return (error as ExceptionGroup).errors.map((member) => member.message);
}

test("3.7: hooks run last-in first-out, one at a time, after all children", async () => {
  const trace: string[] = [];
  const value = await inVirtualTime(() =>
    taskGroup((group) => {
      for (const name of ["first", "second"]) {
        group.defer(async () => {
          trace.push(`${name} begins`);
          await sleep(5);
          trace.push(`${name} ends`);
        });
      }
      group.createTask(() => sleep(20).then(() => trace.push("child over")));
      trace.push("body over");
      return "value";
    }),
  );
  expect(trace).toEqual([
    "body over",
    "child over",
    "second begins",
    "second ends",
    "first begins",
    "first ends",
  ]);
  expect(value).toBe("value");
});

test("3.7: hooks run when a child fails, after the cleanup of its siblings, and can wait", async () => {
  const trace: string[] = [];
  const messages = await inVirtualTime(() =>
    messagesOf(
      taskGroup(async (group) => {
        group.defer(() => sleep(10).then(() => trace.push("hook")));
        group.createTask(() =>
          sleep(100).finally(() =>
            shield(() => sleep(20), { within: 50 }).then(() => trace.push("sibling")),
          ),
        );
        group.createTask(() => sleep(5).then(() => Promise.reject(new Error("a"))));
        await sleep(100);
      }),
    ),
  );
  expect(trace).toEqual(["sibling", "hook"]);
  expect(messages).toEqual(["a"]);
});

test("3.7: hooks are shielded under an outer cancel, which goes on after them", async () => {
  const trace: string[] = [];
  await inVirtualTime(async () => {
    const result = await moveOnAfter(5, async () => {
      await taskGroup(async (group) => {
        group.defer(async () => {
          trace.push(`deadline in the hook: ${timeLeft()}`);
          await sleep(50);
          trace.push("hook over");
        });
        await sleep(100);
      }).catch((error: CancelledError) => {
        trace.push(error.source);
        throw error;
      });
    });
    trace.push(`expired: ${result.expired}`);
  });
  expect(trace).toEqual([
    "deadline in the hook: Infinity",
    "hook over",
    "deadline",
    "expired: true",
  ]);
});

test("3.7: a cancel that comes while the hooks run takes neither them nor a value that was ready", async () => {
  const trace: string[] = [];
  await inVirtualTime(() =>
    moveOnAfter(5, async () => {
      const value = await taskGroup((group) => {
        group.defer(() => sleep(50).then(() => trace.push("hook over")));
        return "value";
      });
      trace.push(value);
      await sleep(1).catch((error: CancelledError) => trace.push(error.source));
    }),
  );
  expect(trace).toEqual(["hook over", "value", "deadline"]);
});

test("3.7: the errors of hooks join the group: after the children's, before the body's own", async () => {
  const trace: string[] = [];
  const messages = await inVirtualTime(() =>
    messagesOf(
      taskGroup(async (group) => {
        group.defer(() => void trace.push("runs all the same"));
        group.defer(() => {
          throw new Error("hook 2");
        });
        group.defer(() => sleep(1).then(() => Promise.reject(new Error("hook 1"))));
        group.createTask(() => sleep(100).catch(() => Promise.reject(new Error("child"))));
        await sleep(5);
        throw new Error("body");
      }),
    ),
  );
  expect(messages).toEqual(["child", "hook 1", "hook 2", "body"]);
  expect(trace).toEqual(["runs all the same"]);
});

test("3.7: an error of a hook alone makes the group fail, and its value is gone", async () => {
  const group = taskGroup((g) => {
    g.defer(() => Promise.reject(new Error("hook")));
    return "value";
  });
  expect(await messagesOf(group)).toEqual(["hook"]);
});

test("3.7: createTask inside a hook is refused, and so is start", async () => {
  const trace: string[] = [];
  await taskGroup((group) => {
    group.defer(async () => {
      const closed = expect.objectContaining({
        name: "InvalidStateError",
        code: "JOINERY_GROUP_CLOSED",
      });
      expect(() => group.createTask(() => void trace.push("ran"))).toThrow(closed);
      await expect(group.start(() => void trace.push("ran"))).rejects.toEqual(closed);
      trace.push("hook over");
    });
  });
  expect(trace).toEqual(["hook over"]);
});

test("3.7: a hook runs in a shield that is called defer", async () => {
  const opened: string[] = [];
  const unsubscribe = subscribe(({ scope }) => opened.push(`${scope.kind} ${scope.name}`), {
    types: ["opened"],
  });
  await taskGroup((group) => group.defer(() => {}), { name: "crew" });
  unsubscribe();
  expect(opened).toEqual(["group crew", "shield defer"]);
});

test("3.7: a hook may open a group of its own, and add a further hook", async () => {
  const trace: string[] = [];
  await inVirtualTime(() =>
    taskGroup((group) => {
      group.defer(() => void trace.push("oldest"));
      group.defer(async () => {
        await taskGroup(
          (nested) => void nested.createTask(() => sleep(5).then(() => trace.push("nested child"))),
        );
        group.defer(() => void trace.push("added by a hook"));
      });
    }),
  );
  expect(trace).toEqual(["nested child", "added by a hook", "oldest"]);
});

test("3.7: a hook may be added by a child, and runs in the task that opened the group", async () => {
  const trace: (string | undefined)[] = [];
  await inVirtualTime(
    () =>
      taskGroup((group) => {
        group.createTask(() => group.defer(() => void trace.push(currentTask()?.name)), {
          name: "child",
        });
      }),
    { name: "opener" },
  );
  expect(trace).toEqual(["opener"]);
});

test("3.7: a hook is refused at once when it is no function", async () => {
  await taskGroup((group) => {
    const defer = group.defer.bind(group) as (cleanup: unknown) => void;
    expect(() => defer(Promise.resolve())).toThrow(
      expect.objectContaining({ code: "JOINERY_STARTED_PROMISE" }),
    );
  });
});

test("3.7: a hook that is added at any moment around the end is refused or runs, and is never lost", async () => {
  for (let hops = 0; hops < 24; hops++) {
    const trace: string[] = [];
    await inVirtualTime(async () => {
      let cleaning!: () => void;
      const marker = new Promise<void>((resolve) => (cleaning = resolve));
      let add!: () => void;
      const over = taskGroup((group) => {
        add = () => group.defer(() => void trace.push("hook"));
        group.defer(() => cleaning());
      });
      await marker;
      for (let hop = 0; hop < hops; hop++) await Promise.resolve();
      let refused = false;
      try {
        add();
      } catch {
        refused = true;
      }
      await over;
      expect(trace, `after ${hops} microtasks`).toEqual(refused ? [] : ["hook"]);
    });
  }
});
