/** Section 2, `group.start(fn)`: a child that says when it is ready. */

import {
  type CancelledError,
  moveOnAfter,
  shield,
  sleep,
  type StartingTask,
  taskGroup,
} from "joinery";
import { describe, expect, test } from "vitest";
import { inVirtualTime } from "../support/virtual-clock.ts";

const a = new Error("a");

async function server(task: StartingTask<string>): Promise<void> {
  task.started(task.name);
}

describe("2: start", () => {
  test("2: gives what the child said, and the child goes on in the group", async () => {
    const trace: string[] = [];
    await inVirtualTime(() =>
      taskGroup(async (group) => {
        const port = await group.start(async (task: StartingTask<number>) => {
          await sleep(5);
          trace.push("listening");
          task.started(8080);
          await sleep(5);
          trace.push("child over");
        });
        trace.push(`port ${port}`);
        expect(group.tasks).toHaveLength(1);
      }).then(() => trace.push("group over")),
    );
    expect(trace).toEqual(["listening", "port 8080", "child over", "group over"]);
  });

  test("2: an error before that is thrown to the one who starts it, and is not the group's", async () => {
    const trace: string[] = [];
    const value = await inVirtualTime(() =>
      taskGroup(async (group) => {
        group.createTask(() => sleep(20).then(() => trace.push("sibling over")));
        await group
          .start(() => sleep(5).then(() => Promise.reject(a)))
          .catch((error: unknown) => trace.push(String(error)));
        await group
          .start(() => {
            throw a;
          })
          .catch((error: unknown) => trace.push(String(error)));
        return "value";
      }),
    );
    expect(trace).toEqual(["Error: a", "Error: a", "sibling over"]);
    expect(value).toBe("value");
  });

  test("2: an error after that is the group's", async () => {
    const group = taskGroup(async (g) => {
      await g.start<void>((task) => {
        task.started();
        throw a;
      });
      await sleep(100);
    });
    await expect(inVirtualTime(() => group)).rejects.toMatchObject({ errors: [a] });
  });

  test("2: a child that ends without a word is an InvalidStateError", async () => {
    await taskGroup(async (group) => {
      const silent = group.start(() => {}, { name: "silent" });
      await expect(silent).rejects.toMatchObject({
        name: "InvalidStateError",
        code: "JOINERY_NOT_STARTED",
      });
      await expect(silent).rejects.toThrow(/"silent"/);
    });
  });

  test("2: a child that says it twice gets an InvalidStateError, which is the group's", async () => {
    const group = taskGroup(async (g) => {
      const value = await g.start<number>((task) => {
        task.started(1);
        task.started(2);
      });
      expect(value).toBe(1);
    });
    await expect(group).rejects.toMatchObject({
      errors: [{ code: "JOINERY_ALREADY_STARTED", message: expect.stringContaining("only once") }],
    });
  });

  test("2: a thrown thing that is no error comes out as that of any task does", async () => {
    for (const thrown of ["text", undefined]) {
      await taskGroup(async (group) => {
        const failing = group.start(() => {
          throw thrown;
        });
        await expect(failing).rejects.toMatchObject({
          code: "JOINERY_NOT_AN_ERROR",
          cause: thrown,
        });
      });
    }
  });

  test("2: cancelling the one who waits cancels the child, and waits for it", async () => {
    const trace: string[] = [];
    await inVirtualTime(() =>
      taskGroup(async (group) => {
        const { expired } = await moveOnAfter(5, () =>
          group
            .start<void>(async (task) => {
              await sleep(100).catch((error: CancelledError) => trace.push(error.source));
              await shield(() => sleep(20), { within: 50 });
              task.started(); // too late: nobody waits any more
              await shield(() => sleep(1), { within: 50 });
              trace.push("child over");
            })
            .catch((error: CancelledError) => {
              trace.push(`told of the ${error.source}`);
              throw error;
            }),
        );
        trace.push(`expired: ${expired}`);
        await sleep(1);
        trace.push("the group goes on");
      }),
    );
    expect(trace).toEqual([
      "parent",
      "child over",
      "told of the deadline",
      "expired: true",
      "the group goes on",
    ]);
  });

  test("2: the error of a child in its cleanup, when nobody waits for its start any more, is the group's", async () => {
    const group = () =>
      taskGroup(async (g) => {
        await moveOnAfter(5, () => g.start(() => sleep(100).catch(() => Promise.reject(a))));
        await sleep(100);
      });
    await expect(inVirtualTime(group)).rejects.toMatchObject({ errors: [a] });
  });

  test("4.1: a failure in the group ends the start, and the child", async () => {
    const trace: string[] = [];
    const group = () =>
      taskGroup(async (g) => {
        g.createTask(() => sleep(5).then(() => Promise.reject(a)));
        await g.start(() => sleep(100).finally(() => trace.push("child over")));
      });
    await expect(inVirtualTime(group)).rejects.toMatchObject({ errors: [a] });
    expect(trace).toEqual(["child over"]);
  });

  test("3.1: in a cancelled group it throws on entry, and no child runs", async () => {
    const trace: string[] = [];
    await inVirtualTime(() =>
      moveOnAfter(5, () =>
        taskGroup(async (group) => {
          await sleep(100).catch(() => {});
          await group
            .start(() => void trace.push("ran"))
            .catch((error: CancelledError) => trace.push(error.source));
        }),
      ),
    );
    expect(trace).toEqual(["deadline"]);
  });

  test("4.6: from outside, in a group that is cancelled: the child is born cancelled, and the wait says so", async () => {
    const trace: string[] = [];
    await inVirtualTime(() =>
      taskGroup(async (group) => {
        group.createTask(() => Promise.reject(a));
        await sleep(100).catch(() => {});
        const start = (): Promise<unknown> => group.start(() => void trace.push("ran"));
        await shield(start, { within: 5 }).catch((error: CancelledError) =>
          trace.push(error.source),
        );
      }).catch(() => {}),
    );
    expect(trace).toEqual(["sibling-error"]);
  });

  test("2: takes the options of a child: a name, a signal, background; and its turn under a limit", async () => {
    const trace: string[] = [];
    await inVirtualTime(() =>
      taskGroup(
        async (group) => {
          const name = await group.start<string>(
            async (task) => {
              task.started(task.name);
              await sleep(5);
            },
            { name: "server", background: true },
          );
          trace.push(name);
          const controller = new AbortController();
          const stopped = group.start(() => sleep(100), { signal: controller.signal });
          controller.abort("why");
          await stopped.catch((error: CancelledError) =>
            trace.push(`${error.source}: ${String(error.cause)}`),
          );
          await group.start<void>((task) => task.started());
          trace.push("the third had its turn");
        },
        { concurrency: 1 },
      ),
    );
    expect(trace).toEqual(["server", "signal: why", "the third had its turn"]);
  });

  test("2: a child without a name has that of its function, or says what it is", async () => {
    await taskGroup(async (group) => {
      expect(await group.start(server)).toBe("server");
      expect(await group.start<string>((task) => task.started(task.name))).toBe("start");
    });
  });

  test("2: refuses what is no function", async () => {
    await taskGroup(async (group) => {
      const start = group.start.bind(group) as unknown as (fn: unknown) => Promise<unknown>;
      await expect(start(Promise.resolve())).rejects.toMatchObject({
        code: "JOINERY_STARTED_PROMISE",
      });
      await expect(start(1)).rejects.toMatchObject({ code: "JOINERY_EXPECTED_FUNCTION" });
      expect(group.tasks).toEqual([]);
    });
  });
});
