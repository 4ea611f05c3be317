/** 512 races: up to 15 children before the one that ends it all, up to 15 after it; by its failure, and from outside. */

import { setTimeout as delay } from "node:timers/promises";
import {
  type CancellableTaskGroup,
  CancelledError,
  ExceptionGroup,
  sleep,
  statistics,
  type Task,
  type TaskGroup,
  taskGroup,
} from "joinery";
import { describe, expect, test } from "vitest";
import { inPassingTime, VirtualClock } from "../support/virtual-clock.ts";

const aDay = 86_400_000;
const sizes = Array.from({ length: 16 }, (_, size) => size);

/** What a child does that ends it all; the others sleep for a day, every third on a timer of Node's. */
type Last = () => Promise<unknown>;

class Race {
  readonly events: string[] = [];
  readonly children: Task<unknown>[] = [];

  fork(group: TaskGroup, before: number, after: number, last: Last): void {
    for (let i = 0; i <= before + after; i++) {
      const work = i === before ? last : this.#sleeper(i);
      this.children.push(group.createTask(work, { name: String(i) }));
    }
  }

  #sleeper(i: number): (task: Task<unknown>) => Promise<void> {
    return async ({ signal }) => {
      this.events.push(`${i} starts`);
      try {
        await (i % 3 === 2 ? delay(aDay, undefined, { signal }) : sleep(aDay));
      } finally {
        this.events.push(`${i} stops`);
      }
    };
  }
}

/** Plays `main`, and checks that no time has passed and nothing is left the moment it is over. */
async function atOnce<R>(main: () => Promise<R>): Promise<R> {
  const clock = new VirtualClock();
  const result = await inPassingTime(
    async () => {
      const value = await main();
      expect(statistics()).toEqual({ tasks: 1, scopes: 2, timers: 0, listeners: 0, ghosts: 0 });
      return value;
    },
    { clock },
  );
  expect(statistics()).toEqual({ tasks: 0, scopes: 0, timers: 0, listeners: 0, ghosts: 0 });
  expect(clock.now()).toBe(0);
  return result;
}

const span = (from: number, to: number, what: string): string[] =>
  Array.from({ length: to - from }, (_, i) => `${from + i} ${what}`);

/** The sleepers stop in the order in which they were created, those on Node's timers a microtask or more later. */
function inOrder(events: readonly string[]): void {
  for (const ofNode of [true, false]) {
    const stops = events
      .filter((event) => event.endsWith("stops"))
      .map((event) => Number.parseInt(event, 10))
      .filter((i) => (i % 3 === 2) === ofNode);
    expect(stops).toEqual(stops.toSorted((a, b) => a - b));
  }
}

async function byFailure(before: number, after: number): Promise<void> {
  const race = new Race();
  const boom = new Error("boom");
  const fails: Last = async () => {
    race.events.push("fails");
    throw boom;
  };
  const error = await atOnce(() =>
    taskGroup((group) => race.fork(group, before, after, fails)).then(
      () => undefined,
      (reason: unknown) => (race.events.push("over"), reason),
    ),
  );

  expect(error).toBeInstanceOf(ExceptionGroup);
  expect((error as ExceptionGroup).errors).toEqual([boom]);
  expect((error as ExceptionGroup).errors[0]).toBe(boom);
  const all = before + 1 + after;
  const started = race.events.slice(0, all);
  expect(started).toEqual([
    ...span(0, before, "starts"),
    "fails",
    ...span(before + 1, all, "starts"), // the group answers in the next turn: all have begun by then
  ]);
  expect(race.events.slice(all, -1).toSorted()).toEqual(
    [...span(0, before, "stops"), ...span(before + 1, all, "stops")].toSorted(),
  );
  expect(race.events.at(-1)).toBe("over");
  inOrder(race.events);
  const states = race.children.map(({ state }) => state);
  expect(states).toEqual(states.map((_, i) => (i === before ? "failed" : "cancelled")));
}

async function fromOutside(before: number, after: number): Promise<void> {
  const race = new Race();
  let outer!: CancellableTaskGroup;
  const cancels: Last = async () => {
    race.events.push("cancels");
    outer.cancel("enough");
    await sleep(aDay).finally(() => race.events.push("gives up"));
  };
  const { cancelled, value } = await atOnce(() =>
    taskGroup(
      async (handle) => {
        outer = handle;
        await taskGroup((group) => race.fork(group, before, after, cancels)).finally(() =>
          race.events.push("over"),
        );
      },
      { cancellable: true },
    ),
  );

  expect({ cancelled, value }).toEqual({ cancelled: true, value: undefined });
  expect(race.events.slice(0, before + 1)).toEqual([...span(0, before, "starts"), "cancels"]);
  // Those after it have not taken their first step, and never will.
  expect(race.events.slice(before + 1, -1).toSorted()).toEqual(
    [...span(0, before, "stops"), "gives up"].toSorted(),
  );
  expect(race.events.at(-1)).toBe("over");
  inOrder(race.events);
  const reasons = race.children.map((child) => {
    expect(child.state).toBe("cancelled");
    return reasonOf(child);
  });
  expect(new Set(reasons).size).toBe(1); // one object a cancellation
  expect(reasons[0]).toMatchObject({ source: "explicit", by: String(before), cause: "enough" });
}

function reasonOf(child: Task<unknown>): CancelledError {
  try {
    child.result();
  } catch (error) {
    if (error instanceof CancelledError) return error;
  }
  return expect.unreachable(`${child.name} has no reason`);
}

describe("the grid of races", { timeout: 30_000 }, () => {
  let played = 0;

  async function row(before: number, race: typeof byFailure): Promise<number> {
    let faultless = 0;
    for (const after of sizes) {
      await race(before, after).catch((error: Error) => {
        error.message = `${after} after it: ${error.message}`;
        throw error;
      });
      faultless++;
    }
    played += faultless;
    return faultless;
  }

  test.each(sizes)(
    "3.6, 4.1, 4.7: %i children before the one that fails, 0 to 15 after it",
    async (before) => {
      expect(await row(before, byFailure)).toBe(16);
    },
  );

  test.each(sizes)(
    "3.2, 3.3, 3.6: %i children before the one that cancels from outside, 0 to 15 after it",
    async (before) => {
      expect(await row(before, fromOutside)).toBe(16);
    },
  );

  test("there were 512 of them", () => expect(played).toBe(512));
});
