/** Rule 4.3: what is reported, and what is not. */

import { CancelledError, ExceptionGroup, sleep, type Task, taskGroup, timeout } from "joinery";
import { describe, expect, test } from "vitest";
import { inVirtualTime } from "../support/virtual-clock.ts";
import { failAfter } from "../support/work.ts";

/** The members of the group that `promise` is rejected with. */
async function errorsOf(promise: Promise<unknown>): Promise<readonly Error[]> {
  const error = await promise.catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(ExceptionGroup);
  expect((error as ExceptionGroup).message).toBe("unhandled errors in a TaskGroup");
  return (error as ExceptionGroup).errors;
}

const a = new Error("a");
const b = new Error("b");

describe("4.3: what is reported", () => {
  test("4.3: a child's error in its cleanup is, and the cancelled child next to it is not", async () => {
    const errors = await inVirtualTime(() =>
      errorsOf(
        taskGroup((group) => {
          group.createTask(() => failAfter(5, a));
          group.createTask(() => sleep(100));
          group.createTask(async () => {
            try {
              await sleep(100);
            } finally {
              // oxlint-disable-next-line no-unsafe-finally -- a failing cleanup
              throw b;
            }
          });
        }),
      ),
    );
    expect(errors).toEqual([a, b]);
  });

  test("4.3: a child that somebody cancelled is not, whoever did it", async () => {
    const value = await inVirtualTime(() =>
      taskGroup(async (group) => {
        const one = group.createTask(() => sleep(100));
        const two = group.createTask(() => sleep(100), { signal: AbortSignal.abort("no") });
        await sleep(5);
        one.cancel("enough");
        await sleep(0);
        return [one.cancelled(), two.cancelled()];
      }),
    );
    expect(value).toEqual([true, true]);
  });

  test("4.3: a child that swallowed its cancellation and returned is a success with its value", async () => {
    let task!: Task<string>;
    const errors = await inVirtualTime(() =>
      errorsOf(
        taskGroup((group) => {
          task = group.createTask(async () => {
            await sleep(100).catch(() => {});
            return "anyway";
          });
          group.createTask(() => failAfter(5, a));
        }),
      ),
    );
    expect(errors).toEqual([a]);
    expect(task.result()).toBe("anyway");
    expect(task.cancelled()).toBe(false);
  });

  test("4.3: a CancelledError that nobody asked for is an ordinary error", async () => {
    const stray = new CancelledError("stray");
    expect(
      await errorsOf(taskGroup((group) => void group.createTask(() => Promise.reject(stray)))),
    ).toEqual([stray]);
    expect(await errorsOf(taskGroup(() => Promise.reject(stray)))).toEqual([stray]);
  });

  test("4.3: a child that awaits a task which somebody else cancelled fails with that CancelledError", async () => {
    const errors = await inVirtualTime(() =>
      errorsOf(
        taskGroup((group) => {
          const victim = group.createTask(() => sleep(100), { name: "victim" });
          group.createTask(() => victim);
          group.createTask(async () => {
            await sleep(5);
            victim.cancel("enough");
          });
        }),
      ),
    );
    expect(errors).toHaveLength(1);
    expect(errors[0]).toBeInstanceOf(CancelledError);
    expect(errors[0]).toMatchObject({ source: "explicit", scope: "victim", cause: "enough" });
  });

  test("4.3: a child's TimeoutError is a failure like any other", async () => {
    const errors = await inVirtualTime(() =>
      errorsOf(taskGroup((group) => void group.createTask(() => timeout(5, () => sleep(100))))),
    );
    expect(errors.map((error) => error.name)).toEqual(["TimeoutError"]);
  });

  test("4.3: a thrown thing that is no error comes out as one that carries it", async () => {
    const errors = await inVirtualTime(() =>
      errorsOf(
        taskGroup((group) => {
          // oxlint-disable-next-line prefer-promise-reject-errors -- what it is about
          group.createTask(() => Promise.reject("text"));
        }),
      ),
    );
    expect(errors).toHaveLength(1);
    expect(errors[0]).toMatchObject({ code: "JOINERY_NOT_AN_ERROR", cause: "text" });
  });
});
