import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { all, currentSignal, moveOnAfter, shield, sleep, taskGroup, timeout, wait } from "joinery";
import { turn } from "../support/turn.ts";
import { inVirtualTime } from "../support/virtual-clock.ts";

/** A controller, and how many listeners its signal was given, at most had at once, and has. */
function counted(): {
  controller: AbortController;
  signal: AbortSignal;
  added: number;
  most: number;
  left: number;
} {
  const controller = new AbortController();
  const { signal } = controller;
  const count = { controller, signal, added: 0, most: 0, left: 0 };
  const add = signal.addEventListener.bind(signal);
  const remove = signal.removeEventListener.bind(signal);
  signal.addEventListener = (...args: Parameters<typeof add>) => {
    count.added++;
    count.most = Math.max(count.most, ++count.left);
    add(...args);
  };
  signal.removeEventListener = (...args: Parameters<typeof remove>) => {
    count.left--;
    remove(...args);
  };
  return count;
}

async function shieldedSleep(): Promise<void> {
  await shield(() => sleep(20), { within: 100 });
}

describe("an outer signal gets one listener per scope that named it", () => {
  test("3.8: a group with 1000 children has one, which is gone when the group is over", async () => {
    const outer = counted();
    await inVirtualTime(() =>
      taskGroup(
        (group) => {
          for (let i = 0; i < 1000; i++) group.createTask(() => sleep(i));
        },
        { signal: outer.signal },
      ),
    );
    expect([outer.added, outer.most, outer.left]).toEqual([1, 1, 0]);
  });

  test("3.8: also when it is the signal that ends the group", async () => {
    const outer = counted();
    const error = await inVirtualTime(() =>
      taskGroup(
        async (group) => {
          for (let i = 0; i < 1000; i++) group.createTask(() => sleep(1000));
          await turn();
          outer.controller.abort("enough");
        },
        { signal: outer.signal },
      ),
    ).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ source: "signal", cause: "enough" });
    expect([outer.added, outer.left]).toEqual([1, 0]);
  });

  test("3.8: blocks, waits and tasks that name it take their listener off when they are over", async () => {
    const outer = counted();
    const { signal } = outer;
    await inVirtualTime(async () => {
      await timeout(1000, () => sleep(1), { signal });
      await moveOnAfter(1, () => sleep(10), { signal });
      await shield(() => sleep(1), { within: 10, signal });
      await sleep(1, { signal });
      await all([() => sleep(1), () => sleep(1)], { signal });
      await taskGroup((group) => void group.createTask(() => sleep(1), { signal }));
    });
    expect([outer.added, outer.most, outer.left]).toEqual([6, 1, 0]);
  });

  test("3.8: wait names it once", async () => {
    const outer = counted();
    await inVirtualTime(() =>
      taskGroup(async (group) => {
        const task = group.createTask(() => sleep(10));
        await wait([task], { signal: outer.signal, timeout: 5 });
      }),
    );
    expect([outer.most, outer.left]).toEqual([1, 0]);
  });

  test("3.8: a signal that has aborted already gets none", async () => {
    const outer = counted();
    outer.controller.abort();
    await sleep(1, { signal: outer.signal }).catch(() => {});
    await timeout(1, () => {}, { signal: outer.signal });
    expect(outer.added).toBe(0);
  });
});

describe("our own signals", () => {
  let made = 0;
  const Native = globalThis.AbortController;

  beforeEach(() => {
    made = 0;
    globalThis.AbortController = class extends Native {
      constructor() {
        super();
        made++;
      }
    };
  });
  afterEach(() => {
    globalThis.AbortController = Native;
  });

  test("3.8: a scope makes none unless somebody asks", async () => {
    await inVirtualTime(() =>
      moveOnAfter(10, () =>
        taskGroup(
          async (group) => {
            for (let i = 0; i < 100; i++) group.createTask(() => timeout(1000, () => sleep(1000)));
            await all([() => sleep(1000), shieldedSleep]);
          },
          { concurrency: 50 },
        ),
      ),
    );
    expect(made).toBe(0);
  });

  test("3.8: it makes one, however often it is asked", async () => {
    await inVirtualTime(() =>
      taskGroup((group) => {
        expect(group.signal).toBe(group.signal);
        expect(currentSignal()).toBe(group.signal);
      }),
    );
    expect(made).toBe(1);
  });

  test("3.8: asked for after the cancel, it has aborted with the reason", async () => {
    await inVirtualTime(() =>
      taskGroup(async (group) => {
        const task = group.createTask(() => sleep(1000));
        await turn();
        task.cancel("early");
        expect(task.signal.aborted).toBe(true);
        expect(task.signal.reason).toMatchObject({ cause: "early" });
      }),
    );
  });

  test("3.8: passed explicitly inside its scope, it gets no listener", async () => {
    const trace: string[] = [];
    await inVirtualTime(() =>
      timeout(1000, ({ signal }) => {
        signal.addEventListener = () => expect.unreachable("a listener");
        return taskGroup(
          async (group) => {
            group.createTask(() => sleep(5, { signal }).then(() => trace.push("slept")), {
              signal,
            });
            await timeout(100, () => sleep(10, { signal }), { signal });
          },
          { signal },
        );
      }),
    );
    expect(trace).toEqual(["slept"]);
  });

  test("3.8: a signal from outside a shield, passed inside it, does count", async () => {
    const trace: string[] = [];
    await inVirtualTime(() =>
      moveOnAfter(10, async ({ signal }) => {
        await shield(
          async () => {
            await sleep(20);
            trace.push("shielded");
            await sleep(20, { signal }).catch(() => trace.push("refused"));
            trace.push("goes on");
          },
          { within: 100 },
        );
      }),
    );
    expect(trace).toEqual(["shielded", "refused", "goes on"]);
  });

  test("3.8: such a wait is woken at the moment of the cancel, and leaves no listener", async () => {
    const trace: string[] = [];
    await inVirtualTime(() =>
      moveOnAfter(10, ({ signal }) =>
        shield(
          () =>
            Promise.all([
              sleep(20).then(() => trace.push("shielded")),
              sleep(20, { signal }).catch((error: unknown) =>
                trace.push(String(error === signal.reason)),
              ),
            ]),
          { within: 100 },
        ),
      ),
    );
    expect(trace).toEqual(["true", "shielded"]);
  });

  test("3.8: the signal of a scope elsewhere in the tree counts like one of somebody else", async () => {
    const trace: string[] = [];
    await inVirtualTime(() =>
      taskGroup(async (group) => {
        const other = group.createTask(() => sleep(1000), { name: "other" });
        group.createTask(() =>
          sleep(1000, { signal: other.signal }).catch((error: unknown) =>
            trace.push(String(error === other.signal.reason)),
          ),
        );
        await turn();
        other.cancel();
        await wait([other]);
      }),
    );
    expect(trace).toEqual(["true"]);
  });

  test("3.8: many listeners of others on one of our signals cause no warning", async () => {
    await inVirtualTime(() =>
      taskGroup((group) => {
        for (let i = 0; i < 50; i++) group.signal.addEventListener("abort", () => i);
      }),
    );
    expect(made).toBe(1);
  });
});
