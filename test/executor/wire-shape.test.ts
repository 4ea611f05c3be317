/** What stands on the wire, field by field: other versions and other machines read it. */

import {
  createExecutor,
  decodeError,
  encodeError,
  type Json,
  registerError,
  remote,
  type RemoteFunction,
} from "joinery/executor";
import { describe, expect, test } from "vitest";

class Plain extends Error {}
registerError(Plain);

class Packed extends Error {
  readonly content: unknown;
  constructor(content: unknown) {
    super("packed");
    this.content = content;
  }
}
registerError(Packed, {
  encode: ({ content }) => content,
  decode: (content) => new Packed(content),
});

const there = remote<RemoteFunction<unknown, unknown>>("there");

/** What an engine is given for an input, and what its caller gets for what it answers: the same, if it says nothing else. */
async function travel(input: unknown, answer?: Json): Promise<{ wire: Json; back: unknown }> {
  let wire: Json = null;
  const executor = createExecutor({
    name: "wire",
    spawn(message) {
      wire = message.input;
      return {
        ended: Promise.resolve({ status: "value", value: answer ?? message.input }),
        cancel() {},
      };
    },
    close: () => Promise.resolve(),
  });
  const back = await executor.call(there, input);
  return { wire, back };
}

/** An error whose stack does not differ from machine to machine. */
function stackless<E extends Error>(error: E): E {
  Object.defineProperty(error, "stack", { value: undefined });
  return error;
}

/** What every error has on this runtime. */
const usual = new Set(Object.getOwnPropertyNames(new Error("a")));

/** The own properties of an error beyond those, and its message; and whether each is enumerable. */
function own(error: Error): Record<string, boolean> {
  const found = Object.entries(Object.getOwnPropertyDescriptors(error));
  return Object.fromEntries(
    found
      .filter(([key]) => key === "message" || !usual.has(key))
      .map(([key, { enumerable }]) => [key, enumerable!]),
  );
}

describe("values", () => {
  test.each([
    ["undefined", undefined, { $undefined: true }],
    ["a buffer", new Uint8Array([1, 2]).buffer, { $bytes: ["ArrayBuffer", "AQI="] }],
    ["no bytes", new Uint8Array(0), { $bytes: ["Uint8Array", ""] }],
    ["no keys", {}, {}],
    ["a key like a tag", { $date: 1 }, { $$date: 1 }],
  ])("%s", async (_, value, wire) => {
    expect(await travel(value)).toEqual({ wire, back: value });
  });

  test("a tag is one only if it stands alone", async () => {
    const { back } = await travel(1, { $date: 0, other: 1 });
    expect(back).toEqual({ $date: 0, other: 1 });
  });

  test("what does not travel is refused with its place, also after an error", async () => {
    const parts = { list: [new Error("travels somehow"), () => {}] };
    await expect(travel(parts)).rejects.toThrow(
      "Expected `input.list[1]` to be something that travels, got a function",
    );
  });
});

describe("errors", () => {
  test("what one does not have is not there", () => {
    expect(encodeError(stackless(new Error("a")))).toEqual({
      classes: ["Error"],
      name: "Error",
      message: "a",
    });
  });

  test("everything that one may have, each in its place and nowhere else", () => {
    const members = [stackless(new RangeError("b"))];
    const error = stackless(new AggregateError(members, "a", { cause: 1 }));
    expect(encodeError(Object.assign(error, { code: "E", more: 2, name: "Mine" }))).toEqual({
      classes: ["AggregateError", "Error"],
      name: "Mine",
      message: "a",
      code: "E",
      cause: 1,
      errors: [{ $error: { classes: ["RangeError", "Error"], name: "RangeError", message: "b" } }],
      data: { more: 2 },
    });
  });

  test("own properties that have a place of their own are not told twice", () => {
    const error = stackless(new Error("a"));
    const enumerable = { message: "b", stack: "s", cause: 1, errors: [], error: 2, suppressed: 3 };
    expect(encodeError(Object.assign(stackless(new Plain("a")), { code: 1 })).data).toBe(undefined);
    for (const [key, value] of Object.entries(enumerable))
      Object.defineProperty(error, key, { value, enumerable: true });
    expect(encodeError(error).data).toBe(undefined);
  });

  test("a name that was never set is that of the class, unless the class comes back", () => {
    class Unknown extends Error {}
    expect(encodeError(new Unknown("a")).name).toBe("Unknown");
    expect(encodeError(new Plain("a")).name).toBe("Error");
    expect(decodeError(encodeError(new Plain("a")))).toBeInstanceOf(Plain);
  });

  test("what cannot travel in one is described, and an error in it keeps its words", () => {
    const error = stackless(new Error("a", { cause: () => {} }));
    expect(encodeError(error).cause).toBe("[the function cause]");
    expect(encodeError(stackless(new Packed({ deep: 1 }))).encoded).toEqual({ deep: 1 });
  });

  test("what comes back has what was sent, and no more", () => {
    const back = decodeError({ classes: ["Error"], name: "Error", message: "a" });
    expect(own(back)).toEqual({ message: false });
    const full = encodeError(Object.assign(new Error("a", { cause: 1 }), { code: "E", more: 2 }));
    expect(own(decodeError(full))).toEqual({
      message: false,
      cause: false,
      code: true,
      more: true,
    });
  });

  test("a class without a way to make it is put on an error, with the message where it was", () => {
    const back = decodeError(encodeError(new Plain("a")));
    expect(Object.getPrototypeOf(back)).toBe(Plain.prototype);
    expect(own(back)).toEqual({ message: false });
  });

  test("a class with decode gets what its encode made, and without that is made as others are", () => {
    expect(decodeError(encodeError(new Packed([1])))).toMatchObject({ content: [1] });
    const bare = { classes: ["Packed", "Error"], name: "Packed", message: "m" };
    expect(decodeError(bare)).toMatchObject({ message: "m", name: "Packed" });
    expect(decodeError(bare)).toBeInstanceOf(Packed);
    expect(own(decodeError(bare))).not.toHaveProperty("content");
  });

  test.each(["Group", "SuppressedError"])("members of an unknown class: %s", (name) => {
    const member = { $error: { classes: ["Error"], name: "Error", message: "m" } };
    const wire = { classes: ["Error"], name, message: "a", errors: [member, member] };
    const fields = name === "Group" ? ["errors"] : ["error", "suppressed"];
    const found = own(decodeError(wire));
    for (const field of fields) expect(found).toHaveProperty(field, false);
    expect(decodeError({ ...wire, errors: [] })).not.toHaveProperty("errors");
  });

  test("what was put back can be changed and taken away", () => {
    const back = decodeError({ classes: [], name: "N", message: "a", code: 1 });
    for (const key of ["message", "name", "code"])
      expect(Object.getOwnPropertyDescriptor(back, key)).toMatchObject({
        configurable: true,
        writable: true,
      });
  });
});
