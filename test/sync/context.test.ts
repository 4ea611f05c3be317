/** Whose AsyncLocalStorage values the code sees that waited in a queue, or was called for somebody. */

import { AsyncLocalStorage } from "node:async_hooks";
import { all } from "joinery";
import {
  Barrier,
  CapacityLimiter,
  Channel,
  Condition,
  Event,
  Lock,
  Queue,
  Semaphore,
} from "joinery/sync";
import { expect, test } from "vitest";
import { turn } from "../support/turn.ts";

const span = new AsyncLocalStorage<string>();

/** What `wait` sees after it waited, when it is called as `waiter` and woken by `wake` as `waker`. */
async function seenAfter(wait: () => Promise<unknown>, wake: () => unknown): Promise<unknown> {
  const seen = span.run("waiter", async () => {
    await wait();
    return span.getStore();
  });
  await turn();
  await span.run("waker", wake);
  return seen;
}

const lock = new Lock();
const semaphore = new Semaphore(1);
const limiter = new CapacityLimiter(1);
const event = new Event();
const barrier = new Barrier(2);
const queue = new Queue<string>({ maxSize: 1 });
const channel = new Channel<string>(0);

test.each([
  ["a lock", lock],
  ["a semaphore", semaphore],
  ["a limiter", limiter],
])("who waited for %s sees its own values, not those of the one who released it", async (_, it) => {
  const token = await it.acquire();
  const wait = async (): Promise<void> => (await it.acquire()).release();
  expect(await seenAfter(wait, () => token.release())).toBe("waiter");

  const again = await it.acquire();
  const held: unknown[] = [];
  const hold = (): Promise<unknown> => it.with(() => void held.push(span.getStore()));
  expect(await seenAfter(hold, () => again.release())).toBe("waiter");
  expect(held).toEqual(["waiter"]);
});

test("who waited for an event or at a barrier sees its own values", async () => {
  expect(
    await seenAfter(
      () => event.wait(),
      () => event.set(),
    ),
  ).toBe("waiter");
  expect(
    await seenAfter(
      () => barrier.wait(),
      () => barrier.wait(),
    ),
  ).toBe("waiter");
});

test("who waited on a condition sees its own values, and so does its predicate", async () => {
  const condition = new Condition();
  const seen: unknown[] = [];
  let ready = false;
  const wait = (): Promise<unknown> =>
    condition.with(() =>
      condition.waitFor(() => {
        seen.push(span.getStore());
        return ready;
      }),
    );
  const wake = (): Promise<void> =>
    condition.with(() => {
      ready = true;
      condition.notify();
    });
  expect(await seenAfter(wait, wake)).toBe("waiter");
  expect(seen).toEqual(["waiter", "waiter"]);
});

test("who gets from a queue or receives sees its own values, not those of the one who put or sent", async () => {
  expect(
    await seenAfter(
      () => queue.get(),
      () => queue.put("item"),
    ),
  ).toBe("waiter");
  const { sender, receiver } = channel;
  expect(
    await seenAfter(
      () => receiver.receive(),
      () => sender.send("item"),
    ),
  ).toBe("waiter");
});

test("who puts into a full queue or sends sees its own values", async () => {
  await queue.put("first");
  expect(
    await seenAfter(
      () => queue.put("second"),
      () => queue.get(),
    ),
  ).toBe("waiter");
  await queue.get();
  expect(
    await seenAfter(
      () => queue.join(),
      () => (queue.taskDone(), queue.taskDone(), queue.taskDone()),
    ),
  ).toBe("waiter");
  const { sender, receiver } = channel;
  expect(
    await seenAfter(
      () => sender.send("item"),
      () => receiver.receive(),
    ),
  ).toBe("waiter");
});

test("the body of an iteration sees the values around the loop, however the items came", async () => {
  const rows = new Queue<string>();
  const seen: unknown[] = [];
  await all([
    () =>
      span.run("consumer", async () => {
        for await (const row of rows) seen.push(`${row} ${span.getStore()}`);
      }),
    () =>
      span.run("producer", async () => {
        await rows.put("one");
        await turn();
        await rows.put("two");
        rows.shutdown();
      }),
  ]);
  expect(seen).toEqual(["one consumer", "two consumer"]);
});

test("what wrap() made calls its function with the values of each call", async () => {
  const seen: unknown[] = [];
  const see = limiter.wrap(async (name: string) => {
    await turn(1);
    seen.push(`${name} ${span.getStore()}`);
  });
  await Promise.all(["a", "b", "c"].map((name) => span.run(name, () => see(name))));
  expect(seen).toEqual(["a a", "b b", "c c"]);
});

test("onUndelivered sees the values of the close()", async () => {
  const seen: unknown[] = [];
  const { sender, receiver } = new Channel<string>(1, {
    onUndelivered: (item) => void seen.push(`${item} ${span.getStore()}`),
  });
  await span.run("sender", () => sender.send("item"));
  span.run("closer", () => receiver.close());
  expect(seen).toEqual(["item closer"]);
});
