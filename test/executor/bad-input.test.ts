/** What every refusal says, word for word: what was expected, and what was there. */

import {
  createExecutor,
  createWorker,
  inProcess,
  propagate,
  registerError,
  remote,
} from "joinery/executor";
import { describe, expect, test } from "vitest";

const echo = remote("echo", (value: number) => value);
const other = remote("echo", () => 0);

const refusals: [what: string, call: () => unknown, message: string][] = [
  [
    "an engine that is none",
    () => createExecutor({} as never),
    "Expected `engine` to be an object with a name, spawn() and close(), got",
  ],
  [
    "a remote function without a name",
    () => remote("", () => {}),
    'Expected `name` to be a name, got ""',
  ],
  [
    "a flag that is none",
    () => remote("f", () => {}, { idempotent: 1 as never }),
    "Expected `idempotent` to be true or false, got 1",
  ],
  [
    "two functions of one name",
    () => createWorker({ echo, other }, { name: "w" }),
    'Expected `functions` to be remote functions with a name for each, got "echo"',
  ],
  [
    "nothing to serve",
    () => createWorker({ echo: () => {} }, { name: "w" }),
    "Expected `functions` to be a module or an object with remote functions in it, got",
  ],
  [
    "a class that is none of errors",
    () => registerError(Date as never),
    "Expected `errorClass` to be a class of errors, got the function Date",
  ],
  [
    "an object that looks like one",
    () => registerError({ name: "Fake", prototype: Error.prototype } as never),
    "Expected `errorClass` to be a class of errors, got",
  ],
  [
    "a name that is taken",
    () => registerError(class RangeError extends Error {}),
    'Expected `name` to be a name that no other class of errors is registered by, got "RangeError"',
  ],
  [
    "one half of a pair",
    () => registerError(class Half extends Error {}, { encode: () => 1 }),
    "Expected `options` to be an object with both encode and decode, or neither, got",
  ],
  [
    "a propagator that gives nothing",
    () => propagate({ extract: () => {} } as never),
    "Expected `propagator.inject` to be a function, got undefined",
  ],
  [
    "a propagator that takes nothing",
    () => propagate({ inject: () => {} } as never),
    "Expected `propagator.extract` to be a function, got undefined",
  ],
];

const calls: [what: string, rest: unknown[], message: string][] = [
  [
    "a plain function",
    [() => {}],
    "Expected `fn` to be a remote function: remote(name, fn), got a function",
  ],
  ["a key that is no text", [echo, 1, { key: 7 }], "Expected `key` to be a string, got 7"],
  [
    "a transfer that is no list",
    [echo, 1, { transfer: {} }],
    "Expected `transfer` to be an array, got",
  ],
];

describe("words", () => {
  test.each(refusals)("%s", (_, call, message) => {
    expect(call).toThrow(message);
  });

  test.each(calls)("call: %s", async (_, rest, message) => {
    await using executor = inProcess({ echo });
    const loosely = executor as unknown as { call(...args: unknown[]): Promise<unknown> };
    await expect(loosely.call(...rest)).rejects.toThrow(message);
  });

  test("call: an executor that is closed", async () => {
    const executor = inProcess({ echo });
    await executor.close();
    await expect(executor.call(echo, 1)).rejects.toThrow(
      "in process is closed: call echo before, or open another executor.",
    );
  });
});
