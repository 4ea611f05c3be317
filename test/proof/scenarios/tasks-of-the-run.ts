/** Tasks that belong to the `run` and not to the block: `createTask`, and what `gather` starts. They may go on after the block. */

import {
  asCompleted,
  createTask,
  gather,
  type Item,
  shield,
  sleep,
  taskGroup,
  wait,
  waitFor,
} from "joinery";
import type { Scenario, Stage } from "../stage.ts";

/** Work that fails, and whose error belongs to nobody if nobody awaits it. */
function unowned(stage: Stage, name: string, ms: number): () => Promise<never> {
  return async () => {
    stage.acquire(name);
    try {
      await sleep(ms);
      throw stage.unownedError(name);
    } finally {
      stage.release(name);
    }
  };
}

const created: Record<string, Scenario> = {
  "createTask: awaited": async (stage) => {
    const task = createTask(stage.work("a", 4, "tidies up"));
    return await task;
  },
  "createTask: left over for the run": async (stage) => {
    createTask(stage.work("a", 50, "tidies up"));
    await sleep(3);
  },
  "createTask: left over, and creates another one as it is stopped": async (stage) => {
    createTask(async () => {
      await sleep(50).finally(() => createTask(stage.work("late", 2)));
    });
    await sleep(3);
  },
  "createTask: fails, and is awaited": async (stage) => {
    const task = createTask(unowned(stage, "a", 4));
    await task;
  },
  "createTask: fails, and nobody awaits it": async (stage) => {
    createTask(unowned(stage, "a", 2));
    await sleep(4);
  },
  "createTask: cancelled and awaited": async (stage) => {
    const task = createTask(stage.work("a", 50, "tidies up"));
    await sleep(2);
    task.cancel("enough");
    await wait([task]);
    stage.say(task.state);
  },
  "createTask: one behind a shield": (stage) =>
    shield(async () => await createTask(stage.work("a", 4)), { within: 50 }),
  "createTask: waited for, for a time": async (stage) => {
    const task = createTask(stage.work("a", 9, "tidies up"));
    await waitFor(task, 3).catch((error: unknown) => stage.say(String(error)));
    await sleep(1);
  },
  "createTask: two children of a group await it": (stage) =>
    taskGroup((group) => {
      const task = createTask(stage.work("a", 4, "tidies up"));
      for (const name of ["b", "c"]) group.createTask(async () => stage.say(name + (await task)));
    }),
};

/** Deals with the errors among the outcomes of tasks. */
function handleAll(stage: Stage, outcomes: readonly unknown[]): void {
  for (const outcome of outcomes) if (outcome instanceof Error) stage.handle(outcome);
}

const teams: Record<string, (stage: Stage) => (() => Promise<string>)[]> = {
  "all well": (stage) => [stage.work("a", 5, "tidies up"), stage.work("b", 3)],
  "one fails first": (stage) => [unowned(stage, "a", 3), stage.work("b", 5, "tidies up")],
  "one fails last": (stage) => [stage.work("a", 3), unowned(stage, "b", 5)],
  "two fail": (stage) => [unowned(stage, "a", 3), unowned(stage, "b", 5)],
};

const gathers: Record<string, (stage: Stage, items: Item<string>[]) => Promise<unknown>> = {
  gather: (_, items) => gather(items),
  "gather with exceptions": async (stage, items) => {
    handleAll(stage, await gather(items, { returnExceptions: true }));
  },
  "gather of tasks": (_, items) =>
    gather(items.map((item) => createTask(item as () => Promise<string>))),
};

const gathered: Record<string, Scenario> = Object.fromEntries(
  Object.entries(gathers).flatMap(([name, call]) =>
    Object.entries(teams).map(([team, works]): [string, Scenario] => [
      `${name}: ${team}`,
      async (stage) => {
        await call(stage, works(stage));
        await sleep(1);
      },
    ]),
  ),
);

const observed: Record<string, Scenario> = {
  "wait for tasks of the run that fail": async (stage) => {
    const tasks = [createTask(unowned(stage, "a", 3)), createTask(unowned(stage, "b", 5))];
    const { done } = await wait(tasks);
    handleAll(
      stage,
      [...done].map((task) => task.exception()),
    );
  },
  "asCompleted over tasks of the run that fail": async (stage) => {
    const tasks = [createTask(unowned(stage, "a", 3)), createTask(unowned(stage, "b", 5))];
    for await (const task of asCompleted(tasks)) handleAll(stage, [task.exception()]);
  },
};

/** Nobody looks at those that are left: their errors are announced like those of any task that nobody awaits. */
const left: Record<string, Scenario> = {
  "wait for the first of tasks of the run, and leave the other one": async (stage) => {
    const tasks = [createTask(unowned(stage, "a", 3)), createTask(unowned(stage, "b", 5))];
    const { done } = await wait(tasks, { returnWhen: "FIRST_COMPLETED" });
    handleAll(
      stage,
      [...done].map((task) => task.exception()),
    );
    await sleep(4);
  },
  "asCompleted over tasks of the run, left with one to come": async (stage) => {
    const tasks = [createTask(unowned(stage, "a", 3)), createTask(unowned(stage, "b", 5))];
    for await (const task of asCompleted(tasks)) {
      handleAll(stage, [task.exception()]);
      break;
    }
    await sleep(4);
  },
  "asCompleted over tasks of the run, left with one that was over": async (stage) => {
    const tasks = [createTask(unowned(stage, "a", 3)), createTask(unowned(stage, "b", 3))];
    for await (const task of asCompleted(tasks)) {
      handleAll(stage, [task.exception()]);
      await sleep(1);
      break;
    }
  },
};

export const tasksOfTheRun: Record<string, Scenario> = {
  ...created,
  ...gathered,
  ...observed,
  ...left,
};
