import { describe, expect, test } from "vitest";
import {
  abandonable,
  all,
  allSettled,
  any,
  asCompleted,
  checkpoint,
  createTask,
  enclosingTask,
  ExceptionGroup,
  gather,
  moveOnAfter,
  on,
  race,
  run,
  shield,
  sleep,
  statistics,
  subscribe,
  suspend,
  taskGroup,
  timeout,
  timeoutAt,
  wait,
  waitFor,
} from "joinery";

// Every call here is wrong, so that no argument has the type it should have.
// oxlint-disable typescript/no-explicit-any -- see above
type Wrong = any;
type Refusal = "TypeError" | "RangeError";
type Row = [call: string, attempt: () => unknown, code: string, kind?: Refusal];

const never = (): void => expect.unreachable("nothing may start");
const x = (value: unknown): Wrong => value as Wrong;
const label = "l";

const functions: Row[] = [null, undefined, 5, "text", {}].flatMap((bad: Wrong): Row[] => [
  [`run(${bad})`, () => run(x(bad)), "JOINERY_EXPECTED_FUNCTION"],
  [`taskGroup(${bad})`, () => taskGroup(x(bad)), "JOINERY_EXPECTED_FUNCTION"],
  [`timeout(1, ${bad})`, () => timeout(1, x(bad)), "JOINERY_EXPECTED_FUNCTION"],
  [`timeoutAt(1, ${bad})`, () => timeoutAt(1, x(bad)), "JOINERY_EXPECTED_FUNCTION"],
  [`moveOnAfter(1, ${bad})`, () => moveOnAfter(1, x(bad)), "JOINERY_EXPECTED_FUNCTION"],
  [`shield(${bad})`, () => shield(x(bad), { within: 1 }), "JOINERY_EXPECTED_FUNCTION"],
  [`suspend(${bad})`, () => suspend(x(bad)), "JOINERY_EXPECTED_FUNCTION"],
]);

const times: Row[] = [NaN, "5", null, undefined, 5n].flatMap((bad: Wrong): Row[] => [
  [`sleep(${bad})`, () => sleep(x(bad)), "JOINERY_INVALID_TIME"],
  [`timeout(${bad})`, () => timeout(x(bad), never), "JOINERY_INVALID_TIME"],
  [`timeoutAt(${bad})`, () => timeoutAt(x(bad), never), "JOINERY_INVALID_TIME"],
  [`moveOnAfter(${bad})`, () => moveOnAfter(x(bad), never), "JOINERY_INVALID_TIME"],
  [`waitFor(fn, ${bad})`, () => waitFor(never, x(bad)), "JOINERY_INVALID_TIME"],
]);

const resources: Row[] = [null, 5, "db", {}, { kind: "lock" }, { name: "db", kind: 1 }].map(
  (bad: Wrong): Row => [
    `suspend, resource ${JSON.stringify(bad)}`,
    () => suspend(never, { resource: x(bad) }),
    "JOINERY_INVALID_ARGUMENT",
  ],
);

const odd: Row[] = [NaN, "5", null].flatMap((bad: Wrong): Row[] => [
  [`shield within ${bad}`, () => shield(never, { within: x(bad) }), "JOINERY_INVALID_TIME"],
  [`taskGroup grace ${bad}`, () => taskGroup(never, { grace: x(bad) }), "JOINERY_INVALID_TIME"],
  [`run grace ${bad}`, () => run(never, { grace: x(bad) }), "JOINERY_INVALID_TIME"],
]);

const signalRows = (bad: Wrong): Row[] => {
  const options = { signal: x(bad) };
  const code = "JOINERY_INVALID_ARGUMENT";
  const name = `signal ${bad?.constructor.name ?? bad} ${JSON.stringify(bad)}`;
  return [
    [`sleep, ${name}`, () => sleep(1, options), code],
    [`checkpoint, ${name}`, () => checkpoint(options), code],
    [`suspend, ${name}`, () => suspend(never, options), code],
    [`run, ${name}`, () => run(never, options), code],
    [`taskGroup, ${name}`, () => taskGroup(never, options), code],
    [`timeout, ${name}`, () => timeout(1, never, options), code],
    [`timeoutAt, ${name}`, () => timeoutAt(1, never, options), code],
    [`moveOnAfter, ${name}`, () => moveOnAfter(1, never, options), code],
    [`shield, ${name}`, () => shield(never, { within: 1, ...options }), code],
    [`waitFor, ${name}`, () => waitFor(never, 1, options), code],
    [`wait, ${name}`, () => wait([over], options), code],
    [`gather, ${name}`, () => gather([never], options), code],
    [`all, ${name}`, () => all([never], options), code],
    [`allSettled, ${name}`, () => allSettled([never], options), code],
    [`race, ${name}`, () => race([never], options), code],
    [`any, ${name}`, () => any([never], options), code],
    [`abandonable, ${name}`, () => abandonable(Promise.resolve(), { label, ...options }), code],
  ];
};
const names: Row[] = [null, 5, Symbol("name")].flatMap((bad: Wrong): Row[] => {
  const options = { name: x(bad) };
  const code = "JOINERY_INVALID_ARGUMENT";
  const name = `name ${String(bad)}`;
  return [
    [`run, ${name}`, () => run(never, options), code],
    [`taskGroup, ${name}`, () => taskGroup(never, options), code],
    [`timeout, ${name}`, () => timeout(1, never, options), code],
    [`timeoutAt, ${name}`, () => timeoutAt(1, never, options), code],
    [`moveOnAfter, ${name}`, () => moveOnAfter(1, never, options), code],
    [`shield, ${name}`, () => shield(never, { within: 1, ...options }), code],
    [`waitFor, ${name}`, () => waitFor(never, 1, options), code],
    [`all, ${name}`, () => all([never], options), code],
  ];
});
const signals: Row[] = [null, 5, "abort", {}, new AbortController()].flatMap(signalRows);

const over = createTask(() => 1);

const items: Row[] = [5, "text", null, undefined, Promise.resolve()].flatMap(
  (bad: Wrong): Row[] => [
    [`all(${bad})`, () => all(x(bad)), "JOINERY_INVALID_ARGUMENT"],
    [`allSettled(${bad})`, () => allSettled(x(bad)), "JOINERY_INVALID_ARGUMENT"],
    [`race(${bad})`, () => race(x(bad)), "JOINERY_INVALID_ARGUMENT"],
    [`any(${bad})`, () => any(x(bad)), "JOINERY_INVALID_ARGUMENT"],
    [`gather(${bad})`, () => gather(x(bad)), "JOINERY_INVALID_ARGUMENT"],
  ],
);

const members: Row[] = [5, "text", null, undefined, {}].flatMap((bad: Wrong): Row[] => [
  [`all([${bad}])`, () => all([never, x(bad)]), "JOINERY_INVALID_ARGUMENT"],
  [`all({ a: ${bad} })`, () => all({ fine: never, a: x(bad) }), "JOINERY_INVALID_ARGUMENT"],
  [`race([${bad}])`, () => race([never, x(bad)]), "JOINERY_INVALID_ARGUMENT"],
  [`gather([${bad}])`, () => gather([never, x(bad)]), "JOINERY_INVALID_ARGUMENT"],
  [`waitFor(${bad})`, () => waitFor(x(bad), 1), "JOINERY_INVALID_ARGUMENT"],
  [`wait(${bad})`, () => wait(x(bad)), "JOINERY_INVALID_ARGUMENT"],
  [`wait([${bad}])`, () => wait([x(bad)]), "JOINERY_INVALID_ARGUMENT"],
  [`abandonable(${bad})`, () => abandonable(x(bad), { label }), "JOINERY_INVALID_ARGUMENT"],
  [
    `abandonable label ${bad}`,
    () => abandonable(Promise.resolve(), { label: x(bad === "text" ? 5 : bad) }),
    "JOINERY_INVALID_ARGUMENT",
  ],
]);

const others: Row[] = [
  ["a promise for a body", () => taskGroup(x(Promise.resolve())), "JOINERY_STARTED_PROMISE"],
  ["a promise for a main", () => run(x(Promise.resolve())), "JOINERY_STARTED_PROMISE"],
  ["a promise for a timeout", () => timeout(1, x(Promise.resolve())), "JOINERY_STARTED_PROMISE"],
  ["no items for race", () => race([]), "JOINERY_NO_ITEMS", "RangeError"],
  ["no items for any", () => any({}), "JOINERY_NO_ITEMS", "RangeError"],
  ["no tasks for wait", () => wait([]), "JOINERY_NO_ITEMS", "RangeError"],
  ...[0, -1, 1.5, NaN, -Infinity].map((bad): Row => [
    `concurrency ${bad}`,
    () => taskGroup(never, { concurrency: bad }),
    "JOINERY_INVALID_CONCURRENCY",
    "RangeError",
  ]),
  ...["3", {}, null, true].map((bad): Row => [
    `concurrency ${JSON.stringify(bad)}`,
    () => taskGroup(never, { concurrency: x(bad) }),
    "JOINERY_INVALID_CONCURRENCY",
  ]),
  ["onError", () => taskGroup(never, { onError: x("ignore") }), "JOINERY_INVALID_ARGUMENT"],
  ["returnWhen", () => wait([over], { returnWhen: x("SOME") }), "JOINERY_INVALID_ARGUMENT"],
  ["the timeout of wait", () => wait([over], { timeout: NaN }), "JOINERY_INVALID_TIME"],
  ["shield without a bound", () => shield(never, x({})), "JOINERY_INVALID_ARGUMENT"],
  ["shield without options", () => x(shield)(never), "JOINERY_INVALID_ARGUMENT"],
  [
    "abandonable without options",
    () => x(abandonable)(Promise.resolve()),
    "JOINERY_INVALID_ARGUMENT",
  ],
  ...[null, 5, {}, { now: Date.now }].map((bad): Row => [
    `clock ${JSON.stringify(bad)}`,
    () => run(never, { clock: x(bad) }),
    "JOINERY_INVALID_ARGUMENT",
  ]),
];

const nothing = { tasks: 0, scopes: 0, timers: 0, listeners: 0, ghosts: 0 };

/** What counts in the refusal of an argument. */
function refusal(error: unknown): unknown {
  const { name, code, message } = error as Error & { code: unknown };
  return { name, code, expected: message.startsWith("Expected "), left: statistics() };
}

/** What it has to be. */
function wanted(code: string, name: Refusal = "TypeError"): unknown {
  return { name, code, expected: true, left: nothing };
}

/** The refusal that comes as a rejection. */
async function rejection(attempt: () => unknown): Promise<unknown> {
  let result: unknown;
  try {
    result = attempt();
  } catch (error) {
    return { thrown: error };
  }
  return (result as Promise<unknown>).then((value) => ({ value }), refusal);
}

describe("what returns a promise rejects", () => {
  test.each([
    ...functions,
    ...times,
    ...odd,
    ...resources,
    ...signals,
    ...names,
    ...items,
    ...members,
    ...others,
  ])("2: %s", async (_, attempt, code, kind) => {
    expect(await rejection(attempt)).toEqual(wanted(code, kind));
  });
});

describe("what returns something else throws", () => {
  const rows: Row[] = [
    ["createTask(5)", () => createTask(x(5)), "JOINERY_EXPECTED_FUNCTION"],
    ["createTask(promise)", () => createTask(x(Promise.resolve())), "JOINERY_STARTED_PROMISE"],
    ["createTask signal", () => createTask(never, { signal: x(5) }), "JOINERY_INVALID_ARGUMENT"],
    ["createTask name", () => createTask(never, { name: x(5) }), "JOINERY_INVALID_ARGUMENT"],
    ["enclosingTask(null)", () => enclosingTask(x(null)), "JOINERY_INVALID_ARGUMENT"],
    ["enclosingTask signal", () => enclosingTask({ signal: x(5) }), "JOINERY_INVALID_ARGUMENT"],
    ["addDoneCallback(5)", () => over.addDoneCallback(x(5)), "JOINERY_EXPECTED_FUNCTION"],
    ["subscribe(5)", () => subscribe(x(5)), "JOINERY_EXPECTED_FUNCTION"],
    ["asCompleted(5)", () => asCompleted(x(5)), "JOINERY_INVALID_ARGUMENT"],
    ["asCompleted(null)", () => asCompleted(x(null)), "JOINERY_INVALID_ARGUMENT"],
    [
      "asCompleted([promise])",
      () => asCompleted([x(Promise.resolve())]),
      "JOINERY_INVALID_ARGUMENT",
    ],
    [
      "asCompleted signal",
      () => asCompleted([over], { signal: x({}) }),
      "JOINERY_INVALID_ARGUMENT",
    ],
    ["on(5)", () => on(x(5), never), "JOINERY_INVALID_ARGUMENT"],
    ["on without a handler", () => on(Error, x(5)), "JOINERY_EXPECTED_FUNCTION"],
    [
      "an empty ExceptionGroup",
      () => new ExceptionGroup("m", []),
      "JOINERY_EMPTY_GROUP",
      "RangeError",
    ],
    [
      "an ExceptionGroup of no errors",
      () => new ExceptionGroup("m", [x(5)]),
      "JOINERY_NOT_AN_ERROR",
    ],
  ];
  test.each(rows)("2: %s", (_, attempt, code, kind) => {
    let refused: unknown;
    try {
      attempt();
    } catch (error) {
      refused = refusal(error);
    }
    expect(refused).toEqual(wanted(code, kind));
  });
});

describe("options that are no object", () => {
  const code = "JOINERY_INVALID_ARGUMENT";
  const calls: [string, (bad: Wrong) => Promise<unknown>][] = [
    ["sleep", (bad) => sleep(1, bad)],
    ["suspend", (bad) => suspend(never, bad)],
    ["checkpoint", (bad) => checkpoint(bad)],
    ["run", (bad) => run(never, bad)],
    ["taskGroup", (bad) => taskGroup(never, bad)],
    ["timeout", (bad) => timeout(1, never, bad)],
    ["moveOnAfter", (bad) => moveOnAfter(1, never, bad)],
    ["shield", (bad) => shield(never, bad)],
    ["waitFor", (bad) => waitFor(never, 1, bad)],
    ["wait", (bad) => wait([over], bad)],
    ["gather", (bad) => gather([never], bad)],
    ["all", (bad) => all([never], bad)],
  ];
  test.each(calls)("2: %s(…, null) rejects", async (_, call) => {
    expect(await rejection(() => call(null))).toEqual(wanted(code));
  });
});

describe("something that is like a signal, and cannot be listened to", () => {
  test.each(signalRows({ aborted: false }))("2: %s", async (_, attempt, code) => {
    expect(await rejection(attempt)).toEqual(wanted(code));
  });
});
