import { statistics } from "joinery";
import {
  Barrier,
  BoundedSemaphore,
  CapacityLimiter,
  Channel,
  Condition,
  Event,
  LifoQueue,
  Lock,
  PriorityQueue,
  Queue,
  Semaphore,
} from "joinery/sync";
import { describe, expect, test } from "vitest";

// Every call here is wrong, so that no argument has the type it should have.
// oxlint-disable typescript/no-explicit-any -- see above
type Wrong = any;
type Row = [call: string, attempt: () => unknown, code: string, kind?: string];

const x = (value: unknown): Wrong => value as Wrong;
const argument = "JOINERY_INVALID_ARGUMENT";
const notAFunction = "JOINERY_EXPECTED_FUNCTION";
const { sender, receiver } = new Channel<number>(1);

const constructors: [string, new (...args: Wrong[]) => unknown, unknown[]][] = [
  ["Lock", Lock, []],
  ["Semaphore", Semaphore, [1]],
  ["BoundedSemaphore", BoundedSemaphore, [1]],
  ["CapacityLimiter", CapacityLimiter, [1]],
  ["Event", Event, []],
  ["Condition", Condition, []],
  ["Barrier", Barrier, [1]],
  ["Queue", Queue, []],
  ["LifoQueue", LifoQueue, []],
  ["PriorityQueue", PriorityQueue, []],
  ["Channel", Channel, [1]],
];

const options: [string, Wrong][] = [
  ["null", null],
  ["5", 5],
  ["text", "text"],
  ["a signal", new AbortController().signal],
];

const counts: [string, number, (value: Wrong) => unknown][] = [
  ["new Semaphore", 0, (value) => new Semaphore(value)],
  ["new BoundedSemaphore", 0, (value) => new BoundedSemaphore(value)],
  ["new CapacityLimiter", 0, (value) => new CapacityLimiter(value)],
  ["limiter.total =", 0, (value) => (new CapacityLimiter(1).total = value)],
  ["new Barrier", 1, (value) => new Barrier(value)],
  ["new Queue maxSize", 1, (value) => new Queue({ maxSize: value })],
  ["new Channel", 0, (value) => new Channel(value)],
  ["condition.notify", 0, (value) => new Condition().notify(value)],
];

const throwing: Row[] = [
  ...constructors.flatMap(([name, Class, args]): Row[] => [
    ...options.map(([title, bad]): Row => [
      `new ${name}(${title})`,
      () => new Class(...args, bad),
      argument,
    ]),
    [`new ${name} name`, () => new Class(...args, { name: 5 }), argument],
  ]),
  ...counts.flatMap(([call, least, attempt]): Row[] => [
    ...["1", null, {}, 1n].map((bad): Row => [
      `${call} ${typeof bad}`,
      () => attempt(bad),
      "JOINERY_INVALID_COUNT",
    ]),
    ...[least - 1, 1.5, NaN, -Infinity].map((bad): Row => [
      `${call} ${bad}`,
      () => attempt(bad),
      "JOINERY_INVALID_COUNT",
      "RangeError",
    ]),
  ]),
  ["new Condition lock", () => new Condition({ lock: x({}) }), argument],
  ["new PriorityQueue compare", () => new PriorityQueue({ compare: x("a") }), notAFunction],
  ["new Channel onUndelivered", () => new Channel(1, { onUndelivered: x(1) }), notAFunction],
  ["queue.shutdown", () => new Queue().shutdown(x({ immediate: true })), argument],
  ["limiter.wrap", () => new CapacityLimiter(1).wrap(x(5)), notAFunction],
  [
    "limiter.tryAcquire borrower",
    () => new CapacityLimiter(1).tryAcquire({ borrower: x("me") }),
    argument,
  ],
  ["lock.tryAcquire(null)", () => new Lock().tryAcquire(x(null)), argument],
  ["lock.release(null)", () => new Lock().release(x(null)), argument],
  ["condition.notify signal", () => new Condition().notify(1, { signal: x(5) }), argument],
];

const waits: [string, (bad: Wrong) => Promise<unknown>][] = [
  ["lock.acquire", (bad) => new Lock().acquire(bad)],
  ["lock.with", (bad) => new Lock().with(() => {}, bad)],
  ["semaphore.acquire", (bad) => new Semaphore(1).acquire(bad)],
  ["limiter.acquire", (bad) => new CapacityLimiter(1).acquire(bad)],
  ["event.wait", (bad) => new Event().wait(bad)],
  ["condition.acquire", (bad) => new Condition().acquire(bad)],
  ["condition.wait", (bad) => new Condition().wait(bad)],
  ["condition.waitFor", (bad) => new Condition().waitFor(() => false, bad)],
  ["barrier.wait", (bad) => new Barrier(1).wait(bad)],
  ["queue.put", (bad) => new Queue().put(1, bad)],
  ["queue.get", (bad) => new Queue().get(bad)],
  ["queue.join", (bad) => new Queue().join(bad)],
  ["queue.values", (bad) => new Queue().values(bad).next()],
  ["sender.send", (bad) => sender.send(1, bad)],
  ["receiver.receive", (bad) => receiver.receive(bad)],
];

const rejecting: Row[] = [
  ...waits.flatMap(([name, call]): Row[] => [
    ...options.map(([title, bad]): Row => [`${name}(${title})`, () => call(bad), argument]),
    [`${name} signal`, () => call({ signal: 5 }), argument],
  ]),
  ["lock.with(5)", () => new Lock().with(x(5)), notAFunction],
  ["limiter.with(5)", () => new CapacityLimiter(1).with(x(5)), notAFunction],
  ["condition.waitFor(5)", () => new Condition().waitFor(x(5)), notAFunction],
  [
    "limiter.acquire borrower",
    () => new CapacityLimiter(1).acquire({ borrower: x(null) }),
    argument,
  ],
  ["lock.with(promise)", () => new Lock().with(x(Promise.resolve())), "JOINERY_STARTED_PROMISE"],
];

const nothing = { tasks: 0, scopes: 0, timers: 0, listeners: 0, ghosts: 0 };

function refusal(error: unknown): unknown {
  const { name, code, message } = error as Error & { code: unknown };
  return { name, code, expected: /^Expected `[^`]+` to be [^,]/.test(message), left: statistics() };
}

function wanted(code: string, name = "TypeError"): unknown {
  return { name, code, expected: true, left: nothing };
}

describe("what returns a promise rejects", () => {
  test.each(rejecting)("%s", async (_, attempt, code, kind) => {
    const error = await (attempt() as Promise<unknown>).then(
      () => ({ message: "it was accepted" }),
      (reason: unknown) => reason,
    );
    expect(refusal(error)).toEqual(wanted(code, kind));
  });
});

describe("what returns something else throws", () => {
  test.each(throwing)("%s", (_, attempt, code, kind) => {
    let error: unknown = { message: "it was accepted" };
    try {
      attempt();
    } catch (thrown) {
      error = thrown;
    }
    expect(refusal(error)).toEqual(wanted(code, kind));
  });
});

test("what was refused changed nothing", async () => {
  expect(receiver.tryReceive()).toBeUndefined();
  const limiter = new CapacityLimiter(1);
  expect(() => (limiter.total = -1)).toThrow("Expected `total` to be a whole number from 0");
  expect(limiter.total).toBe(1);
});
