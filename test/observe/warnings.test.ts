import { describe, expect, test } from "vitest";
import {
  abandonable,
  asCompleted,
  gather,
  moveOnAfter,
  shield,
  sleep,
  suspend,
  taskGroup,
  type Parked,
  type Task,
} from "joinery";
import { snapshot, type WarningSnapshot } from "joinery/observe";
import { turn } from "../support/turn.ts";
import { inCrew } from "./crew.ts";
import { now, scope } from "./valid.ts";
import { PlainLock } from "./work.ts";

async function both(task: Task<unknown>, first: PlainLock, second: PlainLock): Promise<void> {
  await first.acquire(task);
  await sleep(1);
  await second.acquire(task);
}

const resists = (): Promise<void> => shield(() => sleep(9000), { within: Infinity });

async function catches(): Promise<void> {
  await sleep(100).catch(() => {});
  await sleep(100).catch(() => {});
  await resists();
}

const team = (): Promise<void> =>
  taskGroup((group) => void group.createTask(resists, { name: "stubborn" }), { name: "team" });

async function leads(): Promise<void> {
  await moveOnAfter(10, team, { name: "limit" });
}

const texts = (): string[] => now().warnings.map(({ text }) => text);
const kinds = (): WarningSnapshot["kind"][] => now().warnings.map(({ kind }) => kind);

describe("a wait cycle", () => {
  test("5: of two locks is told, with every task and what it waits for", async () => {
    await inCrew(async (group) => {
      const [x, y] = [new PlainLock("x"), new PlainLock("y")];
      group.createTask((task) => both(task, x, y), { name: "a" });
      group.createTask((task) => both(task, y, x), { name: "b" });
      await sleep(10);
      expect(now().warnings).toEqual([
        {
          kind: "wait-cycle",
          text: 'Wait for each other: task "a" → lock "y" → task "b" → lock "x" → task "a"',
          tasks: [scope("a").id, scope("b").id],
        },
      ]);
    });
  });

  test("5: of tasks that await each other is told without the awaiting in between", async () => {
    await inCrew(async (group) => {
      const tasks: Task<void>[] = [];
      for (const [i, name] of ["a", "b", "c"].entries())
        tasks.push(group.createTask(async () => await tasks[(i + 1) % 3], { name }));
      await sleep(1);
      expect(texts()).toEqual(['Wait for each other: task "a" → task "b" → task "c" → task "a"']);
    });
  });

  test("5: of one task, and of a group whose child waits for what its parent holds", async () => {
    await inCrew(async (group) => {
      const lock = new PlainLock("own");
      group.createTask((task) => lock.acquire(task).then(() => lock.acquire(task)), {
        name: "twice",
      });
      const outer = new PlainLock("outer");
      const parent = async (task: Task<unknown>): Promise<void> => {
        await outer.acquire(task);
        await taskGroup(
          (inner) => {
            for (const name of ["child", "other child"])
              inner.createTask((child) => outer.acquire(child), { name });
          },
          { name: "team" },
        );
      };
      group.createTask(parent, { name: "parent" });
      await sleep(1);
      expect(texts()).toEqual([
        'Wait for each other: task "twice" → lock "own" → task "twice"',
        'Wait for each other: task "parent" → 2 in group "team" → task "child" → lock "outer" → task "parent"',
      ]);
    });
  });

  test("5: is none if any of several may end it, and one if all but one have", async () => {
    await inCrew(async (group) => {
      const tasks: Task<unknown>[] = [];
      const rest = group.createTask(() => sleep(50));
      const any = async (): Promise<void> => {
        for await (const task of asCompleted([tasks[1]!, rest])) task.result();
      };
      tasks.push(group.createTask(any, { name: "a" }));
      tasks.push(group.createTask(async () => void (await gather([tasks[0]!])), { name: "b" }));
      await sleep(10);
      expect(kinds()).toEqual([]);
      await sleep(60);
      expect(texts()).toEqual([
        'Wait for each other: task "a" → one of several tasks → task "b" → gather of 1 → task "a"',
      ]);
    });
  });

  test.each([
    [12, / → task "10" → task "11" → task "0"$/],
    [20, / → task "10" → task "11" → 8 more → task "0"$/],
  ])("5: of %d tasks names the first twelve, and counts the rest", async (count, ending) => {
    await inCrew(async (group) => {
      const tasks: Task<void>[] = [];
      for (let i = 0; i < count; i++)
        tasks.push(group.createTask(async () => await tasks[(i + 1) % count], { name: `${i}` }));
      await sleep(1);
      const [warning] = now().warnings;
      expect(warning?.tasks).toHaveLength(count);
      expect(warning?.text).toMatch(ending);
    });
  });

  test("5: names those of the circle only, not one who waits for them", async () => {
    await inCrew(async (group) => {
      const tasks: Task<void>[] = [];
      group.createTask(async () => await tasks[0], { name: "outside" });
      for (const [i, name] of ["a", "b"].entries())
        tasks.push(group.createTask(async () => await tasks[1 - i], { name }));
      await sleep(1);
      expect(texts()).toEqual(['Wait for each other: task "a" → task "b" → task "a"']);
    });
  });

  test("5: is none through a task that is over", async () => {
    await inCrew(async (group) => {
      const lock = new PlainLock("kept");
      await group.createTask((task) => lock.acquire(task));
      group.createTask((task) => lock.acquire(task));
      await sleep(1);
      expect(kinds()).toEqual(["lost-waiter"]);
    });
  });

  test("5: is looked for in a chain of 10,000 tasks without overflow, and each task is looked at once", async () => {
    await inCrew(async (group) => {
      let last: Task<void> = group.createTask(() => sleep(50));
      for (let i = 0; i < 10_000; i++) {
        const next = last;
        last = group.createTask(async () => await next);
      }
      await sleep(1);
      expect(snapshot({ scopes: 0 }).warnings).toEqual([]);
    });
  }, 30_000);
});

test("5: a lost waiter waits for what has holders, and all of them are over", async () => {
  await inCrew(async (group) => {
    const [kept, free] = [new PlainLock("kept"), new PlainLock("free")];
    const over = group.createTask((task) => kept.acquire(task), { name: "over" });
    await over;
    const parked: Parked<void>[] = [];
    const wait = (): Promise<void> =>
      suspend<void>((each) => void parked.push(each), { resource: free });
    group.createTask(wait, { name: "somebody else has it" });
    group.createTask((task) => kept.acquire(task), { name: "a" });
    await sleep(1);
    expect(now().warnings).toEqual([
      {
        kind: "lost-waiter",
        text: 'task "a" waits for lock "kept", and its holders are over',
        tasks: [scope("a").id],
      },
    ]);
    group.createTask((task) => kept.acquire(task), { name: "b" });
    await sleep(1);
    expect(texts()).toEqual(['task "a" and 1 more wait for lock "kept", and its holders are over']);
    for (const each of parked) each.resolve();
  });
});

describe("who resists a cancellation", () => {
  test("5: is named when 5 s are over, if it waits for no other one", async () => {
    await inCrew(async (group) => {
      group.createTask(leads, { name: "leader" });
      await sleep(5010);
      expect(kinds()).toEqual([]);
      await sleep(1);
      expect(now().warnings).toEqual([
        {
          kind: "resists-cancel",
          text: 'task "stubborn" is not over 5.0 s after its cancellation: timeout "limit" was cancelled: its deadline passed',
          tasks: [scope("stubborn").id],
        },
      ]);
      await sleep(5000);
    });
  });

  test("5: is said to have caught it", async () => {
    await inCrew(async (group) => {
      group.createTask(catches, { name: "deaf" }).cancel();
      const task = group.createTask(catches, { name: "catches" });
      await turn();
      task.cancel();
      await sleep(5100);
      expect(texts()).toEqual([
        'task "catches" is not over 5.1 s after its cancellation, which it caught: task "catches" was cancelled: asked by task "main"',
      ]);
      await sleep(5000);
    });
  });
});

test("5: a ghost is old after 30 s", async () => {
  const foreign = turn(60);
  await inCrew(async () => {
    await moveOnAfter(10, () => abandonable(foreign, { label: "query" }), { name: "limit" });
    await sleep(30_000);
    expect(kinds()).toEqual([]);
    await sleep(5000);
    expect(texts()).toEqual([
      'query, which timeout "limit" left behind 35.0 s ago, has not settled',
    ]);
  });
  await foreign;
});

test("5: of many, as many are told as are wanted, and the rest is counted", async () => {
  await inCrew(async (group) => {
    const lock = new PlainLock("lock");
    await group.createTask((task) => lock.acquire(task));
    for (let i = 0; i < 3; i++) {
      const own = new PlainLock(`own-${i}`);
      group.createTask((task) => own.acquire(task).then(() => own.acquire(task)));
      group.createTask(() => suspend(() => {}, { resource: lock }));
    }
    await sleep(1);
    const { warnings, omitted } = now({ items: 2 });
    expect([warnings.length, omitted.warnings]).toEqual([2, 2]);
    expect(now({ items: 4 }).warnings[3]?.tasks).toHaveLength(3);
  });
});
