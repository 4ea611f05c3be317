import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type * as Joinery from "joinery";
import type * as Iter from "joinery/iter";
import { turn } from "../support/turn.ts";
import { caught, collect } from "./sources.ts";

let joinery: typeof Joinery;
let iter: typeof Iter;

/** A fresh copy of the package, on a runtime without `node:` modules: a page in a browser. */
beforeEach(async () => {
  vi.resetModules();
  vi.spyOn(process, "getBuiltinModule").mockReturnValue(undefined);
  joinery = await import("joinery");
  iter = await import("joinery/iter");
});

afterEach(() => {
  expect(joinery.statistics()).toEqual({ tasks: 0, scopes: 0, timers: 0, listeners: 0, ghosts: 0 });
  vi.restoreAllMocks();
  vi.resetModules();
});

describe("without AsyncLocalStorage", () => {
  test("loops work as everywhere", async () => {
    const { map, merge, buffer, zip, forEach } = iter;
    const doubled = map([1, 2, 3], (n) => turn().then(() => n * 2), { concurrency: 2 });
    expect(await collect(doubled)).toEqual([2, 4, 6]);
    expect(await collect(merge([[1], buffer([2], 1)]))).toEqual([1, 2]);
    expect(await collect(zip([[1], [2]]))).toEqual([[1, 2]]);
    const seen: number[] = [];
    await forEach([1, 2], (n) => seen.push(n), { concurrency: 1 });
    expect(seen).toEqual([1, 2]);
  });

  test("with its `signal` the work belongs to a group, and ends with it", async () => {
    const { taskGroup, sleep } = joinery;
    const over: number[] = [];
    const error = await taskGroup(async ({ signal }) => {
      const results = iter.map(
        [0, 1, 2],
        (n, own) => sleep(n * 1000, own).finally(() => over.push(n)),
        { concurrency: 3, signal },
      );
      await results.next();
      throw new Error("boom");
    }).catch(caught);
    expect(error).toMatchObject({
      errors: [{ code: "JOINERY_SCOPE_LEFT_OPEN" }, { message: "boom" }],
    });
    expect(over).toEqual([0, 1, 2]);
  });

  test("leaving the loop stops the mappers, that wait with the signal of their context", async () => {
    const over: number[] = [];
    const work = (n: number, { signal }: { signal: AbortSignal }): Promise<void> =>
      joinery.sleep(n * 1000, { signal }).finally(() => over.push(n));
    for await (const _ of iter.map([0, 1, 2], work, { concurrency: 3 })) break;
    expect(over).toEqual([0, 1, 2]);
  });

  test("leaving any loop lets its sources go", async () => {
    let closed = 0;
    const endless: AsyncIterable<number> = {
      [Symbol.asyncIterator]: () => ({
        next: async () => ({ done: false, value: 1 }),
        return: async () => ({ done: true, value: closed++ }),
      }),
    };
    const { buffer, map, merge, zip } = iter;
    const loops = [
      map(endless, (n) => n, { concurrency: 2 }),
      buffer(endless, 2),
      merge([endless]),
      zip([endless]),
    ];
    for (const loop of loops) for await (const _ of loop) break;
    expect(closed).toBe(loops.length);
  });

  test("a signal that aborts stops the loop", async () => {
    const controller = new AbortController();
    const { signal } = controller;
    const results = iter.map([0, 1], (_, own) => joinery.sleep(Infinity, own), {
      concurrency: 2,
      signal,
    });
    const step = results.next();
    await turn();
    controller.abort("enough");
    expect(await step.catch(caught)).toMatchObject({ source: "signal", cause: "enough" });
  });
});
