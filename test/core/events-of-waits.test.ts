/** The events about what tasks wait for, how they are told to stop, and what becomes of errors. */

import { describe, expect, test } from "vitest";
import {
  abandonable,
  ExceptionGroup,
  eventTypes,
  moveOnAfter,
  shield,
  sleep,
  subscribe,
  suspend,
  taskGroup,
  type EventType,
  type JoineryEvent,
} from "joinery";
import { takeWarnings } from "../support/no-leaks.ts";
import { turn } from "../support/turn.ts";
import { inPassingTime } from "../support/virtual-clock.ts";

/** Everything of `types` that is heard while `main` runs, which may fail. */
async function heardOf(
  types: readonly EventType[],
  main: () => Promise<unknown>,
): Promise<JoineryEvent[]> {
  const events: JoineryEvent[] = [];
  const unsubscribe = subscribe((event) => events.push(event), { types });
  await inPassingTime(main, { name: "main", grace: Infinity }).catch(() => {});
  unsubscribe();
  return events;
}

const swallow = (): void => {};

async function stubborn(): Promise<void> {
  await sleep(50).catch(swallow);
  await sleep(50).catch(swallow);
  await sleep(50);
}

function waitsForChild(): Promise<void> {
  return taskGroup((group) => void group.createTask(() => sleep(50), { name: "child" }));
}

/** What an event says besides what it is about, by name. */
function brief({ at, scope, ...details }: JoineryEvent): unknown[] {
  const { type, ...rest } = details;
  return [at, type, scope.name, rest];
}

describe("waiting and resumed", () => {
  test("2: say what for, in the scope that waits, whose host is the task", async () => {
    const events = await heardOf(["waiting", "resumed"], () =>
      taskGroup(
        async (group) => {
          await group.createTask(
            () => moveOnAfter(50, () => sleep(10), { name: "limit" }).then(swallow),
            { name: "child" },
          );
        },
        { name: "crew" },
      ),
    );
    expect(events.map(brief)).toEqual([
      [0, "waiting", "limit", { kind: "sleep", label: "sleep", resource: undefined }],
      [0, "waiting", "crew", { kind: "task", label: 'task "child"', resource: expect.anything() }],
      [10, "resumed", "limit", { kind: "sleep", label: "sleep", resource: undefined }],
      [10, "resumed", "crew", { kind: "task", label: 'task "child"', resource: expect.anything() }],
    ]);
    const [byChild, byMain] = events.map(({ scope }) => scope);
    expect(byChild?.host).toBe(byChild?.parent);
    expect(byMain?.host).not.toBe(byMain?.id);
  });

  test("2: are told of a group that waits for its children, and of a wait that ends with a cancel", async () => {
    const resource = { kind: "queue", name: "jobs" };
    const events = await heardOf(["waiting", "resumed"], () =>
      moveOnAfter(10, () =>
        taskGroup(
          (group) =>
            void group.createTask(() => suspend(() => {}, { resource }), { name: "child" }),
          { name: "crew" },
        ),
      ),
    );
    const join = { kind: "children", label: "its children", resource: undefined };
    const wait = { kind: "queue", label: 'queue "jobs"', resource };
    expect(events.map(brief)).toEqual([
      [0, "waiting", "child", wait],
      [0, "waiting", "crew", join],
      [10, "resumed", "child", wait],
      [10, "resumed", "crew", join],
    ]);
  });
});

describe("a cancellation", () => {
  test("2: is told with its path and who asked, by number", async () => {
    const events = await heardOf(["opened", "cancelled"], () =>
      taskGroup(
        async (group) => {
          const target = group.createTask(() => sleep(100), { name: "target" });
          group.createTask(() => target.cancel("enough"), { name: "asker" });
          await turn();
          await moveOnAfter(5, () => sleep(10), { name: "limit" });
        },
        { name: "crew" },
      ),
    );
    const id = (name: string): number | undefined =>
      events.find(({ scope }) => scope.name === name)?.scope.id;
    expect(events.filter(({ type }) => type === "cancelled").map(brief)).toEqual([
      [
        0,
        "cancelled",
        "target",
        {
          error: expect.objectContaining({ source: "explicit", cause: "enough" }),
          path: "main › crew › target",
          by: id("asker"),
        },
      ],
      [
        5,
        "cancelled",
        "limit",
        {
          error: expect.objectContaining({ source: "deadline" }),
          path: "main › crew › limit",
          by: undefined,
        },
      ],
    ]);
  });

  test("2: is delivered to each task once, by the end of its wait or when it waits next", async () => {
    const events = await heardOf(["delivered"], () =>
      taskGroup(
        async (group) => {
          group.createTask(() => Promise.allSettled([sleep(50), sleep(60)]).then(swallow), {
            name: "asleep",
          });
          group.createTask(() => turn(4).then(() => sleep(50)), { name: "busy" });
          await turn();
          group.cancel();
        },
        { cancellable: true },
      ),
    );
    expect(events.map(brief)).toEqual([
      [0, "delivered", "asleep", { error: expect.anything(), how: "wait" }],
      [0, "delivered", "busy", { error: expect.anything(), how: "wait" }],
    ]);
  });

  test("2: is delivered by a signal as well, which somebody has asked for", async () => {
    const bySignal = await heardOf(["delivered"], () =>
      moveOnAfter(10, async ({ signal }) => {
        signal.addEventListener("abort", swallow);
        await turn(20);
      }),
    );
    expect(bySignal.map(brief)).toEqual([
      [10, "delivered", "main", { error: expect.anything(), how: "signal" }],
    ]);
  });

  test("2: is delivered by a group that throws it out, and swallowed where that is caught", async () => {
    const events = await heardOf(["delivered", "swallowed"], () =>
      taskGroup(
        async (group) => {
          group.createTask(() => waitsForChild().catch(swallow), { name: "deaf" });
          group.createTask(waitsForChild, { name: "good" });
          await sleep(5);
          group.cancel();
        },
        { cancellable: true },
      ),
    );
    const error: unknown = expect.objectContaining({ source: "explicit" });
    expect(events.map(brief)).toEqual([
      [5, "delivered", "child", { error, how: "wait" }],
      [5, "delivered", "child", { error, how: "wait" }],
      [5, "delivered", "deaf", { error, how: "wait" }],
      [5, "delivered", "good", { error, how: "wait" }],
      [5, "swallowed", "deaf", { error, how: "returned", times: 1 }],
    ]);
  });

  test("2: is delivered once to a block that begins when it is over already", async () => {
    const events = await heardOf(["delivered", "swallowed"], () =>
      moveOnAfter(10, async () => {
        await turn(20);
        const unborn = (): Promise<void> => taskGroup((group) => void group.createTask(swallow));
        await unborn().catch(swallow);
        await unborn().catch(swallow);
      }),
    );
    expect(events.map(brief)).toEqual([
      [10, "delivered", "main", { error: expect.anything(), how: "wait" }],
    ]);
  });

  test("2: is swallowed by a task that waits again, each time, and by one that returns", async () => {
    const events = await heardOf(["swallowed"], () =>
      taskGroup(
        async (group) => {
          group.createTask(stubborn, { name: "stubborn" });
          group.createTask(() => sleep(50).catch(swallow), { name: "deaf" });
          group.createTask(() => turn(4), { name: "unaware" });
          group.createTask(() => turn(4).then(() => sleep(50)), { name: "late" });
          group.createTask(() => sleep(50), { name: "good" });
          await turn();
          group.cancel();
        },
        { cancellable: true },
      ),
    );
    const error: unknown = expect.objectContaining({ source: "explicit" });
    expect(events.map(brief)).toEqual([
      [0, "swallowed", "stubborn", { error, how: "waited", times: 2 }],
      [0, "swallowed", "deaf", { error, how: "returned", times: 1 }],
      [0, "swallowed", "stubborn", { error, how: "waited", times: 3 }],
    ]);
  });

  test("2: is absorbed at the edge of the scope that it was asked of, and not below another one", async () => {
    const events = await heardOf(["absorbed"], () =>
      moveOnAfter(
        10,
        () =>
          taskGroup(
            async (group) => {
              group.createTask(() => sleep(50), { name: "plain" });
              const own = group.createTask(() => sleep(50), { name: "own" });
              await sleep(5);
              own.cancel();
              await moveOnAfter(4, () => shield(() => sleep(30), { within: 40 }), {
                name: "inner",
              });
            },
            { name: "crew" },
          ),
        { name: "limit" },
      ),
    );
    expect(events.map(brief)).toEqual([
      [5, "absorbed", "own", { error: expect.objectContaining({ source: "explicit" }) }],
      [35, "absorbed", "limit", { error: expect.objectContaining({ source: "deadline" }) }],
    ]);
  });

  test("2: of a shield is absorbed there, whatever is around it", async () => {
    const events = await heardOf(["absorbed"], () =>
      moveOnAfter(5, () => shield(() => sleep(50), { within: 10, name: "wall" }).catch(swallow), {
        name: "limit",
      }),
    );
    expect(events.map(brief).map(([at, , name]) => [at, name])).toEqual([
      [10, "wall"],
      [10, "limit"],
    ]);
  });
});

describe("an error", () => {
  test("2: is raised in a task, taken by a group, and thrown on as a group of errors", async () => {
    const boom = new Error("boom");
    const late = new Error("body");
    const events = await heardOf(["opened", "raised", "failed", "grouped"], () =>
      taskGroup(
        async (group) => {
          group.createTask(() => Promise.reject(boom), { name: "bad" });
          await sleep(50).finally(() => {
            throw late;
          });
        },
        { name: "crew" },
      ),
    );
    const id = (name: string): number | undefined =>
      events.find(({ scope }) => scope.name === name)?.scope.id;
    const group = expect.any(ExceptionGroup) as unknown;
    expect(events.filter(({ type }) => type !== "opened").map(brief)).toEqual([
      [0, "raised", "bad", { error: boom, path: "main › crew › bad" }],
      [0, "failed", "crew", { error: boom, from: id("bad") }],
      [0, "failed", "crew", { error: late, from: id("crew") }],
      [0, "grouped", "crew", { error: group }],
      [0, "raised", "main", { error: group, path: "main" }],
    ]);
  });
});

describe("the end of a scope", () => {
  test("2: is the last that is told of it, with why it was cancelled, if it was", async () => {
    const events = await heardOf(["cancelled", "grouped", "closed"], () =>
      taskGroup(
        async (group) => {
          group.createTask(() => sleep(10), { name: "done" });
          await sleep(20);
          group.createTask(() => sleep(30), { name: "stopped" });
          group.createTask(() => Promise.reject(new Error("boom")), { name: "bad" });
        },
        { name: "crew" },
      ),
    );
    const cancelled = events.find(({ type }) => type === "cancelled");
    const { error } = cancelled as Extract<JoineryEvent, { type: "cancelled" }>;
    expect(error.source).toBe("sibling-error");
    expect(events.map(brief).slice(0, -1)).toEqual([
      [10, "closed", "done", { cancellation: undefined }],
      [20, "closed", "bad", { cancellation: undefined }],
      [20, "cancelled", "crew", { error, by: expect.any(Number), path: "main › crew" }],
      [20, "closed", "stopped", { cancellation: error }],
      [20, "grouped", "crew", { error: expect.any(ExceptionGroup) }],
      [20, "closed", "crew", { cancellation: error }],
      [20, "closed", "main", { cancellation: undefined }],
    ]);
  });
});

describe("a ghost", () => {
  test("2: is adopted by the scope that leaves it, once, and settles with what came out", async () => {
    let settle: ((value: Promise<void> | undefined) => void) | undefined;
    const slow = new Promise<void>((resolve) => (settle = resolve as typeof settle));
    const events = await heardOf(["adopted", "settled"], async () => {
      await moveOnAfter(10, () => abandonable(slow, { label: "slow" }), { name: "first" });
      await moveOnAfter(10, () => abandonable(slow, { label: "slow" }), { name: "second" });
      await abandonable(turn(), { label: "in time" });
      settle?.(undefined);
      await turn();
    });
    const ghost = { id: expect.any(Number) as unknown, label: "slow" };
    expect(events.map(brief)).toEqual([
      [10, "adopted", "first", { ghost }],
      [20, "settled", "first", { ghost, outcome: "fulfilled" }],
    ]);
  });

  test("2: that fails says so", async () => {
    const slow = turn(20).then(() => Promise.reject(new Error("late")));
    const events = await heardOf(["settled"], async () => {
      await moveOnAfter(10, () => abandonable(slow, { label: "slow" }));
      await slow.catch(swallow);
    });
    expect(events.map(brief)).toMatchObject([
      [10, "settled", expect.any(String), { outcome: "rejected" }],
    ]);
    expect(await takeWarnings()).toHaveLength(1);
  });
});

describe("who subscribes", () => {
  test("2: to some types hears those and no others, and what nobody wants to hear costs nothing", async () => {
    const types: EventType[] = [];
    const first = subscribe(({ type }) => types.push(type), { types: ["closed"] });
    const second = subscribe(({ type }) => types.push(type), { types: ["waiting", "closed"] });
    await inPassingTime(() => taskGroup(() => sleep(5)));
    first();
    await inPassingTime(() => taskGroup(() => sleep(5)));
    second();
    await inPassingTime(() => taskGroup(() => sleep(5)));
    expect(types).toEqual([
      "waiting",
      ...Array.from({ length: 6 }, () => "closed"),
      "waiting",
      ...Array.from({ length: 3 }, () => "closed"),
    ]);
  });

  test("2: twice with one listener is heard twice", async () => {
    const types: EventType[] = [];
    const listener = ({ type }: JoineryEvent): void => void types.push(type);
    const stops = [subscribe(listener), subscribe(listener)];
    await taskGroup(() => {});
    stops[0]?.();
    await taskGroup(() => {});
    stops[1]?.();
    expect(types).toEqual(["opened", "opened", "closed", "closed", "opened", "closed"]);
  });

  test("2: to what is no type, or with no options, is told", () => {
    const types = ["closed", "shut"] as EventType[];
    const code = "JOINERY_INVALID_ARGUMENT";
    expect(() => subscribe(swallow, { types })).toThrow(expect.objectContaining({ code }));
    expect(() => subscribe(swallow, null as unknown as object)).toThrow(
      expect.objectContaining({ code }),
    );
    expect(eventTypes).toHaveLength(15);
  });
});
