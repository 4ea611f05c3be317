/** On a runtime without AsyncLocalStorage: a page in a browser. */

import type * as Joinery from "joinery";
import type * as Sync from "joinery/sync";
import { afterEach, beforeEach, expect, test, vi } from "vitest";

let joinery: typeof Joinery;
let sync: typeof Sync;

beforeEach(async () => {
  vi.resetModules();
  vi.spyOn(process, "getBuiltinModule").mockReturnValue(undefined);
  joinery = await import("joinery");
  sync = await import("joinery/sync");
});

afterEach(() => {
  expect(joinery.statistics()).toEqual({ tasks: 0, scopes: 0, timers: 0, listeners: 0, ghosts: 0 });
  vi.restoreAllMocks();
  vi.resetModules();
});

const caught = (error: unknown): unknown => error;

test("a wait ends with the signal of the task that it is given", async () => {
  const { moveOnAfter } = joinery;
  const { Barrier, CapacityLimiter, Channel, Event, Lock, Queue, Semaphore } = sync;
  const lock = new Lock();
  await lock.acquire();
  const { sender, receiver } = new Channel<number>(0);
  const waits: ((options: { signal: AbortSignal }) => Promise<unknown>)[] = [
    (options) => lock.acquire(options),
    (options) => new Semaphore(0).acquire(options),
    (options) => new CapacityLimiter(0).acquire(options),
    (options) => new Event().wait(options),
    (options) => new Barrier(2).wait(options),
    (options) => new Queue<number>().get(options),
    (options) => sender.send(1, options),
    (options) => receiver.receive(options),
  ];
  for (const wait of waits) {
    const outcome = await moveOnAfter(1, ({ signal }) => wait({ signal }));
    expect(outcome.expired).toBe(true);
  }
});

test("an owner is known by its signal: re-entry is an error, and its end is heard", async () => {
  const { createTask } = joinery;
  const lock = new sync.Lock();
  const limiter = new sync.CapacityLimiter(1);
  await createTask(async ({ signal }) => {
    await lock.acquire({ signal });
    using token = await limiter.acquire({ signal });
    void token;
    for (const it of [lock, limiter])
      expect(await it.acquire({ signal }).catch(caught)).toMatchObject({ code: "JOINERY_REENTRY" });
    await createTask((other) => {
      expect(() => lock.release(other)).toThrow(
        expect.objectContaining({ code: "JOINERY_NOT_OWNER" }),
      );
    });
  });
  expect(await lock.acquire().catch(caught)).toMatchObject({ code: "JOINERY_OWNER_ENDED" });
});

test("without a signal nobody is known, and whoever comes is trusted", async () => {
  const { createTask } = joinery;
  const condition = new sync.Condition();
  await createTask(async ({ signal }) => {
    const token = await condition.acquire({ signal });
    condition.notify();
    condition.release();
    expect(condition.locked()).toBe(false);
    token.release();
    using _ = await condition.acquire();
    const waiting = condition.wait({ signal });
    const other = await condition.acquire();
    condition.notifyAll({ signal });
    other.release();
    await waiting;
  });
  expect(condition.locked()).toBe(false);
});

test("a child that waits for the limiter of its group is cancelled, and leaves no trace", async () => {
  const { moveOnAfter, taskGroup } = joinery;
  const concurrency = new sync.Semaphore(0);
  const outcome = await moveOnAfter(1, ({ signal }) =>
    taskGroup((group) => void group.createTask(() => expect.unreachable()), {
      concurrency,
      signal,
    }),
  );
  expect(outcome.expired).toBe(true);
  expect(concurrency.statistics().waiting).toBe(0);
});
