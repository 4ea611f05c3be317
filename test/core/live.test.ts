import { expect, test } from "vitest";
import {
  abandonable,
  all,
  asCompleted,
  createTask,
  currentTask,
  gather,
  liveGhosts,
  liveScopes,
  moveOnAfter,
  programFrames,
  shield,
  subscribe,
  sleep,
  suspend,
  taskGroup,
  timeout,
  wait,
  type LiveScope,
  type LiveWait,
  type Parked,
  type TaskGroup,
} from "joinery";
import { turn } from "../support/turn.ts";
import { inVirtualTime } from "../support/virtual-clock.ts";

const find = (name: string): LiveScope | undefined =>
  [...liveScopes()].find((scope) => scope.name === name);

/** What the scope `name` waits for, and the names of those who have it. */
const waits = (name: string): [string, ...string[]][] =>
  (find(name)?.waits ?? []).map(({ label, resource }: LiveWait) => [
    label,
    ...(resource?.holders?.() ?? []).map((task) => task.name),
  ]);

test("2: the tree is there without anybody having listened, parents first, in order of creation", async () => {
  await inVirtualTime(
    () =>
      taskGroup(
        async (group) => {
          group.createTask(() => timeout(50, () => sleep(10), { name: "limit" }), { name: "one" });
          group.createTask(() => sleep(10), { name: "two" });
          await turn();
          const scopes = [...liveScopes()];
          expect(scopes.slice(2).map(({ kind, name, state }) => [kind, name, state])).toEqual([
            ["task", "main", "running"],
            ["group", "crew", "open"],
            ["task", "one", "running"],
            ["timeout", "limit", "open"],
            ["task", "two", "running"],
          ]);
          expect(scopes.slice(0, 2).map(({ kind }) => kind)).toEqual(["process", "run"]);
          expect(scopes[0]?.name).toBe("process");
          const [, run, main, crew, one, limit] = scopes;
          expect(limit?.parent).toBe(one?.id);
          expect([main?.host, crew?.host, one?.host, limit?.host]).toEqual([
            main?.id,
            main?.id,
            one?.id,
            one?.id,
          ]);
          expect(run?.host).toBe(scopes[0]?.id);
          expect(limit?.timeLeft).toBe(50);
          expect(main?.timeLeft).toBe(Infinity);
        },
        { name: "crew" },
      ),
    { name: "main" },
  );
});

test("2: a group says whether its body runs, it waits for its children, or its hooks run", async () => {
  await inVirtualTime(async () => {
    const states: unknown[] = [];
    await taskGroup(
      async (group) => {
        group.defer(() => states.push(find("crew")?.state));
        group.createTask(() => sleep(10).then(() => states.push(find("crew")?.state)));
        states.push(find("crew")?.state);
      },
      { name: "crew" },
    );
    expect(states).toEqual(["open", "joining", "cleaning"]);
  });
});

test("2: a task that is awaited holds itself", async () => {
  await inVirtualTime(() =>
    taskGroup(async (group) => {
      const slow = group.createTask(() => sleep(100), { name: "slow" });
      const quick = group.createTask(() => sleep(10), { name: "quick" });
      const waiters = {
        join: async () => await slow,
        all: async () => void (await all([slow])),
        gather: async () => void (await gather([slow, quick])),
        wait: async () => void (await wait([slow, quick])),
        each: async () => {
          for await (const task of asCompleted([slow, quick])) task.result();
        },
      };
      for (const [name, fn] of Object.entries(waiters)) group.createTask(fn, { name });
      await sleep(50);
      expect(waits("join")).toEqual([['task "slow"', "slow"]]);
      expect(waits("gather")).toEqual([["gather of 2", "slow"]]);
      expect(waits("wait")).toEqual([["2 tasks", "slow"]]);
      expect(waits("each")).toEqual([["one of several tasks", "slow"]]);
    }),
  );
});

test("2: a child that is to start is what start() waits for", async () => {
  await inVirtualTime(() =>
    taskGroup(async (group) => {
      group.createTask(
        () =>
          group.start<number>(
            async (task) => {
              await sleep(10);
              task.started(1);
            },
            { name: "child" },
          ),
        { name: "starter" },
      );
      await sleep(5);
      expect(waits("starter")).toEqual([["a task to start", "child"]]);
      expect(find("starter")?.waits[0]?.resource).toMatchObject({ kind: "tasks", name: "start" });
    }),
  );
});

test("2: a child that cannot be created is nobody's", async () => {
  await inVirtualTime(() =>
    taskGroup(async (group) => {
      const resources: unknown[] = [];
      const options = {
        get signal() {
          for (const { waits: parked } of liveScopes())
            resources.push(...parked.flatMap(({ resource }) => resource?.holders?.()));
          return undefined;
        },
      };
      await group.start<void>((task) => task.started(), options);
      expect(resources).toEqual([]);
    }),
  );
});

test("2: a wait leads to its resource, and to the line that waits", async () => {
  await inVirtualTime(() =>
    taskGroup(async (group) => {
      const parked: Parked<void>[] = [];
      async function waitsForTheLock(): Promise<void> {
        const lock = { kind: "lock", name: "db", holders: () => [currentTask()!] };
        await suspend<void>((each) => void parked.push(each), { resource: lock });
      }
      group.createTask(waitsForTheLock, { name: "waiter" });
      await turn();
      const [found] = find("waiter")!.waits;
      expect(found?.label).toBe('lock "db"');
      expect(found?.resource).toMatchObject({ kind: "lock", name: "db" });
      const place = await found!.locate();
      expect(place.message).toBe("waits here");
      expect(programFrames(place)[0]).toContain("waitsForTheLock");
      parked[0]!.resolve();
    }),
  );
});

test("2: a cancellation is one object for all it reaches, and the one who absorbs it says so", async () => {
  await inVirtualTime(() =>
    taskGroup(
      async (group) => {
        group.createTask(() => shield(() => sleep(10), { within: 20, name: "wall" }), {
          name: "child",
        });
        await turn();
        group.cancel("enough");
        const [crew, child, wall] = ["crew", "child", "wall"].map(find);
        expect(crew?.cancellation).toMatchObject({ source: "explicit", cause: "enough" });
        expect(child?.cancellation).toBe(crew?.cancellation);
        expect([crew?.absorbs, child?.absorbs]).toEqual([true, false]);
        expect(child?.state).toBe("cancelling");
        expect(child?.cancelledFor).toBe(0);
        expect(wall?.cancelledFor).toBeUndefined();
        expect(wall?.cancellation).toBeUndefined();
        expect(wall?.timeLeft).toBe(20);
      },
      { name: "crew", cancellable: true },
    ),
  );
});

test("2: since when a scope is cancelled, also for one who looks in that very moment", async () => {
  const ages: unknown[] = [];
  await inVirtualTime(() =>
    moveOnAfter(
      10,
      async ({ signal }) => {
        signal.addEventListener("abort", () => ages.push(find("limit")?.cancelledFor));
        await shield(() => sleep(30), { within: Infinity });
        ages.push(find("limit")?.cancelledFor);
      },
      { name: "limit" },
    ),
  );
  expect(ages).toEqual([0, 20]);
});

test("2: a wait says of what kind it is, and a sleep when it ends", async () => {
  await inVirtualTime(() =>
    taskGroup(async (group) => {
      await sleep(5);
      group.createTask(() => sleep(100), { name: "sleeper", background: true });
      group.createTask(() => abandonable(sleep(70), { label: "slow" }), { name: "foreign" });
      group.createTask(() => moveOnAfter(80, () => suspend(() => {}), { name: "limit" }));
      await turn();
      const yields = sleep(0);
      const described = [...liveScopes()].flatMap(({ waits: parked }) =>
        parked.map(({ kind, label, timeLeft }) => [kind, label, timeLeft]),
      );
      await yields;
      expect(described).toEqual([
        ["sleep", "sleep", 0],
        ["sleep", "sleep", 100],
        ["sleep", "sleep", 70],
        ["promise", "slow", Infinity],
        ["suspend", "suspend", Infinity],
      ]);
      expect([find("sleeper")?.background, find("foreign")?.background]).toEqual([true, false]);
      expect([find("sleeper")?.timeLeft, find("limit")?.timeLeft]).toEqual([Infinity, 80]);
    }),
  );
});

async function goesOn(): Promise<void> {
  await sleep(20).catch(() => {});
}

test("2: what it was told of before is not taken for the cancellation of now", async () => {
  await inVirtualTime(() =>
    moveOnAfter(
      30,
      async () => {
        await moveOnAfter(10, () => goesOn().then(goesOn));
        expect(find("outer")?.timesTold).toBe(0);
        await sleep(50).catch(() => {});
        expect(find("outer")).toMatchObject({ timesTold: 1, refusedAt: undefined });
      },
      { name: "outer" },
    ),
  );
});

test("2: a wait has an age once somebody has subscribed to waits, be it told of them or not", async () => {
  await inVirtualTime(
    async () => {
      await sleep(5);
      const before = sleep(30);
      const told: unknown[] = [];
      const types = ["waiting"] as const;
      const stop = subscribe((event) => told.push(event), { types, interval: Infinity });
      const first = sleep(30);
      const after = sleep(30);
      await sleep(10);
      stop();
      expect(find("main")?.waits.map(({ age }) => age)).toEqual([undefined, 10, 10]);
      expect(find("main")?.now).toBe(15);
      expect(told.length).toBe(1);
      await Promise.all([before, first, after]);
    },
    { name: "main" },
  );
});

const resist = (ms: number): Promise<void> => shield(() => sleep(ms), { within: Infinity });

test("2: a cancellation has the age of its first request, also where it reaches others later", async () => {
  const ages: unknown[] = [];
  const background = { background: true } as const;
  await inVirtualTime(() =>
    taskGroup((group) => {
      const first = async (): Promise<void> => {
        await sleep(1000).catch(() => {});
        await resist(10);
        group.createTask(() => {}, background);
        await resist(10);
        ages.push(find("first")?.cancelledFor);
      };
      group.createTask(first, { name: "first", ...background });
      group.createTask(() => sleep(5));
    }),
  );
  expect(ages).toEqual([20]);
});

async function firstOf(items: AsyncIterable<unknown>): Promise<unknown> {
  for await (const item of items) return item;
  return undefined;
}

test.each<[string, () => PromiseLike<unknown>]>([
  ["wait", () => wait([createTask(() => sleep(20))])],
  ["gather", () => gather([() => sleep(20)])],
  ["asCompleted", () => firstOf(asCompleted([createTask(() => sleep(20))]))],
])("2: what %s waits for are tasks, under its name", async (name, call) => {
  await inVirtualTime(
    async () => {
      const over = call();
      await turn();
      expect(find("main")?.waits.map(({ resource }) => resource)).toContainEqual(
        expect.objectContaining({ kind: "tasks", name }),
      );
      await over;
    },
    { name: "main" },
  );
});

test("2: a task that caught its cancellation says how often it was told, and where it went on", async () => {
  await inVirtualTime(
    () =>
      moveOnAfter(
        10,
        async () => {
          expect(find("limit")?.timesTold).toBe(0);
          await sleep(20).catch(() => {});
          expect(find("limit")).toMatchObject({ timesTold: 1, refusedAt: undefined });
          await goesOn();
          expect(find("limit")?.timesTold).toBe(2);
          expect(find("limit")?.refusedAt?.message).toBe("refused here");
          expect(programFrames(find("limit")!.refusedAt!)[0]).toContain("goesOn");
          await sleep(20).catch(() => {});
          expect(find("limit")?.timesTold).toBe(3);
          expect(find("main")).toMatchObject({ timesTold: 0, refusedAt: undefined });
        },
        { name: "limit" },
      ),
    { name: "main" },
  );
});

test("2: nor does a block that is refused make it forget how often it was told", async () => {
  await inVirtualTime(() =>
    moveOnAfter(
      10,
      async () => {
        const told: unknown[] = [];
        const attempts = [() => sleep(20), goesOn, goesOn, () => taskGroup(unborn), goesOn];
        for (const attempt of attempts) {
          await attempt().catch(() => {});
          told.push(find("limit")?.timesTold);
        }
        expect(told).toEqual([1, 2, 3, 3, 4]);
      },
      { name: "limit" },
    ),
  );
});

const unborn = (group: TaskGroup): void => void group.createTask(() => {});

const leave = (promise: Promise<unknown>): Promise<unknown> =>
  abandonable(promise, { label: "slow" });

test("2: what was left behind is there until it settles, with the scope that left it and its age", async () => {
  let settle: (() => void) | undefined;
  const foreign = new Promise<void>((resolve) => (settle = resolve));
  await inVirtualTime(async () => {
    await moveOnAfter(10, () => leave(foreign), { name: "limit" });
    await moveOnAfter(10, () => leave(foreign), { name: "again" });
    expect(liveGhosts()).toMatchObject([
      { label: "slow", age: 10, scope: { kind: "timeout", name: "limit" } },
    ]);
    settle?.();
    await turn();
    expect(liveGhosts()).toEqual([]);
  });
});

test("2: ghosts are numbered in the order in which they were left behind, from 1 on", async () => {
  const settle: (() => void)[] = [];
  const foreign = (): Promise<void> => new Promise((resolve) => settle.push(resolve));
  await inVirtualTime(async () => {
    for (let i = 0; i < 2; i++) await moveOnAfter(10, () => leave(foreign()));
    const [first = 0, second] = liveGhosts().map(({ id }) => id);
    expect(first).toBeGreaterThanOrEqual(1);
    expect(second).toBe(first + 1);
    for (const each of settle) each();
    await turn();
  });
});

test("2: tasks outside of any run hang below the process", async () => {
  const task = createTask(() => turn(4), { name: "outside" });
  const [root] = liveScopes();
  expect(find("outside")?.parent).toBe(root?.id);
  expect(find("outside")?.state).toBe("new");
  await task;
});

test("2: a wait for a promise of somebody else says that its end comes from outside", async () => {
  let settle: (() => void) | undefined;
  const promise = new Promise<void>((resolve) => (settle = resolve));
  await taskGroup(async (group) => {
    group.createTask(() => abandonable(promise, { label: "the slow one" }), { name: "impatient" });
    await turn();
    expect(find("impatient")?.waits[0]).toMatchObject({
      label: "the slow one",
      resource: { kind: "promise", name: "the slow one", foreign: true },
    });
    settle?.();
  });
});
