/** Groups, where every wait is told its scope by a handle. */

import { sleep, taskGroup, type ExceptionGroup, type Task } from "joinery";
import { describe, expect, test } from "vitest";
import { turn } from "../../support/turn.ts";
import { inVirtualTime } from "../../support/virtual-clock.ts";
import { caught } from "./caught.ts";

/** Sleeps until it is stopped, then cleans up for a while. */
function sleeper(trace: string[], name: string): (task: Task<unknown>) => Promise<void> {
  return async ({ signal }) => {
    try {
      await sleep(60_000, { signal });
    } finally {
      await turn();
      trace.push(`${name} is clean`);
    }
  };
}

async function failAfter(ms: number, message: string, { signal }: Task<unknown>): Promise<never> {
  await sleep(ms, { signal });
  throw new Error(message);
}

function messages(error: unknown): string[] {
  return (error as ExceptionGroup).errors.map(({ message }) => message);
}

test("4: a group gives the value of its body when every child is over", async () => {
  const trace: string[] = [];
  const value = await inVirtualTime(({ signal }) =>
    taskGroup(
      (group) => {
        group.createTask((task) => sleep(10, task).then(() => trace.push("child")));
        return "value";
      },
      { signal },
    ),
  );
  expect([value, trace]).toEqual(["value", ["child"]]);
});

test("4.1: a failure cancels the siblings and the body, and their cleanup is awaited", async () => {
  const trace: string[] = [];
  const error = await inVirtualTime(({ signal }) =>
    caught(
      taskGroup(
        async (group) => {
          group.createTask(sleeper(trace, "sibling"));
          group.createTask((task) => failAfter(10, "broken", task));
          await sleep(60_000, group).catch((reason: Error) => {
            trace.push(`body: ${(reason as { source?: string }).source}`);
            throw reason;
          });
        },
        { signal },
      ),
    ),
  );
  expect(error).toMatchObject({ message: "unhandled errors in a TaskGroup" });
  expect([messages(error), trace]).toEqual([
    ["broken"],
    ["body: sibling-error", "sibling is clean"],
  ]);
});

test("4.2: failures of the same turn come out together, in time of the system as well", async () => {
  const error = await caught(
    taskGroup((group) => {
      group.createTask((task) => failAfter(5, "a", task));
      group.createTask(async (task) => {
        for (let i = 0; i < 10; i++) await Promise.resolve();
        await failAfter(5, "b", task);
      });
      group.createTask((task) => failAfter(5, "c", task));
    }),
  );
  expect(messages(error)).toEqual(["a", "c", "b"]);
});

test("4.4: a group in a group ends with the outer one; its errors are nested", async () => {
  const trace: string[] = [];
  const error = await inVirtualTime(({ signal }) =>
    caught(
      taskGroup(
        (outer) => {
          outer.createTask((task) =>
            taskGroup((inner) => {
              inner.createTask(sleeper(trace, "inner"));
              inner.createTask((child) => failAfter(10, "inner", child));
            }, task),
          );
          outer.createTask(sleeper(trace, "outer"));
        },
        { signal },
      ),
    ),
  );
  expect(messages(error)).toEqual(["unhandled errors in a TaskGroup"]);
  expect(messages((error as ExceptionGroup).errors[0])).toEqual(["inner"]);
  expect(trace).toEqual(["inner is clean", "outer is clean"]);
});

test("4.4: a signal from outside cancels every level, and its reason is told", async () => {
  const trace: string[] = [];
  const controller = new AbortController();
  const error = await caught(
    taskGroup(
      (outer) => {
        outer.createTask((task) =>
          taskGroup((inner) => void inner.createTask(sleeper(trace, "innermost")), task),
        );
        outer.createTask(() => turn().then(() => controller.abort("enough")));
      },
      { signal: controller.signal },
    ),
  );
  expect(error).toMatchObject({ source: "signal", cause: "enough", name: "AbortError" });
  expect(trace).toEqual(["innermost is clean"]);
});

test("4.5: a cancellable group ends without an error when it is cancelled", async () => {
  const trace: string[] = [];
  const result = await taskGroup(
    async (group) => {
      group.createTask(sleeper(trace, "child"));
      await turn();
      group.cancel("enough");
      return "value";
    },
    { cancellable: true },
  );
  expect([result, trace]).toEqual([{ cancelled: true, value: "value" }, ["child is clean"]]);
});

test("4.7: children start in a later microtask, in order, and a synchronous throw is a failure", async () => {
  const trace: string[] = [];
  const error = await caught(
    taskGroup((group) => {
      group.createTask(() => trace.push("first"));
      group.createTask(() => {
        trace.push("second");
        throw new Error("thrown");
      });
      trace.push("body");
    }),
  );
  expect([trace, messages(error)]).toEqual([["body", "first", "second"], ["thrown"]]);
});

test("4.7: an error that nobody awaits is the group's, and no rejection is unhandled", async () => {
  const error = await caught(
    taskGroup((group) => {
      for (const name of ["a", "b"]) group.createTask(() => Promise.reject(new Error(name)));
    }),
  );
  expect(messages(error)).toEqual(["a", "b"]);
});

describe("options", () => {
  test("4: onError collect lets the others go on", async () => {
    const trace: string[] = [];
    const error = await caught(
      taskGroup(
        (group) => {
          group.createTask(() => Promise.reject(new Error("a")));
          group.createTask((task) => sleep(2, task).then(() => trace.push("goes on")));
        },
        { onError: "collect" },
      ),
    );
    expect([messages(error), trace]).toEqual([["a"], ["goes on"]]);
  });

  test("4: children beyond the concurrency wait their turn", async () => {
    let running = 0;
    let most = 0;
    await taskGroup(
      (group) => {
        for (let i = 0; i < 7; i++)
          group.createTask(async (task) => {
            most = Math.max(most, ++running);
            await sleep(1, task);
            running--;
          });
      },
      { concurrency: 3 },
    );
    expect([running, most]).toEqual([0, 3]);
  });

  test("4: a background child is cancelled when the others are over; hooks run last", async () => {
    const trace: string[] = [];
    await taskGroup(async (group) => {
      group.defer(() => trace.push("hook"));
      group.createTask(sleeper(trace, "background"), { background: true });
      const ready = await group.start<string>(async (task) => {
        task.started("ready");
        await sleep(1, task);
      });
      trace.push(ready);
    });
    expect(trace).toEqual(["ready", "background is clean", "hook"]);
  });
});
