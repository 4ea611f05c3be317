import { expect, test, vi } from "vitest";
import type * as Joinery from "joinery";
import {
  type Clock,
  type JoineryEvent,
  moveOnAfter,
  run,
  shield,
  sleep,
  subscribe,
  taskGroup,
} from "joinery";
import { takeUnhandledRejections } from "../support/no-leaks.ts";
import { turn } from "../support/turn.ts";
import { inPassingTime } from "../support/virtual-clock.ts";

/** Everything that is heard while `main` runs. */
async function heardDuring(main: () => Promise<unknown>): Promise<JoineryEvent[]> {
  const events: JoineryEvent[] = [];
  const unsubscribe = subscribe((event) => events.push(event));
  await inPassingTime(main, { name: "main" }).catch(() => {});
  unsubscribe();
  return events;
}

const line = ({ type, at, scope }: JoineryEvent): string =>
  `${at} ${type} ${scope.kind} ${scope.name}`;

test("2: a tree is told as it grows and shrinks, with the time of its clock", async () => {
  const events = await heardDuring(() =>
    taskGroup(
      (group) => {
        group.createTask(() => sleep(10), { name: "child" });
      },
      { name: "crew" },
    ),
  );
  const root = events[0]?.scope.name;
  expect(events.map(line)).toEqual([
    `0 opened run ${root}`,
    "0 opened task main",
    "0 started task main",
    "0 opened group crew",
    "0 opened task child",
    "0 started task child",
    "0 waiting task child",
    "0 waiting group crew",
    "10 resumed task child",
    "10 ended task child",
    "10 closed task child",
    "10 resumed group crew",
    "10 closed group crew",
    "10 ended task main",
    "10 closed task main",
    `10 closed run ${root}`,
  ]);
});

test("2: every scope names its parent, by plain data", async () => {
  const events = await heardDuring(() =>
    taskGroup((group) => {
      group.createTask(
        () =>
          moveOnAfter(5, () => shield(() => sleep(1), { within: 9, name: "shield" }), {
            name: "timeout",
          }),
        {
          name: "child",
        },
      );
    }),
  );
  const opened = events.filter((event) => event.type === "opened").map(({ scope }) => scope);
  expect(opened.map(({ kind }) => kind)).toEqual([
    "run",
    "task",
    "group",
    "task",
    "timeout",
    "shield",
  ]);
  expect(opened.slice(1).map(({ parent }) => parent)).toEqual(
    opened.slice(0, -1).map(({ id }) => id),
  );
  expect(JSON.parse(JSON.stringify(opened))).toEqual(opened);
});

test("2: how each task ended", async () => {
  const events = await heardDuring(() =>
    taskGroup((group) => {
      group.createTask(() => 1, { name: "good" });
      group.createTask(() => sleep(100), { name: "cancelled" });
      group.createTask(() => Promise.reject(new Error("boom")), { name: "bad" });
    }),
  );
  const ends = events.flatMap((event) =>
    event.type === "ended" ? [`${event.scope.name}: ${event.outcome}`] : [],
  );
  expect(ends).toEqual(["good: done", "bad: failed", "cancelled: cancelled", "main: failed"]);
});

test("2: a failure is told of the group that takes it, a cancel of the scope it was asked of, once", async () => {
  const boom = new Error("boom");
  const events = await heardDuring(() =>
    taskGroup(
      (group) => {
        for (let i = 0; i < 3; i++) group.createTask(() => taskGroup(() => sleep(100)));
        group.createTask(() => Promise.reject(boom), { name: "bad" });
      },
      { name: "crew" },
    ),
  );
  const told = events.filter((event) => event.type === "failed" || event.type === "cancelled");
  expect(told).toMatchObject([
    { type: "failed", scope: { kind: "group", name: "crew" }, error: boom },
    {
      type: "cancelled",
      scope: { kind: "group", name: "crew" },
      error: { source: "sibling-error", cause: boom },
    },
  ]);
});

test("2: nothing is told any more after the listener was taken off; twice is once", async () => {
  const events: JoineryEvent[] = [];
  const unsubscribe = subscribe((event) => events.push(event));
  unsubscribe();
  unsubscribe();
  await inPassingTime(() => sleep(1));
  expect(events).toEqual([]);
});

test("2: every listener hears, also when another one is taken off meanwhile", async () => {
  const trace: string[] = [];
  const first = subscribe((event) => {
    trace.push(`first: ${event.type}`);
    first();
  });
  const second = subscribe((event) => {
    if (trace.length < 3) trace.push(`second: ${event.type}`);
  });
  await taskGroup(() => {});
  second();
  expect(trace).toEqual(["first: opened", "second: opened", "second: closed"]);
});

test("2: one that is taken off by another one, in the middle of an event, does not hear of it", async () => {
  const trace: string[] = [];
  const first = subscribe((event) => {
    trace.push(`first: ${event.type}`);
    second();
  });
  const second = subscribe((event) => trace.push(`second: ${event.type}`));
  await taskGroup(() => {});
  first();
  expect(trace).toEqual(["first: opened", "first: closed"]);
});

test("2: with an interval, one event is told and then none for so long, for each listener by itself", async () => {
  const trace: string[] = [];
  const hear = (name: string, interval: number): (() => void) =>
    subscribe(({ at, scope }) => trace.push(`${name}: ${scope.name} at ${at}`), {
      types: ["opened", "closed"],
      interval,
    });
  const stops = [hear("often", 5), hear("seldom", 15)];
  await inPassingTime(
    () =>
      taskGroup(
        (group) => {
          for (const ms of [1, 2, 5, 10, 20, 30])
            group.createTask(() => sleep(ms), { name: `of ${ms} ms` });
        },
        { name: "crew" },
      ),
    { name: "main" },
  );
  for (const stop of stops) stop();
  const [, root] = /(run-\d+)/.exec(trace[0]!)!;
  expect(trace).toEqual([
    `often: ${root} at 0`,
    `seldom: ${root} at 0`,
    "often: of 5 ms at 5",
    "often: of 10 ms at 10",
    "often: of 20 ms at 20",
    "seldom: of 20 ms at 20",
    "often: of 30 ms at 30",
  ]);
});

/** One on which every look takes 10 ms. */
function tickingFrom(start: number): Clock {
  let time = start;
  return { now: () => (time += 10), setTimeout: () => {}, clearTimeout: () => {} };
}

const inTickingTime = <R>(main: () => Promise<R>, start = 0): Promise<R> =>
  run(main, { name: "main", clock: tickingFrom(start), handleSignals: false });

const open = (name: string): Promise<void> => taskGroup(() => {}, { name });

test("2: with an interval, only the first event of a turn is looked at, on each clock", async () => {
  const told: string[] = [];
  const stop = subscribe(({ at, scope }) => told.push(`${scope.kind} at ${at}`), {
    types: ["opened"],
    interval: 1,
  });
  await inTickingTime(async () => {
    await open("first");
    await inTickingTime(() => open("elsewhere"), 1000);
    await turn();
    await open("later");
    await open("not looked at");
  });
  stop();
  expect(told).toEqual(["run at 10", "run at 1010", "group at 20"]);
});

test("2: with an interval without an end, the first event is told and no other, whatever the clock", async () => {
  const told: string[] = [];
  const stop = subscribe(({ at, scope }) => told.push(`${scope.kind} at ${at}`), {
    types: ["opened"],
    interval: Infinity,
  });
  await inTickingTime(async () => {
    await open("not told");
    await turn();
    await open("not told in another turn");
    await inTickingTime(() => open("not told elsewhere"), 1000);
    const elsewhere = subscribe(({ at }) => told.push(`second subscriber at ${at}`), {
      types: ["opened"],
    });
    await open("told to somebody else");
    elsewhere();
  });
  stop();
  expect(told).toEqual(["run at 10", "second subscriber at 30"]);
});

test("2: with an interval, that is so also where somebody else hears everything", async () => {
  const told: string[] = [];
  const hear = (name: string, interval: number): (() => void) =>
    subscribe(({ scope }) => told.push(`${name}: ${scope.kind}`), { types: ["opened"], interval });
  const stops = [hear("all", 0), hear("some", 1)];
  await inTickingTime(() => open("not looked at"));
  for (const stop of stops) stop();
  expect(told).toEqual(["all: run", "some: run", "all: task", "all: group"]);
});

test("2: a task has ended and is closed at one time, unless a failure is told in between", async () => {
  const told: string[] = [];
  const stop = subscribe(({ type, at, scope }) => told.push(`${scope.name} ${type} at ${at}`), {
    types: ["ended", "failed", "closed"],
  });
  await inTickingTime(() =>
    taskGroup(
      (group) => {
        group.createTask(() => 1, { name: "good" });
        group.createTask(() => Promise.reject(new Error("boom")), { name: "bad" });
      },
      { name: "crew" },
    ).catch(() => {}),
  );
  stop();
  expect(told.slice(0, 5)).toEqual([
    "good ended at 10",
    "good closed at 10",
    "bad ended at 20",
    "crew failed at 30",
    "bad closed at 40",
  ]);
});

test.each([NaN, "1"])("2: an interval of %o is an error at the door", (interval) => {
  expect(() => subscribe(() => {}, { interval: interval as number })).toThrow(
    expect.objectContaining({ code: "JOINERY_INVALID_TIME" }),
  );
});

test("2: a listener that throws is taken off and its error is unhandled; the program goes on", async () => {
  const boom = new Error("listener");
  const trace: string[] = [];
  const bad = subscribe(() => {
    throw boom;
  });
  const good = subscribe((event) => trace.push(event.type));
  const value = await taskGroup(() => "value");
  bad();
  good();
  await turn();
  expect(value).toBe("value");
  expect(trace).toEqual(["opened", "closed"]);
  expect(await takeUnhandledRejections()).toEqual([boom]);
});

/** Stands still, and says how often it was read. */
class CountingClock implements Clock {
  reads = 0;

  now(): number {
    this.reads++;
    return 0;
  }

  setTimeout(): void {}

  clearTimeout(): void {}
}

/** Does all that is heard of, and tells how often the clock was read. */
async function readsOfEverything(copy: typeof Joinery): Promise<number> {
  const clock = new CountingClock();
  const ready = Promise.resolve();
  const cancelled = async (): Promise<void> => {
    await copy.taskGroup(
      async (group) => {
        group.createTask(() => copy.sleep(Infinity).catch(() => copy.sleep(Infinity)));
        group.createTask(() => copy.sleep(Infinity).catch(() => {}));
        group.createTask(({ signal }) => turn().then(() => signal.throwIfAborted()));
        group.createTask(() => turn().then(() => copy.sleep(Infinity)));
        group.createTask(() => copy.abandonable(turn(4), { label: "left behind" }));
        await ready;
        group.cancel();
      },
      { cancellable: true },
    );
    await turn(4);
  };
  const failing = async (): Promise<void> => {
    await cancelled();
    await copy.taskGroup((group) => void group.createTask(() => Promise.reject(new Error("boom"))));
  };
  await expect(
    copy.run(failing, { clock, grace: Infinity, handleSignals: false }),
  ).rejects.toBeInstanceOf(AggregateError);
  return clock.reads;
}

test("2: what nobody hears costs nothing, before the first listener and after the last: not even a look at the clock", async () => {
  vi.resetModules();
  const fresh: typeof Joinery = await import("joinery");
  const unheard = await readsOfEverything(fresh);
  const events: JoineryEvent[] = [];
  const unsubscribe = fresh.subscribe((event) => events.push(event));
  const heard = await readsOfEverything(fresh);
  unsubscribe();

  expect(new Set(events.map(({ type }) => type))).toEqual(new Set(fresh.eventTypes));
  const together = events.filter((event) => event.type === "ended" && event.outcome !== "failed");
  const looks = events.length - together.length;
  expect(heard - unheard, "one look for each event, or for an end and its close").toBe(looks);
  expect(await readsOfEverything(fresh), "when nobody listens any more").toBe(unheard);
});
