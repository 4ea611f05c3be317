import { describe, expect, test } from "vitest";
import { moveOnAfter, run, shield, sleep, suspend, taskGroup, type TaskGroup } from "joinery";
import { observe, snapshot, type ObserveOptions } from "joinery/observe";
import { heard } from "../../src/core/events.ts";
import { BirthTimes } from "../../src/observe/birth-times.ts";
import { Ring } from "../../src/observe/ring.ts";
import { turn } from "../support/turn.ts";
import { inPassingTime } from "../support/virtual-clock.ts";
import { inCrew } from "./crew.ts";
import { now, scope } from "./valid.ts";

/** Runs `body` in a group "crew" that is observed, and cancels what is left of it. */
async function observed(
  body: (group: TaskGroup) => Promise<unknown>,
  options?: ObserveOptions,
): Promise<void> {
  const stop = observe(options);
  await inCrew(body).finally(stop);
}

async function createsTask(group: TaskGroup): Promise<void> {
  group.createTask(() => sleep(50), { name: "child" });
  await sleep(10);
}

async function deaf(): Promise<void> {
  await sleep(100).catch(() => {});
  await sleep(100).catch(() => {});
}

const deafTeam = (): Promise<unknown> =>
  moveOnAfter(
    10,
    () => taskGroup((team) => void team.createTask(deaf, { name: "deaf" }), { name: "team" }),
    { name: "limit" },
  );

const deafAndSlow = (): Promise<void> =>
  deaf().finally(() => shield(() => sleep(50), { within: 60 }));

const stays = async (): Promise<unknown> =>
  moveOnAfter(
    10,
    () =>
      taskGroup((team) => {
        team.createTask(deaf, { name: "over" });
        team.createTask(deafAndSlow, { name: "stays" });
      }),
    { name: "limit" },
  );

const threeStay = (): Promise<unknown> =>
  moveOnAfter(10, () =>
    taskGroup((team) => {
      for (let i = 0; i < 3; i++) team.createTask(deafAndSlow);
    }),
  );

/** Keeps the event loop from turning. */
function block(ms: number): void {
  for (const end = performance.now() + ms; performance.now() < end;);
}

async function busy(): Promise<void> {
  await moveOnAfter(1000, async () => {
    await sleep(1);
    block(200);
    await sleep(100);
  });
}

describe("ages", () => {
  test("2: of scopes are known from the call on", async () => {
    await observed(async (group) => {
      group.createTask(() => sleep(50), { name: "first" });
      await sleep(10);
      group.createTask(() => sleep(50), { name: "second" });
      await sleep(5);
      expect(["main", "crew", "first", "second"].map((name) => scope(name).age)).toEqual([
        15, 15, 15, 5,
      ]);
      expect(scope("process").age).toBeNull();
      expect(now().observedFor).toBeGreaterThanOrEqual(0);
    });
    expect(now().observedFor).toBeNull();
  });

  test("2: of what was there before are not known", async () => {
    await inPassingTime(
      async () => {
        await sleep(1);
        const stop = observe();
        const nap = sleep(10);
        expect(scope("main").age).toBeNull();
        expect(scope("main").waits[0]?.age).toBe(0);
        stop();
        await nap;
      },
      { name: "main" },
    );
  });

  test("2: of waits are known as well", async () => {
    await observed(async (group) => {
      group.createTask(() => suspend(() => {}), { name: "parked" });
      await sleep(10);
      expect(scope("parked").waits[0]?.age).toBe(10);
    });
  });

  test("2: of the living are kept, however many have come and gone", () => {
    const living = [1, 5000, 9999];
    const births = new BirthTimes(() => living);
    for (let id = 1; id <= 10_000; id++) births.note(id, id * 2);
    expect(births.size).toBeLessThan(5000);
    expect(living.map((id) => births.of(id))).toEqual([2, 10_000, 19_998]);
    expect([births.of(0), births.of(10_000), births.of(10_001)]).toEqual([
      undefined,
      20_000,
      20_000,
    ]);
  });
});

test("2: ages are right when thousands of times have been noted", async () => {
  let time = 0;
  const clock = { now: () => ++time, setTimeout: () => {}, clearTimeout: () => {} };
  const stop = observe();
  await run(
    async () => {
      for (let i = 0; i < 4200; i++) {
        await taskGroup(() => {});
        await turn(1);
      }
      await taskGroup(() => {}, { name: "last" });
      const { age } = scope("main");
      expect(age).toBeGreaterThan(4200);
    },
    { name: "main", handleSignals: false, clock },
  );
  stop();
});

describe("cancellations", () => {
  test("2: are remembered, with path and those who caught them, when they are over", async () => {
    await observed(async () => {
      await deafTeam();
      expect(now().cancellations).toMatchObject([
        {
          source: "deadline",
          message: 'timeout "limit" was cancelled: its deadline passed',
          reason: null,
          by: null,
          path: "main › crew › limit",
          pending: [],
          pendingOmitted: 0,
          swallowed: [{ id: expect.any(Number) as number, name: "deaf" }],
        },
      ]);
    });
    expect(now().cancellations).toEqual([]);
  });

  test("2: that are not over come first, once, with all who have caught them", async () => {
    await observed(async (group) => {
      await moveOnAfter(5, () => sleep(10), { name: "before" });
      group.createTask(stays, { name: "leader" });
      await sleep(20);
      const { cancellations } = now();
      expect(cancellations.map(({ path }) => path)).toEqual([
        "main › crew › leader › limit",
        "main › crew › before",
      ]);
      expect(cancellations[0]?.pending).toContainEqual({ id: scope("stays").id, timesTold: 2 });
      expect(cancellations[0]?.swallowed.map(({ name }) => name).toSorted()).toEqual([
        "over",
        "stays",
      ]);
      await sleep(100);
    });
  });

  test("2: the last fifty are remembered, and twenty who caught one", async () => {
    await observed(async (group) => {
      for (let i = 0; i < 120; i++) group.createTask(() => sleep(50)).cancel(i);
      await sleep(1);
      const { cancellations } = now();
      expect(cancellations).toHaveLength(50);
      expect([cancellations[0]?.reason, cancellations[49]?.reason]).toEqual(["119", "70"]);
      await moveOnAfter(10, () =>
        taskGroup((team) => {
          for (let i = 0; i < 30; i++) team.createTask(deaf);
        }),
      );
      expect(now().cancellations[0]?.swallowed).toHaveLength(20);
    });
  });

  test("2: name as many who have to react, and who caught them, as are wanted", async () => {
    await observed(async (group) => {
      group.createTask(threeStay);
      await sleep(20);
      expect(now({ items: 2 }).cancellations).toMatchObject([
        { age: 10, pending: [{}, {}], pendingOmitted: 2, swallowed: [{}, {}] },
      ]);
      await sleep(100);
      const [over] = now({ items: 2 }).cancellations;
      expect(over).toMatchObject({ pending: [], pendingOmitted: 0, swallowed: [{}, {}] });
      expect(over?.age).toBeLessThan(performance.now()); // it was in the life of this process
    });
  });

  test("2: one that was asked for before is not remembered, and who catches it is not either", async () => {
    await inPassingTime(
      async () => {
        await moveOnAfter(
          10,
          async () => {
            await sleep(20).catch(() => {});
            const stop = observe();
            await sleep(20).catch(() => {});
            expect(now().cancellations).toMatchObject([{ swallowed: [{ name: "main" }] }]);
            stop();
          },
          { name: "limit" },
        );
      },
      { name: "main" },
    );
  });
});

test("2: the last failures are remembered as text", async () => {
  const stop = observe();
  const failing = inPassingTime(
    () =>
      taskGroup(
        (group) =>
          void group.createTask(() => Promise.reject(new RangeError("boom")), { name: "bad" }),
      ),
    { name: "main" },
  );
  await expect(failing).rejects.toThrow("unhandled errors");
  expect(now().failures).toMatchObject([
    {
      task: { name: "main" },
      state: "done",
      path: "main",
      error: "ExceptionGroup: unhandled errors in a TaskGroup",
    },
    { task: { name: "bad" }, state: "done", path: "main › bad", error: "RangeError: boom" },
  ]);
  stop();
  expect(now().failures).toEqual([]);
});

describe("creation", () => {
  test("2: is noted if that is asked for: where each task was created, from then on", async () => {
    await observed(createsTask, {});
    const stop = observe();
    await observed(
      async (group) => {
        await createsTask(group);
        expect(scope("child").createdAt?.[0]).toMatch(/createsTask .*observe\.test\.ts/);
        expect(scope("child", now({ frames: 1 })).createdAt).toHaveLength(1);
        expect(scope("crew").createdAt).toBeNull();
        observe({ creation: true })();
      },
      { creation: true },
    );
    stop();
  });

  test("2: is not noted otherwise", async () => {
    await observed(async (group) => {
      await createsTask(group);
      expect(scope("child").createdAt).toBeNull();
    });
  });

  test.each([[{ creation: 1 }], [null]])("2: is an error if it is no boolean: %o", (options) => {
    expect(() => observe(options as unknown as ObserveOptions)).toThrow(
      expect.objectContaining({ code: "JOINERY_INVALID_ARGUMENT" }),
    );
  });
});

describe("the event loop", () => {
  test("2: that stands still is noticed, with the task that ran last before", async () => {
    const stop = observe();
    await run(busy, { name: "busy", handleSignals: false });
    const { loop, warnings } = now();
    expect(loop?.blocked).toHaveLength(1);
    expect(loop?.blocked[0]).toMatchObject({ task: { name: "busy" } });
    expect(loop?.blocked[0]?.ms).toBeGreaterThan(100);
    expect(warnings).toMatchObject([
      {
        kind: "loop-blocked",
        text: expect.stringMatching(
          /^The event loop stood still for \d+ ms; the last to go on was task "busy"$/,
        ) as string,
        tasks: [loop?.blocked[0]?.task?.id],
      },
    ]);
    stop();
  });
});

test("2: it goes on until the last who asked has stopped, and stopping twice is stopping once", () => {
  const [first, second] = [observe(), observe()];
  first();
  first();
  expect(snapshot().observedFor).not.toBeNull();
  second();
  expect(snapshot().observedFor).toBeNull();
  expect(Object.values(heard)).not.toContain(true);
});

test("2: a ring keeps the last few, the latest first", () => {
  const ring = new Ring<number>(3);
  const seen: number[][] = [];
  for (let i = 1; i <= 7; i++) {
    ring.add(i);
    seen.push(ring.latest());
  }
  expect(seen).toEqual([[1], [2, 1], [3, 2, 1], [4, 3, 2], [5, 4, 3], [6, 5, 4], [7, 6, 5]]);
});
