import { EventEmitter, on } from "node:events";
import { PassThrough, Readable } from "node:stream";
import { ReadableStream } from "node:stream/web";
import { moveOnAfter, sleep, statistics } from "joinery";
import { buffer, map, merge, type Source, zip } from "joinery/iter";
import { describe, expect, test } from "vitest";
import { takeWarnings } from "../support/no-leaks.ts";
import { turn } from "../support/turn.ts";
import { inVirtualTime } from "../support/virtual-clock.ts";
import { caught, collect, Numbers } from "./sources.ts";

const boom = new Error("boom");

/** A web stream of `parts`, which then stays open or ends; on a runtime where streams cannot be iterated. */
function webStream(parts: readonly string[], ends: boolean, cancelled: unknown[] = []) {
  const stream = new ReadableStream<string>({
    start(controller) {
      for (const part of parts) controller.enqueue(part);
      if (ends) controller.close();
    },
    cancel: (reason) => void cancelled.push(reason),
  });
  Object.defineProperty(stream, Symbol.asyncIterator, { value: undefined });
  return stream;
}

function nodeStream(parts: readonly string[], ends: boolean): Readable {
  const stream = new Readable({ read() {}, objectMode: true });
  for (const part of parts) stream.push(part);
  if (ends) stream.push(null);
  return stream;
}

describe("items come from", () => {
  const sources: [string, () => Source<string>][] = [
    ["an array", () => ["a", "b"]],
    ["a set", () => new Set(["a", "b"])],
    ["a string", () => "ab"],
    ["an array of promises", () => [Promise.resolve("a"), "b"]],
    [
      "a generator",
      function* () {
        yield "a";
        yield "b";
      },
    ],
    [
      "an async generator",
      async function* () {
        yield "a";
        yield "b";
      },
    ],
    ["a web stream", () => webStream(["a", "b"], true)],
    ["a Node stream", () => nodeStream(["a", "b"], true)],
    ["Readable.from()", () => Readable.from(["a", "b"])],
    ["another loop", () => map(["a", "b"], (item) => item, { concurrency: 2 })],
  ];

  test.each(sources)("%s", async (_, source) => {
    expect(await collect(map(source(), (item) => item, { concurrency: 2 }))).toEqual(["a", "b"]);
    expect(await collect(buffer(source(), 2))).toEqual(["a", "b"]);
    expect(await collect(merge([source(), []]))).toEqual(["a", "b"]);
  });

  test("an iterator that cannot be closed", async () => {
    let n = 0;
    const source = { [Symbol.asyncIterator]: () => ({ next: async () => ({ value: n++ }) }) };
    for await (const item of buffer(source as AsyncIterable<number>, 2)) if (item === 3) break;
    const plain = { [Symbol.iterator]: () => ({ next: () => ({ value: n++ }) }) };
    for await (const _ of buffer(plain as Iterable<number>, 2)) break;
    expect(n).toBeGreaterThan(4);
  });
});

describe("items are passed on as they are", () => {
  test("nothing is an item as well", async () => {
    expect(await collect(buffer([undefined, null, 0], 2))).toEqual([undefined, null, 0]);
  });

  test("a promise that an async source gives is not awaited, and no foreign promise", async () => {
    const pending = new Promise<never>(() => {});
    const next = async (): Promise<IteratorResult<unknown>> => ({ done: false, value: pending });
    const iterable = { [Symbol.asyncIterator]: () => ({ next }) } as AsyncIterable<unknown>;
    const web = new ReadableStream({ start: (controller) => controller.enqueue(pending) });
    for (const source of [iterable, web]) {
      const items = buffer(source as AsyncIterable<unknown>, 1);
      expect(await items.next()).toMatchObject({ done: false });
      await items.return();
    }
    expect(statistics().ghosts).toBe(0);
  });
});

describe("a source is closed", () => {
  test("once, when the loop is left; not at all when it has ended by itself", async () => {
    const [left, ended] = [new Numbers(), new Numbers(3)];
    for await (const n of buffer(left, 2)) if (n === 5) break;
    await collect(buffer(ended, 2));
    expect([left.closed, ended.closed]).toEqual([1, 0]);
  });

  test("in the middle of a pull: once as well", async () => {
    await inVirtualTime(async () => {
      const numbers = new Numbers(Infinity, 10);
      for await (const _ of buffer(numbers, 2)) {
        await turn();
        expect(numbers.pulling).toBe(1);
        break;
      }
      expect([numbers.closed, numbers.pulling]).toEqual([1, 0]);
    });
  });

  test("in the middle of a pull that gives an item all the same: once as well", async () => {
    let closed = 0;
    const deaf: AsyncIterable<number> = {
      [Symbol.asyncIterator]: () => ({
        next: () => turn(4).then(() => ({ done: false, value: 1 })),
        return: async () => ({ done: true, value: closed++ }),
      }),
    };
    for await (const _ of buffer(deaf, 2)) {
      await turn();
      break;
    }
    expect(closed).toBe(1);
  });

  test("and its cleanup may wait, when nobody is cancelled", async () => {
    const trace: string[] = [];
    async function* source(): AsyncGenerator<number> {
      try {
        for (let n = 0; ; n++) yield n;
      } finally {
        await sleep(5);
        trace.push("closed");
      }
    }
    await inVirtualTime(async () => {
      for await (const _ of buffer(source(), 2)) {
        await turn();
        break;
      }
    });
    expect(trace).toEqual(["closed"]);
  });

  test.each(["pipe", "destroy"])(
    "as any other, if it has no more of a stream than %s()",
    async (name) => {
      await inVirtualTime(async () => {
        const numbers = Object.assign(new Numbers(Infinity, 10), { [name]: expect.unreachable });
        for await (const _ of buffer(numbers, 2)) {
          await turn();
          break;
        }
        expect(numbers.closed).toBe(1);
      });
    },
  );

  test("a generator that waits is cancelled, as any work is", async () => {
    const trace: unknown[] = [];
    async function* source(): AsyncGenerator<number> {
      yield 0;
      await sleep(1000).catch((error: unknown) => {
        trace.push((error as { cause: unknown }).cause);
        throw error;
      });
    }
    await inVirtualTime(async () => {
      for await (const _ of buffer(source(), 2)) {
        await turn();
        break;
      }
    });
    expect(trace).toEqual(["the loop is over"]);
  });

  test("a plain generator, when a promise in it fails", async () => {
    let closed = 0;
    function* source(): Generator<Promise<number>> {
      try {
        yield Promise.resolve(1);
        yield Promise.reject(boom);
      } finally {
        closed++;
      }
    }
    expect(await collect(buffer(source(), 2)).catch(caught)).toMatchObject({ errors: [boom] });
    expect(closed).toBe(1);
  });

  test("one that stops its own loop in the middle of a pull", async () => {
    const numbers = new Numbers();
    const source: AsyncIterable<number> = {
      [Symbol.asyncIterator]() {
        const iterator = numbers[Symbol.asyncIterator]();
        return {
          next: () => {
            if (numbers.pulled === 2) controller.abort("enough");
            return iterator.next();
          },
          return: () => iterator.return!(),
        };
      },
    };
    const controller = new AbortController();
    const results = buffer(source, 9, { signal: controller.signal });
    expect(await collect(results).catch(caught)).toMatchObject({ cause: "enough" });
    expect(numbers.closed).toBe(1);
  });
});

describe("promises in a plain iterable", () => {
  test("that take long are left behind when the loop is left, as ghosts", async () => {
    let fail: ((error: Error) => void) | undefined;
    const slow = new Promise<number>((_, reject) => (fail = reject));
    let closed = 0;
    function* source(): Generator<number | Promise<number>> {
      try {
        yield 1;
        yield slow;
      } finally {
        closed++;
      }
    }
    await inVirtualTime(async () => {
      for await (const _ of buffer(source(), 2)) {
        await turn();
        break;
      }
      expect(closed).toBe(1);
      expect(statistics().ghosts).toBe(1);
    });
    fail?.(boom);
    expect(await takeWarnings()).toEqual([
      expect.stringMatching(/JOINERY_GHOST_ERROR.*a promise of the source/),
    ]);
  });
});

describe("a web stream", () => {
  test("is told why it is cancelled", async () => {
    const cancelled: unknown[] = [];
    await collect(zip([webStream([], false, cancelled), []]));
    expect(cancelled).toMatchObject([{ cause: "the shortest source is over" }]);
  });

  test("is cancelled and unlocked when the loop is left", async () => {
    const cancelled: unknown[] = [];
    const stream = webStream(["a", "b", "c", "d"], false, cancelled);
    for await (const _ of buffer(stream, 2)) {
      await turn();
      break;
    }
    expect(cancelled).toEqual([undefined]);
    expect(stream.locked).toBe(false);
  });

  test("is cancelled and unlocked in the middle of a read that would never end", async () => {
    const cancelled: unknown[] = [];
    const stream = webStream(["a"], false, cancelled);
    for await (const _ of buffer(stream, 2)) {
      await turn();
      break;
    }
    expect(cancelled).toMatchObject([{ name: "AbortError", cause: "the loop is over" }]);
    expect(stream.locked).toBe(false);
  });

  test("is unlocked when it has ended, and when it has failed", async () => {
    const ended = webStream(["a"], true);
    await collect(buffer(ended, 2));
    expect(ended.locked).toBe(false);

    const failed = new ReadableStream<string>({ start: (controller) => controller.error(boom) });
    expect(await collect(buffer(failed, 2)).catch(caught)).toMatchObject({ errors: [boom] });
    expect(failed.locked).toBe(false);
  });

  test("that is locked is an error of the source", async () => {
    const stream = webStream(["a"], true);
    stream.getReader();
    const error = await collect(buffer(stream, 2)).catch(caught);
    expect(error).toMatchObject({ errors: [{ name: "TypeError" }] });
  });

  test("whose cancel() fails: the error comes out, and it is unlocked", async () => {
    for (const parts of [["a"], ["a", "b", "c", "d"]]) {
      const stream = new ReadableStream<string>({
        start: (controller) => parts.forEach((part) => controller.enqueue(part)),
        cancel: () => Promise.reject(boom),
      });
      const results = buffer(stream, 2);
      await results.next();
      await turn();
      await results.return();
      expect(stream.locked).toBe(false);
      expect(await takeWarnings()).toEqual([expect.stringMatching(/JOINERY_LATE_ERROR.*boom/)]);
    }
  });
});

describe("a Node stream", () => {
  test("is destroyed when the loop is left, also in the middle of a read that would never end", async () => {
    for (const parts of [["a"], ["a", "b", "c", "d"]]) {
      const stream = nodeStream(parts, false);
      for await (const _ of buffer(stream, 2)) {
        await turn();
        break;
      }
      expect(stream.destroyed).toBe(true);
    }
  });

  test("is destroyed when the block of the loop is cancelled", async () => {
    const stream = new PassThrough({ objectMode: true });
    stream.write("a");
    await inVirtualTime(async () => {
      const { expired } = await moveOnAfter(10, () => collect(buffer(stream, 2)));
      expect(expired).toBe(true);
    });
    expect(stream.destroyed).toBe(true);
  });

  test("that fails: the error comes out", async () => {
    const stream = nodeStream(["a"], false);
    const results = buffer(stream, 2);
    await results.next();
    stream.destroy(boom);
    expect(await results.next().catch(caught)).toMatchObject({ errors: [boom] });
  });
});

describe("other sources that wait", () => {
  test("the iterator of events is closed in the middle of a wait", async () => {
    const emitter = new EventEmitter();
    const results = buffer(on(emitter, "ping"), 2);
    const first = results.next();
    await turn();
    emitter.emit("ping", 1);
    expect(await first).toEqual({ done: false, value: [1] });
    await results.return();
    expect(emitter.listenerCount("ping")).toBe(0);
  });

  test("a loop over a loop: leaving the outer one stops both", async () => {
    await inVirtualTime(async () => {
      const numbers = new Numbers(Infinity, 1);
      const over: number[] = [];
      const inner = map(numbers, (n) => sleep(n * 10).finally(() => over.push(n)), {
        concurrency: 2,
      });
      for await (const _ of map(inner, () => sleep(1), { concurrency: 2 })) {
        await sleep(2);
        break;
      }
      expect(numbers.closed).toBe(1);
      expect(over).toEqual([0, 1, 2]);
      expect(statistics().tasks).toBe(1);
    });
  });
});
