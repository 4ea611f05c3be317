import { type Operation, run, sleep, spawn, suspend, until } from "effection";
import type { Sleepers, Subject, Task } from "../subject.ts";

/** An async function as an operation. */
function* operation(task: Task): Operation<void> {
  yield* until(task());
}

function* sleeper(ms: number, asleep: () => void): Operation<void> {
  asleep();
  yield* sleep(ms);
}

function halting(main: () => Operation<void>): Sleepers {
  const task = run(main);
  task.catch(() => {}); // it rejects when it is halted
  return { cancel: () => Promise.resolve(task.halt()) };
}

/** Each level spawns the next and waits for it. */
function* chain(levels: number, asleep: () => void): Operation<void> {
  if (levels === 0) yield* sleeper(60_000, asleep);
  else yield* yield* spawn(() => chain(levels - 1, asleep));
}

function joinAll(operations: readonly (() => Operation<void>)[]): Promise<void> {
  return run(function* () {
    const spawned = [];
    for (const each of operations) spawned.push(yield* spawn(each));
    for (const task of spawned) yield* task;
  });
}

export const subject: Subject = {
  join: (tasks) => joinAll(tasks.map((task) => () => operation(task))),
  sleepers: (count, ms, asleep) =>
    halting(function* () {
      for (let i = 0; i < count; i++) void (yield* spawn(() => sleeper(ms, asleep)));
      yield* suspend();
    }),
  nested: (levels, asleep) => halting(() => chain(levels, asleep)),
};
