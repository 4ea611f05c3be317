/** Three ways to have fibers: each is the cheapest at something. */

import { Effect, Fiber, FiberSet } from "effect";
import { copies, type Sleepers, type Subject, type Task } from "../subject.ts";

type Work = Effect.Effect<void>;

/** An async function as an effect. */
const effectOf = (task: Task): Work => Effect.promise(task);

const sleeper = (ms: number, asleep: () => void): Work =>
  Effect.andThen(Effect.sync(asleep), Effect.sleep(ms));

/** Blocked without an async function around it. */
const waiter = (gate: Promise<void>, arrive: () => void): Work =>
  Effect.andThen(
    Effect.sync(arrive),
    Effect.promise(() => gate),
  );

/** Runs `effect` until it is interrupted. */
function interruptible(effect: Work): Sleepers {
  const fiber = Effect.runFork(effect);
  return { cancel: () => Effect.runPromise(Fiber.interrupt(fiber)) };
}

/** Each level forks the next and waits for it. */
const chain = (levels: number, asleep: () => void): Work =>
  levels === 0
    ? sleeper(60_000, asleep)
    : Effect.flatMap(Effect.forkChild(Effect.suspend(() => chain(levels - 1, asleep))), Fiber.join);

/** Runs what `work` makes of each item, all at once. */
type Together = <T>(items: readonly T[], work: (item: T) => Work) => Work;

/** The operations that are the same for all three ways. */
function subjectOf(together: Together): Subject {
  const fill = (count: number, work: Work): Work => together(copies(count, work), (each) => each);
  return {
    join: (tasks) => Effect.runPromise(together(tasks, effectOf)),
    blocked: (count, gate, arrive) => Effect.runPromise(fill(count, waiter(gate, arrive))),
    sleepers: (count, ms, asleep) => interruptible(fill(count, sleeper(ms, asleep))),
    under: (signal, count, asleep) =>
      Effect.runPromiseExit(fill(count, sleeper(60_000, asleep)), { signal }),
  };
}

export const forEach: Subject = {
  ...subjectOf((items, work) =>
    Effect.forEach(items, work, { concurrency: "unbounded", discard: true }),
  ),
  joinLimited: (tasks, concurrency) =>
    Effect.runPromise(Effect.forEach(tasks, effectOf, { concurrency, discard: true })),
  nested: (levels, asleep) => interruptible(chain(levels, asleep)),
};

/** A set that fibers are added to, and which ends them with its scope. */
export const fiberSet: Subject = subjectOf((items, work) =>
  Effect.scoped(
    Effect.gen(function* () {
      const set = yield* FiberSet.make<void>();
      for (const item of items) yield* FiberSet.run(set, work(item));
      yield* FiberSet.awaitEmpty(set);
    }),
  ),
);

/** Fibers that end with the one that forked them. */
export const forkChild: Subject = subjectOf((items, work) =>
  Effect.gen(function* () {
    const fibers = [];
    for (const item of items) fibers.push(yield* Effect.forkChild(work(item)));
    yield* Fiber.awaitAll(fibers);
  }),
);
