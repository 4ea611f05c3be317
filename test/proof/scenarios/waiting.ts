/** Tasks that are waited for without being owned: `wait` in its three modes, and `asCompleted`. */

import {
  asCompleted,
  type Task,
  type TaskGroup,
  sleep,
  taskGroup,
  wait,
  type WaitTasksOptions,
} from "joinery";
import type { Scenario, Stage } from "../stage.ts";

type Tasks = (group: TaskGroup, stage: Stage) => Task<string>[];

const teams: Record<string, Tasks> = {
  "all well": (group, stage) =>
    [4, 2, 6].map((ms) => group.createTask(stage.work(`w${ms}`, ms, "tidies up"))),
  "one fails": (group, stage) => [
    group.createTask(stage.work("a", 2)),
    group.createTask(stage.failure("b", 4)),
    group.createTask(stage.work("c", 9, "tidies up abroad")),
  ],
};

type Waiting = (tasks: Task<string>[], stage: Stage) => Promise<unknown>;

function waitUntil(options: WaitTasksOptions): Waiting {
  return async (tasks, stage) => {
    const { done, pending } = await wait(tasks, options);
    stage.say(`${done.size} done, ${pending.size} pending`);
    for (const task of pending) task.cancel("not needed");
  };
}

const waitings: Record<string, Waiting> = {
  "wait for all": waitUntil({}),
  "wait for the first": waitUntil({ returnWhen: "FIRST_COMPLETED" }),
  "wait for the first failure": waitUntil({ returnWhen: "FIRST_EXCEPTION" }),
  "wait for all, for a time": waitUntil({ timeout: 3 }),
  "asCompleted, to the end": async (tasks, stage) => {
    for await (const task of asCompleted(tasks)) stage.say(task.state);
  },
  "asCompleted, left early": async (tasks, stage) => {
    for await (const task of asCompleted(tasks)) {
      stage.say(task.state);
      break;
    }
    await sleep(1);
  },
  "asCompleted, two steps at once": async (tasks, stage) => {
    const steps = asCompleted(tasks);
    const both = await Promise.allSettled([steps.next(), steps.next()]);
    stage.say(both.map(({ status }) => status).join());
    await steps.return?.();
    await sleep(1);
  },
  "asCompleted, slower than the tasks": async (tasks, stage) => {
    for await (const task of asCompleted(tasks)) {
      stage.say(task.state);
      await sleep(3);
    }
  },
};

export const waits: Record<string, Scenario> = Object.fromEntries(
  Object.entries(waitings).flatMap(([waitingName, waiting]) =>
    Object.entries(teams).map(([teamName, team]): [string, Scenario] => [
      `${waitingName}: ${teamName}`,
      (stage) => taskGroup((group) => waiting(team(group, stage), stage)),
    ]),
  ),
);
