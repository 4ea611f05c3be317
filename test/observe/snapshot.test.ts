import { describe, expect, test } from "vitest";
import {
  abandonable,
  createTask,
  gather,
  moveOnAfter,
  run,
  shield,
  sleep,
  suspend,
  taskGroup,
  timeout,
  type Parked,
} from "joinery";
import { snapshot } from "joinery/observe";
import { turn } from "../support/turn.ts";
import { inCrew } from "./crew.ts";
import { now, nowWithStacks, scope } from "./valid.ts";
import { PlainLock } from "./work.ts";

const statesOf = (...names: string[]): string[] => names.map((name) => scope(name).state);
const firstWait = (name: string): unknown => scope(name).waits[0];

const tidies = (): Promise<void> =>
  sleep(100).finally(() => shield(() => sleep(10), { within: 20, name: "wall" }));
const resists = (): Promise<void> => shield(() => sleep(50), { within: 60 });

/** A group "team". */
const team = (body: Parameters<typeof taskGroup<void>>[0]): Promise<void> =>
  taskGroup(body, { name: "team" });

async function rests(): Promise<void> {
  await sleep(50);
}

async function worker(): Promise<void> {
  await rests();
}

describe("the tree", () => {
  test("2: of a process in which nothing goes on is the process alone", () => {
    const { scopes, totals, resources, ghosts, cancellations, warnings, failures } = now();
    expect(scopes).toMatchObject([{ kind: "process", parent: null, depth: 0, state: "open" }]);
    expect(totals).toEqual({ tasks: 0, scopes: 0, timers: 0, listeners: 0, ghosts: 0 });
    expect([resources, ghosts, cancellations, warnings, failures]).toEqual([[], [], [], [], []]);
  });

  test("2: says of which process and when it is, and that nobody followed", () => {
    const before = Date.now();
    const { formatVersion, pid, runtime, time, observedFor, loop } = now();
    expect({ formatVersion, pid, observedFor, loop }).toEqual({
      formatVersion: 1,
      pid: process.pid,
      observedFor: null,
      loop: null,
    });
    expect(runtime).toMatch(/^(node|bun|deno) \d/);
    expect(time).toBeGreaterThanOrEqual(before);
  });

  test("2: has parents before children, with depth, host and time left", async () => {
    await inCrew(async (group) => {
      group.createTask(() => timeout(70, () => sleep(50), { name: "limit" }), { name: "child" });
      await sleep(20);
      const { scopes } = now();
      const shown = scopes.slice(2).map(({ kind, name, depth }) => [kind, name, depth]);
      expect(shown).toEqual([
        ["task", "main", 2],
        ["group", "crew", 3],
        ["task", "child", 4],
        ["timeout", "limit", 5],
      ]);
      const [main, crew, child, limit] = scopes.slice(2);
      expect([crew?.parent, child?.parent, limit?.parent]).toEqual([main?.id, crew?.id, child?.id]);
      expect([crew?.host, limit?.host]).toEqual([main?.id, child?.id]);
      expect([limit?.timeLeft, child?.timeLeft]).toEqual([50, null]);
    });
  });

  test("2: is what it was at the call, also with stacks", async () => {
    await inCrew(async (group) => {
      group.createTask(() => turn(), { name: "short" });
      const located = nowWithStacks();
      await turn(4);
      expect((await located).scopes.map(({ name }) => name)).toContain("short");
      expect(now().scopes.map(({ name }) => name)).not.toContain("short");
    });
  });
});

describe("the state", () => {
  test("2: of a task is new, running, waiting or foreign", async () => {
    await inCrew(async (group) => {
      const foreign = turn(4);
      const waiting = group.createTask(() => sleep(10), { name: "waiting" });
      group.createTask(async () => await waiting, { name: "awaits a task" });
      group.createTask(() => foreign, { name: "foreign", background: true });
      const names = ["main", "waiting", "awaits a task", "foreign"];
      expect(statesOf(...names)).toEqual(["running", "new", "new", "new"]);
      await turn();
      expect(statesOf(...names)).toEqual(["running", "waiting", "waiting", "foreign"]);
      expect([scope("foreign").background, scope("waiting").background]).toEqual([true, false]);
      await foreign;
    });
  });

  test("2: is waiting for a task whose group waits for its children", async () => {
    await inCrew(async (group) => {
      group.createTask(() => team((inner) => void inner.createTask(rests, { name: "child" })), {
        name: "leader",
      });
      await sleep(10);
      const { state, waits } = scope("leader");
      expect([state, scope("team").state]).toEqual(["waiting", "joining"]);
      expect(waits).toMatchObject([
        {
          kind: "children",
          label: '1 in group "team"',
          tasks: [scope("child").id],
          timeLeft: null,
        },
      ]);
    });
  });

  test("2: is cancelling from the request on, and cleaning-up in a shield", async () => {
    await inCrew(async (group) => {
      const task = group.createTask(tidies, { name: "tidies" });
      await sleep(10);
      task.cancel("enough");
      expect(scope("tidies").state).toBe("cancelling");
      await turn();
      expect([scope("tidies").state, scope("wall").state]).toEqual(["cleaning-up", "cleaning-up"]);
      await sleep(20);
    });
  });

  test("2: is cancelling for a task with a block that is, and for the block", async () => {
    await inCrew(async (group) => {
      group.createTask(() => moveOnAfter(10, () => turn(30), { name: "limit" }), { name: "late" });
      await sleep(15);
      expect([scope("late").state, scope("limit").state]).toEqual(["cancelling", "cancelling"]);
      expect(scope("limit").timeLeft).toBe(-5);
    });
  });

  test("2: is cleaning-up while the hooks of a group run, and open for a shield that keeps nothing off", async () => {
    await inCrew(async (group) => {
      group.createTask(() => team((inner) => inner.defer(() => sleep(50))), { name: "leader" });
      group.createTask(() => shield(() => sleep(50), { within: 60, name: "wall" }));
      await sleep(10);
      expect([scope("leader").state, scope("team").state]).toEqual(["cleaning-up", "cleaning-up"]);
      expect([scope("wall").state, scope("wall").timeLeft]).toEqual(["open", 50]);
    });
  });
});

describe("a wait", () => {
  test("2: says what it is for, where it is parked and when it ends by itself", async () => {
    await inCrew(async (group) => {
      const foreign = turn(20);
      group.createTask(() => sleep(50), { name: "sleeper" });
      group.createTask(
        () => moveOnAfter(60, () => suspend(() => {}, { label: "a row" }), { name: "limit" }),
        { name: "parked" },
      );
      group.createTask(() => abandonable(foreign, { label: "query" }), { name: "impatient" });
      await sleep(10);
      expect(firstWait("sleeper")).toEqual({
        scope: scope("sleeper").id,
        kind: "sleep",
        label: "sleep",
        resource: null,
        tasks: [],
        tasksOmitted: 0,
        timeLeft: 40,
        age: null,
        stack: null,
      });
      expect(firstWait("parked")).toMatchObject({
        scope: scope("limit").id,
        kind: "suspend",
        label: "a row",
        timeLeft: null,
      });
      expect(firstWait("impatient")).toMatchObject({
        kind: "promise",
        label: "query",
        resource: null,
      });
      await foreign;
    });
  });

  test("2: for tasks names those that are not over", async () => {
    await inCrew(async (group) => {
      const quick = group.createTask(() => sleep(5));
      const slow = group.createTask(() => sleep(50), { name: "slow" });
      group.createTask(async () => await slow, { name: "one" });
      group.createTask(async () => void (await gather([quick, slow])), { name: "both" });
      await sleep(10);
      const { id } = scope("slow");
      expect(scope("one").waits).toMatchObject([
        { kind: "task", label: 'task "slow"', tasks: [id] },
      ]);
      expect(scope("both").waits).toMatchObject([
        { kind: "tasks", label: "gather of 2", tasks: [id] },
      ]);
      expect(now().resources).toEqual([]);
    });
  });

  test("2: says where it is when it is asked for, with no more frames than wanted", async () => {
    await inCrew(async (group) => {
      group.createTask(worker, { name: "worker" });
      await sleep(10);
      expect(scope("worker").waits[0]?.stack).toBeNull();
      const { stack } = scope("worker", await nowWithStacks()).waits[0]!;
      expect(stack).toEqual([expect.stringContaining("rests"), expect.stringContaining("worker")]);
      group.createTask(() => team((inner) => void inner.createTask(rests)), { name: "leader" });
      await sleep(1);
      const short = await nowWithStacks({ frames: 1 });
      expect(scope("leader", short).waits).toMatchObject([{ kind: "children", stack: null }]);
      expect(scope("worker", short).waits[0]?.stack).toEqual([expect.stringContaining("rests")]);
    });
  });

  test("2: of code outside of any task stands with the process", async () => {
    const nap = sleep(5);
    expect(scope("process").waits).toMatchObject([{ kind: "sleep" }]);
    await nap;
  });
});

describe("a resource", () => {
  test("2: has its holders, and those who wait, in the order of the tree", async () => {
    await inCrew(async (group) => {
      const lock = new PlainLock("db");
      for (const name of ["a", "b", "c"]) {
        group.createTask(
          (task) =>
            lock
              .acquire(task)
              .then(() => sleep(50))
              .finally(() => lock.release()),
          { name },
        );
      }
      await sleep(10);
      const [a, b, c] = ["a", "b", "c"].map((name) => scope(name).id);
      const { resources } = now();
      expect(resources).toEqual([
        {
          id: resources[0]?.id,
          kind: "lock",
          name: "db",
          holders: [a],
          holdersOmitted: 0,
          waiters: [b, c],
          waitersOmitted: 0,
        },
      ]);
      expect(scope("b").waits).toMatchObject([
        { kind: "lock", resource: resources[0]?.id, tasks: [a] },
      ]);
      await sleep(50);
      expect(now().resources).toMatchObject([{ id: resources[0]?.id, holders: [b], waiters: [c] }]);
      await sleep(100);
    });
  });

  test("2: that does not say who holds it has none that are known, and so has one that throws", async () => {
    await inCrew(async (group) => {
      const parked: Parked<void>[] = [];
      const odd = { kind: "odd", name: "odd", holders: () => JSON.parse("{") as [] };
      for (const resource of [{ kind: "queue", name: "jobs" }, odd])
        group.createTask(() => suspend<void>((each) => void parked.push(each), { resource }));
      await turn();
      expect(now().resources).toMatchObject([
        { kind: "queue", name: "jobs", holders: null },
        { kind: "odd", holders: null },
      ]);
      for (const each of parked) each.resolve();
      await turn();
    });
  });
});

describe("a cancellation", () => {
  test("2: says who asked, why, where, how long ago, and who is not over", async () => {
    await inCrew(async (group) => {
      const task = group.createTask(
        async () => {
          await sleep(100).catch(() => {});
          await sleep(100).catch(() => {});
          await shield(() => sleep(50), { within: 60 });
        },
        { name: "stubborn" },
      );
      await sleep(10);
      task.cancel(new RangeError("enough"));
      await sleep(20);
      const { cancellations } = now();
      expect(cancellations).toEqual([
        {
          id: cancellations[0]?.id,
          source: "explicit",
          message: 'task "stubborn" was cancelled: asked by task "main"',
          reason: "RangeError: enough",
          by: "main",
          origin: scope("stubborn").id,
          path: "main › crew › stubborn",
          age: 20,
          pending: [{ id: scope("stubborn").id, timesTold: 2 }],
          pendingOmitted: 0,
          swallowed: [{ id: scope("stubborn").id, name: "stubborn" }],
        },
      ]);
      expect(scope("stubborn")).toMatchObject({
        cancellation: cancellations[0]?.id,
        absorbs: true,
      });
      expect(scope("stubborn").refusedAt?.[0]).toContain("snapshot.test.ts");
      await sleep(50);
      expect(now().cancellations).toEqual([]);
    });
  });

  test("2: is not caught by a task that cleans up", async () => {
    await inCrew(async (group) => {
      const task = group.createTask(tidies, { name: "tidies" });
      await sleep(10);
      task.cancel();
      await turn();
      expect(now().cancellations).toMatchObject([
        { pending: [{ id: scope("tidies").id, timesTold: 1 }], swallowed: [] },
      ]);
      await sleep(20);
    });
  });

  test("2: that a signal from outside asked for has no origin; the latest comes first", async () => {
    await inCrew(async (group) => {
      const { signal } = new AbortController();
      const outer = new AbortController();
      group.createTask(resists, { name: "one", signal });
      group.createTask(resists, { name: "two", signal: outer.signal });
      const three = group.createTask(resists, { name: "three" });
      await sleep(10);
      outer.abort("stop");
      await sleep(10);
      three.cancel();
      expect(now().cancellations).toMatchObject([
        { source: "explicit", age: 0, reason: null },
        { source: "signal", age: 10, by: null, origin: null, path: null, reason: "stop" },
      ]);
      await sleep(50);
    });
  });
});

test("2: of a long way to where a cancellation was asked for, the last names are shown", async () => {
  const nest = (depth: number): Promise<unknown> =>
    depth > 0
      ? taskGroup(() => nest(depth - 1), { name: `${depth}` })
      : moveOnAfter(5, () => shield(() => sleep(20), { within: 30 }), { name: "limit" });
  await inCrew(async (group) => {
    group.createTask(() => nest(20), { name: "deep" });
    await sleep(10);
    const names = Array.from({ length: 11 }, (_, i) => `${11 - i}`);
    expect(now().cancellations[0]?.path).toBe(["…", ...names, "limit"].join(" › "));
    await sleep(20);
  });
});

test("2: a ghost says who left it, and since when", async () => {
  const foreign = turn(40);
  await inCrew(async () => {
    await moveOnAfter(10, () => abandonable(foreign, { label: "slow" }), { name: "limit" });
    await sleep(5);
    expect(now().ghosts).toMatchObject([
      { state: "ghost", label: "slow", scope: { kind: "timeout", name: "limit" }, age: 5 },
    ]);
  });
  await foreign;
});

describe("the limits", () => {
  test("2: leave out what is more, and count it", async () => {
    await inCrew(async (group) => {
      const locks = [new PlainLock("x"), new PlainLock("y")];
      const owner = group.createTask(() => sleep(50), { name: "owner" });
      for (const lock of locks) lock.owners = [owner, owner];
      for (const lock of [...locks, ...locks]) group.createTask((task) => lock.acquire(task));
      group.createTask(async () => void (await Promise.all([sleep(20), sleep(30)])), {
        name: "two",
      });
      for (let i = 0; i < 2; i++)
        group.createTask(() => shield(() => sleep(20), { within: Infinity })).cancel();
      await sleep(10);
      const all = now({ scopes: Infinity, items: Infinity });
      expect(now({ scopes: 3, items: 1 })).toMatchObject({
        scopes: all.scopes.slice(0, 3),
        resources: [{ holders: [owner.id], holdersOmitted: 1, waitersOmitted: 1 }],
        omitted: { scopes: all.scopes.length - 3, resources: 1, cancellations: 0, ghosts: 0 },
      });
      expect(scope("two", now({ items: 1 }))).toMatchObject({
        waits: [{ timeLeft: 10 }],
        waitsOmitted: 1,
      });
      const none = now({ scopes: 0, items: 0, frames: 0 });
      expect([none.scopes, none.resources, none.omitted.resources]).toEqual([[], [], 2]);
      for (const lock of [...locks, ...locks]) lock.release();
      await sleep(50);
    });
  });

  test("2: hold for names, which are clipped", async () => {
    await inCrew(async (group) => {
      group.createTask(() => turn(), { name: "x".repeat(1000) });
      const long = now().scopes.find(({ name }) => name.startsWith("xx"));
      expect(long?.name).toHaveLength(200);
      await turn(4);
    });
  });

  test("2: hold for ten thousand scopes, if nothing is said", async () => {
    await inCrew(async (group) => {
      for (let i = 0; i < 10_100; i++) group.createTask(() => {});
      const { scopes, omitted, totals } = snapshot();
      expect([scopes.length, omitted.scopes, totals.tasks]).toEqual([10_000, 104, 10_101]);
    });
  });

  test.each([
    [{ scopes: -1 }, "scopes"],
    [{ items: 1.5 }, "items"],
    [{ frames: NaN }, "frames"],
    [{ scopes: "5" as unknown as number }, "scopes"],
    [null as unknown as object, "options"],
  ])("2: that are none are an error: %o", (limits, name) => {
    expect(() => snapshot(limits)).toThrow(
      expect.objectContaining({
        code: "JOINERY_INVALID_ARGUMENT",
        message: expect.stringMatching(new RegExp(`^Expected .${name}. to be .*, got `)) as unknown,
      }),
    );
  });
});

test("2: depth costs nothing: 10,000 groups in each other", async () => {
  const nest = async (depth: number): Promise<unknown> => {
    if (depth > 0) return taskGroup(() => nest(depth - 1));
    const { scopes } = snapshot({ scopes: Infinity });
    expect(scopes.at(-1)?.depth).toBeGreaterThan(10_000);
    return JSON.stringify(scopes).length;
  };
  await run(() => nest(10_000), { handleSignals: false });
}, 30_000);

test("2: tasks outside of any run are there as well", async () => {
  const task = createTask(() => turn(4), { name: "outside" });
  expect(scope("outside").parent).toBe(scope("process").id);
  await task;
});
