import { describe, expect, test } from "vitest";
import {
  all,
  busyTasks,
  createTask,
  sleep,
  statistics,
  type Statistics,
  subscribe,
  suspend,
  taskGroup,
  type TaskGroup,
  timeout,
} from "joinery";

// Every call here is wrong, so that no argument has the type it should have.
// oxlint-disable typescript/no-explicit-any -- see above
type Wrong = any;

const never = (): void => expect.unreachable("nothing may start");
const x = (value: unknown): Wrong => value as Wrong;

interface Refused {
  error?: unknown;
  before: Statistics;
  after?: Statistics;
}

/** What becomes of a call inside an open group, and what there is before and after it. */
function inGroup(attempt: (group: TaskGroup) => unknown): Promise<Refused> {
  return taskGroup(async (group) => {
    const before = statistics();
    try {
      await attempt(group);
      return { before };
    } catch (error) {
      return { error, before, after: statistics() };
    }
  });
}

describe("2: a refusal names the argument, what is expected of it, and what came", () => {
  const calls: [call: string, attempt: () => unknown, message: RegExp][] = [
    [
      "createTask(promise)",
      () => createTask(x(all([]))),
      /^Expected `fn` .*\(\) => work\(\).*, got a promise\.$/,
    ],
    [
      "addDoneCallback(5)",
      () => createTask(() => {}).addDoneCallback(x(5)),
      /^Expected `callback` to be a function, got 5\.$/,
    ],
    ["subscribe(5)", () => subscribe(x(5)), /^Expected `listener` to be a function, got 5\.$/],
    [
      "concurrency",
      () => taskGroup(never, { concurrency: x(0.5) }),
      /^Expected `concurrency` .*whole number.*Infinity.*limiter.*, got 0\.5\.$/,
    ],
    [
      "a signal as options",
      () => sleep(1, x(AbortSignal.abort())),
      /^Expected `options` .*\{ signal \}, got an AbortSignal\.$/,
    ],
    [
      "signal",
      () => sleep(1, { signal: x("no") }),
      /^Expected `signal` .*AbortSignal, got "no"\.$/,
    ],
    [
      "onError",
      () => taskGroup(never, { onError: x("stop") }),
      /^Expected `onError` to be "cancel" or "collect", got "stop"\.$/,
    ],
    [
      "types",
      () => subscribe(never, { types: x(["begun"]) }),
      /^Expected `types` to be .*"opened".*, got "begun"\.$/,
    ],
    ["interval", () => subscribe(never, { interval: x("1s") }), /^Expected `interval` .*"1s"\.$/],
    [
      "timeout(NaN)",
      () => timeout(NaN, never),
      /^Expected `ms` to be a number of milliseconds .*, got NaN\.$/,
    ],
    ["timeout(1, 5)", () => timeout(1, x(5)), /^Expected `body` to be a function.*, got 5\.$/],
    [
      "busyTasks(5)",
      () => busyTasks(x(5)),
      /^Expected `task` to be a handle from createTask\(\), got 5\.$/,
    ],
    [
      "resource",
      () => suspend(never, { resource: x(5) }),
      /^Expected `resource` to be an object like \{ kind, name \}, got 5\.$/,
    ],
  ];
  test.each(calls)("2: %s", async (_, attempt, message) => {
    await expect(Promise.resolve().then(attempt)).rejects.toThrow(message);
  });
});

describe("the methods of a group", () => {
  const rows: [string, (group: TaskGroup) => unknown, string][] = [
    ["createTask(5)", (group) => group.createTask(x(5)), "JOINERY_EXPECTED_FUNCTION"],
    [
      "createTask(promise)",
      (group) => group.createTask(x(Promise.resolve())),
      "JOINERY_STARTED_PROMISE",
    ],
    [
      "createTask signal",
      (group) => group.createTask(never, { signal: x({}) }),
      "JOINERY_INVALID_ARGUMENT",
    ],
    ["start(5)", (group) => group.start(x(5)), "JOINERY_EXPECTED_FUNCTION"],
    ["start(promise)", (group) => group.start(x(Promise.resolve())), "JOINERY_STARTED_PROMISE"],
    ["start signal", (group) => group.start(never, { signal: x({}) }), "JOINERY_INVALID_ARGUMENT"],
    ["defer(5)", (group) => group.defer(x(5)), "JOINERY_EXPECTED_FUNCTION"],
    ["defer(promise)", (group) => group.defer(x(Promise.resolve())), "JOINERY_STARTED_PROMISE"],
  ];
  test.each(rows)("2: group.%s", async (_, attempt, code) => {
    const { error, before, after } = await inGroup(attempt);
    expect(error).toBeInstanceOf(TypeError);
    const message = /^Expected `(fn|signal|cleanup)` to be /;
    expect(error).toMatchObject({ code, message: expect.stringMatching(message) });
    expect(after).toEqual(before);
  });

  test("2: reschedule(NaN)", async () => {
    await timeout(1000, (scope) => {
      const refused = expect.objectContaining({ name: "TypeError", code: "JOINERY_INVALID_TIME" });
      expect(() => scope.reschedule(NaN)).toThrow(refused);
      expect(() => scope.reschedule(x("5"))).toThrow(refused);
    });
  });
});

test("2: values are named in the message, short and without side effects", async () => {
  const values: [unknown, string][] = [
    ["text", '"text"'],
    ["x".repeat(60), `"${"x".repeat(40)}…"`],
    ["x".repeat(40), `"${"x".repeat(40)}"`],
    [Symbol("s"), "Symbol(s)"],
    [5n, "5"],
    [null, "null"],
    [undefined, "undefined"],
    [[], "an empty array"],
    [[1], "an Array"],
    [{}, "an Object"],
    [new Map(), "a Map"],
    [Object.create(null), "an object without a prototype"],
    [{ constructor: undefined }, "an object"],
    [Promise.resolve(), "a promise"],
    [() => {}, "a function"],
    [parseInt, "the function parseInt"],
    [new AbortController(), "an AbortController"],
  ];
  for (const [value, text] of values) {
    const error = (await sleep(x(value)).catch((reason: unknown) => reason)) as Error;
    expect(error.message).toMatch(/^Expected `ms` to be a number of milliseconds/);
    expect(error.message).toContain(`, got ${text}.`);
  }
  const nameless = Object.defineProperty(() => {}, "name", { value: "" });
  const error = (await sleep(x({ constructor: nameless })).catch(
    (reason: unknown) => reason,
  )) as Error;
  expect(error.message).toMatch(/, got an? \w+/);
});
