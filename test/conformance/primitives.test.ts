import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { regressionsOf } from "../../conformance/differences.ts";
import type { Outcome, Verdict } from "../../conformance/kind.ts";
import { primitives } from "../../conformance/primitives/kind.ts";
import { type Program, resolved, type Step, verbs } from "../../conformance/primitives/program.ts";
import { takeUnhandledRejections } from "../support/no-leaks.ts";

describe("programs of primitives, as CPython runs them", () => {
  test.each(regressionsOf("primitives"))("$name", async ({ program, python, ruled }) => {
    const [joinery] = await primitives.run([program as Program]);
    await takeUnhandledRejections(); // how tasks end is compared
    expect(joinery).toEqual(ruled?.outcome ?? python);
  });
});

describe("random programs of primitives", () => {
  const programs = fc.sample(primitives.arbitrary, { seed: 654, numRuns: 2000 });

  test("contain every kind of primitive and everything that can be done with it", () => {
    const done = new Set(programs.flatMap((program) => usesIn(program)));
    for (const [kind, { waits, acts }] of Object.entries(verbs))
      for (const verb of [...waits, ...acts]) expect(done).toContain(`${kind}.${verb}`);
    const steps = programs.flatMap(({ tasks }) => tasks.flatMap(stepsIn));
    expect(new Set(steps.map(({ op }) => op)).size).toBe(4);
    expect(steps.filter((step) => step.op === "do" && step.within !== null)).not.toEqual([]);
    expect(programs.filter(({ cancels }) => cancels.length > 0)).not.toEqual([]);
  });

  test("are the same for the same seed, and printed so that they can be told apart", () => {
    const again = fc.sample(primitives.arbitrary, { seed: 654, numRuns: 2000 });
    expect(again).toEqual(programs);
    const distinct = new Set(programs.map((program) => JSON.stringify(program)));
    const printed = new Set(programs.map((program) => primitives.print(program)));
    expect(printed.size).toBeGreaterThan(distinct.size * 0.95);
  });

  test("do the same alone and side by side, end, and leave nothing behind", async () => {
    const together = await primitives.run(programs.slice(0, 100));
    for (const [index, outcome] of together.entries()) {
      expect(outcome).not.toHaveProperty("hangs");
      expect(await primitives.run([programs[index] as Program])).toEqual([outcome]);
    }
    await takeUnhandledRejections();
  });
});

describe("what is different by intention is not in a program", () => {
  const sleepless = { item: 0, on: 0 };
  const only = (kind: "Queue" | "Condition" | "Lock", verbsOfStep: (number | "cancel")[]): Step => {
    const acts = verbsOfStep.map((verb) => ({ ...sleepless, verb }));
    const wait = { ...sleepless, verb: 0 };
    const step = { op: "do", acts, wait, within: null } as const;
    const raw = { primitives: [{ kind, size: 1 }], tasks: [[step]], cancels: [] };
    return resolved(raw).tasks[0]![0]!;
  };

  test("a step uses a queue once, so that it cannot take what another one was woken for", () => {
    expect(only("Queue", [0, 1])).toMatchObject({ acts: [{ verb: "putNowait" }], wait: null });
  });

  test("a step that cancels uses no condition", () => {
    expect(only("Condition", ["cancel", 0])).toMatchObject({
      acts: [{ verb: "cancel" }],
      wait: null,
    });
  });

  test("a lock may be used as often as one likes: it is handed over", () => {
    expect(only("Lock", [0, "cancel", 0])).toMatchObject({ acts: { length: 3 }, wait: {} });
  });
});

describe("a difference", () => {
  const [program] = fc.sample(primitives.arbitrary, { seed: 1, numRuns: 1 }) as [Program];
  const [python, joinery] = [{ events: ["a"] }, { events: ["b"] }];
  const verdict = async (answer: Outcome): Promise<Verdict | undefined> => {
    const ask = async (): Promise<Outcome[]> => [answer];
    return (await primitives.explain!([{ program, python, joinery }], ask))[0];
  };

  test("is explained by the rules with which CPython does the same", async () => {
    const explained = await verdict({ outcome: joinery, rules: ["level"] });
    expect(explained).toEqual({ explainedBy: ["level"] });
  });

  test("is not explained if CPython does something else, or the same without any rule", async () => {
    const other = { outcome: python, rules: ["level"] };
    expect(await verdict(other)).toMatchObject({ expected: python });
    expect(await verdict({ outcome: joinery, rules: [] })).toHaveProperty("unexplained");
  });
});

/** `Kind.verb` of everything that a program does. */
function usesIn({ primitives: nodes, tasks }: Program): string[] {
  return tasks.flatMap(stepsIn).flatMap((step) => {
    if (step.op !== "do") return [];
    const uses = [...step.acts, ...(step.wait ? [step.wait] : [])];
    return uses.flatMap((use) => ("on" in use ? [`${nodes[use.on]!.kind}.${use.verb}`] : []));
  });
}

function stepsIn(steps: readonly Step[]): Step[] {
  return steps.flatMap((step) => [step, ...(step.op === "with" ? stepsIn(step.body) : [])]);
}
