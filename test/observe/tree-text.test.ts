import { describe, expect, test } from "vitest";
import {
  abandonable,
  gather,
  moveOnAfter,
  shield,
  sleep,
  suspend,
  taskGroup,
  timeout,
  type TaskGroup,
} from "joinery";
import { snapshot, treeText, type Snapshot, type TreeTextOptions } from "joinery/observe";
import { turn } from "../support/turn.ts";
import { inCrew } from "./crew.ts";
import { now, nowWithStacks } from "./valid.ts";
import { PlainLock } from "./work.ts";

/** The tree below the run while `body` runs in a group "crew", which is then cancelled. */
async function drawn(
  body: (group: TaskGroup) => Promise<unknown>,
  options?: TreeTextOptions,
  look: () => Snapshot | Promise<Snapshot> = now,
): Promise<string[]> {
  let text = "";
  await inCrew(async (group) => {
    await body(group);
    text = treeText(await look(), options);
  });
  return text.split("\n");
}

const beforeTheRun = 2;

const withChild = (): Promise<void> =>
  taskGroup((inner) => void inner.createTask(() => sleep(50), { name: "child" }));
const tidy = (): Promise<void> => shield(() => sleep(90), { within: 95, name: "wall" });

async function catches(): Promise<void> {
  await sleep(100).catch(() => {});
  await sleep(100).catch(() => {});
  await tidy();
}

async function worker(): Promise<void> {
  await sleep(50);
}

const work = (): Promise<void> =>
  taskGroup(
    (team) => {
      team.createTask(catches, { name: "deaf" });
      team.createTask(() => sleep(100).finally(tidy), { name: "tidy" });
    },
    { name: "team" },
  );

async function withWorker(group: TaskGroup): Promise<void> {
  group.createTask(worker, { name: "worker" });
  await sleep(10);
}

async function many(group: TaskGroup): Promise<void> {
  for (const name of ["a", "b", "c"]) group.createTask(() => sleep(50), { name });
  for (let i = 0; i < 9; i++) group.createTask(() => sleep(50), { name: `many-${i}` });
  await sleep(10);
}

async function evil(group: TaskGroup): Promise<void> {
  group.createTask(() => turn(9), { name: "evil\u001B[2J\nname", background: true });
  await sleep(0);
}

describe("a line", () => {
  test("5: says where a scope stands and what it waits for", async () => {
    const foreign = turn(50);
    const lines = await drawn(async (group) => {
      const lock = new PlainLock("db");
      const holder = group.createTask(
        (task) => lock.acquire(task).then(() => timeout(90, () => sleep(70), { name: "limit" })),
        { name: "holder" },
      );
      group.createTask((task) => lock.acquire(task), { name: "waiter" });
      group.createTask(async () => await holder, { name: "awaits" });
      group.createTask(async () => void (await gather([holder])), { name: "gathers" });
      group.createTask(withChild, { name: "leader" });
      group.createTask(() => foreign, { name: "foreign", background: true });
      group.createTask(() => suspend(() => {}, { label: "a row" }), { name: "parked" });
      await sleep(10);
    });
    expect(lines.slice(beforeTheRun)).toEqual([
      "   └─ main  running",
      "      └─ group crew",
      "         ├─ holder  waits for sleep (60 ms left)",
      "         │  └─ timeout limit  80 ms left",
      '         ├─ waiter  waits for lock "db" (held by holder)',
      '         ├─ awaits  waits for task "holder"',
      "         ├─ gathers  waits for gather of 1 (holder)",
      expect.stringMatching(/^ {9}├─ leader {2}waits for 1 in group "group-\d+"$/),
      expect.stringMatching(/^ {9}│ {2}└─ group-\d+ {2}waits for its children$/),
      "         │     └─ child  waits for sleep (40 ms left)",
      "         ├─ foreign  awaits what is not joinery's · background",
      "         └─ parked  waits for a row",
    ]);
    await foreign;
  });

  test("5: says who was cancelled, when and why, and who caught it", async () => {
    const lines = await drawn(async (group) => {
      const task = group.createTask(work, { name: "leader" });
      await moveOnAfter(5, () => sleep(10), { name: "limit" });
      task.cancel("enough");
      await sleep(20);
      void group.createTask(() => moveOnAfter(3, () => turn(60), { name: "late" }), {
        name: "late task",
      });
      await sleep(5);
    });
    expect(lines.slice(beforeTheRun + 2)).toEqual([
      '         ├─ leader  cancelling · waits for 2 in group "team" · cancelled 25 ms ago (explicit) by main: enough',
      "         │  └─ group team  cancelling",
      "         │     ├─ deaf  cleaning up · waits for sleep (65 ms left) · caught it, and waited again (told 2 times)",
      "         │     │  └─ shield wall  cleaning up · 70 ms left",
      "         │     └─ tidy  cleaning up · waits for sleep (65 ms left)",
      "         │        └─ shield wall  cleaning up · 70 ms left",
      "         └─ late task  cancelling",
      "            └─ timeout late  cancelling · cancelled 2 ms ago (deadline) · deadline passed",
    ]);
  });

  test("5: says where it waits, if the snapshot knows", async () => {
    const lines = await drawn(withWorker, {}, nowWithStacks);
    expect(lines.at(-1)).toMatch(
      /^ {9}└─ worker {2}waits for sleep \(40 ms left\) at .*worker.*tree-text\.test\.ts/,
    );
  });

  test("5: names three holders, and counts the rest", async () => {
    const lines = await drawn(async (group) => {
      const lock = new PlainLock("pool");
      lock.owners = ["a", "b", "c", "d", "e"].map((name) =>
        group.createTask(() => sleep(50 + name.length), { name }),
      );
      group.createTask((task) => lock.acquire(task), { name: "waiter" });
      await sleep(10);
    });
    expect(lines.at(-1)).toBe(
      '         └─ waiter  waits for lock "pool" (held by a, b, c and 2 more)',
    );
  });

  test("5: a holder that is not shown goes by its number", async () => {
    const lines = await drawn(
      async (group) => {
        const lock = new PlainLock("pool");
        group.createTask((task) => lock.acquire(task).then(() => sleep(9)), { name: "waiter" });
        lock.owners = [group.createTask(() => sleep(50))];
        await sleep(1);
      },
      {},
      () => now({ scopes: 5, items: 0 }),
    );
    expect(lines.slice(-2)).toEqual(["         └─ waiter  1 more waits", "… and 1 more"]);
    const shown = await drawn(
      async (group) => {
        const lock = new PlainLock("pool");
        const waiter = group.createTask((task) => sleep(1).then(() => lock.acquire(task)), {
          name: "waiter",
        });
        lock.owners = [group.createTask(() => sleep(50))];
        await sleep(5);
        expect(waiter.done()).toBe(false);
      },
      {},
      () => now({ scopes: 5 }),
    );
    expect(shown.at(-2)).toMatch(/└─ waiter {2}waits for lock "pool" \(held by task-\d+\)$/);
  });
});

describe("the tree", () => {
  test("5: has one line for many that look alike", async () => {
    const lines = await drawn(async (group) => {
      for (let i = 0; i < 1000; i++) group.createTask(() => sleep(50 + i), { name: `conn-${i}` });
      for (let i = 0; i < 3; i++) group.createTask(() => sleep(50), { name: `few-${i}` });
      await sleep(10);
    });
    expect(lines.slice(beforeTheRun + 2)).toEqual([
      "         ├─ conn-# × 1000  waits for sleep",
      "         ├─ few-0  waits for sleep (40 ms left)",
      "         ├─ few-1  waits for sleep (40 ms left)",
      "         └─ few-2  waits for sleep (40 ms left)",
    ]);
  });

  test("5: has as many lines as are wanted, and counts the rest", async () => {
    const lines = await drawn(many, { lines: 5 });
    expect(lines).toHaveLength(6);
    expect(lines.at(-1)).toBe("… and 11 more");
    expect((await drawn(many, {}, () => now({ scopes: 6 }))).at(-1)).toBe("… and 10 more");
  });

  test("5: fits into a width, also when it is deep", async () => {
    const nest = (depth: number): Promise<unknown> =>
      depth === 0 ? sleep(50) : taskGroup(() => nest(depth - 1), { name: "inner" });
    const lines = await drawn(
      async (group) => {
        group.createTask(() => nest(40), { name: "deep" });
        group.createTask(() => sleep(50), { name: "漢字".repeat(9) });
        group.createTask(() => sleep(50), { name: "wide 👩‍👩‍👧" });
        await sleep(10);
      },
      { width: 30 },
    );
    expect(lines.slice(0, -1).filter((line) => line.length > 30)).toEqual([]);
    expect(lines).toContain("…           └─ group inner");
    expect(lines.at(-2)).toBe("         ├─ 漢字漢字漢字漢字…");
    expect(lines.at(-1)).toBe("         └─ wide 👩‍👩‍👧  waits fo…");
  });

  test("5: of a page that is not wide at all is an ellipsis", () => {
    expect(treeText(now(), { width: 1 })).toBe("…");
  });

  test("5: is colored if that is asked for, and harmless whatever the names are", async () => {
    const plain = await drawn(evil);
    expect(plain.at(-1)).toBe(
      "         └─ evil\uFFFD[2J\uFFFDname  awaits what is not joinery's · background",
    );
    const colored = await drawn(evil, { color: true });
    expect(colored.at(-1)).toBe(
      "\u001B[2m         └─ \u001B[0m\u001B[1mevil\uFFFD[2J\uFFFDname\u001B[0m  awaits what is not joinery's · \u001B[2mbackground\u001B[0m",
    );
  });

  test("5: is followed by what was left behind, and by what looks wrong", async () => {
    const foreign = turn(40);
    const lines = await drawn(async (group) => {
      await moveOnAfter(10, () => abandonable(foreign, { label: "query" }), { name: "limit" });
      const lock = new PlainLock("own");
      group.createTask((task) => lock.acquire(task).then(() => lock.acquire(task)), {
        name: "twice",
      });
      await sleep(5);
    });
    expect(lines.slice(-2)).toEqual([
      "left behind by timeout limit 5 ms ago: query",
      '! Wait for each other: task "twice" → lock "own" → task "twice"',
    ]);
    await foreign;
  });

  test("5: counts what a snapshot has left out of those", async () => {
    const foreign = turn(40);
    const lines = await drawn(
      async (group) => {
        await moveOnAfter(10, () => abandonable(foreign, { label: "query" }));
        const lock = new PlainLock("own");
        group.createTask((task) => lock.acquire(task).then(() => lock.acquire(task)));
        await sleep(5);
      },
      {},
      () => now({ items: 0 }),
    );
    expect(lines.slice(-2)).toEqual(["… and 1 more left behind", "! and 1 more"]);
    await foreign;
  });

  test("5: says ages, if they are known", () => {
    const snap = now();
    const [root] = snap.scopes;
    const wait = {
      scope: 1,
      kind: "lock",
      label: "lock",
      resource: null,
      tasks: [],
      tasksOmitted: 0,
      timeLeft: null,
      age: 7_322_000,
      stack: null,
    };
    const line = (ms: number): string =>
      treeText({ ...snap, scopes: [{ ...root!, age: ms, waits: [wait] }] });
    expect(line(850)).toBe("process  waits for lock for 2 h 2 min · 850 ms");
    expect(line(59_900)).toContain("59.9 s");
    expect(line(61_000)).toContain("1 min 1 s");
  });

  test.each([{ width: 0 }, { lines: NaN }, { width: "80" as unknown as number }])(
    "5: with bad options is an error: %o",
    (options) => {
      expect(() => treeText(snapshot(), options)).toThrow(
        expect.objectContaining({ code: "JOINERY_INVALID_ARGUMENT" }),
      );
    },
  );
});
