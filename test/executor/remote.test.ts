import { createWorker, inProcess, remote, type RemoteFunction } from "joinery/executor";
import { describe, expect, test } from "vitest";

const double = remote("double", (n: number) => n * 2);

describe("a remote function", () => {
  test("has a name, and says whether it may run again", () => {
    expect(double).toMatchObject({ name: "double", idempotent: false });
    expect(remote("again", () => {}, { idempotent: true }).idempotent).toBe(true);
  });

  test("never changes", () => {
    expect(Object.isFrozen(double)).toBe(true);
  });

  test("can be named where its code is not", async () => {
    const elsewhere = remote<typeof double>("double");
    await using executor = inProcess({ double });
    expect(await executor.call(elsewhere, 4)).toBe(8);
  });

  test.each([
    ["no name", ["", () => {}], "JOINERY_INVALID_ARGUMENT"],
    ["a name that is no text", [7, () => {}], "JOINERY_INVALID_ARGUMENT"],
    ["no function", ["f", 7], "JOINERY_EXPECTED_FUNCTION"],
    ["a promise", ["f", Promise.resolve()], "JOINERY_STARTED_PROMISE"],
    ["an option that is none", ["f", () => {}, { idempotent: 1 }], "JOINERY_INVALID_ARGUMENT"],
  ])("%s is an error at the door", (_, args, code) => {
    const make = remote as (...args: unknown[]) => unknown;
    expect(() => make(...args)).toThrow(expect.objectContaining({ code }));
  });
});

describe("what a worker serves", () => {
  test("are the remote functions among the exports of a module, and nothing else of it", async () => {
    const module = { double, again: double, other: 7, nothing: null, named: remote("named") };
    await using executor = inProcess(module);
    expect(await executor.call(double, 4)).toBe(8);
    await expect(executor.call(module.named as RemoteFunction<void, void>)).rejects.toThrow(
      'this process has no remote function "named", only double.',
    );
  });

  test.each([
    ["nothing", undefined],
    ["a module without remote functions", { double: (n: number) => n }],
    ["two of one name", { double, other: remote("double", () => {}) }],
  ])("%s is an error at the door", (_, functions) => {
    const serve = (): unknown => createWorker(functions as object, { name: "w" });
    expect(serve).toThrow(expect.objectContaining({ code: "JOINERY_INVALID_ARGUMENT" }));
  });

  test("a worker without a name is an error at the door", () => {
    const serve = createWorker as (...args: unknown[]) => unknown;
    expect(() => serve({ double })).toThrow("Expected `name` to be a string, got undefined.");
  });
});
