import { statistics } from "joinery";
import { buffer, forEach, map, merge, zip } from "joinery/iter";
import { describe, expect, test } from "vitest";

// Every call here is wrong, so that no argument has the type it should have.
// oxlint-disable typescript/no-explicit-any -- see above
type Wrong = any;
type Row = [call: string, attempt: () => unknown, code: string, kind?: "TypeError" | "RangeError"];

const never = (): void => expect.unreachable("nothing may start");
const x = (value: unknown): Wrong => value as Wrong;
const one = { concurrency: 1 };

const sources: Row[] = [null, undefined, 5, {}, never].flatMap((bad: unknown): Row[] => [
  [`map(${String(bad)})`, () => map(x(bad), never, one), "JOINERY_INVALID_ARGUMENT"],
  [`buffer(${String(bad)})`, () => buffer(x(bad), 1), "JOINERY_INVALID_ARGUMENT"],
  [`merge(${String(bad)})`, () => merge(x(bad)), "JOINERY_INVALID_ARGUMENT"],
  [`merge([${String(bad)}])`, () => merge(x([[], bad])), "JOINERY_INVALID_ARGUMENT"],
  [`zip(${String(bad)})`, () => zip(x(bad)), "JOINERY_INVALID_ARGUMENT"],
  [`zip([${String(bad)}])`, () => zip(x([bad])), "JOINERY_INVALID_ARGUMENT"],
]);

const limits: Row[] = [
  ...["4", null, undefined, {}].map((bad): [unknown, "TypeError"] => [bad, "TypeError"]),
  ...[0, -1, 1.5, NaN].map((bad): [unknown, "RangeError"] => [bad, "RangeError"]),
].flatMap(([bad, kind]): Row[] => [
  [
    `map, concurrency ${String(bad)}`,
    () => map([], never, { concurrency: x(bad) }),
    "JOINERY_INVALID_CONCURRENCY",
    kind,
  ],
  [`buffer, size ${String(bad)}`, () => buffer([], x(bad)), "JOINERY_INVALID_COUNT", kind],
]);

const { signal } = new AbortController();
const rest: Row[] = [
  ["map without a function", () => map([], x(null), one), "JOINERY_EXPECTED_FUNCTION"],
  ["map(promise)", () => map([], x(Promise.resolve()), one), "JOINERY_STARTED_PROMISE"],
  ["map without options", () => map([], never, x(undefined)), "JOINERY_INVALID_CONCURRENCY"],
  ["map, options text", () => map([], never, x("text")), "JOINERY_INVALID_ARGUMENT"],
  ["map, options signal", () => map([], never, x(signal)), "JOINERY_INVALID_ARGUMENT"],
  ["map, ordered", () => map([], never, { ...one, ordered: x("no") }), "JOINERY_INVALID_ARGUMENT"],
  ["map, signal", () => map([], never, { ...one, signal: x({}) }), "JOINERY_INVALID_ARGUMENT"],
  ["merge, options", () => merge([], x(signal)), "JOINERY_INVALID_ARGUMENT"],
  ["buffer, options", () => buffer([], 1, x(signal)), "JOINERY_INVALID_ARGUMENT"],
  ["zip, options", () => zip([], x(signal)), "JOINERY_INVALID_ARGUMENT"],
  ["merge of a string", () => merge(x("text")), "JOINERY_INVALID_ARGUMENT"],
];

describe("a bad argument is refused at the call", () => {
  test.each([...sources, ...limits, ...rest])("%s", (_, attempt, code, kind = "TypeError") => {
    expect(attempt).toThrow(expect.objectContaining({ code, name: kind }) as Error);
    expect(statistics().scopes).toBe(0);
  });

  test("forEach rejects", async () => {
    const attempts = [
      forEach(x(null), never, one),
      forEach([], x(null), one),
      forEach([], never, x(undefined)),
    ];
    expect(await Promise.allSettled(attempts)).toMatchObject([
      { reason: { code: "JOINERY_INVALID_ARGUMENT" } },
      { reason: { code: "JOINERY_EXPECTED_FUNCTION" } },
      { reason: { code: "JOINERY_INVALID_CONCURRENCY" } },
    ]);
  });

  test.each([
    [
      () => map(x(5), never, one),
      "Expected `source` to be an iterable, an async iterable or a ReadableStream, got 5.",
    ],
    [
      () => map([], never, x({})),
      "Expected `concurrency` to be a whole number from 1, or Infinity, got undefined.",
    ],
    [() => buffer([], 0), "Expected `size` to be a whole number from 1, or Infinity, got 0."],
    [
      () => map([], never, { ...one, ordered: x("no") }),
      'Expected `ordered` to be true or false, got "no".',
    ],
    [
      () => buffer(x(5), 1),
      "Expected `source` to be an iterable, an async iterable or a ReadableStream, got 5.",
    ],
    [() => map([], x(5), one), "Expected `fn` to be a function, got 5."],
    [
      () => zip(x({})),
      "Expected `sources` to be an array or an iterable of sources, got an Object.",
    ],
    [
      () => merge(x([[], 5])),
      "Expected `sources[1]` to be an iterable, an async iterable or a ReadableStream, got 5.",
    ],
  ])("in the caller's words: %s", (attempt, message) => {
    expect(attempt).toThrow(message);
  });

  test("what a source's next() gives is named too", async () => {
    const source = { [Symbol.asyncIterator]: () => ({ next: () => 5 }) };
    const error = await buffer(x(source), 1)
      .next()
      .catch((reason: unknown) => reason);
    expect(error).toMatchObject({
      errors: [
        {
          message:
            "Expected `what next() of the source gives` to be an object like { done, value }, got 5.",
        },
      ],
    });
  });
});
