/** What holds of every program: random trees of groups, sleeps, errors, cancels, shields, deadlines and handlers. */

import * as fc from "fast-check";
import { CancelledError, statistics } from "joinery";
import { describe, expect, test } from "vitest";
import { failuresOf, membersOf, Player } from "../proof/player.ts";
import { programs } from "../proof/programs.ts";
import { leavesOf } from "../proof/leaves.ts";

/** Checks `law` against as many random programs as tell something. */
function ofEveryProgram(law: (played: Player) => void | Promise<void>): Promise<void> {
  const property = fc.asyncProperty(programs(4), async (program) =>
    law(await new Player().play(program)),
  );
  return fc.assert(property, { numRuns: 200 });
}

const sorted = (errors: Iterable<unknown>): string[] => [...errors].map(String).toSorted();

describe("the laws of groups", { timeout: 30_000 }, () => {
  test("1: no group settles before its tasks have ended, and none of its code runs after it", () =>
    ofEveryProgram(({ late, groups }) => {
      expect(late).toEqual([]);
      for (const { outlived } of groups.values()) expect(outlived).toEqual([]);
    }));

  test("2: the errors that come out are those that were raised and not absorbed, each once", () =>
    ofEveryProgram(({ error, raised, absorbed }) => {
      const out = leavesOf(error);
      expect(new Set(out).size).toBe(out.length);
      const due = new Set([...raised].filter((one) => !absorbed.has(one)));
      expect(sorted(out)).toEqual(sorted(due));
      for (const one of out) expect(due).toContain(one);
      for (const one of absorbed) expect(raised).toContain(one);
    }));

  test("4.1: a group has its children's errors in order of completion, then those of its hooks and its body", () =>
    ofEveryProgram(({ groups, failures }) => {
      for (const played of groups.values()) {
        const ofChildren = failuresOf(played, failures);
        expect(membersOf(played).slice(0, ofChildren.length)).toEqual(ofChildren);
        const others = membersOf(played).length - ofChildren.length;
        expect(others).toBeLessThanOrEqual(played.group.hook === "raises" ? 2 : 1);
      }
    }));

  test("4.3: no cancelled task has an outcome of its own in the group", () =>
    ofEveryProgram(({ error, groups }) => {
      for (const { children } of groups.values()) {
        for (const task of children.filter(({ state }) => state === "cancelled")) {
          expect(task.cancelled()).toBe(true);
          expect(() => task.result()).toThrow(CancelledError);
        }
      }
      // Nobody in these programs awaits a task or cancels `main`: so no cancellation comes out.
      expect(leavesOf(error).filter((leaf) => leaf instanceof CancelledError)).toEqual([]);
    }));

  test("1: nothing is left at the end", () =>
    ofEveryProgram(() => {
      expect(statistics()).toEqual({ tasks: 0, scopes: 0, timers: 0, listeners: 0, ghosts: 0 });
    }));

  test("the same program gives the same trace", async () => {
    await fc.assert(
      fc.asyncProperty(programs(4), async (program) => {
        const [first, second] = [
          await new Player().play(program),
          await new Player().play(program),
        ];
        expect(second.trace).toEqual(first.trace);
        expect(leavesOf(second.error).map(String)).toEqual(leavesOf(first.error).map(String));
      }),
      { numRuns: 200 },
    );
  });
});
