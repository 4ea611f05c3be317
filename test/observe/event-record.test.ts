import { describe, expect, test } from "vitest";
import {
  abandonable,
  eventTypes,
  ExceptionGroup,
  moveOnAfter,
  sleep,
  subscribe,
  suspend,
  taskGroup,
  type JoineryEvent,
  type Task,
} from "joinery";
import { eventRecord, type EventRecord } from "joinery/observe";
import { turn } from "../support/turn.ts";
import { inPassingTime } from "../support/virtual-clock.ts";
import { PlainLock } from "./work.ts";

async function deaf(): Promise<void> {
  await sleep(100).catch(() => {});
  await sleep(100).catch(() => {});
}

/** Records of everything that happens while `main` runs, which may fail. */
async function recorded(main: (task: Task<unknown>) => Promise<unknown>): Promise<EventRecord[]> {
  const records: EventRecord[] = [];
  const stop = subscribe((event) => records.push(eventRecord(event)));
  await inPassingTime(main, { name: "main", grace: Infinity }).catch(() => {});
  stop();
  expect(JSON.parse(JSON.stringify(records)), "plain data").toEqual(records);
  return records;
}

const of = (records: readonly EventRecord[], type: string): EventRecord[] =>
  records.filter((record) => record.type === type);

const boom = new Error("boom");

async function everything(): Promise<void> {
  const foreign = turn(40);
  await moveOnAfter(10, () => abandonable(foreign, { label: "query" }), { name: "limit" });
  await foreign;
  await moveOnAfter(5, () => taskGroup((group) => void group.createTask(deaf, { name: "deaf" })));
  await taskGroup((group) => void group.createTask(() => Promise.reject(boom), { name: "bad" }));
}

describe("a record", () => {
  test("5: of every type of event is plain data", async () => {
    const records = await recorded(everything);
    expect(new Set(records.map(({ type }) => type))).toEqual(new Set(eventTypes));
    expect(records[0]).toEqual({
      type: "opened",
      at: 0,
      scope: {
        id: expect.any(Number) as number,
        kind: "run",
        name: expect.any(String) as string,
        parent: 1,
        host: 1,
      },
    });
  });

  test("5: of a cancellation says which one, in all that follow from it", async () => {
    const records = await recorded(everything);
    const [asked] = of(records, "cancelled").slice(1);
    const words = {
      id: asked?.cancellation?.id,
      source: "deadline",
      message: expect.stringContaining("its deadline passed") as string,
      reason: null,
      by: null,
    };
    expect(asked).toMatchObject({ cancellation: words, path: "main", by: null });
    const told = of(records, "delivered").at(-1);
    expect(told).toMatchObject({ cancellation: { id: expect.any(Number) as number }, how: "wait" });
    expect(of(records, "swallowed")).toMatchObject([
      { scope: { name: "deaf" }, cancellation: words, how: "waited", times: 2 },
      { scope: { name: "deaf" }, cancellation: words, how: "returned", times: 2 },
    ]);
    expect(of(records, "absorbed")[1]).toMatchObject({ cancellation: words });
  });

  test("5: of an error has it by number, and groups with their members", async () => {
    const records = await recorded(everything);
    const [raised] = of(records, "raised");
    expect(raised).toMatchObject({ path: "main › bad", error: { text: "Error: boom" } });
    expect(of(records, "failed")).toMatchObject([{ error: raised?.error, from: raised?.scope.id }]);
    expect(of(records, "grouped")).toMatchObject([
      {
        error: {
          text: "ExceptionGroup: unhandled errors in a TaskGroup",
          errors: [raised?.error],
          errorsOmitted: 0,
        },
      },
    ]);
  });

  test("5: of outcomes and ghosts says how and which", async () => {
    const records = await recorded(everything);
    const ghost = { id: expect.any(Number) as number, label: "query" };
    expect(of(records, "adopted")).toMatchObject([{ scope: { name: "limit" }, ghost }]);
    expect(of(records, "settled")).toMatchObject([{ ghost, outcome: "fulfilled" }]);
    expect(of(records, "ended").map(({ outcome }) => outcome)).toEqual([
      "done",
      "failed",
      "failed",
    ]);
  });

  test("5: of a wait says for what, and who had it then", async () => {
    const records = await recorded(() =>
      taskGroup(async (group) => {
        const lock = new PlainLock("db");
        const holder = group.createTask(
          (task) =>
            lock
              .acquire(task)
              .then(() => sleep(5))
              .then(() => lock.release()),
          { name: "holder" },
        );
        group.createTask((task) => lock.acquire(task), { name: "waiter" });
        await holder;
        const odd = { kind: "odd", name: "odd", holders: () => JSON.parse("{") as [] };
        await moveOnAfter(1, () => suspend(() => {}, { resource: odd }));
      }),
    );
    const waits = of(records, "waiting");
    const holder = records.find(({ scope }) => scope.name === "holder")?.scope.id;
    expect(waits.find(({ scope }) => scope.name === "waiter")?.wait).toEqual({
      kind: "lock",
      label: 'lock "db"',
      resource: { id: expect.any(Number) as number, kind: "lock", name: "db" },
      tasks: [holder],
    });
    expect(waits.find(({ wait }) => wait?.kind === "task")?.wait).toEqual({
      kind: "task",
      label: 'task "holder"',
      resource: null,
      tasks: [holder],
    });
    expect(waits.find(({ wait }) => wait?.kind === "odd")?.wait?.tasks).toEqual([]);
  });
});

test("5: groups of errors are recorded to a depth of four, with at most twenty members that are errors", () => {
  const scope = { id: 2, kind: "task", name: "x".repeat(300), parent: undefined, host: 2 } as const;
  let nested: Error = boom;
  for (let i = 0; i < 6; i++) nested = new ExceptionGroup("inner", [nested]);
  const many = new AggregateError([...Array.from({ length: 30 }, () => nested), "no error"]);
  const event = { type: "raised", at: 0, scope, path: "x", error: many } as JoineryEvent;
  const record = eventRecord(event);
  expect([record.error?.errors?.length, record.error?.errorsOmitted]).toEqual([20, 11]);
  expect([record.scope.parent, record.scope.name.length]).toEqual([null, 200]);
  let depth = 0;
  for (let error = record.error; error?.errors; [error] = error.errors) depth++;
  expect(depth).toBe(4);
});
