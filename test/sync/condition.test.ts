import { createTask, moveOnAfter, sleep, type Task, taskGroup, type TaskGroup } from "joinery";
import { Condition, Lock } from "joinery/sync";
import { describe, expect, test } from "vitest";
import { inVirtualTime } from "../support/virtual-clock.ts";

const caught = (error: unknown): unknown => error;

/** Runs `body` with `names.length` tasks that wait on `condition`; each says so when it goes on. */
function withWaiters(
  condition: Condition,
  names: readonly string[],
  body: (tasks: Task<void>[], trace: string[], group: TaskGroup) => Promise<void>,
): Promise<string[]> {
  const trace: string[] = [];
  const wait = (name: string) => async (): Promise<void> => {
    using _ = await condition.acquire();
    try {
      await condition.wait();
      trace.push(`${name} notified`);
    } catch (error) {
      trace.push(`${name} ${(error as Error).name}, locked: ${condition.locked()}`);
      throw error;
    }
  };
  return inVirtualTime(async () => {
    await taskGroup(async (group) => {
      const tasks = names.map((name) => group.createTask(wait(name), { name }));
      await sleep(1);
      await body(tasks, trace, group);
    });
    expect(condition.statistics()).toEqual({ locked: false, owner: undefined, waiting: 0 });
    expect(condition.lock.statistics().waiting).toBe(0);
    return trace;
  });
}

describe("a condition", () => {
  test("wakes as many as it is told to, in order of arrival, each once it has the lock", async () => {
    const condition = new Condition();
    const trace = await withWaiters(condition, ["a", "b", "c"], async (_, seen) => {
      expect(condition.statistics()).toMatchObject({ locked: false, waiting: 3 });
      await condition.with(async () => {
        condition.notify(2);
        seen.push("notified two");
        await sleep(5);
        seen.push("released");
      });
      await sleep(1);
      await condition.with(() => condition.notifyAll());
    });
    expect(trace).toEqual(["notified two", "released", "a notified", "b notified", "c notified"]);
  });

  test("forgets a notification with nobody waiting", async () => {
    const condition = new Condition();
    await condition.with(() => condition.notify(5));
    const trace = await withWaiters(condition, ["a"], async (_, seen) => {
      seen.push("still waits");
      await condition.with(() => condition.notify());
    });
    expect(trace).toEqual(["still waits", "a notified"]);
  });

  test("a cancelled wait comes out when the lock is held again", async () => {
    const condition = new Condition();
    const trace = await withWaiters(condition, ["a"], async ([a], seen) => {
      await condition.with(async () => {
        a?.cancel();
        await sleep(5);
        seen.push("released");
      });
    });
    expect(trace).toEqual(["released", "a AbortError, locked: true"]);
  });

  test("a cancelled wait comes out at once when the lock is free", async () => {
    const condition = new Condition();
    const trace = await withWaiters(condition, ["a"], async ([a], seen) => {
      a?.cancel();
      seen.push(`locked: ${condition.locked()}`);
    });
    expect(trace).toEqual(["locked: true", "a AbortError, locked: true"]);
  });

  test("a wait that is cancelled after it was notified hands that on, when it is over", async () => {
    const condition = new Condition();
    const trace = await withWaiters(condition, ["a", "b", "c"], async ([a, , c]) => {
      await condition.with(() => {
        condition.notify();
        a?.cancel();
      });
      await sleep(1);
      c?.cancel();
    });
    expect(trace).toEqual([
      "a AbortError, locked: true",
      "b notified",
      "c AbortError, locked: true",
    ]);
  });

  test("a wait that is cancelled without a notification wakes nobody", async () => {
    const condition = new Condition();
    const trace = await withWaiters(condition, ["a", "b"], async ([a, b], seen) => {
      a?.cancel();
      await sleep(1);
      seen.push(`${condition.statistics().waiting} waits`);
      b?.cancel();
    });
    expect(trace).toEqual(["a AbortError, locked: true", "1 waits", "b AbortError, locked: true"]);
  });

  test("outside of any task a wait that is cancelled has the lock again, too", async () => {
    const condition = new Condition();
    const controller = new AbortController();
    await condition.acquire();
    const waiting = condition.wait({ signal: controller.signal }).catch(caught);
    expect(condition.locked()).toBe(false);
    controller.abort();
    expect(await waiting).toMatchObject({ name: "AbortError" });
    expect(condition.locked()).toBe(true);
    condition.release();
  });

  test("a second cancel does not end the wait for the lock, and the first reason stays", async () => {
    const condition = new Condition();
    const reasons: unknown[] = [];
    await inVirtualTime(async () => {
      const waiter = createTask(async (task) => {
        using _ = await condition.acquire();
        const limited = moveOnAfter(2, () => condition.wait().catch((e) => reasons.push(e.source)));
        reasons.push((await limited).expired, task.state);
      });
      await sleep(1);
      using _ = await condition.acquire();
      await sleep(5);
      waiter.cancel();
      await sleep(5);
      expect(reasons).toEqual([]);
      _.release();
      await waiter.then(undefined, () => {});
    });
    expect(reasons).toEqual(["deadline", true, "cancelling"]);
  });

  test("a wait that its task left behind does not take the lock again", async () => {
    const condition = new Condition();
    let left: Promise<unknown> | undefined;
    await createTask(async () => {
      await condition.acquire();
      left = condition.wait().catch(caught);
    });
    expect(await left).toMatchObject({ name: "AbortError" });
    expect(condition.statistics()).toEqual({ locked: false, owner: undefined, waiting: 0 });
    expect(condition.lock.statistics()).toMatchObject({ locked: false, waiting: 0 });
  });

  test("those who wait for the lock after a notification hear when its owner ends", async () => {
    const condition = new Condition();
    const seen: unknown[] = [];
    await inVirtualTime(async () => {
      const waiter = createTask(async () => {
        using _ = await condition.acquire();
        seen.push(await condition.wait().catch(caught));
      });
      await sleep(1);
      await createTask(async () => {
        const token = await condition.acquire();
        condition.notify();
        void token;
      });
      await waiter;
    });
    expect(seen).toEqual([expect.objectContaining({ code: "JOINERY_OWNER_ENDED" })]);
  });

  test("takes the lock again behind a task that ended with it, and hears of that at once", async () => {
    const condition = new Condition();
    const seen: unknown[] = [];
    await inVirtualTime(async () => {
      const waiter = createTask(async () => {
        using _ = await condition.acquire();
        seen.push(await condition.wait().catch(caught));
      });
      await sleep(1);
      await createTask(async () => void (await condition.acquire()));
      waiter.cancel();
      await waiter;
    });
    expect(seen).toEqual([expect.objectContaining({ code: "JOINERY_OWNER_ENDED" })]);
  });

  test("is for those who hold its lock", async () => {
    const condition = new Condition({ name: "stock" });
    const notHeld = { name: "InvalidStateError", code: "JOINERY_NOT_HELD" };
    expect(await condition.wait().catch(caught)).toMatchObject(notHeld);
    expect(() => condition.notify()).toThrow(expect.objectContaining(notHeld));
    expect(() => condition.notifyAll()).toThrow(expect.objectContaining(notHeld));
    expect(() => condition.release()).toThrow(expect.objectContaining(notHeld));
    await createTask(async () => {
      await condition.acquire();
      const notOwner = { name: "InvalidStateError", code: "JOINERY_NOT_OWNER" };
      await createTask(async () => {
        expect(await condition.wait().catch(caught)).toMatchObject(notOwner);
        expect(() => condition.notify()).toThrow(expect.objectContaining(notOwner));
      });
      condition.release();
    });
    expect(condition.tryAcquire()).toBeDefined();
    expect(condition.tryAcquire()).toBeUndefined();
  });

  test("the token of before the wait is good after it", async () => {
    const condition = new Condition();
    await withWaiters(condition, ["a"], () => condition.with(() => condition.notify()));
    expect(condition.locked()).toBe(false);
  });

  test("several may share a lock", async () => {
    const lock = new Lock();
    const [full, empty] = [new Condition({ lock }), new Condition({ lock })];
    expect(full.lock).toBe(empty.lock);
    using _ = await full.acquire();
    expect(empty.locked()).toBe(true);
    empty.notify();
  });

  test("holders() are those of its lock", async () => {
    const condition = new Condition();
    await createTask(async (task) => {
      using _ = await condition.acquire();
      expect(condition.holders()).toHaveLength(1);
      expect(condition.holders()[0] === task).toBe(true);
    });
  });
});

describe("waitFor", () => {
  test("gives the first truthy value, and looks whenever it is notified", async () => {
    const condition = new Condition();
    const looked: number[] = [];
    await inVirtualTime(() =>
      taskGroup(async (group) => {
        let stock = 0;
        const waiter = group.createTask(() =>
          condition.with(() =>
            condition.waitFor(() => {
              looked.push(stock);
              return stock > 1 && `stock ${stock}`;
            }),
          ),
        );
        for (let i = 0; i < 3; i++) {
          await sleep(1);
          await condition.with(() => {
            stock++;
            condition.notify();
          });
        }
        expect(await waiter).toBe("stock 2");
      }),
    );
    expect(looked).toEqual([0, 1, 2]);
  });

  test("needs no lock for what is true at once", async () => {
    expect(await new Condition().waitFor(() => "true")).toBe("true");
  });
});
