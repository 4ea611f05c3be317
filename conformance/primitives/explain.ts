/**
 * Why asyncio and joinery did not do the same with a program: CPython runs it again with the rules of
 * `python/kept.py`, and has to come to exactly joinery's outcome, and to say which rules it applied.
 */

import { isDeepStrictEqual } from "node:util";
import type { Difference, Outcome, Verdict } from "../kind.ts";
import type { Program } from "./program.ts";

interface Answer {
  readonly outcome: Outcome;
  readonly rules: readonly string[];
}

export async function explain(
  differences: readonly Difference<Program>[],
  ask: (programs: readonly unknown[]) => Promise<Outcome[]>,
): Promise<Verdict[]> {
  const requests = differences.map(({ program }) => ({ program, rules: true }));
  const answers = (await ask(requests)) as Answer[];
  return differences.map(({ joinery }, index): Verdict => {
    const { outcome, rules } = answers[index]!;
    if (isDeepStrictEqual(outcome, joinery) && rules.length > 0) return { explainedBy: rules };
    const applied = rules.join(", ") || "none of them";
    return {
      unexplained: `asyncio with the wanted differences (here: ${applied})`,
      expected: outcome,
    };
  });
}
