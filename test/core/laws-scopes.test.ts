/** The law of scopes, for every nesting: none is left to chance. */

import {
  CancelledError,
  currentSignal,
  ExceptionGroup,
  moveOnAfter,
  shield,
  sleep,
  taskGroup,
  timeout,
  TimeoutError,
} from "joinery";
import { describe, expect, test } from "vitest";
import { turn } from "../support/turn.ts";
import { inPassingTime } from "../support/virtual-clock.ts";

type Kind = "group" | "timeout" | "shield" | "child";

interface Level {
  readonly kind: Kind;
  /** Whether it is cancelled itself. */
  readonly own: boolean;
}

/** Every way to put levels of these kinds inside one another. */
function nestings(kinds: readonly Kind[], deepest: number): Level[][] {
  const levels = kinds.flatMap((kind) => [true, false].map((own) => ({ kind, own })));
  const ofDepth = (depth: number): Level[][] =>
    depth === 0
      ? [[]]
      : ofDepth(depth - 1).flatMap((outer) => levels.map((level) => [...outer, level]));
  return Array.from({ length: deepest }, (_, i) => ofDepth(i + 1)).flat();
}

/** By definition: cancelled by itself, or around it by a scope that is, unless it is a shield. */
function definition(nesting: readonly Level[]): boolean[] {
  let around = false;
  return nesting.map(({ kind, own }) => (around = own || (around && kind !== "shield")));
}

type Order = "while opening" | "outside in" | "inside out";

/** The levels that are cancelled by the code inside all of them, in this order. */
function toCancel(nesting: readonly Level[], order: Order): number[] {
  const depths = nesting.flatMap(({ own }, depth) => (own ? [depth] : []));
  if (order === "while opening") return [];
  return order === "inside out" ? depths.toReversed() : depths;
}

function openBlock(kind: Kind, body: () => Promise<void>, signal: AbortSignal): Promise<void> {
  if (kind === "group") return taskGroup(body, { signal });
  if (kind === "child") return taskGroup((group) => void group.createTask(body, { signal }));
  if (kind === "timeout") return timeout(Infinity, body, { signal });
  return shield(body, { within: Infinity, signal });
}

/** Opens the scopes inside one another, cancels those that are to be, and looks at all signals. */
async function observed(nesting: readonly Level[], order: Order): Promise<boolean[]> {
  const cancels = nesting.map(() => new AbortController());
  const signals: AbortSignal[] = [];
  const open = async (depth: number): Promise<void> => {
    if (depth > 0) signals.push(currentSignal());
    const level = nesting[depth];
    if (level === undefined) {
      for (const each of toCancel(nesting, order)) cancels[each]?.abort();
      return;
    }
    const { signal } = cancels[depth] as AbortController;
    const body = (): Promise<void> => {
      if (order === "while opening" && level.own) cancels[depth]?.abort();
      return open(depth + 1);
    };
    await openBlock(level.kind, body, signal);
  };
  // A block that a signal stopped lets that pass; and a child of a group that was not cancelled fails with it.
  await open(0).catch(onlyCancellations);
  return signals.map((signal) => signal.aborted);
}

function onlyCancellations(error: unknown): void {
  const leaves = error instanceof ExceptionGroup ? [...error] : [error];
  if (!leaves.every((leaf) => leaf instanceof CancelledError)) throw error;
}

const blocks = nestings(["group", "timeout", "shield"], 4);
const withTasks = nestings(["group", "timeout", "shield", "child"], 3).filter((nesting) =>
  nesting.some(({ kind }) => kind === "child"),
);

describe("the law of scopes", () => {
  test("3: these are all the nestings there are", () => {
    expect(blocks).toHaveLength(6 + 36 + 216 + 1296);
    expect(withTasks).toHaveLength(8 - 6 + (64 - 36) + (512 - 216));
  });

  test.each([
    ["while opening", blocks], // a child of a cancelled level would never run
    ["outside in", [...blocks, ...withTasks]],
    ["inside out", [...blocks, ...withTasks]],
  ] as const)(
    "3: a scope is cancelled if and only if its definition says so: every nesting up to depth 4, cancelled %s",
    async (order, all) => {
      for (const nesting of all) {
        expect(await observed(nesting, order), JSON.stringify(nesting)).toEqual(
          definition(nesting),
        );
      }
    },
    60_000,
  );
});

/** How a level ended for the code around it. */
type End = "returned" | "absorbed" | "passed on";

/** By definition: a cancellation ends at the outermost scope that it reaches, and a shield is reached by none from outside. */
function ends(nesting: readonly Level[]): End[] {
  const cancelled = definition(nesting);
  return nesting.map(({ kind }, depth) => {
    if (!cancelled[depth]) return "returned";
    return cancelled[depth - 1] && kind !== "shield" ? "passed on" : "absorbed";
  });
}

/** Opens a level that is cancelled by its handle, so that its own edge absorbs that. */
async function enter(
  kind: Kind,
  body: () => Promise<void>,
  handOut: (cancel: () => void) => void,
): Promise<End> {
  if (kind === "group") {
    const { cancelled } = await taskGroup(
      (group) => {
        handOut(() => group.cancel());
        return body();
      },
      { cancellable: true },
    );
    return cancelled ? "absorbed" : "returned";
  }
  const inside = (scope: { reschedule(when: number): void }): Promise<void> => {
    handOut(() => scope.reschedule(-1));
    return body();
  };
  if (kind === "timeout")
    return (await moveOnAfter(Infinity, inside)).expired ? "absorbed" : "returned";
  return shield(inside, { within: Infinity }).then(
    () => "returned",
    (error: unknown) => (error instanceof TimeoutError ? "absorbed" : Promise.reject(error)),
  );
}

/** Cancels from the innermost level, then waits once in each level on the way out; says how each of them ended. */
async function walked(nesting: readonly Level[], order: Order): Promise<End[]> {
  const cancels: (() => void)[] = [];
  const found: End[] = [];
  const open = async (depth: number): Promise<void> => {
    const level = nesting[depth];
    if (level) {
      const entered = enter(
        level.kind,
        () => open(depth + 1),
        (cancel) => (cancels[depth] = cancel),
      );
      found[depth] = await entered.catch((error: unknown) => {
        onlyCancellations(error);
        return "passed on";
      });
    } else {
      for (const each of toCancel(nesting, order)) cancels[each]?.();
      await turn(); // a deadline takes one
    }
    await sleep(0);
  };
  await open(0);
  return found;
}

describe("the law of edges", () => {
  test.each(["outside in", "inside out"] as const)(
    "3.1, 3.2: a wait is refused if and only if its scope is cancelled, and only the outermost edge absorbs: every nesting up to depth 4, cancelled %s",
    async (order) => {
      const main = async (): Promise<void> => {
        for (const nesting of blocks) {
          expect(await walked(nesting, order), JSON.stringify(nesting)).toEqual(ends(nesting));
        }
      };
      await inPassingTime(main, { grace: Infinity }); // this code swallows what it is told
    },
    60_000,
  );
});
