/** What holds of every program: random trees of groups, sleeps, errors, cancels and shields. */

import * as fc from "fast-check";
import {
  CancelledError,
  ExceptionGroup,
  moveOnAfter,
  shield,
  sleep,
  statistics,
  type Task,
  taskGroup,
} from "joinery";
import { describe, expect, test } from "vitest";
import { inVirtualTime, VirtualClock } from "../support/virtual-clock.ts";

/** A program. The ids of its nodes are given by {@link number}. */
type Program =
  | { readonly kind: "sleep"; readonly ms: number }
  | { readonly kind: "raise"; readonly ms: number }
  /** Sleeps, and raises when it is cancelled before the end. */
  | { readonly kind: "resist"; readonly ms: number; readonly raises: boolean }
  | { readonly kind: "cancel"; readonly ms: number }
  | { readonly kind: "shield" | "moveOn"; readonly ms: number; readonly body: readonly Program[] }
  | {
      readonly kind: "group";
      readonly collect: boolean;
      readonly background: boolean;
      readonly body: readonly Program[];
      readonly children: readonly Program[];
    };

const ms = fc.constantFrom(0, 1, 2, 3);
const simple: fc.Arbitrary<Program> = fc.oneof(
  { weight: 3, arbitrary: fc.record({ kind: fc.constant("sleep" as const), ms }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant("raise" as const), ms }) },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant("resist" as const), ms, raises: fc.boolean() }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("cancel" as const), ms }) },
);

function programs(depth: number): fc.Arbitrary<Program> {
  if (depth === 0) return simple;
  const inner = programs(depth - 1);
  const some = fc.array(inner, { maxLength: 3 });
  return fc.oneof(
    { weight: 2, arbitrary: simple },
    {
      weight: 4,
      arbitrary: fc.record({
        kind: fc.constant("group" as const),
        collect: fc.boolean(),
        background: fc.boolean(),
        body: fc.array(inner, { maxLength: 2 }),
        children: some,
      }),
    },
    {
      weight: 1,
      arbitrary: fc.record({
        kind: fc.constantFrom("shield" as const, "moveOn" as const),
        ms,
        body: some,
      }),
    },
  );
}

/** What happened, and what ought to come out. */
interface Play {
  readonly trace: string[];
  readonly raised: Set<Error>;
  /** The names of the groups that are over. */
  readonly over: Set<string>;
  readonly cancelled: Task<unknown>[];
  readonly late: string[];
  error: unknown;
}

async function play(program: Program): Promise<Play> {
  const clock = new VirtualClock();
  const record: Play = {
    trace: [],
    raised: new Set(),
    over: new Set(),
    cancelled: [],
    late: [],
    error: undefined,
  };
  let ids = 0;

  /** An event of code that runs inside all the groups named in `path`. */
  function event(path: string, text: string): void {
    record.trace.push(`${clock.now()} ${path}: ${text}`);
    for (const group of record.over) {
      if (path === group || path.startsWith(`${group}/`)) record.late.push(`${path}: ${text}`);
    }
  }

  function raise(path: string): never {
    const error = new Error(`from ${path}, ${ids++}`);
    record.raised.add(error);
    event(path, "raises");
    throw error;
  }

  async function runAll(steps: readonly Program[], path: string): Promise<void> {
    for (const step of steps) await perform(step, path);
  }

  async function perform(step: Program, path: string): Promise<void> {
    event(path, step.kind);
    switch (step.kind) {
      case "sleep":
        await sleep(step.ms);
        break;
      case "raise":
        await sleep(step.ms);
        raise(path);
        break;
      case "resist":
        try {
          await sleep(step.ms);
        } catch (error) {
          await shield(() => sleep(1), { within: Infinity });
          event(path, "cleaned up");
          if (step.raises) raise(path);
          throw error;
        }
        break;
      case "cancel":
        await sleep(step.ms);
        cancelSomebody(path);
        break;
      case "shield":
        await shield(() => runAll(step.body, path), { within: Infinity });
        break;
      case "moveOn":
        await moveOnAfter(step.ms, () => runAll(step.body, path));
        break;
      case "group":
        await performGroup(step, path);
    }
  }

  const tasks: Task<unknown>[] = [];
  function cancelSomebody(path: string): void {
    const victim = tasks.find((task) => !task.done());
    event(path, `cancels ${victim?.name ?? "nobody"}`);
    victim?.cancel(path);
  }

  async function performGroup(group: Program & { kind: "group" }, outer: string): Promise<void> {
    const path = `${outer}/g${ids++}`;
    const children: Task<unknown>[] = [];
    const work = taskGroup(
      async (handle) => {
        group.children.forEach((child, i) => {
          const name = `${path}/${i}`;
          const background = group.background && i === 0;
          children.push(handle.createTask(() => perform(child, name), { name, background }));
        });
        tasks.push(...children);
        await runAll(group.body, path);
      },
      { name: path, onError: group.collect ? "collect" : "cancel" },
    );
    try {
      await work;
    } catch (error) {
      if (error instanceof ExceptionGroup) {
        const failed = children.filter(
          (task) => !task.cancelled() && task.exception() !== undefined,
        );
        for (const task of failed) expect(error.errors).toContain(task.exception());
      }
      throw error;
    } finally {
      record.over.add(path);
      for (const task of children) {
        expect(task.done(), `${task.name} outlived its group`).toBe(true);
        if (task.cancelled()) record.cancelled.push(task);
      }
    }
  }

  await inVirtualTime(() => perform(program, "main"), { clock }).catch(
    (error: unknown) => (record.error = error),
  );
  return record;
}

/** The leaves of what came out. */
function leaves(error: unknown): unknown[] {
  if (error instanceof ExceptionGroup) return [...error];
  return error === undefined ? [] : [error];
}

const runs = { numRuns: 200 };

describe("the laws of groups", () => {
  test("1: no group settles before its tasks have ended, and none of its code runs after it", async () => {
    await fc.assert(
      fc.asyncProperty(programs(4), async (program) => {
        expect((await play(program)).late).toEqual([]);
      }),
      runs,
    );
  });

  test("2: the errors that come out are those that were raised, each once", async () => {
    await fc.assert(
      fc.asyncProperty(programs(4), async (program) => {
        const { error, raised } = await play(program);
        const out = leaves(error).filter((leaf) => !(leaf instanceof CancelledError));
        expect(new Set(out).size).toBe(out.length);
        expect(new Set(out)).toEqual(raised);
        for (const one of raised) expect(out).toContain(one);
      }),
      runs,
    );
  });

  test("4.3: no cancelled task has an outcome of its own in the group", async () => {
    await fc.assert(
      fc.asyncProperty(programs(4), async (program) => {
        const { error, cancelled } = await play(program);
        for (const task of cancelled) {
          expect(() => task.result()).toThrow(CancelledError);
          expect(task.state).toBe("cancelled");
        }
        // Nobody in these programs awaits a task or cancels `main`: so no cancellation comes out.
        expect(leaves(error).filter((leaf) => leaf instanceof CancelledError)).toEqual([]);
      }),
      runs,
    );
  });

  test("1: nothing is left at the end", async () => {
    await fc.assert(
      fc.asyncProperty(programs(4), async (program) => {
        await play(program);
        expect(statistics()).toEqual({ tasks: 0, scopes: 0, timers: 0, listeners: 0, ghosts: 0 });
      }),
      runs,
    );
  });

  test("the same program gives the same trace", async () => {
    await fc.assert(
      fc.asyncProperty(programs(4), async (program) => {
        const [first, second] = [await play(program), await play(program)];
        expect(second.trace).toEqual(first.trace);
        expect(leaves(second.error).map(String)).toEqual(leaves(first.error).map(String));
      }),
      runs,
    );
  });
});
