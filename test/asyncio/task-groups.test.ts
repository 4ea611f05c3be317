/** What CPython's own tests of task groups ask and no other test does: see docs/asyncio-coverage.md. */

import { type ExceptionGroup, exceptStar, on, shield, sleep, taskGroup } from "joinery";
import { expect, test } from "vitest";
import { inVirtualTime } from "../support/virtual-clock.ts";
import { after, failAfter } from "../support/work.ts";

const caught = (error: unknown): unknown => error;

test("2: the handles have their results after the block, also those of late children", async () => {
  await inVirtualTime(async () => {
    const tasks = await taskGroup(async (group) => {
      const early = group.createTask(() => after(20, "early"));
      await sleep(10);
      return [early, group.createTask(() => after(30, "late"))];
    });
    expect(tasks.map((task) => task.result())).toEqual(["early", "late"]);
  });
});

test("4.1: children that multiply all end with the first failure", async () => {
  await inVirtualTime(async (main) => {
    let heads = 0;
    const failure = new Error("cut");
    const error = await taskGroup(async (group) => {
      const hydra = async (): Promise<void> => {
        heads++;
        await sleep(10);
        group.createTask(hydra);
        group.createTask(hydra);
      };
      group.createTask(hydra);
      await failAfter(35, failure);
    }).catch(caught);
    expect((error as ExceptionGroup).errors).toEqual([failure]);
    expect(heads).toBe(1 + 2 + 4 + 8);
    expect(main.signal.aborted).toBe(false);
  });
});

test("4.1: the code around a group that failed waits as before", async () => {
  await inVirtualTime(async (main) => {
    const failure = new Error("failed");
    const failing = taskGroup(async (group) => {
      group.createTask(() => failAfter(0, failure));
      await sleep(Infinity);
    });
    const handled: Error[] = [];
    await failing.catch((error: unknown) =>
      exceptStar(
        error,
        on(Error, (errors) => void handled.push(...errors)),
      ),
    );
    expect(handled).toEqual([failure]);
    await sleep(10);
    await taskGroup((group) => void group.createTask(() => sleep(10)));
    expect(main.signal.aborted).toBe(false);
  });
});

test("4.1: a child whose own child fails at once is cancelled at its next wait", async () => {
  await inVirtualTime(async () => {
    const failure = new Error("third");
    const trace: string[] = [];
    const error = await taskGroup((group) => {
      group.createTask(async () => {
        group.createTask(() => Promise.reject(failure));
        await sleep(1000).catch((cancelled: unknown) => trace.push((cancelled as Error).name));
      });
    }).catch(caught);
    expect((error as ExceptionGroup).errors).toEqual([failure]);
    expect(trace).toEqual(["AbortError"]);
  });
});

/** Waits for ever, and fails when it is cancelled. */
async function failsInCleanup(message: string): Promise<void> {
  await sleep(Infinity).finally(() => {
    throw new Error(message);
  });
}

test("4.4: errors of the cleanup come out instead of the cancellation, from every level", async () => {
  await inVirtualTime(async (main) => {
    const runner = main.signal;
    const outcome = taskGroup(async (group) => {
      const inner = group.createTask(() =>
        taskGroup(async (outer) => {
          outer.createTask(() => sleep(Infinity));
          await taskGroup(async (deepest) => {
            for (const name of ["a", "b"]) deepest.createTask(() => failsInCleanup(name));
            await sleep(Infinity);
          });
        }),
      );
      await sleep(10);
      inner.cancel();
    });
    const [outer] = ((await outcome.catch(caught)) as ExceptionGroup).errors;
    const [deepest] = (outer as ExceptionGroup).errors;
    expect((deepest as ExceptionGroup).errors.map(({ message }) => message)).toEqual(["a", "b"]);
    expect(runner.aborted).toBe(false);
  });
});

test("4.4: an outer cancellation reaches the children while the body still cleans up", async () => {
  await inVirtualTime(async () => {
    const trace: string[] = [];
    await taskGroup(async (around) => {
      const runner = around.createTask(() =>
        taskGroup(async (group) => {
          group.createTask(async () => {
            await sleep(300).finally(() => trace.push("child stops"));
            throw new Error("not reached");
          });
          try {
            await sleep(1000);
          } finally {
            await shield(() => sleep(500), { within: Infinity });
            trace.push("body has cleaned up");
          }
        }),
      );
      await sleep(100);
      runner.cancel();
      await expect(runner).rejects.toThrow(expect.objectContaining({ code: "JOINERY_CANCELLED" }));
    });
    expect(trace).toEqual(["child stops", "body has cleaned up"]);
  });
});
