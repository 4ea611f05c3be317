/** Deadlines: in time and too late, moved, inherited. */

import { moveOnAfter, sleep, taskGroup, timeLeft, timeout, timeoutAt, waitFor } from "joinery";
import type { Ending, Scenario, Stage } from "../stage.ts";

type Work = () => Promise<unknown>;

const bounds: Record<string, (stage: Stage, ms: number, work: Work) => Promise<unknown>> = {
  timeout: (_, ms, work) => timeout(ms, work),
  moveOnAfter: async (stage, ms, work) => {
    const { expired, value } = await moveOnAfter(ms, work);
    stage.say(`expired: ${expired}, ${String(value)}`);
  },
  "waitFor a function": (_, ms, work) => waitFor(work, ms),
  "waitFor a task": (_, ms, work) => taskGroup((group) => waitFor(group.createTask(work), ms)),
};

const works: [name: string, ms: number, ending: Ending][] = [
  ["work in time", 3, "tidies up"],
  ["work too late", 30, "tidies up"],
  ["work too late that fails when stopped", 30, "fails when stopped"],
  ["work too late that swallows", 30, "swallows"],
  ["work just in time", 7, "returns"],
  ["work that fails", 4, "fails"],
];

const bounded: Record<string, Scenario> = Object.fromEntries(
  Object.entries(bounds).flatMap(([name, bound]) =>
    works.map(([what, ms, ending]): [string, Scenario] => [
      `${name}: ${what}`,
      async (stage) => {
        await bound(stage, 7, stage.work("work", ms, ending));
        await sleep(1);
      },
    ]),
  ),
);

const moved: Record<string, Scenario> = {
  "reschedule: further, when most of the time is over": (stage) =>
    timeout(5, async (scope) => {
      await sleep(4);
      scope.reschedule(scope.when() + 5);
      await stage.work("work", 4)();
    }),
  "reschedule: nearer": (stage) =>
    timeout(50, async (scope) => {
      await sleep(2);
      scope.reschedule(stage.clock.now() + 1);
      await stage.work("work", 10, "tidies up")();
    }),
  "reschedule: to a time that is over": (stage) =>
    moveOnAfter(50, async (scope) => {
      scope.reschedule(stage.clock.now() - 1);
      await stage.work("work", 10, "tidies up")();
    }),
  "reschedule: taken away by a child": (stage) =>
    timeout(5, (scope) =>
      taskGroup((group) => {
        group.createTask(() => sleep(4).then(() => scope.reschedule(Infinity)));
        group.createTask(stage.work("work", 9));
      }),
    ),
};

function nested(outer: number, inner: number): Scenario {
  return async (stage) => {
    await moveOnAfter(outer, async () => {
      await moveOnAfter(inner, stage.work("work", 30, "tidies up"));
      stage.say(`${timeLeft()} left`);
      await sleep(3);
    });
    stage.say(`${timeLeft()} left`);
  };
}

export const timeouts: Record<string, Scenario> = {
  ...bounded,
  ...moved,
  "deadlines: the inner one first": nested(10, 4),
  "deadlines: the outer one first": nested(4, 10),
  "deadlines: both at once": nested(6, 6),
  "deadlines: no time at all": nested(0, -1),
  "deadlines: a time of day": (stage) =>
    timeoutAt(stage.clock.now() + 5, stage.work("work", 9, "tidies up")),
  "deadlines: for each child of a group": (stage) =>
    taskGroup((group) => {
      for (const ms of [2, 4, 6])
        group.createTask(() => moveOnAfter(ms, stage.work(`w${ms}`, 5, "tidies up")));
    }),
};
