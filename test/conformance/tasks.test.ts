import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { regressionsOf } from "../../conformance/differences.ts";
import { tasks } from "../../conformance/tasks/kind.ts";
import type { Program, Step } from "../../conformance/tasks/program.ts";
import { takeUnhandledRejections, takeWarnings } from "../support/no-leaks.ts";

describe("programs of tasks, as CPython runs them", () => {
  test.each(regressionsOf("tasks"))("$name", async ({ program, python, ruled }) => {
    const [joinery] = await tasks.run([program as Program]);
    await takeUnhandledRejections(); // how tasks end is compared
    expect(joinery).toEqual(ruled?.outcome ?? python);
  });
});

describe("random programs of tasks", () => {
  const programs = fc.sample(tasks.arbitrary, { seed: 654, numRuns: 3000 });

  test("contain every kind of step", () => {
    const all = programs.flatMap(({ main }) => stepsIn(main.steps));
    expect(new Set(all.map(({ op }) => op)).size).toBe(19);
    const waits = all.flatMap((step) => (step.op === "wait" ? [step.returnWhen] : []));
    expect(new Set(waits).size).toBe(3);
    expect(programs.filter(({ cancels }) => cancels.length > 0)).not.toEqual([]);
  });

  test("are the same for the same seed", () => {
    expect(fc.sample(tasks.arbitrary, { seed: 654, numRuns: 3000 })).toEqual(programs);
  });

  test("do the same alone and side by side, and leave nothing behind", async () => {
    const together = await tasks.run(programs.slice(0, 50));
    for (const [index, outcome] of together.entries()) {
      expect(await tasks.run([programs[index] as Program])).toEqual([outcome]);
    }
    await takeUnhandledRejections();
    await takeWarnings();
  });

  test("await only tasks that stand before them, so that none waits for itself", () => {
    const all = programs.flatMap(({ main }) => stepsIn(main.steps));
    const awaits = all.filter((step) => step.op === "await");
    expect(awaits.length).toBeGreaterThan(100);
    expect(awaits.filter(({ task, id }) => task >= id)).toEqual([]);
  });
});

/** All steps in the order of the text. */
function stepsIn(steps: readonly Step[]): Step[] {
  return steps.flatMap((step) => {
    const nested: Step[] = [];
    JSON.stringify(Object.values(step), (_key, value: unknown) => {
      if (typeof value === "object" && value !== null && "op" in value) nested.push(value as Step);
      return value;
    });
    return [step, ...nested];
  });
}
