/** Rule 4.9: a group that is used in a way it cannot be. */

import {
  type CancelledError,
  createTask,
  ExceptionGroup,
  sleep,
  taskGroup,
  type TaskGroup,
  timeout,
} from "joinery";
import { describe, expect, test } from "vitest";
import { inVirtualTime } from "../support/virtual-clock.ts";

const a = new Error("a");

async function errorsOf(promise: Promise<unknown>): Promise<readonly Error[]> {
  const error = await promise.catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(ExceptionGroup);
  return (error as ExceptionGroup).errors;
}

function code(expected: string): unknown {
  return expect.objectContaining({ code: expected });
}

function body(): never {
  expect.unreachable();
}

describe("4.9: misuse", () => {
  test("4.9: every call on a closed group says that it is over", async () => {
    let group!: TaskGroup;
    await taskGroup((g) => void (group = g), { name: "crew" });
    const closed = expect.objectContaining({
      name: "InvalidStateError",
      code: "JOINERY_GROUP_CLOSED",
    });
    expect(() => group.defer(() => {})).toThrow(closed);
    expect(() => group.defer(() => {})).toThrow(
      'group "crew" is over: defer() has to come before its block ends.',
    );
    await expect(group.start(() => {})).rejects.toEqual(closed);
    expect(group.tasks).toEqual([]);
    expect(group.signal.aborted).toBe(false);
  });

  test("4.9: a block that is left open inside the body: its tasks are stopped and awaited, and the error says it", async () => {
    const trace: string[] = [];
    let forgotten!: Promise<unknown>;
    const errors = await inVirtualTime(async () => {
      const found = await errorsOf(
        taskGroup(async () => {
          const inner = taskGroup(
            (group) => group.createTask(() => sleep(100).finally(() => trace.push("stopped"))),
            { name: "forgotten" },
          );
          forgotten = inner.then(
            () => "a value that nobody made",
            (error: CancelledError) => error.source,
          );
          await sleep(1);
        }).finally(() => trace.push("group over")),
      );
      await forgotten;
      return found;
    });
    expect(errors).toHaveLength(1);
    expect(errors[0]).toMatchObject({ name: "InvalidStateError", code: "JOINERY_SCOPE_LEFT_OPEN" });
    expect(errors[0]?.message).toMatch(/group "forgotten".*Await what you open/);
    expect(trace).toEqual(["stopped", "group over"]);
    expect(await forgotten).toBe("shutdown");
  });

  test("4.9: the error about a block that was left open stands next to the others", async () => {
    let forgotten!: Promise<unknown>;
    const errors = await inVirtualTime(async () => {
      const found = await errorsOf(
        taskGroup(() => {
          forgotten = timeout(50, () => sleep(100)).catch(() => {});
          throw a;
        }),
      );
      await forgotten;
      return found;
    });
    expect(errors).toHaveLength(2);
    expect(errors[0]).toMatchObject({ code: "JOINERY_SCOPE_LEFT_OPEN" });
    expect(errors[1]).toBe(a);
  });

  test("4.9: the arguments of taskGroup are checked before anything starts", async () => {
    const open = taskGroup as (...args: unknown[]) => Promise<unknown>;
    await expect(open(Promise.resolve())).rejects.toEqual(code("JOINERY_STARTED_PROMISE"));
    await expect(open(undefined)).rejects.toEqual(code("JOINERY_EXPECTED_FUNCTION"));
    await expect(open(body, { concurrency: 0 })).rejects.toEqual(
      code("JOINERY_INVALID_CONCURRENCY"),
    );
    await expect(open(body, { concurrency: "2" })).rejects.toEqual(
      code("JOINERY_INVALID_CONCURRENCY"),
    );
    await expect(open(body, { onError: "ignore" })).rejects.toEqual(
      code("JOINERY_INVALID_ARGUMENT"),
    );
    await expect(open(body, { grace: Number.NaN })).rejects.toEqual(code("JOINERY_INVALID_TIME"));
    await expect(open(body, { signal: {} })).rejects.toEqual(code("JOINERY_INVALID_ARGUMENT"));
  });

  test("4.9: a handle that code outside holds works while the group is open", async () => {
    const value = await inVirtualTime(async () => {
      let group!: TaskGroup;
      const over = taskGroup(async (g) => {
        group = g;
        await sleep(20);
      });
      const outsider = createTask(() => group.createTask(() => sleep(5).then(() => "helped")));
      return Promise.all([outsider, over]);
    });
    expect(value).toEqual(["helped", undefined]);
  });
});
