/** Section 2, the option `concurrency`: a number or a limiter. */

import { AsyncLocalStorage } from "node:async_hooks";
import {
  all,
  allSettled,
  allTasks,
  checkpoint,
  currentTask,
  type ExceptionGroup,
  type Limiter,
  moveOnAfter,
  type Permit,
  shield,
  sleep,
  subscribe,
  suspend,
  taskGroup,
  type TaskGroup,
} from "joinery";
import { describe, expect, test } from "vitest";
import { turn } from "../support/turn.ts";
import { inVirtualTime } from "../support/virtual-clock.ts";

const a = new Error("a");

/** Children that write down when they begin and end. */
function workers(group: TaskGroup, trace: string[], times: readonly number[]): void {
  times.forEach((ms, i) => {
    group.createTask(async () => {
      trace.push(`+${i}`);
      await sleep(ms);
      trace.push(`-${i}`);
    });
  });
}

describe("2: concurrency as a number", () => {
  test("2: children beyond it wait their turn, first come first served", async () => {
    const trace: string[] = [];
    await inVirtualTime(() =>
      taskGroup((group) => workers(group, trace, [30, 10, 15, 1]), { concurrency: 2 }),
    );
    expect(trace).toEqual(["+0", "+1", "-1", "+2", "-2", "+3", "-3", "-0"]);
  });

  test("2: of 1 runs one after another, also children that do not wait", async () => {
    const trace: string[] = [];
    await taskGroup(
      (group) => {
        for (const name of ["one", "two", "three"]) group.createTask(() => void trace.push(name));
      },
      { concurrency: 1 },
    );
    expect(trace).toEqual(["one", "two", "three"]);
  });

  test("2: a place that was given back while nobody waited is one place again", async () => {
    const trace: string[] = [];
    await inVirtualTime(() =>
      taskGroup(
        async (group) => {
          workers(group, trace, [1]);
          await sleep(5);
          workers(group, trace, [1, 1]);
        },
        { concurrency: 1 },
      ),
    );
    expect(trace).toEqual(["+0", "-0", "+0", "-0", "+1", "-1"]);
  });

  test("2: of Infinity is no limit", async () => {
    const trace: string[] = [];
    await inVirtualTime(() =>
      taskGroup((group) => workers(group, trace, [1, 1]), { concurrency: Infinity }),
    );
    expect(trace).toEqual(["+0", "+1", "-0", "-1"]);
  });

  test("2: a place becomes free when a child ends, in whatever way, its cleanup included", async () => {
    const trace: string[] = [];
    const group = () =>
      taskGroup(
        (g) => {
          g.createTask(() => sleep(5).then(() => Promise.reject(a)));
          const victim = g.createTask(() => sleep(100), { name: "victim" });
          g.createTask(() => sleep(10).then(() => void victim.cancel()));
          g.createTask(() => void trace.push("the last has had its turn"));
        },
        { concurrency: 2, onError: "collect" },
      );
    await expect(inVirtualTime(group)).rejects.toMatchObject({ errors: [a] });
    expect(trace).toEqual(["the last has had its turn"]);
  });

  test("2 and 3.6: a failure does not let in the next: those who wait their turn never start", async () => {
    const trace: string[] = [];
    const group = () =>
      taskGroup(
        (g) => {
          g.createTask(() => sleep(5).then(() => Promise.reject(a)));
          for (let i = 0; i < 3; i++) g.createTask(() => void trace.push("ran"));
        },
        { concurrency: 1 },
      );
    await expect(inVirtualTime(group)).rejects.toMatchObject({ errors: [a] });
    expect(trace).toEqual([]);
  });

  test("2 and 3.6: after a cancel from outside those who wait their turn never start either", async () => {
    const trace: string[] = [];
    const { expired } = await inVirtualTime(() =>
      moveOnAfter(5, () =>
        taskGroup(
          (g) => {
            g.createTask(() => sleep(100).finally(() => shield(() => sleep(5), { within: 50 })));
            for (let i = 0; i < 3; i++) g.createTask(() => void trace.push("ran"));
          },
          { concurrency: 1 },
        ),
      ),
    );
    expect(expired).toBe(true);
    expect(trace).toEqual([]);
  });

  test("2: a child that is cancelled while it waits leaves the queue, and takes no place", async () => {
    const trace: string[] = [];
    await inVirtualTime(() =>
      taskGroup(
        async (group) => {
          workers(group, trace, [10]);
          const waiting = group.createTask(() => void trace.push("ran"));
          workers(group, trace, [10]);
          await sleep(1);
          waiting.cancel();
          await sleep(0);
          trace.push(waiting.state);
        },
        { concurrency: 1 },
      ),
    );
    expect(trace).toEqual(["+0", "cancelled", "-0", "+0", "-0"]);
  });

  test("2: a child that is cancelled in the moment in which it gets its place hands it on", async () => {
    const trace: string[] = [];
    await inVirtualTime(() =>
      taskGroup(
        (group) => {
          const tasks = [
            group.createTask(() =>
              sleep(5).finally(() => queueMicrotask(() => tasks[1]?.cancel())),
            ),
            group.createTask(() => void trace.push("ran")),
            group.createTask(() => void trace.push("next")),
          ];
        },
        { concurrency: 1 },
      ),
    );
    expect(trace.at(-1)).toBe("next");
  });

  test("2: a free place is taken in the same turn", async () => {
    const trace: string[] = [];
    setImmediate(() => trace.push("next turn"));
    await taskGroup(
      (group) => {
        for (const name of ["one", "two", "three"]) group.createTask(() => void trace.push(name));
      },
      { concurrency: 1 },
    );
    await turn();
    expect(trace).toEqual(["one", "two", "three", "next turn"]);
  });

  test("2: the place of a child that failed is taken, where a failure cancels nobody", async () => {
    const trace: string[] = [];
    const group = taskGroup(
      (g) => {
        g.createTask(() => Promise.reject(a));
        g.createTask(() => void trace.push("ran"));
      },
      { concurrency: 1, onError: "collect" },
    );
    await expect(group).rejects.toMatchObject({ errors: [a] });
    expect(trace).toEqual(["ran"]);
  });

  test("2: a queue that has been empty is queued in again", async () => {
    const trace: string[] = [];
    await taskGroup(
      async (group) => {
        for (let i = 0; i < 3; i++) {
          await group.createTask(() => void trace.push(`alone ${i}`));
          await Promise.all([
            group.createTask(() => void trace.push("first")),
            group.createTask(() => void trace.push("second")),
          ]);
        }
      },
      { concurrency: 1 },
    );
    expect(trace).toEqual([0, 1, 2].flatMap((i) => [`alone ${i}`, "first", "second"]));
  });

  test("2: a child that is born cancelled does not wait its turn to end", async () => {
    await inVirtualTime(() =>
      taskGroup(
        async (group) => {
          group.createTask(() => sleep(10));
          await sleep(1);
          const born = group.createTask(() => {}, { signal: AbortSignal.abort() });
          await sleep(1);
          expect(born.state).toBe("cancelled");
        },
        { concurrency: 1 },
      ),
    );
  });

  test("2: counts for a child that is born cancelled not at all", async () => {
    const trace: string[] = [];
    await taskGroup(
      (group) => {
        group.createTask(() => void trace.push("ran"), { signal: AbortSignal.abort() });
        group.createTask(() => void trace.push("first"));
      },
      { concurrency: 1 },
    );
    expect(trace).toEqual(["first"]);
  });
});

function cancelsItself(): Promise<void> {
  currentTask()?.cancel();
  return sleep(1);
}

function sleepLong(): Promise<void> {
  return sleep(100);
}

describe("2: concurrency of all", () => {
  test("2: an item that waits its turn is no task yet, and begins when another is over, in order", async () => {
    const trace: string[] = [];
    await inVirtualTime(async () => {
      const others = allTasks().length;
      const item = (name: string, ms: number) => async () => {
        trace.push(`+${name} of ${allTasks().length - others}`);
        await sleep(ms);
        trace.push(`-${name}`);
        return name;
      };
      const items = [item("a", 30), item("b", 10), item("c", 15), item("d", 1)];
      expect(await all(items, { concurrency: 2 })).toEqual(["a", "b", "c", "d"]);
    });
    expect(trace).toEqual(["+a of 2", "+b of 2", "-b", "+c of 2", "-c", "+d of 2", "-d", "-a"]);
  });

  test("4.7: an item runs in the asynchronous context of the call, not in that of the item before", async () => {
    const storage = new AsyncLocalStorage<string>();
    const item = () => {
      const seen = storage.getStore();
      storage.enterWith("of the item before");
      return seen;
    };
    const seen = await storage.run("of the call", () =>
      all([item, item, item], { concurrency: 1 }),
    );
    expect(seen).toEqual(["of the call", "of the call", "of the call"]);
  });

  test("2: items begin in the turn of the call, and a free place is taken in the same turn", async () => {
    const trace: string[] = [];
    setImmediate(() => trace.push("next turn"));
    const items = ["one", "two", "three", "four"].map((name) => () => trace.push(name));
    await all(items, { concurrency: 2 });
    await turn();
    expect(trace).toEqual(["one", "two", "three", "four", "next turn"]);
  });

  test("2: an item whose turn does not come never becomes a task", async () => {
    const items = { one: sleepLong, two: sleepLong, three: sleepLong };
    const opened: string[] = [];
    const unsubscribe = subscribe(({ type, scope }) => {
      if (type === "opened" && scope.name in items) opened.push(scope.name);
    });
    await inVirtualTime(() => moveOnAfter(5, () => all(items, { concurrency: 2 })));
    unsubscribe();
    expect(opened).toEqual(["one", "two"]);
  });

  test("2 and 3.6: a failure does not let in the next, and those that wait their turn never run", async () => {
    const trace: string[] = [];
    const items = [() => Promise.reject(a), ...[1, 2, 3].map((n) => () => void trace.push(`${n}`))];
    const before = all(items, { concurrency: 1 });
    await expect(before).rejects.toMatchObject({ errors: [a] });
    expect(trace).toEqual([]);
  });

  test("2: allSettled goes on after a failure", async () => {
    const items = [() => Promise.reject(a), () => 1, () => Promise.reject(a), () => 2];
    expect(await allSettled(items, { concurrency: 1 })).toEqual([
      { status: "rejected", reason: a },
      { status: "fulfilled", value: 1 },
      { status: "rejected", reason: a },
      { status: "fulfilled", value: 2 },
    ]);
  });

  test("3.1: a cancel goes on, also when all that had begun return in spite of it", async () => {
    const trace: string[] = [];
    const outcome = await inVirtualTime(() =>
      moveOnAfter(5, () =>
        all([() => sleep(10).catch(() => trace.push("returned")), () => trace.push("ran")], {
          concurrency: 1,
        }),
      ),
    );
    expect(outcome).toEqual({ expired: true, value: undefined });
    expect(trace).toEqual(["returned"]);
  });

  test("3.3: an item that is cancelled by itself gives its place to the next", async () => {
    const items = [() => currentTask()?.cancel(), () => sleep(1), () => "ran"];
    const settled = await inVirtualTime(() => allSettled(items, { concurrency: 1 }));
    expect(settled.map(({ status }) => status)).toEqual(["fulfilled", "fulfilled", "fulfilled"]);
    const rest = await inVirtualTime(() =>
      allSettled([cancelsItself, () => "ran"], { concurrency: 1 }),
    );
    expect(rest).toEqual([
      { status: "rejected", reason: expect.objectContaining({ source: "explicit" }) },
      { status: "fulfilled", value: "ran" },
    ]);
  });
});

/** Hands out permits one at a time, and says what it does. */
class Turnstile implements Limiter {
  readonly trace: string[] = [];
  #taken = false;
  readonly #queue: (() => void)[] = [];

  async acquire({ signal }: { signal: AbortSignal }): Promise<Permit> {
    if (this.#taken) {
      await suspend<void>(
        (wait) => {
          const enter = (): void => void wait.resolve();
          this.#queue.push(enter);
          return () => void this.#queue.splice(this.#queue.indexOf(enter), 1);
        },
        { signal },
      );
    }
    this.#taken = true;
    this.trace.push(`in: ${currentTask()?.name}`);
    return {
      release: () => {
        this.#taken = false;
        this.trace.push("out");
        this.#queue.shift()?.();
      },
    };
  }
}

describe("2: concurrency as a limiter", () => {
  test("2: asks it for each child, as that child, and gives each permit back", async () => {
    const concurrency = new Turnstile();
    await inVirtualTime(() =>
      taskGroup(
        (group) => {
          for (const name of ["one", "two"]) group.createTask(() => sleep(5), { name });
        },
        { concurrency },
      ),
    );
    expect(concurrency.trace).toEqual(["in: one", "out", "in: two", "out"]);
  });

  test("2: gives it the signal of the child", async () => {
    const signals: AbortSignal[] = [];
    const concurrency: Limiter = {
      acquire({ signal }) {
        signals.push(signal);
        return Promise.resolve({});
      },
    };
    const task = await taskGroup((group) => ({ child: group.createTask(() => {}) }), {
      concurrency,
    });
    expect(signals).toEqual([task.child.signal]);
  });

  test("2: gives none to a limiter that hears the scope by itself, and ends its wait all the same", async () => {
    const seen: object[] = [];
    const concurrency: Limiter = {
      hearsScope: true,
      acquire(options) {
        seen.push(options);
        return suspend(() => {});
      },
    };
    await taskGroup(
      async (group) => {
        const task = group.createTask(() => expect.unreachable());
        await checkpoint();
        task.cancel();
      },
      { concurrency },
    );
    expect(seen).toEqual([{ signal: undefined }]);
  });

  test("2: may be shared between groups", async () => {
    const concurrency = new Turnstile();
    const group = (name: string) => () =>
      taskGroup((g) => void g.createTask(() => sleep(5), { name }), { concurrency });
    await inVirtualTime(() =>
      taskGroup((outer) => {
        outer.createTask(group("one"));
        outer.createTask(group("two"));
      }),
    );
    expect(concurrency.trace).toEqual(["in: one", "out", "in: two", "out"]);
  });

  test("2 and 3.6: a child that waits for its permit when the group is cancelled never starts, and asks no more", async () => {
    const concurrency = new Turnstile();
    const trace: string[] = [];
    const group = () =>
      taskGroup(
        (g) => {
          g.createTask(() => sleep(100), { name: "one" });
          g.createTask(() => void trace.push("ran"));
          g.createTask(() => void trace.push("ran"));
          return sleep(5).then(() => Promise.reject(a));
        },
        { concurrency },
      );
    await expect(inVirtualTime(group)).rejects.toMatchObject({ errors: [a] });
    expect(trace).toEqual([]);
    expect(concurrency.trace).toEqual(["in: one", "out"]);
  });

  test("2: a permit that comes after the cancel is given back, and the child does not start", async () => {
    const trace: string[] = [];
    let grant!: () => void;
    const concurrency: Limiter = {
      acquire: () =>
        new Promise((resolve) => {
          grant = () => resolve({ release: () => void trace.push("released") });
        }),
    };
    await taskGroup(
      async (group) => {
        const task = group.createTask(() => void trace.push("ran"));
        await sleep(0);
        task.cancel();
        trace.push(task.state);
        grant();
      },
      { concurrency },
    );
    expect(trace).toEqual(["cancelling", "released"]);
  });

  test("2: an error of the limiter is that of the child, whether it throws or rejects", async () => {
    for (const acquire of [
      () => Promise.reject(a),
      () => {
        throw a;
      },
    ]) {
      const group = taskGroup((g) => void g.createTask(() => expect.unreachable()), {
        concurrency: { acquire },
      });
      await expect(group).rejects.toMatchObject({ errors: [a] });
    }
  });

  test("2: an error when the permit is given back is that of the child, and does not hang the group", async () => {
    const trace: string[] = [];
    const broken: Permit = {
      release() {
        throw a;
      },
    };
    taskGroup((group) => void group.createTask(() => {}), {
      concurrency: { acquire: () => Promise.resolve(broken) },
    }).then(
      () => trace.push("in silence"),
      (error: ExceptionGroup) => trace.push(...error.errors.map(String)),
    );
    await turn(5);
    expect(trace).toEqual(["Error: a"]);
  });
});
