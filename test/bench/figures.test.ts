import { describe, expect, test } from "vitest";
import { exponents } from "../../bench/exponents.ts";
import { compare, exponent, type Figure, median, spread } from "../../bench/figures.ts";
import { rows } from "../../bench/rows.ts";
import { runtimeFor } from "./runtime-for.ts";

function figure(...samples: (number | undefined)[]): Figure {
  return { row: "spawn-10k", runtime: "node24", subject: "promises", samples };
}

describe("figures", () => {
  test("the median is the middle one, or half-way between the two in the middle", () => {
    expect(median([9, 1, 5])).toBe(5);
    expect(median([9, 1, 5, 7])).toBe(6);
  });

  test("a spread keeps the smallest and the largest", () => {
    expect(spread([9, 1, 5])).toEqual({ median: 5, min: 1, max: 9 });
    expect(spread([])).toBeUndefined();
  });

  test("only samples of the same round are compared", () => {
    const [a, b] = [figure(10, undefined, 40), figure(5, 7, 10, 20)];
    expect(compare(a, b, "ratio")).toEqual([2, 4]);
    expect(compare(a, b, "difference")).toEqual([5, 30]);
    expect(compare(a, undefined, "ratio")).toEqual([]);
  });

  test("the median of the ratios is not the ratio of the medians", () => {
    const [a, b] = [figure(1, 20, 30), figure(1, 10, 100)];
    expect(spread(compare(a, b, "ratio"))?.median).toBe(1);
  });

  test.each([
    ["linear", 1],
    ["quadratic", 2],
  ])("the exponent of %s time is %d", (_, power) => {
    const points = [1e3, 1e4, 1e5, 1e6].map((n) => [n, 3 * n ** power] as const);
    expect(exponent(points)).toBeCloseTo(power);
  });
});

describe("the exponent of a round", () => {
  const sizes = rows.filter(({ topic }) => topic === "spawn");
  const runtime = runtimeFor("Node 24");
  const quadratic = sizes.map(({ id, n }) => ({ ...figure(n ** 2, n), row: id }));

  test("is that of all sizes in that round", () => {
    const [found] = exponents(sizes, [runtime], quadratic);
    expect(found?.samples).toEqual([expect.closeTo(2), expect.closeTo(1)]);
  });

  test("is left out where a size is missing", () => {
    const [first, ...others] = quadratic;
    const short = { ...(first as Figure), samples: [1] };
    expect(exponents(sizes, [runtime], [short, ...others])[0]?.samples).toHaveLength(1);
    expect(exponents(sizes, [runtime], others)).toEqual([]);
    expect(exponents(sizes.slice(1), [runtime], quadratic)).toEqual([]);
  });
});
