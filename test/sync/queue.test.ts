import { moveOnAfter, sleep, taskGroup } from "joinery";
import { LifoQueue, PriorityQueue, Queue, QueueShutDown } from "joinery/sync";
import { describe, expect, test } from "vitest";
import { turn } from "../support/turn.ts";
import { inVirtualTime } from "../support/virtual-clock.ts";

const caught = (error: unknown): unknown => error;
const shutDown = { name: "QueueShutDown", code: "JOINERY_QUEUE_SHUT_DOWN" };

/** Everything that is in `queue`, in the order in which it comes out. */
function drain<T>(queue: Queue<T>): T[] {
  const items: T[] = [];
  for (let next = queue.tryGet(); next; next = queue.tryGet()) items.push(next.value);
  return items;
}

describe("a queue", () => {
  test("gives first what was put first", async () => {
    const queue = new Queue<number>();
    for (let n = 0; n < 5; n++) await queue.put(n);
    expect(drain(queue)).toEqual([0, 1, 2, 3, 4]);
  });

  test("makes those wait who put into a full one, in order of arrival", async () => {
    const queue = new Queue<string>({ maxSize: 1 });
    const trace: string[] = [];
    await inVirtualTime(() =>
      taskGroup(async (group) => {
        for (const item of ["a", "b", "c"])
          group.createTask(async () => {
            await queue.put(item);
            trace.push(`${item} put`);
          });
        await sleep(1);
        expect(queue.statistics()).toMatchObject({ size: 1, putting: 2, unfinished: 1 });
        for (let i = 0; i < 3; i++) {
          trace.push(`${await queue.get()} got`);
          await sleep(1);
        }
      }),
    );
    expect(trace).toEqual(["a put", "b put", "a got", "c put", "b got", "c got"]);
  });

  test("hands an item to the first who waits for it: nobody barges in", async () => {
    const queue = new Queue<string>();
    const trace: unknown[] = [];
    const waiting = queue.get().then((item) => trace.push(item));
    await queue.put("item");
    trace.push(queue.tryGet(), queue.size);
    await waiting;
    expect(trace).toEqual(["item", undefined, 0]);
    expect(queue.statistics()).toEqual({
      size: 0,
      maxSize: Infinity,
      unfinished: 1,
      getting: 0,
      putting: 0,
      shutDown: false,
    });
  });

  test("gives room to the first who waits for it: nobody barges in", async () => {
    const queue = new Queue<string>({ maxSize: 1 });
    await queue.put("a");
    const waiting = queue.put("b");
    expect(queue.tryGet()).toEqual({ value: "a" });
    expect([queue.full(), queue.tryPut("c")]).toEqual([true, false]);
    await waiting;
    expect(drain(queue)).toEqual(["b"]);
  });

  test("lets nobody wait who needs not", async () => {
    const queue = new Queue<number>();
    let turns = 0;
    setImmediate(() => turns++);
    await queue.put(1);
    expect(queue.tryPut(2)).toBe(true);
    expect([await queue.get(), await queue.get(), turns]).toEqual([1, 2, 0]);
    await turn();
  });

  test("tells undefined from nothing", () => {
    const queue = new Queue<undefined>();
    expect([queue.empty(), queue.tryGet()]).toEqual([true, undefined]);
    queue.tryPut(undefined);
    expect([queue.empty(), queue.tryGet()]).toEqual([false, { value: undefined }]);
  });

  test("does not keep what a cancelled put() would have put", async () => {
    const queue = new Queue<string>({ maxSize: 1 });
    await queue.put("a");
    await inVirtualTime(() => moveOnAfter(5, () => queue.put("b")));
    expect(queue.statistics()).toMatchObject({ putting: 0, unfinished: 1 });
    expect(drain(queue)).toEqual(["a"]);
  });

  test("does not lose an item to a get() that is cancelled, before or after it has got it", async () => {
    const queue = new Queue<string>();
    const got: string[] = [];
    const take = async (): Promise<void> => void got.push(await queue.get());
    await inVirtualTime(() =>
      taskGroup(async (group) => {
        const [before, after] = [group.createTask(take), group.createTask(take)];
        await sleep(1);
        before.cancel();
        queue.tryPut("item");
        after.cancel();
      }),
    );
    expect(got).toEqual(["item"]);
    expect(queue.statistics().getting).toBe(0);
  });

  test("holds items of many rounds in order, and knows how many", async () => {
    const queue = new Queue<number>();
    const got: number[] = [];
    for (let n = 0; n < 100; n++) {
      await queue.put(n);
      if (n % 3 !== 0) got.push(await queue.get());
      expect(queue.size).toBe(n + 1 - got.length);
    }
    got.push(...drain(queue));
    expect(got).toEqual(Array.from({ length: 100 }, (_, n) => n));
  });
});

describe("join and taskDone", () => {
  test("join waits until every item is dealt with", async () => {
    const queue = new Queue<number>();
    const trace: string[] = [];
    await inVirtualTime(() =>
      taskGroup(async (group) => {
        for (const n of [1, 2]) await queue.put(n);
        group.createTask(async () => {
          for await (const n of queue) {
            await sleep(5);
            trace.push(`done ${n}`);
            queue.taskDone();
          }
        });
        await queue.join();
        trace.push("joined");
        queue.shutdown();
      }),
    );
    expect(trace).toEqual(["done 1", "done 2", "joined"]);
  });

  test("join does not wait for a queue in which nothing was put; a cancelled one leaves no trace", async () => {
    const queue = new Queue<number>();
    await queue.join();
    await queue.put(1);
    await inVirtualTime(() => moveOnAfter(5, () => queue.join()));
    const joined = queue.join().then(() => "joined");
    queue.taskDone();
    expect(await joined).toBe("joined");
  });

  test("taskDone cannot be called more often than items were put", async () => {
    const queue = new Queue<number>({ name: "rows" });
    await queue.put(1);
    queue.taskDone();
    expect(() => queue.taskDone()).toThrow(
      expect.objectContaining({
        name: "InvalidStateError",
        code: "JOINERY_TOO_MANY_DONE",
        message: 'taskDone() was called more often than items were put into queue "rows".',
      }),
    );
  });
});

describe("shutdown", () => {
  test("refuses what is put, gives what is in, and then refuses as well", async () => {
    const queue = new Queue<string>({ name: "rows" });
    await queue.put("a");
    queue.shutdown();
    expect(() => queue.tryPut("b")).toThrow(QueueShutDown);
    expect(await queue.put("b").catch(caught)).toMatchObject({
      ...shutDown,
      message: 'queue "rows" was shut down.',
    });
    expect(await queue.get()).toBe("a");
    expect(await queue.get().catch(caught)).toMatchObject(shutDown);
    expect(() => queue.tryGet()).toThrow(QueueShutDown);
    expect(queue.statistics()).toMatchObject({ shutDown: true, unfinished: 1 });
  });

  test("sends away all who wait to put or to get", async () => {
    const full = new Queue<string>({ maxSize: 1 });
    await full.put("a");
    const putting = full.put("b").catch(caught);
    full.shutdown();
    expect(await putting).toMatchObject(shutDown);
    expect(full.tryGet()).toEqual({ value: "a" });

    const empty = new Queue<string>();
    const getting = [empty.get().catch(caught), empty.get().catch(caught)];
    empty.shutdown();
    for (const each of getting) expect(await each).toMatchObject(shutDown);
  });

  test("still has join() wait for what is in; at once it throws that away, and counts it as done", async () => {
    const queue = new Queue<string>();
    await queue.put("a");
    await queue.put("b");
    const { value: taken } = queue.tryGet()!;
    queue.shutdown();
    let joined = false;
    const join = queue.join().then(() => (joined = true));
    await turn();
    expect([taken, queue.size, joined]).toEqual(["a", 1, false]);
    queue.shutdown(true);
    await turn();
    expect([queue.size, joined, queue.statistics().unfinished]).toEqual([0, false, 1]);
    queue.taskDone();
    await join;
  });

  test("at once does not count twice what was said to be done before it was taken", async () => {
    const queue = new Queue<string>();
    await queue.put("a");
    queue.taskDone();
    queue.shutdown(true);
    expect(queue.statistics()).toMatchObject({ size: 0, unfinished: 0 });
    expect(() => queue.taskDone()).toThrow(
      expect.objectContaining({ code: "JOINERY_TOO_MANY_DONE" }),
    );
  });

  test("at once wakes join() if nothing else is under way", async () => {
    const queue = new Queue<string>();
    await queue.put("a");
    const join = queue.join();
    queue.shutdown(true);
    await join;
    expect(queue.statistics()).toMatchObject({ size: 0, unfinished: 0 });
  });
});

describe("iterating over a queue", () => {
  test("ends when it is shut down and empty", async () => {
    const queue = new Queue<number>();
    const got: number[] = [];
    for (const n of [1, 2, 3]) await queue.put(n);
    queue.shutdown();
    for await (const n of queue) got.push(n);
    expect(got).toEqual([1, 2, 3]);
  });

  test("can be left, and gone on with by somebody else", async () => {
    const queue = new Queue<number>();
    for (const n of [1, 2]) await queue.put(n);
    for await (const n of queue.values()) {
      expect(n).toBe(1);
      break;
    }
    expect(await queue.get()).toBe(2);
  });

  test("ends with the scope, or with the signal it was given", async () => {
    const queue = new Queue<number>();
    const walk = async (signal?: AbortSignal): Promise<void> => {
      for await (const _ of queue.values({ signal })) expect.unreachable();
    };
    expect((await inVirtualTime(() => moveOnAfter(5, () => walk()))).expired).toBe(true);
    const signal = AbortSignal.abort("why");
    expect(await walk(signal).catch(caught)).toMatchObject({ cause: "why" });
    expect(queue.statistics().getting).toBe(0);
  });
});

test("a LIFO queue gives first what was put last", async () => {
  const queue: Queue<number> = new LifoQueue({ maxSize: 2 });
  await queue.put(1);
  await queue.put(2);
  const third = queue.put(3);
  expect(await queue.get()).toBe(2);
  await third;
  expect(drain(queue)).toEqual([3, 1]);
  expect(queue).toBeInstanceOf(Queue);
});

describe("a priority queue", () => {
  test.each([
    ["numbers", [3, 1, 2, 1], [1, 1, 2, 3]],
    ["strings", ["b", "a", "c"], ["a", "b", "c"]],
    ["bigints", [3n, 1n, 2n], [1n, 2n, 3n]],
    ["numbers and bigints together", [2n, 1, 1n, 1n, 1, 0], [0, 1, 1n, 1n, 1, 2n]],
  ] as [string, number[], number[]][])("gives the least of %s first", (_, items, sorted) => {
    const queue = new PriorityQueue<number>();
    for (const item of items) queue.tryPut(item);
    expect(drain(queue)).toEqual(sorted);
  });

  test("gives what compares as less first, and of equals what came first", () => {
    const queue = new PriorityQueue<string>({ compare: (a, b) => a.length - b.length });
    const items = ["ccc", "a", "bb", "b", "aaa", "aa", "", "bbb", "c", "cc"];
    for (const item of items) queue.tryPut(item);
    expect(drain(queue)).toEqual(items.toSorted((a, b) => a.length - b.length));
  });

  test("refuses an item without an order, before it waits", async () => {
    const queue = new PriorityQueue<number>({ maxSize: 1 });
    const refused = {
      name: "TypeError",
      code: "JOINERY_INVALID_ARGUMENT",
      message:
        "Expected `item` to be a number, string or bigint in a queue without `compare`, got an Object.",
    };
    const item = {} as unknown as number;
    expect(() => queue.tryPut(item)).toThrow(expect.objectContaining(refused));
    await queue.put(1);
    expect(await queue.put(item).catch(caught)).toMatchObject(refused);
    expect(drain(queue)).toEqual([1]);
  });

  test("an error of compare is that of the one who puts, and changes nothing", async () => {
    const boom = new Error("boom");
    const compare = (a: number, b: number): number => {
      if (a === 13 || b === 13) throw boom;
      return a - b;
    };
    const queue = new PriorityQueue<number>({ compare, maxSize: 2 });
    await queue.put(2);
    expect(await queue.put(13).catch(caught)).toBe(boom);
    await queue.put(1);

    const waiting = [queue.put(13).catch(caught), queue.put(3)];
    expect(await queue.get()).toBe(1);
    expect(await waiting[0]).toBe(boom);
    await waiting[1];
    expect(drain(queue)).toEqual([2, 3]);
    expect(queue.statistics()).toMatchObject({ unfinished: 3, putting: 0 });
  });

  test("an error of compare is that of the one who gets, and changes nothing", () => {
    let broken = false;
    const compare = (a: number, b: number): number => {
      if (broken) throw new Error("boom");
      return a - b;
    };
    const queue = new PriorityQueue<number>({ compare });
    for (const n of [5, 3, 4, 1, 2]) queue.tryPut(n);
    broken = true;
    expect(() => queue.tryGet()).toThrow("boom");
    expect(() => queue.tryPut(0)).toThrow("boom");
    broken = false;
    expect(drain(queue)).toEqual([1, 2, 3, 4, 5]);
  });
});
