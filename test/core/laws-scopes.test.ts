/** The law of scopes, for every nesting. */

import { currentSignal, shield, taskGroup, timeout } from "joinery";
import { describe, expect, test } from "vitest";

interface Level {
  readonly kind: "group" | "timeout" | "shield";
  readonly own: boolean;
}

const levels: Level[] = (["group", "timeout", "shield"] as const).flatMap((kind) =>
  [true, false].map((own) => ({ kind, own })),
);

function nestings(depth: number): Level[][] {
  if (depth === 0) return [[]];
  return nestings(depth - 1).flatMap((outer) => levels.map((level) => [...outer, level]));
}

/** By definition: cancelled by itself, or around it by a scope that is, unless it is a shield. */
function definition(nesting: readonly Level[]): boolean[] {
  let around = false;
  return nesting.map(({ kind, own }) => (around = own || (around && kind !== "shield")));
}

const orders = ["while opening", "outside in", "inside out"] as const;

/** Opens the scopes inside one another, cancels those that are to be, and looks at all signals. */
async function observed(
  nesting: readonly Level[],
  order: (typeof orders)[number],
): Promise<boolean[]> {
  const cancels = nesting.map(() => new AbortController());
  const signals: AbortSignal[] = [];
  const cancel = (depth: number): void => {
    if (nesting[depth]?.own) cancels[depth]?.abort();
  };
  const open = async (depth: number): Promise<void> => {
    signals.push(currentSignal());
    const level = nesting[depth];
    if (level !== undefined) {
      const body = (): Promise<void> => {
        if (order === "while opening") cancel(depth);
        return open(depth + 1);
      };
      const { signal } = cancels[depth] as AbortController;
      if (level.kind === "group") return taskGroup(body, { signal });
      if (level.kind === "timeout") return timeout(Infinity, body, { signal });
      return shield(body, { within: Infinity, signal });
    }
    const depths = nesting.map((_, i) => i);
    for (const i of order === "inside out" ? depths.toReversed() : depths) cancel(i);
  };
  await open(0);
  return signals.slice(1).map((signal) => signal.aborted);
}

describe("the law of scopes", () => {
  test.each(orders)(
    "3: a scope is cancelled if and only if its definition says so: every nesting up to depth 4, cancelled %s",
    async (order) => {
      for (const depth of order === "inside out" ? [1, 2, 3] : [1, 2, 3, 4]) {
        for (const nesting of nestings(depth)) {
          expect(await observed(nesting, order), JSON.stringify(nesting)).toEqual(
            definition(nesting),
          );
        }
      }
    },
  );
});
