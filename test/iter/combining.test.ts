import { sleep } from "joinery";
import { buffer, merge, zip } from "joinery/iter";
import { describe, expect, test } from "vitest";
import { turn } from "../support/turn.ts";
import { inVirtualTime } from "../support/virtual-clock.ts";
import { collect, Numbers } from "./sources.ts";

async function* every(ms: number, name: string, length: number): AsyncGenerator<string> {
  for (let i = 1; i <= length; i++) {
    await sleep(ms);
    yield `${name}${i}`;
  }
}

describe("merge", () => {
  test("gives the items as they come, until all sources are over", async () => {
    await inVirtualTime(async () => {
      const items = merge([every(20, "a", 3), every(50, "b", 2), ["c"]]);
      expect(await collect(items)).toEqual(["c", "a1", "a2", "b1", "a3", "b2"]);
    });
  });

  test("a quick source does not keep the others out", async () => {
    const items = merge([new Numbers(), ["a", "b", "c"]]);
    const got: unknown[] = [];
    for await (const item of items) {
      got.push(item);
      if (got.length === 8) break;
    }
    expect(got).toEqual([0, "a", 1, "b", 2, "c", 3, 4]);
  });

  test("is lazy, and one item of each source is under way, the one in the body included", async () => {
    const sources = [new Numbers(), new Numbers()];
    const items = merge(sources);
    await turn();
    expect(sources.map(({ opened }) => opened)).toEqual([0, 0]);
    for (let taken = 1; taken <= 6; taken++) {
      await items.next();
      await turn();
      expect(sources.reduce((sum, { pulled }) => sum + pulled, 0)).toBe(taken + 1);
    }
    await items.return();
    expect(sources.map(({ closed }) => closed)).toEqual([1, 1]);
  });

  test("of nothing is nothing", async () => {
    expect(await collect(merge([]))).toEqual([]);
  });

  test("takes any iterable of sources", async () => {
    expect(await collect(merge(new Set([[1], [2]])))).toEqual([1, 2]);
  });
});

describe("buffer", () => {
  test("keeps the order", async () => {
    expect(await collect(buffer(new Numbers(5), 2))).toEqual([0, 1, 2, 3, 4]);
  });

  test.each([1, 3])("is lazy, and never more than %i items ahead of the loop", async (size) => {
    const numbers = new Numbers();
    const items = buffer(numbers, size);
    await turn();
    expect(numbers.opened).toBe(0);
    for (let taken = 1; taken <= 6; taken++) {
      expect(await items.next()).toEqual({ done: false, value: taken - 1 });
      await turn();
      expect(numbers.pulled).toBe(taken + size);
    }
    await items.return();
    expect([numbers.closed, numbers.mostPulling]).toEqual([1, 1]);
  });

  test("without a limit reads a source that ends to its end", async () => {
    const numbers = new Numbers(100);
    const items = buffer(numbers, Infinity);
    await items.next();
    await turn();
    expect(numbers.pulled).toBe(100);
    await items.return();
  });
});

describe("zip", () => {
  test("gives rows until the shortest source is over, and closes the others", async () => {
    const [long, longer] = [new Numbers(3), new Numbers()];
    expect(await collect(zip([long, "ab", longer]))).toEqual([
      [0, "a", 0],
      [1, "b", 1],
    ]);
    expect([long.closed, longer.closed]).toEqual([1, 1]);
  });

  test("interrupts a source that waits, when another one is over", async () => {
    await inVirtualTime(async (main) => {
      const slow = new Numbers(Infinity, 1000);
      expect(await collect(zip([slow, []]))).toEqual([]);
      expect([slow.pulled, slow.closed]).toEqual([0, 1]);
      expect(main.done()).toBe(false);
    });
  });

  test("pulls the sources at the same time, and waits for the slowest", async () => {
    await inVirtualTime(async () => {
      const rows = zip([every(10, "a", 2), every(30, "b", 2), every(20, "c", 2)]);
      expect(await collect(rows)).toEqual([
        ["a1", "b1", "c1"],
        ["a2", "b2", "c2"],
      ]);
    });
  });

  test("is lazy, and pulls a row when it is asked for", async () => {
    const sources = [new Numbers(), new Numbers()] as const;
    const rows = zip(sources);
    await turn();
    expect(sources[0].opened).toBe(0);
    for (let taken = 1; taken <= 6; taken++) {
      expect(await rows.next()).toEqual({ done: false, value: [taken - 1, taken - 1] });
      await turn();
      expect(sources.map(({ pulled }) => pulled)).toEqual([taken, taken]);
    }
    await rows.return();
    expect(sources.map(({ closed }) => closed)).toEqual([1, 1]);
  });

  test("of one source gives rows of one", async () => {
    expect(await collect(zip([[1, 2]]))).toEqual([[1], [2]]);
  });

  test("of nothing is nothing", async () => {
    expect(await collect(zip([]))).toEqual([]);
  });
});
