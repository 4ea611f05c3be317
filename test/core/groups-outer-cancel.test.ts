/** Rule 4.4: a cancellation from outside, with and without errors. */

import {
  type CancellableTaskGroup,
  CancelledError,
  createTask,
  currentTask,
  ExceptionGroup,
  moveOnAfter,
  shield,
  sleep,
  taskGroup,
  timeout,
} from "joinery";
import { describe, expect, test } from "vitest";
import { turn } from "../support/turn.ts";
import { inVirtualTime } from "../support/virtual-clock.ts";

function describeError(error: unknown): string {
  if (error instanceof ExceptionGroup) return `[${error.errors.map(describeError).join(", ")}]`;
  return error instanceof CancelledError ? error.source : (error as Error).message;
}

/** Sleeps, and fails when it is cancelled. */
async function failInCleanup(message: string): Promise<void> {
  await sleep(100).catch(() => {
    throw new Error(message);
  });
}

/** The body of a group that is cancelled by it. */
function cancelled(group: CancellableTaskGroup): Promise<void> {
  group.cancel();
  return sleep(1);
}

describe("4.4: an outer cancellation", () => {
  test("4.4: cancels the body and the children, is awaited by all, and goes on", async () => {
    const trace: string[] = [];
    await inVirtualTime(() =>
      moveOnAfter(5, async () => {
        await taskGroup(async (group) => {
          group.createTask(async () => {
            await sleep(100).finally(() => shield(() => sleep(20), { within: 50 }));
          });
          group.defer(() => void trace.push("children over"));
          await sleep(100).finally(() => trace.push("body over"));
        }).catch((error: unknown) => {
          trace.push(`out: ${describeError(error)}`);
          throw error;
        });
      }).then(({ expired }) => trace.push(`expired: ${expired}`)),
    );
    expect(trace).toEqual(["body over", "children over", "out: deadline", "expired: true"]);
  });

  test("4.4: is one error object for all that it reaches", async () => {
    const seen: unknown[] = [];
    const see = (error: unknown): never => {
      seen.push(error);
      throw error;
    };
    await inVirtualTime(() =>
      moveOnAfter(5, ({ signal }) =>
        taskGroup(async (group) => {
          group.createTask(() => sleep(100).catch(see));
          await sleep(100).catch(see);
        })
          .catch(see)
          .catch(() => see(signal.reason)),
      ),
    );
    expect(seen).toHaveLength(4);
    expect(new Set(seen).size).toBe(1);
  });

  test("4.4: and an error together: the error comes out, and the next wait of the outer scope throws", async () => {
    const trace: string[] = [];
    await inVirtualTime(async () => {
      const result = await moveOnAfter(5, async () => {
        await taskGroup((group) => {
          group.createTask(() => failInCleanup("a"));
          group.createTask(() => sleep(100));
          group.createTask(() => failInCleanup("b"));
        }).catch((error: unknown) => trace.push(describeError(error)));
        await sleep(0).catch((error: unknown) => {
          trace.push(describeError(error));
          throw error;
        });
      });
      trace.push(`expired: ${result.expired}`);
    });
    expect(trace).toEqual(["[a, b]", "deadline", "expired: true"]);
  });

  test("4.4: that is converted into an error by the body comes out as that error", async () => {
    const trace: string[] = [];
    await inVirtualTime(async () => {
      const task = createTask(async () => {
        await taskGroup(() => failInCleanup("converted")).catch((error: unknown) =>
          trace.push(describeError(error)),
        );
        await sleep(5);
      });
      await sleep(1);
      task.cancel();
      await task.then(undefined, (error: unknown) => trace.push(describeError(error)));
    });
    expect(trace).toEqual(["[converted]", "explicit"]);
  });

  test("4.4: wins over the value when children were stopped by it", async () => {
    const trace: string[] = [];
    await inVirtualTime(() =>
      moveOnAfter(5, () =>
        taskGroup((group) => {
          group.createTask(() => sleep(100));
          return "value";
        }).then(
          (value) => trace.push(value),
          (error: unknown) => trace.push(describeError(error)),
        ),
      ),
    );
    expect(trace).toEqual(["deadline"]);
  });

  test("4.4: wins over the value when children were not over yet, also if they return in spite of it", async () => {
    const trace: string[] = [];
    await inVirtualTime(() =>
      moveOnAfter(5, () =>
        taskGroup(async (group) => {
          group.createTask(() => sleep(100).catch(() => shield(() => sleep(1), { within: 5 })));
          await sleep(100).catch(() => trace.push("body over"));
          return "value";
        }).then(
          (value) => trace.push(value),
          (error: unknown) => trace.push(describeError(error)),
        ),
      ),
    );
    expect(trace).toEqual(["body over", "deadline"]);
  });

  test("4.4: does not take a value because a child was cancelled by itself before", async () => {
    const value = await inVirtualTime(() =>
      createTask(() =>
        taskGroup(async (group) => {
          const child = group.createTask(() => sleep(100));
          child.cancel();
          await child.then(undefined, () => {});
          currentTask()?.cancel();
          return "value";
        }),
      ),
    );
    expect(value).toBe("value");
  });

  test("4.4: goes on in the same turn, also out of a task that has heard of another cancellation before", async () => {
    const trace: string[] = [];
    const task = createTask(async () => {
      await taskGroup(cancelled, { cancellable: true });
      await taskGroup((group) => void group.createTask(() => sleep(60_000))).finally(() =>
        trace.push("out"),
      );
    });
    await turn();
    setImmediate(() => trace.push("next turn"));
    task.cancel();
    await turn();
    expect(trace).toEqual(["out", "next turn"]);
  });

  test("4.4: does not take a value that was ready: the block without children keeps it", async () => {
    const trace: string[] = [];
    await inVirtualTime(() =>
      moveOnAfter(5, async () => {
        const value = await taskGroup(async (group) => {
          group.createTask(() => sleep(1));
          await sleep(100).catch(() => {});
          return "value";
        });
        trace.push(value);
        await sleep(1).catch((error: unknown) => trace.push(describeError(error)));
      }),
    );
    expect(trace).toEqual(["value", "deadline"]);
  });

  test("4.4: that is repeated changes nothing: the first reason stays, and the children hear of it once", async () => {
    const trace: string[] = [];
    await inVirtualTime(async () => {
      const task = createTask(() =>
        taskGroup(async (group) => {
          group.createTask(async () => {
            await sleep(100).catch((error: CancelledError) =>
              trace.push(`child: ${String(error.cause)}`),
            );
            await shield(() => sleep(20), { within: 50 });
            trace.push("cleaned up");
          });
        }),
      );
      await sleep(1);
      task.cancel("first");
      await sleep(1);
      task.cancel("second");
      await task.then(undefined, (error: unknown) =>
        trace.push(`out: ${String((error as CancelledError).cause)}`),
      );
    });
    expect(trace).toEqual(["child: first", "cleaned up", "out: first"]);
  });

  test("4.4: during the reaction to a failure: the errors come out, and the outer scope stays cancelled", async () => {
    const trace: string[] = [];
    await inVirtualTime(() =>
      moveOnAfter(10, async () => {
        await taskGroup((group) => {
          group.createTask(() => sleep(5).then(() => Promise.reject(new Error("a"))));
          group.createTask(() => sleep(100).finally(() => shield(() => sleep(20), { within: 50 })));
        }).catch((error: unknown) => trace.push(describeError(error)));
        await sleep(1).catch((error: unknown) => trace.push(describeError(error)));
      }),
    );
    expect(trace).toEqual(["[a]", "deadline"]);
  });

  test("4.4: of a timeout around a group: TimeoutError without errors, the group with them", async () => {
    const trace: string[] = [];
    await inVirtualTime(async () => {
      await timeout(5, () => taskGroup((group) => void group.createTask(() => sleep(100)))).catch(
        (error: Error) => trace.push(error.name),
      );
      await timeout(5, () =>
        taskGroup((group) => void group.createTask(() => failInCleanup("a"))),
      ).catch((error: unknown) => trace.push(describeError(error)));
    });
    expect(trace).toEqual(["TimeoutError", "[a]"]);
  });

  test("4.4: a group in a scope that is cancelled already runs its body up to the first wait, and no child", async () => {
    const trace: string[] = [];
    await inVirtualTime(() =>
      moveOnAfter(5, async () => {
        await sleep(100).catch(() => {});
        await taskGroup(async (group) => {
          trace.push("body");
          group.createTask(() => void trace.push("child"));
          await sleep(0);
          trace.push("not reached");
        }).catch((error: unknown) => trace.push(describeError(error)));
      }),
    );
    expect(trace).toEqual(["body", "deadline"]);
  });

  test("4.4: a group in a scope that is cancelled already does not give a value as if its children had run", async () => {
    const trace: string[] = [];
    await inVirtualTime(() =>
      moveOnAfter(5, async () => {
        await sleep(100).catch(() => {});
        await taskGroup((group) => {
          group.createTask(() => void trace.push("child"));
          return "value";
        }).then(
          (value) => trace.push(value),
          (error: unknown) => trace.push(describeError(error)),
        );
      }),
    );
    expect(trace).toEqual(["deadline"]);
  });

  test("4.4: does not reach a group behind a shield, which can still fail by itself", async () => {
    const trace: string[] = [];
    await inVirtualTime(() =>
      moveOnAfter(5, () =>
        shield(
          () =>
            taskGroup(async (group) => {
              group.createTask(() => sleep(20).then(() => trace.push("child done")));
              await group.createTask(() => sleep(30).then(() => Promise.reject(new Error("own"))));
            }).catch((error: unknown) => trace.push(describeError(error))),
          { within: 100 },
        ),
      ),
    );
    expect(trace).toEqual(["child done", "[own]"]);
  });
});

describe("4.4: { signal }", () => {
  test("4.4: rejects with a CancelledError of source signal, whose cause is the reason", async () => {
    const controller = new AbortController();
    const trace: string[] = [];
    const error = await inVirtualTime(() =>
      taskGroup(
        async (group) => {
          group.createTask(() =>
            sleep(100).catch((e: CancelledError) => trace.push(`child: ${e.source}`)),
          );
          group.createTask(async () => {
            await sleep(5);
            controller.abort("user left");
          });
          await sleep(100).finally(() => trace.push("body over"));
        },
        { signal: controller.signal },
      ).catch((reason: unknown) => reason),
    );
    expect(error).toBeInstanceOf(CancelledError);
    expect(error).toMatchObject({ source: "signal", cause: "user left" });
    expect(trace).toEqual(["child: signal", "body over"]);
  });

  test("4.4: that has aborted before: no child runs", async () => {
    const trace: string[] = [];
    const error = await taskGroup(
      async (group) => {
        group.createTask(() => void trace.push("child"));
        await sleep(1);
      },
      { signal: AbortSignal.abort("early") },
    ).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ source: "signal", cause: "early" });
    expect(trace).toEqual([]);
  });

  test("4.4: loses against an error, and the code around goes on", async () => {
    const controller = new AbortController();
    const trace: string[] = [];
    await inVirtualTime(async () => {
      await taskGroup(
        (group) => {
          group.createTask(() => failInCleanup("a"));
          group.createTask(() => sleep(5).then(() => controller.abort()));
        },
        { signal: controller.signal },
      ).catch((error: unknown) => trace.push(describeError(error)));
      await sleep(1);
      trace.push("went on");
    });
    expect(trace).toEqual(["[a]", "went on"]);
  });
});
