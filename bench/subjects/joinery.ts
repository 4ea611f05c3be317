import { all as joinAll, sleep, taskGroup as openGroup } from "joinery";
import { copies, type Sleepers, type Subject, type Task } from "../subject.ts";

/** A task that calls `asleep` and then sleeps. */
function sleeper(ms: number, asleep: () => void): Task {
  return async () => {
    asleep();
    await sleep(ms);
  };
}

/** Runs `fill` in a group that lasts until it is cancelled. */
function cancellable(fill: (create: (task: Task) => void) => void): Sleepers {
  let stop: () => void;
  const over = openGroup(
    (group) => {
      stop = () => group.cancel();
      fill((task) => void group.createTask(task));
    },
    { cancellable: true },
  );
  return {
    cancel() {
      stop();
      return over;
    },
  };
}

/** A chain of groups, each in a child of the one above. */
function chain(levels: number, innermost: Task): Promise<void> {
  return openGroup((group) => {
    group.createTask(() => (levels > 1 ? chain(levels - 1, innermost) : innermost()));
  });
}

export const taskGroup: Subject = {
  join: (tasks) =>
    openGroup((group) => {
      for (const task of tasks) group.createTask(task);
    }),

  joinLimited: (tasks, concurrency) =>
    openGroup(
      (group) => {
        for (const task of tasks) group.createTask(task);
      },
      { concurrency },
    ),

  sleepers: (count, ms, asleep) =>
    cancellable((create) => {
      for (const task of copies(count, sleeper(ms, asleep))) create(task);
    }),

  nested: (levels, asleep) =>
    cancellable((create) => create(() => chain(levels - 1, sleeper(Infinity, asleep)))),

  under: (signal, count, asleep) =>
    openGroup(
      (group) => {
        for (const task of copies(count, sleeper(60_000, asleep))) group.createTask(task);
      },
      { signal },
    ),
};

export const all: Subject = {
  join: (tasks) => joinAll(tasks),
  joinLimited: (tasks, concurrency) => joinAll(tasks, { concurrency }),
};
