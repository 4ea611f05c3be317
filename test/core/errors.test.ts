import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { runInNewContext } from "node:vm";
import { describe, expect, test, vi } from "vitest";
import * as joinery from "joinery";
import {
  CancelledError,
  ExceptionGroup,
  InvalidStateError,
  isCancelled,
  moveOnAfter,
  sleep,
  taskGroup,
  TimeoutError,
} from "joinery";
import { errorCodes } from "../../src/core/errors.ts";
import { root } from "../support/repository.ts";
import { inVirtualTime } from "../support/virtual-clock.ts";

const caught = (error: unknown): unknown => error;
const abortError = (cause?: unknown): Error =>
  Object.assign(new Error("aborted", cause === undefined ? undefined : { cause }), {
    name: "AbortError",
  });

describe("the catalogue", () => {
  test("2: each class has its name and a stable code", () => {
    const details = { source: "deadline", by: "asker", scope: "victim", cause: "why" } as const;
    expect(new CancelledError("text", details)).toMatchObject({
      name: "AbortError",
      code: "JOINERY_CANCELLED",
      message: "text",
      ...details,
    });
    expect(new TimeoutError("text", { cause: 1 })).toMatchObject({
      name: "TimeoutError",
      code: "JOINERY_TIMEOUT",
      cause: 1,
    });
    expect(new InvalidStateError("JOINERY_NOT_DONE", "text")).toMatchObject({
      name: "InvalidStateError",
      code: "JOINERY_NOT_DONE",
    });
  });

  test("2: a CancelledError without details is an explicit one", () => {
    const error = new CancelledError();
    expect(error).toMatchObject({
      message: "Cancelled",
      source: "explicit",
      by: undefined,
      scope: undefined,
    });
    expect(Object.hasOwn(error, "cause")).toBe(false);
  });

  test("2: every code is used in the sources", () => {
    const folder = join(root, "src");
    const text = readdirSync(folder, { recursive: true, encoding: "utf8" })
      .filter((file) => file.endsWith(".ts"))
      .map((file) =>
        readFileSync(join(folder, file), "utf8").replace(/export const errorCodes = [^;]*;/, ""),
      )
      .join("\n")
      .replaceAll(/^\s*\*.*$/gm, "");
    expect(errorCodes.filter((code) => !text.includes(`"${code}"`))).toEqual([]);
  });
});

describe("isCancelled", () => {
  test("2: takes ours, and aborts of the platform that ours caused", () => {
    const ours = new CancelledError();
    expect(
      [
        ours,
        abortError(ours),
        abortError(abortError(ours)),
        abortError(new Error("between", { cause: ours })),
      ].map(isCancelled),
    ).toEqual([true, true, true, true]);
    expect(
      isCancelled(new DOMException("aborted", { name: "AbortError", cause: ours } as never)),
    ).toBe(true);
  });

  test("2: looks 32 causes deep, so that a circle of causes ends", () => {
    const caused = (depth: number): Error =>
      depth === 1
        ? abortError(new CancelledError())
        : abortError(
            Array.from({ length: depth - 1 }).reduce<Error>(
              (cause) => new Error("between", { cause }),
              new CancelledError(),
            ),
          );
    expect([1, 2, 32, 33].map((depth) => isCancelled(caused(depth)))).toEqual([
      true,
      true,
      true,
      false,
    ]);
    const round = abortError();
    round.cause = round;
    expect(isCancelled(round)).toBe(false);
  });

  test("2: takes nothing else", () => {
    const others = [
      new Error("e", { cause: new CancelledError() }),
      abortError(),
      abortError("text"),
      new TimeoutError("t"),
      "AbortError",
      null,
      undefined,
      {},
    ];
    expect(others.map(isCancelled)).toEqual(others.map(() => false));
  });

  test("2: takes an abort of another realm", () => {
    const foreign = runInNewContext(
      "Object.assign(new Error('aborted'), { name: 'AbortError' })",
    ) as Error;
    foreign.cause = new CancelledError();
    expect(isCancelled(foreign)).toBe(true);
  });
});

describe("two copies of the package in one process", () => {
  test("5: know each other's errors by their brands", async () => {
    vi.resetModules();
    const copy = await import("joinery");
    expect(copy.CancelledError).not.toBe(joinery.CancelledError);
    const pairs: [unknown, abstract new (...args: never[]) => unknown][] = [
      [new copy.CancelledError(), CancelledError],
      [new copy.TimeoutError("t"), TimeoutError],
      [new copy.InvalidStateError("JOINERY_NOT_DONE", "m"), InvalidStateError],
      [new copy.ExceptionGroup("m", [new Error("e")]), ExceptionGroup],
      [new CancelledError(), copy.CancelledError],
      [new TimeoutError("t"), copy.TimeoutError],
      [new InvalidStateError("JOINERY_NOT_DONE", "m"), copy.InvalidStateError],
      [new ExceptionGroup("m", [new Error("e")]), copy.ExceptionGroup],
    ];
    expect(pairs.map(([error, type]) => error instanceof type)).toEqual(pairs.map(() => true));
    expect([
      new TimeoutError("t") instanceof copy.CancelledError,
      isCancelled(new copy.CancelledError()),
    ]).toEqual([false, true]);
  });

  test("5: also when they are of different versions: the brands are fixed", () => {
    const group = new ExceptionGroup("m", [new Error("e")]);
    expect(Symbol.for("joinery.CancelledError") in new CancelledError()).toBe(true);
    expect(Symbol.for("joinery.TimeoutError") in new TimeoutError("t")).toBe(true);
    expect(
      Symbol.for("joinery.InvalidStateError") in new InvalidStateError("JOINERY_NOT_DONE", "m"),
    ).toBe(true);
    expect(Symbol.for("joinery.ExceptionGroup") in group).toBe(true);
    expect(Symbol.for("joinery.origin") in group).toBe(true);
  });

  test("5: a cancellation of one goes through the other as what it is", async () => {
    vi.resetModules();
    const copy = await import("joinery");
    const result = await inVirtualTime(() =>
      moveOnAfter(10, ({ signal }) =>
        copy.taskGroup((group) => void group.createTask(() => sleep(1000)), { signal }),
      ),
    );
    expect(result).toEqual({ expired: true, value: undefined });
  });
});

describe("subclasses", () => {
  test("5: have an instanceof of their own", () => {
    class Mine extends TimeoutError {}
    const mine = new Mine("m");
    expect([mine instanceof Mine, mine instanceof TimeoutError, mine instanceof Error]).toEqual([
      true,
      true,
      true,
    ]);
    expect(new TimeoutError("t") instanceof Mine).toBe(false);
    expect(
      [null, undefined, 5, "x"].map((value) => (value as unknown) instanceof TimeoutError),
    ).toEqual([false, false, false, false]);
  });
});

describe("thrown things that are no errors", () => {
  const things: [string, unknown, string][] = [
    ["a text", "text", '"text"'],
    ["undefined", undefined, "undefined"],
    ["null", null, "null"],
    ["a number", 5, "5"],
    ["an object", { status: 404 }, "an Object"],
    ["a symbol", Symbol("s"), "Symbol(s)"],
  ];
  test.each(things)(
    "5: %s becomes an error that carries it as its cause",
    async (_, thing, text) => {
      const failing = [
        taskGroup((group) => void group.createTask(() => Promise.reject(thing))),
        taskGroup(() => {
          throw thing;
        }),
        taskGroup((group) => group.defer(() => Promise.reject(thing))),
      ];
      for (const group of failing) {
        const error = (await group.catch(caught)) as ExceptionGroup;
        expect(error.errors).toHaveLength(1);
        expect(error.errors[0]).toMatchObject({
          code: "JOINERY_NOT_AN_ERROR",
          message: `A value that is no error was thrown: ${text}`,
        });
        expect(Object.hasOwn(error.errors[0] as Error, "cause")).toBe(true);
        expect(error.errors[0]?.cause).toBe(thing);
      }
    },
  );

  test("5: an error of another realm is one", async () => {
    const foreign: unknown = runInNewContext("new TypeError('foreign')");
    const error = await taskGroup(
      (group) => void group.createTask(() => Promise.reject(foreign)),
    ).catch(caught);
    expect((error as ExceptionGroup).errors[0]).toBe(foreign);
  });

  test("2: a block throws them as they are", async () => {
    expect(await moveOnAfter(1000, () => Promise.reject("text")).catch(caught)).toBe("text");
  });
});
