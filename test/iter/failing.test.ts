import {
  currentTask,
  ExceptionGroup,
  InvalidStateError,
  shield,
  sleep,
  taskGroup,
  timeout,
} from "joinery";
import { buffer, forEach, map, merge, zip } from "joinery/iter";
import { describe, expect, test } from "vitest";
import { takeWarnings } from "../support/no-leaks.ts";
import { turn } from "../support/turn.ts";
import { inVirtualTime } from "../support/virtual-clock.ts";
import { caught, collect, Numbers } from "./sources.ts";

const boom = new Error("boom");

/** What a loop gets, and the errors of the group that it throws. */
async function outcome<T>(loop: AsyncIterable<T>): Promise<{ got: T[]; errors: Error[] }> {
  const got: T[] = [];
  try {
    for await (const item of loop) got.push(item);
  } catch (error) {
    if (error instanceof ExceptionGroup) return { got, errors: error.errors };
  }
  return expect.unreachable("the loop should have thrown a group");
}

/** The warning about an error that the loop had not got when it was left. */
function late(name: string, message: string): string {
  return `JOINERY_LATE_ERROR: ${name} failed after its loop was left: Error: ${message}`;
}

async function* failing(): AsyncGenerator<number> {
  yield 1;
  await sleep(10);
  throw boom;
}

async function* badlyClosed(): AsyncGenerator<number> {
  try {
    for (let n = 0; ; n++) yield n;
  } finally {
    // oxlint-disable-next-line no-unsafe-finally -- what is tested
    throw boom;
  }
}

/** Takes one item, lets the source go on for a while, and leaves. */
async function takeOne(loop: AsyncIterable<unknown>): Promise<void> {
  for await (const _ of loop) {
    await turn();
    break;
  }
}

async function* leavesScopeOpen(): AsyncGenerator<number> {
  yield* await timeout(1000, () => [1, 2]);
  void timeout(1000, () => sleep(500));
}

async function failLater(n: number): Promise<never> {
  await sleep(10);
  throw new Error(String(n));
}

describe("a mapper fails", () => {
  test("the others are cancelled and over, and the source is closed, when the step rejects", async () => {
    const over: string[] = [];
    const numbers = new Numbers();
    await inVirtualTime(async () => {
      const work = async (n: number, { signal }: { signal: AbortSignal }): Promise<number> => {
        try {
          await sleep(n === 3 ? 10 : 1000);
          throw boom;
        } finally {
          await shield(() => sleep(5), { within: 100 });
          over.push(`${n}${signal.aborted ? " stopped" : ""}`);
        }
      };
      const { got, errors } = await outcome(map(numbers, work, { concurrency: 4 }));
      expect(got).toEqual([]);
      expect(errors).toEqual([boom]);
      expect(over).toEqual(["3", "0 stopped", "1 stopped", "2 stopped"]);
      expect(numbers.closed).toBe(1);
    });
  });

  test("errors of one turn come out together", async () => {
    await inVirtualTime(async () => {
      const { errors } = await outcome(map([1, 2, 3], failLater, { concurrency: 3 }));
      expect(errors.map(({ message }) => message)).toEqual(["1", "2", "3"]);
    });
  });

  test("synchronously: as well", async () => {
    const fail = (): never => {
      throw boom;
    };
    expect((await outcome(map([1], fail, { concurrency: 1 }))).errors).toEqual([boom]);
  });

  test("nothing is started after the failure, however quick the source", async () => {
    const started: number[] = [];
    const numbers = new Numbers();
    const work = (n: number): number => {
      started.push(n);
      if (n === 5) throw boom;
      return n;
    };
    const { got, errors } = await outcome(map(numbers, work, { concurrency: 2, ordered: false }));
    expect(errors).toEqual([boom]);
    expect(got).toEqual([0, 1, 2, 3, 4]);
    expect(started).toEqual([0, 1, 2, 3, 4, 5]);
  });

  test("what the source gives after the failure is not mapped", async () => {
    const started: number[] = [];
    let failed: (() => void) | undefined;
    async function* source(): AsyncGenerator<number> {
      yield 0;
      await new Promise<void>((resolve) => (failed = resolve));
      yield 1;
    }
    const work = async (n: number): Promise<void> => {
      started.push(n);
      await turn();
      failed?.();
      throw boom;
    };
    expect((await outcome(map(source(), work, { concurrency: 2 }))).errors).toEqual([boom]);
    expect(started).toEqual([0]);
  });

  test("what is ready, and next in line, comes before the error", async () => {
    await inVirtualTime(async () => {
      const work = async (n: number): Promise<number> => {
        await sleep(n === 2 ? 50 : 1);
        if (n === 4) throw boom;
        return n;
      };
      const results = map([0, 1, 2, 3, 4], work, { concurrency: 5 });
      expect(await results.next()).toMatchObject({ value: 0 });
      await sleep(20);
      expect(await results.next()).toMatchObject({ value: 1 });
      expect(await results.next().catch(caught)).toMatchObject({ errors: [boom] });
      expect(await results.next()).toEqual({ done: true, value: undefined });
    });
  });

  test("a loop that is left before it gets to the error: it is a warning", async () => {
    await takeOne(map([0, 1], (n) => (n === 0 ? n : Promise.reject(boom)), { concurrency: 3 }));
    expect(await takeWarnings()).toEqual([late("map()", "boom")]);
  });

  test("of two steps that wait, one gets the error, and the other one the end", async () => {
    const results = map([1], () => Promise.reject(boom), { concurrency: 1 });
    const steps = await Promise.allSettled([results.next(), results.next()]);
    expect(steps).toMatchObject([
      { status: "rejected", reason: { errors: [boom] } },
      { status: "fulfilled", value: { done: true } },
    ]);
  });

  test("a cancellation that is nobody's is an error, after which nothing is started", async () => {
    const stranger = taskGroup(
      (group) => {
        group.cancel();
        return group.signal.reason as Error;
      },
      { cancellable: true },
    );
    const { value: error } = await stranger;
    const started: number[] = [];
    const work = (n: number): Promise<never> => (started.push(n), Promise.reject(error));
    const { errors } = await outcome(map(new Numbers(), work, { concurrency: 1 }));
    expect(errors).toEqual([error]);
    expect(started).toEqual([0]);
  });

  test("so is what a mapper that was cancelled alone throws instead", async () => {
    const started: number[] = [];
    const work = async (n: number): Promise<void> => {
      started.push(n);
      currentTask()?.cancel();
      throw boom;
    };
    expect((await outcome(map(new Numbers(), work, { concurrency: 1 }))).errors).toEqual([boom]);
    expect(started).toEqual([0]);
  });
});

describe("the source fails", () => {
  test("the mappers in flight are cancelled and over, and nothing is closed", async () => {
    const over: unknown[] = [];
    let returned = 0;
    const source: AsyncIterable<number> = {
      [Symbol.asyncIterator]() {
        const numbers = failing();
        return {
          next: () => numbers.next(),
          return: async () => ({ done: true, value: returned++ }),
        };
      },
    };
    await inVirtualTime(async () => {
      const work = (n: number) => sleep(1000).finally(() => over.push(n));
      expect((await outcome(map(source, work, { concurrency: 2 }))).errors).toEqual([boom]);
      expect(over).toEqual([1]);
    });
    expect(returned).toBe(0);
  });

  test("at its opening: comes out", async () => {
    const source: AsyncIterable<number> = {
      [Symbol.asyncIterator]() {
        throw boom;
      },
    };
    expect((await outcome(map(source, (n) => n, { concurrency: 2 }))).errors).toEqual([boom]);
  });

  test("at its opening, and is cancelled in the same moment: comes out as well", async () => {
    const controller = new AbortController();
    const source: AsyncIterable<number> = {
      [Symbol.asyncIterator]() {
        queueMicrotask(() => controller.abort());
        throw boom;
      },
    };
    expect((await outcome(buffer(source, 1, controller))).errors).toEqual([boom]);
  });

  test("synchronously: comes out", async () => {
    const source = {
      *[Symbol.iterator](): Generator<number> {
        yield 1;
        throw boom;
      },
    };
    expect(await outcome(buffer(source, 2))).toEqual({ got: [1], errors: [boom] });
  });

  test("merge: the others are interrupted and let go", async () => {
    await inVirtualTime(async () => {
      const numbers = new Numbers(Infinity, 3);
      const { got, errors } = await outcome(merge([failing(), numbers]));
      expect(got).toEqual([1, 0, 1, 2]);
      expect(errors).toEqual([boom]);
      expect(numbers.closed).toBe(1);
    });
  });

  test("merge: however quick the others are", async () => {
    function* bad(): Generator<number> {
      yield 1;
      throw boom;
    }
    const { errors } = await outcome(merge([new Numbers(), bad()]));
    expect(errors).toEqual([boom]);
  });

  test("buffer: comes after the items before it", async () => {
    await inVirtualTime(async () => {
      expect(await outcome(buffer(failing(), 9))).toEqual({ got: [1], errors: [boom] });
    });
  });

  test("zip: the others are interrupted and let go", async () => {
    await inVirtualTime(async () => {
      const numbers = new Numbers(Infinity, 3);
      const { got, errors } = await outcome(zip([failing(), numbers]));
      expect(got).toEqual([[1, 0]]);
      expect(errors).toEqual([boom]);
      expect(numbers.closed).toBe(1);
    });
  });
});

describe("closing the source fails", () => {
  test("when the loop is left: is a warning", async () => {
    await takeOne(buffer(badlyClosed(), 1));
    expect(await takeWarnings()).toEqual([late("buffer()", "boom")]);
  });

  test("joins the error of a mapper", async () => {
    const other = new Error("mapper");
    const work = () => turn().then(() => Promise.reject(other));
    const { errors } = await outcome(map(badlyClosed(), work, { concurrency: 1 }));
    expect(errors).toEqual([other, boom]);
  });

  test("in the middle of a pull: as well", async () => {
    await inVirtualTime(async () => {
      const source: AsyncIterable<number> = {
        [Symbol.asyncIterator]: () => ({
          next: () => sleep(1000).then(() => ({ done: false, value: 1 })),
          return: () => Promise.reject(boom),
        }),
      };
      const results = buffer(source, 1);
      const next = results.next();
      await sleep(1);
      expect(await results.return()).toMatchObject({ done: true });
      expect(await next).toMatchObject({ done: true });
      expect(await takeWarnings()).toEqual([late("buffer()", "boom")]);
    });
  });
});

describe("misuse", () => {
  test("a source that keeps a scope open across a yield ends with what is wrong", async () => {
    await inVirtualTime(async () => {
      const error = await collect(buffer(leavesScopeOpen(), 5)).catch(caught);
      expect(error).toBeInstanceOf(ExceptionGroup);
      expect((error as ExceptionGroup).errors).toEqual([expect.any(InvalidStateError)]);
      expect(error).toMatchObject({ errors: [{ code: "JOINERY_SCOPE_LEFT_OPEN" }] });
    });
  });

  test.each([[undefined], [null], [5], ["text"]])("a source whose next() gives %s", async (bad) => {
    const source = { [Symbol.asyncIterator]: () => ({ next: () => bad }) } as never;
    const { errors } = await outcome(buffer(source, 1));
    expect(errors).toMatchObject([{ name: "TypeError", code: "JOINERY_INVALID_ARGUMENT" }]);
  });
});

describe("forEach", () => {
  test("calls the function for every item, so many at once, and gives nothing", async () => {
    await inVirtualTime(async () => {
      let running = 0;
      let most = 0;
      const seen: string[] = [];
      const work = async (letter: string, { index }: { index: number }): Promise<number> => {
        most = Math.max(most, ++running);
        await sleep(10 - index);
        running--;
        return seen.push(`${index}${letter}`);
      };
      expect(await forEach("abcd", work, { concurrency: 2 })).toBeUndefined();
      expect(seen).toEqual(["1b", "0a", "2c", "3d"]);
      expect(most).toBe(2);
    });
  });

  test("rejects with all errors when the calls in flight are over", async () => {
    await inVirtualTime(async () => {
      const over: number[] = [];
      const work = async (n: number): Promise<void> => {
        await sleep(n).finally(() => over.push(n));
        if (n === 5) throw boom;
      };
      const failed = await forEach([100, 5, 200], work, { concurrency: 2 }).catch(caught);
      expect(failed).toMatchObject({ errors: [boom] });
      expect(over).toEqual([5, 100]);
    });
  });
});
