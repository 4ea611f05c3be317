/** `all` and its kind, over items of every kind; gather, which lets the rest run on, has a page of its own. */

import { all, allSettled, any, type Items, race, sleep, taskGroup, wait } from "joinery";
import type { Scenario, Stage } from "../stage.ts";

type Call = (items: Items, stage: Stage) => Promise<unknown>;

/** Settled results: the errors in them are dealt with. */
const settled: Call = async (items, stage) => {
  const results: PromiseSettledResult<unknown>[] = Object.values(await allSettled(items));
  for (const result of results) if (result.status === "rejected") stage.handle(result.reason);
  return results.map(({ status }) => status);
};

/** The first success: failures before it are what `any` is there for. */
const firstSuccess: Call = async (items, stage) => {
  const value = await any(items);
  for (const error of stage.raised) stage.handle(error);
  return value;
};

const calls: Record<string, Call> = {
  all: (items) => all(items),
  allSettled: settled,
  race: (items) => race(items),
  any: firstSuccess,
};

type Works = Record<string, () => Promise<string>>;
type Shape = (works: Works, stage: Stage, call: Call) => Promise<unknown>;

const shapes: Record<string, Shape> = {
  "an array of functions": (works, stage, call) => call(Object.values(works), stage),
  "a record": (works, stage, call) => call(works, stage),
  "tasks of the group around": (works, stage, call) =>
    taskGroup(async (group) => {
      const tasks = Object.values(works).map((work) => group.createTask(work));
      try {
        return await call(tasks, stage);
      } finally {
        await wait(tasks); // what it has not stopped it must not leave alone
      }
    }),
  "a task, a function and a promise": (works, stage, call) =>
    taskGroup((group) => {
      const [first, ...others] = Object.values(works);
      const task = group.createTask(first as () => Promise<string>);
      return call([task, ...others, stage.promise(4, "foreign")], stage);
    }),
};

const teams: Record<string, (stage: Stage) => Works> = {
  "all well": (stage) => ({
    a: stage.work("a", 6, "tidies up"),
    b: stage.work("b", 3),
    c: stage.work("c", 5, "tidies up abroad"),
  }),
  "one that fails first": (stage) => ({
    a: stage.work("a", 6, "tidies up"),
    b: stage.failure("b", 3),
    c: stage.work("c", 5, "swallows"),
  }),
};

export const combinators: Record<string, Scenario> = Object.fromEntries(
  Object.entries(calls).flatMap(([callName, call]) =>
    Object.entries(shapes).flatMap(([shapeName, shape]) =>
      Object.entries(teams).map(([teamName, team]): [string, Scenario] => [
        `${callName} over ${shapeName}: ${teamName}`,
        async (stage) => {
          const value = await shape(team(stage), stage, call);
          await sleep(1);
          return value;
        },
      ]),
    ),
  ),
);

export const severalMore: Record<string, Scenario> = {
  "all: over an iterable, one at a time": (stage) =>
    all(new Set([stage.work("a", 3, "tidies up"), stage.work("b", 2), stage.work("c", 2)]), {
      concurrency: 1,
    }),
  "all: in an all": (stage) =>
    all({
      pair: () => all([stage.work("a", 3, "tidies up"), stage.work("b", 5)]),
      single: stage.failure("c", 4),
    }),
  "race: a loser that fails as it is stopped": (stage) =>
    race([
      stage.work("winner", 3),
      async () => {
        await sleep(9).catch(() => {
          throw stage.unownedError("loser");
        });
      },
    ]),
  "any: a loser that fails as it is stopped": (stage) =>
    any([
      stage.work("winner", 3),
      async () => {
        await sleep(9).catch(() => {
          throw stage.unownedError("loser");
        });
      },
    ]),
  "any: all fail": (stage) => any([stage.failure("a", 3), stage.failure("b", 5)]),
  "race: two end in one turn": (stage) => race([stage.work("a", 3), stage.work("b", 3)]),
  "race: in a race": (stage) =>
    race([
      () => race([stage.work("a", 9, "tidies up"), stage.work("b", 4, "tidies up")]),
      stage.work("c", 5, "tidies up abroad"),
    ]),
};
