import { describe, expect, test } from "vitest";
import { abandonable, createTask, moveOnAfter, sleep, statistics, taskGroup, wait } from "joinery";
import { takeUnhandledRejections, takeWarnings } from "../support/no-leaks.ts";
import { turn } from "../support/turn.ts";
import { inPassingTime } from "../support/virtual-clock.ts";

const caught = (error: unknown): unknown => error;

/** A foreign promise, with its two ends. */
function foreign(): {
  promise: Promise<string>;
  resolve: (value: string) => void;
  reject: (error: Error) => void;
} {
  const ends = {} as { resolve: (value: string) => void; reject: (error: unknown) => void };
  const promise = new Promise<string>((resolve, reject) =>
    Object.assign(ends, { resolve, reject }),
  );
  return { promise, ...ends };
}

describe("a foreign promise", () => {
  test("3: a plain await of one is not interrupted: the block waits", async () => {
    const { promise, resolve } = foreign();
    const trace: string[] = [];
    await inPassingTime(async () => {
      createTask(() => sleep(20).then(() => resolve("late")));
      const result = await moveOnAfter(10, async () => {
        trace.push(await promise);
        await sleep(1);
        trace.push("never");
      });
      trace.push(`expired: ${result.expired}`);
    });
    expect(trace).toEqual(["late", "expired: true"]);
  });

  test("2: abandonable settles as it does", async () => {
    const boom = new Error("boom");
    expect(await abandonable(Promise.resolve("value"), { label: "p" })).toBe("value");
    expect(await abandonable(Promise.reject(boom), { label: "p" }).catch(caught)).toBe(boom);
  });
});

describe("left behind", () => {
  test("3: a cancel ends the wait at once; the promise is a ghost until it settles", async () => {
    const { promise, resolve } = foreign();
    await inPassingTime(async () => {
      const result = await moveOnAfter(10, () => abandonable(promise, { label: "slow" }));
      expect(result.expired).toBe(true);
      expect(statistics().ghosts).toBe(1);
      resolve("late");
      await turn();
      expect(statistics().ghosts).toBe(0);
    });
  });

  test("3: its late error is a process warning with the label, never an unhandled rejection", async () => {
    const { promise, reject } = foreign();
    await inPassingTime(() => moveOnAfter(10, () => abandonable(promise, { label: "slow query" })));
    reject(new Error("too late"));
    expect(await takeWarnings()).toEqual([
      expect.stringMatching(/^JOINERY_GHOST_ERROR: slow query.*Error: too late/),
    ]);
    expect(await takeUnhandledRejections()).toEqual([]);
  });

  test("3: a late error that is no error, and cannot be written as text, is reported as well", async () => {
    const { promise, reject } = foreign();
    await inPassingTime(() => moveOnAfter(10, () => abandonable(promise, { label: "odd" })));
    reject(Object.create(null) as Error);
    expect(await takeWarnings()).toEqual([expect.stringMatching(/^JOINERY_GHOST_ERROR: odd/)]);
    expect(await takeUnhandledRejections()).toEqual([]);
  });

  test("3: in a cancelled scope it is left behind on entry, the second time as well", async () => {
    await inPassingTime(() =>
      moveOnAfter(10, async () => {
        await sleep(100).catch(() => {});
        for (const label of ["first", "second"]) {
          const failing = Promise.reject(new Error(label));
          const error = await abandonable(failing, { label }).catch(caught);
          expect(error).toMatchObject({ source: "deadline" });
        }
      }),
    );
    expect(await takeUnhandledRejections()).toEqual([]);
    const warnings = await takeWarnings();
    expect(warnings).toEqual([expect.stringMatching(/first/), expect.stringMatching(/second/)]);
  });

  test("3: a signal abandons it, too", async () => {
    const { promise, resolve } = foreign();
    const controller = new AbortController();
    const waiting = abandonable(promise, { label: "p", signal: controller.signal }).catch(caught);
    controller.abort("why");
    expect(await waiting).toMatchObject({ source: "signal", cause: "why" });
    expect(statistics().ghosts).toBe(1);
    resolve("late");
    await turn();
  });

  test("3: a thenable that starts its work when it is asked is asked once", async () => {
    const asked: string[] = [];
    const { promise, resolve } = foreign();
    const query: PromiseLike<string> = {
      // oxlint-disable-next-line unicorn/no-thenable -- a query builder is one
      then(onDone) {
        asked.push("query");
        return promise.then(onDone);
      },
    };
    await inPassingTime(() => moveOnAfter(10, () => abandonable(query, { label: "query" })));
    expect(asked).toEqual(["query"]);
    resolve("row");
    await turn();
  });

  test("3: a task that is passed in goes on, and is no late error", async () => {
    await inPassingTime(() =>
      taskGroup(async (group) => {
        const task = group.createTask(() => sleep(50));
        const result = await moveOnAfter(10, () => abandonable(task, { label: "task" }));
        expect([result.expired, task.state]).toEqual([true, "running"]);
        await wait([task]);
      }),
    );
    expect(await takeWarnings()).toEqual([]);
  });
});
