/** Rule 4.1: the first failure stops the others, and every error comes out. */

import { CancelledError, ExceptionGroup, shield, sleep, type Task, taskGroup } from "joinery";
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
const c = new Error("c");

describe("4.1: the first failure", () => {
  test("4.1: cancels the siblings and the body, and awaits the cleanup of all", async () => {
    const trace: string[] = [];
    const errors = await inVirtualTime(() =>
      errorsOf(
        taskGroup(async (group) => {
          group.createTask(async () => {
            try {
              await sleep(100);
            } catch (error) {
              trace.push(`sibling: ${(error as CancelledError).source}`);
              await shield(() => sleep(20), { within: 50 });
              trace.push("sibling cleaned up");
              throw error;
            }
          });
          group.createTask(() => failAfter(5, a));
          try {
            await sleep(100);
          } catch (error) {
            trace.push(`body: ${(error as CancelledError).source}`);
            throw error;
          }
        }).finally(() => trace.push("group over")),
      ),
    );
    expect(trace).toEqual([
      "sibling: sibling-error",
      "body: sibling-error",
      "sibling cleaned up",
      "group over",
    ]);
    expect(errors).toEqual([a]);
    expect(errors[0]).toBe(a);
  });

  test("4.1: the cancellation names the error and the task that failed", async () => {
    const reason = await inVirtualTime(async () => {
      let seen: unknown;
      await taskGroup(async (group) => {
        group.createTask(() => failAfter(1, a), { name: "culprit" });
        await sleep(10).catch((error: unknown) => (seen = error));
      }).catch(() => {});
      return seen;
    });
    expect(reason).toBeInstanceOf(CancelledError);
    expect(reason).toMatchObject({
      source: "sibling-error",
      by: "culprit",
      cause: a,
      name: "AbortError",
    });
  });

  test("4.1: also comes out in a group when the body has returned", async () => {
    const errors = await inVirtualTime(() =>
      errorsOf(
        taskGroup((group) => {
          group.createTask(() => failAfter(5, a));
          group.createTask(() => sleep(100));
          return "dropped";
        }),
      ),
    );
    expect(errors).toEqual([a]);
  });

  test("4.1: of the body cancels the children and comes out in a group", async () => {
    const trace: string[] = [];
    const errors = await inVirtualTime(() =>
      errorsOf(
        taskGroup(
          async (group) => {
            group.createTask(async () => {
              await sleep(100).catch((error: CancelledError) =>
                trace.push(`${error.source}: ${error.message}`),
              );
            });
            await failAfter(5, b);
          },
          { name: "g" },
        ),
      ),
    );
    expect(errors).toEqual([b]);
    expect(trace).toEqual(['sibling-error: group "g" was cancelled: its body failed']);
  });

  test("4.1: of the body comes out in a group when there is no child", async () => {
    expect(await inVirtualTime(() => errorsOf(taskGroup(() => Promise.reject(a))))).toEqual([a]);
    expect(
      await inVirtualTime(() =>
        errorsOf(
          taskGroup(() => {
            throw a;
          }),
        ),
      ),
    ).toEqual([a]);
  });

  test("4.1: has one stack of errors: the children's in completion order, the body's own last", async () => {
    const errors = await inVirtualTime(() =>
      errorsOf(
        taskGroup(async (group) => {
          group.createTask(async () => {
            await sleep(100).catch(() => {});
            await shield(() => sleep(20), { within: 100 });
            throw c;
          });
          group.createTask(async () => {
            await sleep(100).catch(() => {});
            await shield(() => sleep(10), { within: 100 });
            throw b;
          });
          await failAfter(5, a);
        }),
      ),
    );
    expect(errors).toEqual([b, c, a]);
  });

  test("4.1: is reported once when two children throw the same object", async () => {
    const errors = await inVirtualTime(() =>
      errorsOf(
        taskGroup((group) => {
          group.createTask(() => failAfter(5, a));
          group.createTask(() => failAfter(5, a));
          group.createTask(() => failAfter(5, b));
        }),
      ),
    );
    expect(errors).toEqual([a, b]);
  });

  test("4.1: reaches a body that awaits the failing child, and is reported once", async () => {
    const trace: string[] = [];
    const errors = await inVirtualTime(() =>
      errorsOf(
        taskGroup(async (group) => {
          const task = group.createTask(() => failAfter(5, a));
          try {
            await task;
          } catch (error) {
            trace.push(`body: ${String(error)}`);
            throw error;
          }
        }),
      ),
    );
    expect(trace).toEqual(["body: Error: a"]);
    expect(errors).toEqual([a]);
  });

  test("4.1: stays in its place when the body passes it on: children's errors are in completion order", async () => {
    const errors = await inVirtualTime(() =>
      errorsOf(
        taskGroup(async (group) => {
          const first = group.createTask(() => failAfter(5, a));
          group.createTask(() => failAfter(5, b));
          await first;
        }),
      ),
    );
    expect(errors).toEqual([a, b]);
  });

  test("4.1: comes out although the body catches it, and next to what the body makes of it", async () => {
    const swallowed = taskGroup(async (group) => {
      await group.createTask(() => Promise.reject(a)).then(undefined, () => "handled");
      return "fine";
    });
    expect(await errorsOf(swallowed)).toEqual([a]);
    const wrapped = taskGroup(async (group) => {
      await group.createTask(() => Promise.reject(a)).then(undefined, () => Promise.reject(b));
    });
    expect(await errorsOf(wrapped)).toEqual([a, b]);
  });

  test("4.1: leaves the handles of finished siblings alone", async () => {
    let early!: Task<string>;
    let failed!: Task<never>;
    await inVirtualTime(() =>
      errorsOf(
        taskGroup((group) => {
          early = group.createTask(() => "value");
          failed = group.createTask(() => failAfter(5, a));
        }),
      ),
    );
    expect(early.result()).toBe("value");
    expect(failed.exception()).toBe(a);
  });

  test("4.1: of a nested group is one member, nested and not flattened", async () => {
    const [inner, ...others] = await inVirtualTime(() =>
      errorsOf(
        taskGroup((group) => {
          group.createTask(() =>
            taskGroup((nested) => {
              nested.createTask(() => failAfter(5, a));
              nested.createTask(() => failAfter(5, b));
            }),
          );
        }),
      ),
    );
    expect(others).toEqual([]);
    expect(inner).toBeInstanceOf(ExceptionGroup);
    expect((inner as ExceptionGroup).errors).toEqual([a, b]);
  });

  test("4.1: of an outer group passes a body that is inside a nested one: one level only", async () => {
    const trace: string[] = [];
    const errors = await inVirtualTime(() =>
      errorsOf(
        taskGroup(async (group) => {
          group.createTask(() => failAfter(5, a));
          await taskGroup(async (nested) => {
            nested.createTask(() => sleep(100));
            await sleep(100);
          }).catch((error: unknown) => {
            trace.push(`${(error as CancelledError).source} passes`);
            throw error;
          });
        }),
      ),
    );
    expect(errors).toEqual([a]);
    expect(trace).toEqual(["sibling-error passes"]);
  });

  test("4.1: a body that swallows its cancellation goes on, is refused every wait, and its value is not the result", async () => {
    const trace: string[] = [];
    const errors = await inVirtualTime(() =>
      errorsOf(
        taskGroup(async (group) => {
          group.createTask(() => failAfter(5, a));
          for (const wait of ["first", "second", "third"]) {
            await sleep(100).then(
              () => trace.push(`${wait}: slept`),
              (error: CancelledError) => trace.push(`${wait}: ${error.source}`),
            );
          }
          return "value";
        }),
      ),
    );
    expect(trace).toEqual([
      "first: sibling-error",
      "second: sibling-error",
      "third: sibling-error",
    ]);
    expect(errors).toEqual([a]);
  });
});
