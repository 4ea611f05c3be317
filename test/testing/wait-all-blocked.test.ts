import {
  checkpoint,
  createTask,
  moveOnAfter,
  type Parked,
  run,
  sleep,
  suspend,
  taskGroup,
} from "joinery";
import { waitAllBlocked, withVirtualTime } from "joinery/testing";
import { describe, expect, test } from "vitest";
import { caught } from "../core/fixtures/story.ts";
import { turn } from "../support/turn.ts";

const foreign = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 5));

describe("in virtual time", () => {
  test("it comes when all others wait, and before the clock jumps", async () => {
    const trace: string[] = [];
    await withVirtualTime((clock) =>
      taskGroup(async (group) => {
        group.createTask(async () => {
          for (let i = 0; i < 20; i++) await checkpoint();
          trace.push("20 checkpoints");
          await sleep(10);
          trace.push(`slept at ${clock.now()}`);
        });
        group.createTask(async () => {
          await turn(40);
          trace.push("40 turns");
        });
        await waitAllBlocked();
        trace.push(`blocked at ${clock.now()}`);
      }),
    );
    expect(trace).toEqual(["20 checkpoints", "40 turns", "blocked at 0", "slept at 10"]);
  });

  test("all who wait for it see it at once", async () => {
    const trace: string[] = [];
    await withVirtualTime((clock) =>
      taskGroup((group) => {
        for (const name of ["a", "b"]) {
          group.createTask(async () => {
            await waitAllBlocked();
            trace.push(`${name} at ${clock.now()}`);
            await sleep(5);
          });
        }
      }),
    );
    expect(trace).toEqual(["a at 0", "b at 0"]);
  });
});

describe("in real time", () => {
  test("it comes when the others of the run are blocked, whatever those outside do", async () => {
    const trace: string[] = [];
    let settle: (() => void) | undefined;
    const outside = createTask(() => new Promise<void>((resolve) => (settle = resolve)));
    await run(
      () =>
        taskGroup(async (group) => {
          let parked: Parked<void> | undefined;
          group.createTask(async () => {
            await turn(10);
            trace.push("parks");
            await suspend<void>((wait) => void (parked = wait));
          });
          await waitAllBlocked();
          trace.push("blocked");
          parked?.resolve();
        }),
      { handleSignals: false },
    );
    expect(trace).toEqual(["parks", "blocked"]);
    settle?.();
    await outside;
  });

  test("outside of any task it counts all of the process", async () => {
    const trace: string[] = [];
    const task = createTask(async () => {
      await foreign();
      trace.push("foreign");
    });
    await waitAllBlocked();
    trace.push("blocked");
    await task;
    expect(trace).toEqual(["foreign", "blocked"]);
  });

  test("it waits for the world outside without looking in every turn", async () => {
    const task = createTask(() => new Promise<void>((resolve) => setTimeout(resolve, 40)));
    await waitAllBlocked();
    expect(task.done()).toBe(true);
  });
});

test("a cancellation ends the wait, and the clock goes on", async () => {
  await withVirtualTime((clock) =>
    taskGroup(async (group) => {
      const busy = group.createTask(foreign);
      const waiting = group.createTask(() => moveOnAfter(-1, () => waitAllBlocked()));
      expect(await waiting).toMatchObject({ expired: true });
      await busy;
      await sleep(10);
      expect(clock.now()).toBe(10);
    }),
  );
});

test("it refuses options that are none", async () => {
  expect(await caught(waitAllBlocked(5 as never))).toMatchObject({
    code: "JOINERY_INVALID_ARGUMENT",
  });
});

test("in a cancelled scope it does not wait", async () => {
  await withVirtualTime((clock) =>
    moveOnAfter(10, async () => {
      await caught(sleep(20));
      expect(await caught(waitAllBlocked())).toMatchObject({ name: "AbortError" });
      expect(clock.now()).toBe(10);
    }),
  );
});
