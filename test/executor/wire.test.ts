/** What travels, arrives: F1 to F3 of the wire format. */

import { runInNewContext } from "node:vm";
import * as fc from "fast-check";
import {
  CancelledError,
  ExceptionGroup,
  formatException,
  InvalidStateError,
  TimeoutError,
} from "joinery";
import { decodeError, encodeError, inProcess, registerError, remote } from "joinery/executor";
import { describe, expect, test, vi } from "vitest";

const echo = remote("echo", (value: unknown) => value);

async function roundTrip(value: unknown): Promise<unknown> {
  await using executor = inProcess({ echo });
  return await executor.call(echo, value);
}

/** An error after the journey, as the other side sees it. */
function sent<E extends Error>(error: E): E {
  return decodeError(JSON.parse(JSON.stringify(encodeError(error))) as never) as E;
}

describe("F1: values", () => {
  test("of every kind arrive equal, of the same type, at any depth", async () => {
    const keys = fc.oneof(fc.string(), fc.constantFrom("$", "$date", "$$x", "__proto__", "0"));
    const value = fc.letrec((tie) => ({
      leaf: fc.oneof(
        fc.anything({ maxDepth: 0, withBigInt: true, withDate: true, withTypedArray: true }),
        fc.double(),
        fc.constantFrom(undefined, null, NaN, -0, Infinity, new Date(NaN), /a(b)+/giu),
      ),
      node: fc.oneof(
        { depthSize: "small" },
        tie("leaf"),
        fc.array(tie("node")),
        fc.dictionary(keys, tie("node"), { noNullPrototype: true }),
        fc.array(fc.tuple(tie("leaf"), tie("node"))).map((entries) => new Map(entries)),
        fc.array(tie("node")).map((items) => new Set(items)),
      ),
    })).node;
    await using executor = inProcess({ echo });
    await fc.assert(
      fc.asyncProperty(value, async (sample) => {
        expect(await executor.call(echo, sample)).toStrictEqual(sample);
      }),
      { numRuns: 300 },
    );
  });

  test.each([
    new Int8Array([-1]),
    new BigUint64Array([2n ** 60n]),
    new Float32Array([0.5]),
    new DataView(new ArrayBuffer(3)),
    new Uint8Array(100_000).fill(7),
    new ArrayBuffer(2),
  ])("bytes arrive as what they were: $constructor.name", async (bytes) => {
    expect(await roundTrip(bytes)).toStrictEqual(bytes);
  });

  test("of a view only its own part travels; a Buffer arrives as the Uint8Array that it is", async () => {
    const view = new Uint8Array([1, 2, 3, 4]).subarray(1, 3);
    expect(await roundTrip(view)).toStrictEqual(new Uint8Array([2, 3]));
    expect(await roundTrip(Buffer.from("ab"))).toStrictEqual(new Uint8Array([97, 98]));
  });

  test("without a prototype, and holes, arrive as plain objects and undefined", async () => {
    const bare = Object.assign(Object.create(null) as object, { a: 1 });
    expect(await roundTrip(bare)).toStrictEqual({ a: 1 });
    // oxlint-disable-next-line no-sparse-arrays -- that is the point
    expect(await roundTrip([, 1])).toStrictEqual([undefined, 1]);
  });

  test("that occur twice arrive as two", async () => {
    const shared = { a: 1 };
    const [one, other] = (await roundTrip([shared, shared])) as object[];
    expect(one).toStrictEqual(other);
    expect(one).not.toBe(other);
  });

  test("of another realm arrive as ours", async () => {
    const foreign = runInNewContext(
      "({ list: [1], map: new Map([[1, 2]]), bytes: new Uint8Array(2) })",
    ) as unknown;
    const expected = { list: [1], map: new Map([[1, 2]]), bytes: new Uint8Array(2) };
    expect(await roundTrip(foreign)).toStrictEqual(expected);
  });
});

describe("F2: what does not travel is refused with its place", () => {
  class Point {
    readonly x = 1;
  }
  const circle: { self?: unknown } = {};
  circle.self = circle;
  let deep: unknown = 1;
  for (let level = 0; level < 300; level++) deep = [deep];

  test.each([
    [
      "a function",
      { job: { onProgress() {} } },
      "`input.job.onProgress`",
      "travels, got the function",
    ],
    ["a symbol", [1, Symbol("s")], "`input[1]`", "travels, got Symbol(s)"],
    ["a promise", Promise.resolve(), "`input`", "travels, got a promise"],
    ["an object of a class", new Point(), "`input`", "travels, got a Point"],
    ["a WeakMap", { cache: new WeakMap() }, "`input.cache`", "travels, got a WeakMap"],
    [
      "shared memory",
      new Uint8Array(new SharedArrayBuffer(1)),
      "`input`",
      "that is no shared memory",
    ],
    ["what contains itself", circle, "`input.self`", "that does not contain itself"],
    ["what is too deep", deep, "`input[0][0]", "at most 200 levels deep"],
  ])("%s", async (_, value, place, what) => {
    const error = (await roundTrip(value).catch((reason: unknown) => reason)) as Error;
    expect(error).toMatchObject({ name: "TypeError", code: "JOINERY_DOES_NOT_TRAVEL" });
    expect(error.message).toContain(`Expected ${place}`);
    expect(error.message).toContain(what);
  });

  test("in a result as well", async () => {
    const make = remote("make", async (): Promise<unknown> => ({ at: Symbol("s") }));
    await using executor = inProcess({ make });
    await expect(executor.call(make)).rejects.toThrow("Expected `result of make.at`");
  });
});

describe("F3: an error always travels", () => {
  class NoFunds extends Error {
    override readonly name = "NoFunds";
    readonly code = "NO_FUNDS";
    readonly missing: { readonly amount: bigint };
    constructor(amount: bigint, options?: ErrorOptions) {
      super(`${amount} missing`, options);
      this.missing = { amount };
    }
    get amount(): bigint {
      return this.missing.amount;
    }
  }
  registerError(NoFunds);

  class Secret extends RangeError {
    readonly #key: number;
    constructor(key: number) {
      super("secret");
      this.#key = key;
    }
    get key(): number {
      return this.#key;
    }
  }
  registerError(Secret, { encode: ({ key }) => ({ key }), decode: ({ key }) => new Secret(key) });

  class BatchError extends ExceptionGroup {
    readonly batch: number = 7;
    override derive(errors: readonly Error[]): BatchError {
      return new BatchError(this.message, errors);
    }
  }
  registerError(BatchError, { name: "shop.BatchError" });

  test("a registered class: name, message, code, properties, stack, cause, and what the class adds", () => {
    const error = new NoFunds(3n, { cause: { retry: new Date(0) } });
    const copy = sent(error);
    expect(copy).toBeInstanceOf(NoFunds);
    expect(copy.amount).toBe(3n);
    expect(copy.cause).toEqual({ retry: new Date(0) });
    expect([copy.name, copy.message, copy.code]).toEqual(["NoFunds", "3 missing", "NO_FUNDS"]);
    expect(copy.stack).toBe(error.stack);
    expect(Object.keys(copy).toSorted()).toEqual(Object.keys(error).toSorted());
    expect(Object.prototype.toString.call(copy)).toBe("[object Error]");
  });

  test("a class with private fields, by what it says of itself", () => {
    const copy = sent(new Secret(42));
    expect(copy).toBeInstanceOf(Secret);
    expect(copy.key).toBe(42);
  });

  test("a subclass that nobody registered: the nearest class that is, under its own name", () => {
    class Overdrawn extends NoFunds {}
    class Unknown extends TypeError {}
    const [overdrawn, unknown] = [sent(new Overdrawn(1n)), sent(new Unknown("u"))];
    expect(overdrawn).toBeInstanceOf(NoFunds);
    expect(unknown).toBeInstanceOf(TypeError);
    expect([overdrawn.name, unknown.name]).toEqual(["NoFunds", "TypeError"]);
    class Bare extends Error {}
    expect(sent(new Bare("b"))).toMatchObject({ name: "Bare", message: "b" });
  });

  test("a class that only the sender has registered", () => {
    const wire = { ...encodeError(new RangeError("far")), classes: ["Elsewhere", "RangeError"] };
    expect(decodeError(wire)).toBeInstanceOf(RangeError);
    expect(decodeError({ ...wire, classes: [] })).toMatchObject({ name: "RangeError" });
    const secret = { ...encodeError(new Secret(1)), classes: ["RangeError"] };
    expect(decodeError(secret)).not.toBeInstanceOf(Secret);
  });

  test.each([
    new EvalError("e"),
    new RangeError("e"),
    new ReferenceError("e"),
    new SyntaxError("e"),
    new TypeError("e"),
    new URIError("e"),
    new TimeoutError("e"),
    new InvalidStateError("JOINERY_NOT_DONE", "e"),
    new DOMException("e", "DataCloneError"),
    new AggregateError([new RangeError("member")], "e"),
  ])("of the language, the platform and joinery: %s", (error) => {
    const copy = sent(error);
    expect(copy.constructor).toBe(error.constructor);
    const { code } = error as { code?: unknown };
    expect(copy).toMatchObject({
      name: error.name,
      message: "e",
      ...(code !== undefined && { code }),
    });
  });

  test("a cancellation, with who asked and why", () => {
    const details = { source: "explicit", by: "main", scope: undefined, cause: "bored" } as const;
    const error = new CancelledError("stop", details);
    expect(sent(error)).toMatchObject({
      ...details,
      name: "AbortError",
      code: "JOINERY_CANCELLED",
    });
    expect(Object.keys(sent(error)).toSorted()).toEqual(Object.keys(error).toSorted());
  });

  test("groups, with every leaf, and where each was made", () => {
    const group = new ExceptionGroup("outer", [
      new NoFunds(1n),
      new BatchError("inner", [new TypeError("t", { cause: new NoFunds(2n) })]),
    ]);
    const copy = sent(group);
    expect(copy).toBeInstanceOf(ExceptionGroup);
    expect(copy.subgroup(NoFunds)?.errors).toHaveLength(1);
    expect(copy.errors[1]).toBeInstanceOf(BatchError);
    expect(copy.errors[1]).toMatchObject({ batch: 7, name: "ExceptionGroup" });
    expect(formatException(copy)).toBe(formatException(group));
  });

  test("a group of others, and a SuppressedError", () => {
    const odd = Object.assign(new Error("odd"), {
      name: "AggregateError",
      errors: [new TypeError("m")],
    });
    expect(sent(odd)).toMatchObject({ name: "AggregateError", errors: [{ message: "m" }] });
    const suppressed = Object.assign(new Error("both"), {
      name: "SuppressedError",
      error: new TypeError("last"),
      suppressed: new RangeError("first"),
    });
    expect(sent(suppressed)).toMatchObject({
      error: { message: "last" },
      suppressed: { message: "first" },
    });
  });

  test("of another realm: of our class of the same name", () => {
    const foreign = runInNewContext("new RangeError('far away')") as Error;
    expect(sent(foreign)).toBeInstanceOf(RangeError);
    const odd = runInNewContext("class Odd extends Error {}; new Odd('far away')") as Error;
    expect(sent(odd)).toMatchObject({ name: "Odd", message: "far away" });
  });

  test("of a second copy of joinery: as ours", async () => {
    vi.resetModules();
    const copy = await import("joinery");
    expect(copy.TimeoutError).not.toBe(TimeoutError);
    expect(sent(new copy.TimeoutError("theirs"))).toBeInstanceOf(TimeoutError);
    expect(sent(new copy.TimeoutError("theirs")).constructor).toBe(TimeoutError);
  });

  test("of a class that happens to be called like one of joinery's: as a plain one", () => {
    class Mine extends Error {}
    Object.defineProperty(Mine, "name", { value: "TimeoutError" });
    expect(sent(new Mine("mine"))).not.toBeInstanceOf(TimeoutError);
  });

  test("what it holds and cannot travel is described", () => {
    const error: Error & { self?: Error } = Object.assign(new Error("e"), {
      request: new WeakMap(),
      options: { agent: () => {} },
      $type: 1,
    });
    error.self = error;
    error.cause = Object.assign(new Error("inner"), { parent: error });
    expect(sent(error)).toMatchObject({
      request: "[a WeakMap]",
      options: { agent: "[the function agent]" },
      $type: 1,
      self: { message: "e" },
      cause: { message: "inner", parent: { message: "e" } },
    });
  });

  test("one with a strange name, message or stack, too", () => {
    const error = Object.assign(new Error("e"), { name: 7, message: null, stack: 7 });
    expect(sent(error)).toMatchObject({ name: "7", message: "null" });
    const bare = Object.create(Error.prototype) as Error;
    expect(sent(bare)).toMatchObject({ name: "Error", message: "" });
    const classless = Object.create(Error.prototype, {
      constructor: { value: undefined },
    }) as object;
    expect(sent(Object.setPrototypeOf(new Error("e"), classless) as Error)).toMatchObject({
      name: "Error",
      message: "e",
    });
  });

  test("one that is deeper than the wire is cut, and not lost", () => {
    let error = new Error("root");
    for (let level = 0; level < 1000; level++)
      error = new Error(`level ${level}`, { cause: error });
    let depth = 0;
    for (let link: unknown = sent(error); link instanceof Error; link = link.cause) depth++;
    expect(depth).toBe(201);
  });

  test("what is thrown and is no error is the cause of one", () => {
    expect(decodeError(encodeError({ status: 404 }))).toMatchObject({
      code: "JOINERY_NOT_AN_ERROR",
      cause: { status: 404 },
    });
  });
});

describe("registerError", () => {
  class Registered extends Error {}

  test("takes the same class again", () => {
    registerError(Registered);
    registerError(Registered);
    expect(sent(new Registered("r"))).toBeInstanceOf(Registered);
  });

  test.each([
    ["no class", [undefined]],
    ["a class of something else", [Map]],
    ["another class of that name", [class extends Error {}, { name: "Registered" }]],
    ["only encode", [class Half extends Error {}, { encode: () => 1 }]],
    ["only decode", [class Half extends Error {}, { decode: () => new Error("h") }]],
  ])("%s is an error at the door", (_, args) => {
    registerError(Registered);
    const register = registerError as (...args: unknown[]) => void;
    expect(() => register(...args)).toThrow(
      expect.objectContaining({ code: "JOINERY_INVALID_ARGUMENT" }),
    );
  });
});
