import { describe, expect, test } from "vitest";
import { duration, textOf } from "../../src/observe/wording.ts";

describe("words", () => {
  test("5: for a reason whose own code throws", () => {
    const reason = { toString: () => "no", message: "" };
    Object.defineProperty(reason, "message", { get: () => JSON.parse("{") as string });
    expect(textOf(reason)).toBe("an object that throws when it is read");
  });

  test.each([
    [undefined, null],
    ["because", "because"],
    [12n, "12"],
    [null, "null"],
    [Symbol("s"), "Symbol(s)"],
    [new TypeError("bad"), "TypeError: bad"],
    [{ message: "no name" }, "undefined: no name"],
    [{ a: 1 }, "[object Object]"],
    [() => {}, "function "],
    ["x".repeat(500), `${"x".repeat(199)}…`],
  ])("5: for a reason: %o", (reason, text) => {
    expect(textOf(reason)).toBe(text);
  });

  test.each([
    [0.4, "0 ms"],
    [999.4, "999 ms"],
    [999.6, "1.0 s"],
    [59_949, "59.9 s"],
    [59_951, "1 min 0 s"],
    [3_599_000, "59 min 59 s"],
    [3_600_000, "1 h 0 min"],
    [90_000_000, "25 h 0 min"],
  ])("5: for %d ms", (ms, text) => {
    expect(duration(ms)).toBe(text);
  });
});
