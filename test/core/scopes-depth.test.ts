import { inspect } from "node:util";
import { expect, test } from "vitest";
import {
  allTasks,
  CancelledError,
  currentSignal,
  ExceptionGroup,
  formatException,
  moveOnAfter,
  sleep,
  statistics,
  suspend,
  taskGroup,
  timeout,
} from "joinery";
import { turn } from "../support/turn.ts";
import { inVirtualTime } from "../support/virtual-clock.ts";
import { withoutStacks } from "./error-trees.ts";

const levels = 100_000;

/** A chain of groups, each in a child of the one above, with `innermost` at its end. */
function children(depth: number, innermost: () => unknown): Promise<unknown> {
  return taskGroup((group) => {
    group.createTask(() => (depth === 1 ? innermost() : children(depth - 1, innermost)));
  });
}

/** A chain of groups, each in the body of the one above. */
async function bodies(depth: number, innermost: () => unknown): Promise<unknown> {
  return taskGroup(() => (depth === 1 ? innermost() : bodies(depth - 1, innermost)));
}

/** How many levels of groups an error has. */
function depthOf(error: unknown): number {
  let depth = 0;
  for (let e = error; e instanceof ExceptionGroup; [e] = e.errors) depth++;
  return depth;
}

test("3.9: 100,000 groups, children in children, are built, cancelled from the root and unwound", async () => {
  let reason: unknown;
  await inVirtualTime(async () => {
    const result = await moveOnAfter(10, () =>
      children(levels, async () => {
        expect(statistics().tasks).toBe(levels + 1);
        await sleep(1000).finally(() => (reason = currentSignal().reason));
      }),
    );
    expect(result).toEqual({ expired: true, value: undefined });
  });
  expect(reason).toBeInstanceOf(CancelledError);
}, 20_000);

test("3.9: 100,000 groups, bodies in bodies, are built, cancelled from the root and unwound", async () => {
  let reason: unknown;
  await inVirtualTime(async () => {
    const result = await moveOnAfter(10, () =>
      bodies(levels, () => sleep(1000).finally(() => (reason = currentSignal().reason))),
    );
    expect(result).toEqual({ expired: true, value: undefined });
  });
  expect(reason).toBeInstanceOf(CancelledError);
}, 20_000);

test("3.9: 10,000 timeouts in timeouts pass their deadlines at once, and the outermost says so", async () => {
  const nest = async (depth: number): Promise<void> =>
    depth === 0 ? sleep(1000) : timeout(10, () => nest(depth - 1));
  await inVirtualTime(() => expect(nest(10_000)).rejects.toMatchObject({ name: "TimeoutError" }));
}, 20_000);

test("3.9: an error from 10,000 levels down comes out through all of them", async () => {
  const deep = new Error("deep");
  const error = await children(10_000, () => Promise.reject(deep)).catch(
    (reason: unknown) => reason,
  );
  expect(depthOf(error)).toBe(10_000);
  expect([...(error as ExceptionGroup)]).toEqual([deep]);
}, 20_000);

test("3.9: an ExceptionGroup of 100,000 levels is printed, split and gone through without an overflow", () => {
  const group = withoutStacks(() => {
    let error: Error = new Error("deep");
    for (let i = 0; i < levels; i++) error = new ExceptionGroup("level", [error]);
    return error as ExceptionGroup;
  });
  for (const text of [formatException(group), inspect(group)])
    expect(text.includes("Error: deep")).toBe(true);
  for (const text of [group.stack ?? "", String(group)])
    expect(text.startsWith("ExceptionGroup: level (1 sub-exception)")).toBe(true);
  expect([...group].map(String)).toEqual(["Error: deep"]);
  expect(depthOf(group.split(TypeError)[1])).toBe(levels);
  expect(group.subgroup(Error)).toBe(group);
}, 20_000);

test("3.9: a wide tree costs nothing, either: 200,000 children are counted, cancelled and awaited", async () => {
  const wide = 200_000;
  let woken = 0;
  await inVirtualTime(() =>
    taskGroup(
      async (group) => {
        for (let i = 0; i < wide; i++) {
          group.createTask(() => suspend(() => () => void woken++));
        }
        await turn();
        expect(statistics().tasks).toBe(wide + 1);
        expect(allTasks()).toHaveLength(wide + 1);
        expect(group.tasks).toHaveLength(wide);
        group.cancel();
      },
      { cancellable: true },
    ),
  );
  expect(woken).toBe(wide);
}, 20_000);
