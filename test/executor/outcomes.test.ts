/** What the caller sees of each outcome that an engine can give. */

import { CancelledError, moveOnAfter, sleep, taskGroup, timeout, TimeoutError } from "joinery";
import {
  createExecutor,
  encodeError,
  type Engine,
  type Executor,
  LostError,
  type Outcome,
  remote,
} from "joinery/executor";
import { describe, expect, test } from "vitest";
import { takeWarnings } from "../support/no-leaks.ts";
import { inVirtualTime } from "../support/virtual-clock.ts";

const work = remote("work", () => {});
const place = { worker: "w 1", attempt: 1 };

/** An executor all of whose calls end with `outcome`, `ms` after the call; with a cancel, after that. */
function executorWith(outcome: Outcome, ms?: number): Executor {
  const engine: Engine = {
    name: "fake",
    spawn() {
      let end: (outcome: Outcome) => void;
      const ended = new Promise<Outcome>((resolve) => (end = resolve));
      if (ms !== undefined) void sleep(ms).then(() => end(outcome));
      return { ended, cancel: () => end(outcome) };
    },
    close: async () => {},
  };
  return createExecutor(engine);
}

describe("lost", () => {
  test.each([
    ["worker", "its worker"],
    ["lease", "the lease of its caller"],
    ["engine", "the engine"],
  ] as const)("%s: says with what", async (lost, what) => {
    const executor = executorWith({ status: "lost", lost, ...place }, 1);
    const error = (await executor.call(work).catch((reason: unknown) => reason)) as LostError;
    expect(error).toBeInstanceOf(LostError);
    expect(error).toMatchObject({ name: "LostError", code: "JOINERY_LOST", lost });
    expect(error.message).toBe(
      `work on fake is lost with ${what}: it may have run, or not. ` +
        "A remote function that is { idempotent: true } is run again instead.",
    );
  });

  test("says what is known", async () => {
    const outcome = { status: "lost", lost: "worker", message: "exit code 9" } as const;
    const ended = executorWith(outcome, 1).call(work);
    await expect(ended).rejects.toThrow("is lost with its worker (exit code 9): it may");
  });

  test("is an error also when the call was cancelled: its cleanup may not have run", async () => {
    const executor = executorWith({ status: "lost", lost: "worker" });
    const ended = moveOnAfter(1, () => executor.call(work));
    await expect(ended).rejects.toBeInstanceOf(LostError);
  });

  test("travels on as what it is", () => {
    const error = new LostError("gone", "lease");
    expect(JSON.parse(JSON.stringify(encodeError(error)))).toMatchObject({
      classes: ["joinery.LostError", "Error"],
      code: "JOINERY_LOST",
      data: { lost: "lease" },
    });
  });
});

describe("error", () => {
  test("of a later attempt says so", async () => {
    const error = encodeError(new RangeError("again"));
    const executor = executorWith({ status: "error", error, worker: "w 2", attempt: 2 }, 1);
    const notes = ["work ran in w 2, attempt 2"];
    await expect(executor.call(work)).rejects.toMatchObject({ message: "again", notes });
    const nowhere = executorWith(
      { status: "error", error: encodeError(new Error("not there")) },
      1,
    );
    await expect(nowhere.call(work)).rejects.not.toHaveProperty("notes");
  });

  test("of a call that went on from worker to worker says the whole way", async () => {
    const error = encodeError(Object.assign(new Error("deep"), { notes: ["inner ran in w 7"] }));
    const executor = executorWith({ status: "error", error, worker: "w 2" }, 1);
    const notes = ["inner ran in w 7", "work ran in w 2"];
    await expect(executor.call(work)).rejects.toMatchObject({ notes });
  });
});

describe("cancelled", () => {
  const error = encodeError(new CancelledError("by an operator", { source: "explicit" }));

  test("is the caller's own cancellation, if it has asked", async () => {
    const executor = executorWith({ status: "cancelled", error, ...place });
    const { expired } = await moveOnAfter(1, () => executor.call(work));
    expect(expired).toBe(true);
  });

  test("is an ordinary error, if nobody has", async () => {
    const executor = executorWith({ status: "cancelled", error, ...place }, 1);
    const group = taskGroup((inner) => {
      inner.createTask(() => executor.call(work));
    });
    await expect(group).rejects.toMatchObject({
      errors: [{ name: "AbortError", message: "by an operator", source: "explicit" }],
    });
  });

  test("by force is a cancellation all the same, and a warning", async () => {
    const executor = executorWith({ status: "cancelled", error, terminated: true, ...place });
    const { expired } = await moveOnAfter(1, () => executor.call(work));
    expect(expired).toBe(true);
    expect(await takeWarnings()).toEqual([
      "JOINERY_TERMINATED: work did not react to its cancellation, and was ended with w 1: its cleanup did not run.",
    ]);
  });
});

describe("a deadline that passes where the call runs", () => {
  const why = new CancelledError("late", { source: "deadline" });
  const outcome = { status: "cancelled", error: encodeError(why), ...place } as const;

  test("a little early is the deadline of the caller, and no error of its own", async () => {
    const result = await inVirtualTime(() =>
      moveOnAfter(100, () => executorWith(outcome, 90).call(work)),
    );
    expect(result.expired).toBe(true);
  });

  test("and was moved here meanwhile, is a TimeoutError", async () => {
    const ended = inVirtualTime(() =>
      timeout(100, (scope) => {
        const call = executorWith(outcome, 90).call(work);
        scope.reschedule(Infinity);
        return call;
      }),
    );
    await expect(ended).rejects.toMatchObject({
      message: "The deadline of work passed where it ran",
      cause: { source: "deadline" },
    });
    await expect(ended).rejects.toBeInstanceOf(TimeoutError);
  });
});

test("an engine that rejects, or throws, fails the call with that", async () => {
  const engine: Engine = {
    name: "broken",
    spawn: () => ({ ended: Promise.reject(new Error("no outcome")), cancel() {} }),
    close: async () => {},
  };
  await expect(createExecutor(engine).call(work)).rejects.toThrow("no outcome");
  const throwing = {
    ...engine,
    spawn: () => {
      throw new Error("no engine");
    },
  };
  await expect(createExecutor(throwing).call(work)).rejects.toThrow("no engine");
});
