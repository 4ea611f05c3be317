import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { compare, type Failure, judge, shrink } from "../../conformance/compare.ts";
import type { Kind } from "../../conformance/kind.ts";
import type { Oracle } from "../../conformance/oracle.ts";
import { failureReport, sideBySide, summary } from "../../conformance/report.ts";

/** Programs that are numbers; both sides double them, and one is wrong from 1000 on. */
const numbers: Kind<number> = {
  name: "numbers",
  arbitrary: fc.nat(2000),
  run: async (programs) => programs.map((n) => ({ doubled: n < 1000 ? n * 2 : 0 })),
  explain: async (differences) =>
    differences.map(({ program }) =>
      program < 1500 ? { explainedBy: ["large"] } : { unexplained: "too large" },
    ),
  print: (n) => `double ${n}`,
};

const oracle: Oracle = {
  version: "3",
  run: async (_kind, programs) => (programs as number[]).map((n) => ({ doubled: n * 2 })),
  close: async () => {},
};

const options = { seed: 7, programs: 1200, progress: (): void => {} };

describe("a comparison", () => {
  test("judges every program", async () => {
    const judged = await judge(numbers, oracle, [1, 1000, 1500]);
    expect(judged.map(({ verdict }) => verdict)).toEqual([
      "same",
      { explainedBy: ["large"] },
      { unexplained: "too large" },
    ]);
  });

  test("takes every difference for unexplained where a kind explains none", async () => {
    const { name, arbitrary } = numbers;
    const without: Kind<number> = {
      name,
      arbitrary,
      run: (programs) => numbers.run(programs),
      print: (n) => numbers.print(n),
    };
    const [judged] = await judge(without, oracle, [1000]);
    expect(judged?.verdict).toHaveProperty("unexplained");
  });

  test("counts what each entry explained", async () => {
    const small = { ...numbers, arbitrary: fc.nat(1100) };
    const { different, explained, failure, programs } = await compare(small, oracle, options);
    expect({ failure, programs }).toEqual({ failure: undefined, programs: 1200 });
    expect(different).toBeGreaterThan(0);
    expect(explained).toEqual(new Map([["large", different]]));
  });

  test("says which seed and how many programs bring an unexplained difference back", async () => {
    const { failure } = await compare(numbers, oracle, options);
    const { found, seed, programs } = failure!;
    const again = await compare(numbers, oracle, { ...options, seed, programs });
    expect(again.failure?.found.program).toBe(found.program);
    expect(await shrink(numbers, oracle, failure!)).toMatchObject({ program: 1500 });
  });
});

describe("the report", () => {
  const failure: Failure<number> = {
    program: 1001,
    python: { events: ["1: a", "2: b"], live: [] },
    joinery: { events: ["2: b", "3: c"], live: [] },
    verdict: { unexplained: "the model", expected: { events: [] } },
  };

  test("shows both outcomes side by side, and marks what only one of them has", () => {
    expect(sideBySide("CPython", failure.python, "joinery", failure.joinery)).toEqual([
      "CPython    joinery",
      "events:    events:",
      "  1: a   ≠",
      "  2: b       2: b",
      "         ≠   3: c",
      "live: []   live: []",
    ]);
  });

  test("ends with the line that reproduces it", () => {
    const report = failureReport(numbers, failure, "npm run conformance -- --seed 1");
    expect(report).toContain("double 1001");
    expect(report.split("\n").at(-1)).toBe("again: npm run conformance -- --seed 1");
  });

  test("sums up how many programs each entry explained", () => {
    const explained = new Map([["level", 2]]);
    const comparison = { programs: 10, different: 2, explained };
    expect(summary("numbers", comparison, 1500)).toBe(
      "numbers: 10 programs in 1.5 s, 2 different, all explained\n         2  level",
    );
  });
});
