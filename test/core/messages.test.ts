/** What errors and warnings say: the texts that a program has nothing else to go by. */

import { describe, expect, test } from "vitest";
import {
  abandonable,
  all,
  any,
  asCompleted,
  CancelledError,
  createTask,
  formatException,
  gather,
  intercept,
  moveOnAfter,
  type Parked,
  race,
  run,
  shield,
  sleep,
  suspend,
  type Task,
  taskGroup,
  type TaskGroup,
  timeout,
  timeoutAt,
  type TimeoutScope,
  wait,
  waitFor,
} from "joinery";
import { takeWarnings } from "../support/no-leaks.ts";
import { inPassingTime } from "../support/virtual-clock.ts";

// The calls of the table are wrong, so that no argument has the type it should have.
// oxlint-disable-next-line typescript/no-explicit-any -- see above
const wrong = (value: unknown): any => value;

const reason = (error: unknown): unknown => error;
const late = () => sleep(1000);

/** What `attempt` in a group throws, without the group. */
function inGroup(attempt: (group: TaskGroup) => unknown): Promise<unknown> {
  return taskGroup(attempt).catch((error: AggregateError) => Promise.reject(error.errors[0]));
}

describe("2: a refusal names the argument", () => {
  const calls: [call: string, attempt: () => unknown, message: RegExp][] = [
    ["timeoutAt(NaN)", () => timeoutAt(NaN, late), /^Expected `when` .*, got NaN\.$/],
    ["moveOnAfter(NaN)", () => moveOnAfter(NaN, late), /^Expected `ms` .*, got NaN\.$/],
    [
      "reschedule(NaN)",
      () => timeout(1, (scope: TimeoutScope) => scope.reschedule(NaN)),
      /^Expected `when` .*, got NaN\.$/,
    ],
    [
      "shield() without a bound",
      () => shield(late, wrong({})),
      /^Expected `within` .*milliseconds .*Infinity.*, got undefined\.$/,
    ],
    ["waitFor(NaN)", () => waitFor(late, NaN), /^Expected `ms` .*, got NaN\.$/],
    ["run(5)", () => run(wrong(5)), /^Expected `main` to be a function, got 5\.$/],
    ["run with a grace", () => run(late, { grace: NaN }), /^Expected `grace` .*, got NaN\.$/],
    [
      "run with a clock",
      () => run(late, { clock: wrong({ now: Date.now }) }),
      /^Expected `clock` .*now\(\), setTimeout\(\) and clearTimeout\(\), got an Object\.$/,
    ],
    [
      "a group with a grace",
      () => taskGroup(late, { grace: NaN }),
      /^Expected `grace` .*, got NaN\.$/,
    ],
    ["taskGroup(5)", () => taskGroup(wrong(5)), /^Expected `body` to be a function, got 5\.$/],
    [
      "group.start(5)",
      () => inGroup((group) => group.start(wrong(5))),
      /^Expected `fn` to be a function, got 5\.$/,
    ],
    [
      "group.defer(5)",
      () => inGroup((group) => group.defer(wrong(5))),
      /^Expected `cleanup` to be a function, got 5\.$/,
    ],
    ["all(5)", () => all(wrong(5)), /^Expected `items` .*iterable.*record.*, got 5\.$/],
    ["all([5])", () => all([wrong(5)]), /^Expected `item 0` .*function.*task.*promise, got 5\.$/],
    ["all({ a: 5 })", () => all({ a: wrong(5) }), /^Expected `item a` .*, got 5\.$/],
    ["waitFor(5)", () => waitFor(wrong(5), 1), /^Expected `item of waitFor\(\)` .*, got 5\.$/],
    [
      "race([])",
      () => race([]),
      /^Expected `items` .*one item for race\(\), got an empty array\.$/,
    ],
    ["any([])", () => any([]), /^Expected `items` .*one item for any\(\), got an empty array\.$/],
    [
      "wait([])",
      () => wait([]),
      /^Expected `items` .*one item for wait\(\), got an empty array\.$/,
    ],
    ["wait(5)", () => wait(wrong(5)), /^Expected `tasks` to be an iterable of tasks, got 5\.$/],
    [
      "asCompleted([5])",
      () => asCompleted([wrong(5)]),
      /^Expected `tasks` to be handles from createTask\(\), got 5\.$/,
    ],
    [
      "wait with a timeout",
      () => inGroup((group) => wait([group.createTask(() => {})], { timeout: NaN })),
      /^Expected `timeout` .*, got NaN\.$/,
    ],
    [
      "wait with a returnWhen",
      () => inGroup((group) => wait([group.createTask(() => {})], { returnWhen: wrong("FIRST") })),
      /^Expected `returnWhen` to be "ALL_COMPLETED" or "FIRST_COMPLETED" or "FIRST_EXCEPTION", got "FIRST"\.$/,
    ],
    [
      "abandonable(5)",
      () => abandonable(wrong(5), { label: "x" }),
      /^Expected `promise` to be a promise, got 5\.$/,
    ],
    [
      "abandonable() without a label",
      () => abandonable(Promise.resolve(), wrong({})),
      /^Expected `label` to be a string, got undefined\.$/,
    ],
    ["a name", () => sleep(1, wrong({ name: 5 })), /^Expected `name` to be a string, got 5\.$/],
    [
      "run with a scheduler",
      () => run(late, { scheduler: wrong({}) }),
      /^Expected `scheduler` to be an object with ready\(\), got an Object\.$/,
    ],
    [
      "intercept(5)",
      () => intercept(wrong(5)),
      /^Expected `interceptor` to be a function, got 5\.$/,
    ],
    ["suspend(5)", () => suspend(wrong(5)), /^Expected `park` to be a function, got 5\.$/],
  ];
  test.each(calls)("2: %s", async (_, attempt, message) => {
    await expect(Promise.resolve().then(attempt)).rejects.toThrow(message);
  });
});

describe("a TimeoutError says which block it was, and its time", () => {
  const blocks: [message: string, block: () => Promise<unknown>][] = [
    ["The timeout of 5 ms is over", () => timeout(5, late)],
    ['timeout "lookup" of 5 ms is over', () => timeout(5, late, { name: "lookup" })],
    ["There was no time left to start", () => waitFor(late, 0)],
    ["The shield of 5 ms is over", () => shield(late, { within: 5 })],
    ['shield "goodbye" of 5 ms is over', () => shield(late, { within: 5, name: "goodbye" })],
  ];
  test.each(blocks)("2: %s", async (message, block) => {
    expect(await inPassingTime(() => block().catch(reason))).toMatchObject({
      name: "TimeoutError",
      message,
    });
  });
});

test("3: a wait that was not awaited hears of the end of its block", async () => {
  let forgotten!: Promise<unknown>;
  await timeout(
    1000,
    () => {
      forgotten = sleep(10).catch(reason);
    },
    { name: "lookup" },
  );
  const error = await forgotten;
  expect(error).toBeInstanceOf(CancelledError);
  expect(error).toMatchObject({
    message: 'timeout "lookup" is over',
    source: "shutdown",
    scope: "lookup",
  });
});

function in500ms(parked: Parked<void>): void {
  void sleep(500).then(() => parked.resolve());
}

const slow = (): Task<void> => createTask(() => sleep(500), { name: "slow" });

describe("what waits in a shield is named by what it waits for", () => {
  const waits: [label: string, work: (group: TaskGroup, foreign: Promise<void>) => unknown][] = [
    ["sleep", () => sleep(500)],
    ["suspend", () => suspend(in500ms)],
    ["the ice cream", () => suspend(in500ms, { label: "the ice cream" })],
    ["the tables", (_, foreign) => abandonable(foreign, { label: "the tables" })],
    ["promise 0", (_, foreign) => all([foreign])],
    ["promise tables", (_, foreign) => all({ tables: foreign })],
    ["promise of waitFor()", (_, foreign) => waitFor(foreign, 1000)],
    ['task "slow"', () => slow()],
    ['task "slow"', () => all([slow()])],
    ["gather of 2", () => gather([slow(), slow()])],
    ["2 tasks", () => wait([slow(), slow()])],
    ["one of several tasks", () => asCompleted([slow()]).next()],
    [
      "a task to start",
      (group) => group.start<void>((task) => sleep(500).then(() => task.started())),
    ],
  ];
  test.each(waits)("3.5: waits for %s (%#)", async (label, work) => {
    await inPassingTime(
      () =>
        taskGroup(async (group) => {
          const foreign = new Promise<void>((resolve) => {
            createTask(() => sleep(500).then(resolve));
          });
          await moveOnAfter(1, () => shield(() => work(group, foreign), { within: Infinity }));
        }),
      { grace: 100 },
    );
    expect((await takeWarnings()).join("\n")).toContain(`waits for ${label}, shielded`);
  });
});

/** The path of an error that comes out of the task which `main` puts `fail` into. */
async function pathOf(main: (fail: () => Promise<never>) => Promise<unknown>): Promise<unknown> {
  const error = new Error("lost");
  await inPassingTime(() => main(() => Promise.reject(error)), { name: "main" }).catch(() => {});
  return /task: (.*)/.exec(formatException(error))?.[1];
}

describe("an error tells the way to the task that it came from", () => {
  test("5: tasks and what was given a name", async () => {
    const path = await pathOf((fail) =>
      taskGroup(
        (crew) =>
          void crew.createTask(
            () =>
              taskGroup((unnamed) => {
                unnamed.createTask(function work() {
                  return fail();
                });
              }),
            { name: "foreman" },
          ),
        { name: "crew" },
      ),
    );
    expect(path).toMatch(/^main › crew › foreman › work-\d+$/);
  });

  test("5: the last twelve of them", async () => {
    const nest = (depth: number, fail: () => Promise<never>): Promise<unknown> =>
      taskGroup((group) => {
        const inner = depth === 1 ? fail : () => nest(depth - 1, fail);
        group.createTask(inner, { name: `${depth}` });
      });
    expect(await pathOf((fail) => nest(11, fail))).toBe(
      "main › 11 › 10 › 9 › 8 › 7 › 6 › 5 › 4 › 3 › 2 › 1",
    );
    expect(await pathOf((fail) => nest(12, fail))).toBe(
      "… › 12 › 11 › 10 › 9 › 8 › 7 › 6 › 5 › 4 › 3 › 2 › 1",
    );
  });
});
