import { expect, test } from "vitest";
import {
  abandonable,
  createTask,
  moveOnAfter,
  run,
  shield,
  sleep,
  statistics,
  taskGroup,
  timeout,
  wait,
} from "joinery";
import { turn } from "../support/turn.ts";
import { inVirtualTime } from "../support/virtual-clock.ts";

const nothing = { tasks: 0, scopes: 0, timers: 0, listeners: 0, ghosts: 0 };

test("2: is all zero when nothing goes on", () => {
  expect(statistics()).toEqual(nothing);
});

test("2: counts tasks and scopes of every kind", async () => {
  await inVirtualTime(async () => {
    expect(statistics()).toEqual({ ...nothing, tasks: 1, scopes: 2 });
    await taskGroup(async (group) => {
      group.createTask(() => {});
      expect(statistics()).toEqual({ ...nothing, tasks: 2, scopes: 4 });
      await timeout(Infinity, () =>
        shield(() => expect(statistics().scopes).toBe(6), { within: Infinity }),
      );
      expect(statistics()).toEqual({ ...nothing, tasks: 1, scopes: 3 });
    });
  });
});

test("2: counts sleeps and deadlines, which are gone with their scope", async () => {
  await inVirtualTime(() =>
    taskGroup(
      async (group) => {
        for (let i = 0; i < 10; i++) group.createTask(() => timeout(1000, () => sleep(500)));
        await turn();
        expect(statistics().timers).toBe(20);
        group.cancel();
        await turn();
        expect(statistics().timers).toBe(0);
      },
      { cancellable: true, grace: Infinity },
    ),
  );
});

test("2: a group with a long grace keeps one timer while it ends, not after", async () => {
  await inVirtualTime(async () => {
    const result = await moveOnAfter(5, () =>
      sleep(100).then(undefined, () => statistics().timers),
    );
    expect(result.value).toBe(1);
    expect(statistics().timers).toBe(0);
  });
});

test("2: counts listeners on signals of others", async () => {
  const { signal } = new AbortController();
  await inVirtualTime(async () => {
    await taskGroup(
      async (group) => {
        group.createTask(() => sleep(10, { signal }));
        const task = group.createTask(() => sleep(10), { signal });
        await turn();
        expect(statistics().listeners).toBe(3);
        await wait([task]);
        await turn();
        expect(statistics().listeners).toBe(1);
      },
      { signal },
    );
    expect(statistics().listeners).toBe(0);
  });
});

test("2: counts ghosts until they settle", async () => {
  const foreign = turn(30);
  await inVirtualTime(() => moveOnAfter(5, () => abandonable(foreign, { label: "ghost" })));
  expect(statistics()).toEqual({ ...nothing, ghosts: 1 });
  await foreign;
  expect(statistics()).toEqual(nothing);
});

test("2: counts the whole process: tasks outside, and those of every run", async () => {
  const outside = createTask(() => turn(4));
  await run(
    async () => {
      createTask(() => turn());
      await turn(1);
      expect(statistics().tasks).toBe(3);
    },
    { handleSignals: false },
  );
  expect(statistics()).toEqual({ ...nothing, tasks: 1, scopes: 1 });
  await outside;
});
