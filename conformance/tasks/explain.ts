/**
 * Why asyncio and joinery did not do the same with a program.
 *
 * CPython runs it again with the rules of `python/model.py`: asyncio, with the entries of
 * `differences.json` and nothing else. It has to come to exactly joinery's outcome, and to say which
 * rules it applied. Where several things happen at one time, their order is free: then it has to come
 * to that outcome in one of the orders. Where no rule was applied, asyncio as it is has to.
 */

import { isDeepStrictEqual } from "node:util";
import type { Difference, Outcome, Verdict } from "../kind.ts";
import { type Program, size } from "./program.ts";

/** How many orders are tried of one program: more of a larger one. */
function ordersOf(program: Program): number {
  const steps = size(program);
  if (steps < 8) return 600;
  return steps < 16 ? 2500 : 10_000;
}

const fewOrders = 150;

/** The entry for what needed another order. */
const order = "order";

/** What `run_program` answers to a request. */
interface Answer {
  readonly outcome: Outcome;
  readonly rules: readonly string[];
}

type Ask = (programs: readonly unknown[]) => Promise<Outcome[]>;

export async function explain(
  differences: readonly Difference<Program>[],
  ask: Ask,
  quickly = false,
): Promise<Verdict[]> {
  const requests = differences.map(({ program }) => ({ program, rules: true, order: null }));
  const answers = (await ask(requests)) as Answer[];
  const verdicts: Verdict[] = [];
  let failed = false;
  for (const [index, difference] of differences.entries()) {
    const most = quickly ? fewOrders : ordersOf(difference.program);
    const search = { ask, orders: failed ? 1 : most };
    const verdict = await judge(difference, answers[index] as Answer, search);
    verdicts.push(verdict);
    failed ||= "unexplained" in verdict; // one is enough to go and shrink it
  }
  return verdicts;
}

interface Search {
  readonly ask: Ask;
  readonly orders: number;
}

async function judge(
  difference: Difference<Program>,
  inOrder: Answer,
  search: Search,
): Promise<Verdict> {
  const same = isDeepStrictEqual(inOrder.outcome, difference.joinery);
  if (same && inOrder.rules.length > 0) return { explainedBy: inOrder.rules };
  const reordered = same ? inOrder : await inAnotherOrder(difference, true, search);
  if (reordered !== undefined && reordered.rules.length > 0)
    return { explainedBy: [...reordered.rules, order] };
  if (await inAnotherOrder(difference, false, search)) return { explainedBy: [order] };
  const rules = inOrder.rules.join(", ") || "none of them";
  return {
    unexplained: `asyncio with the wanted differences (here: ${rules})`,
    expected: inOrder.outcome,
  };
}

/** An order in which CPython comes to joinery's outcome, with or without the rules. */
async function inAnotherOrder(
  { program, joinery }: Difference<Program>,
  rules: boolean,
  search: Search,
): Promise<Answer | undefined> {
  for (let tried = 0; tried < search.orders;) {
    const first = tried;
    const count = first === 0 ? 8 : 128;
    const requests = Array.from({ length: count }, (_, i) => ({
      program,
      rules,
      order: first + i,
    }));
    const answers = (await search.ask(requests)) as Answer[];
    const found = answers.find(({ outcome }) => isDeepStrictEqual(outcome, joinery));
    if (found) return found;
    tried += count;
  }
  return undefined;
}
