import { setTimeout as delay } from "node:timers/promises";
import type { ExceptionGroup } from "joinery";
import {
  CancelledError,
  isCancelled,
  moveOnAfter,
  shield,
  taskGroup,
  timeout,
  TimeoutError,
  type Task,
} from "joinery";
import { describe, expect, test } from "vitest";
import { inPassingTime } from "../support/virtual-clock.ts";
import {
  broken,
  cancelledQuietly,
  type ForeignWork,
  stoppedWhileBusy,
} from "./fixtures/stopped-by-sibling.ts";

const longTime = 1_000_000;

/** Rejects with what `make` says when the signal aborts. */
function rejecting(make: (reason: Error) => unknown): ForeignWork {
  return (signal, busy) =>
    new Promise((_, reject) => {
      signal.addEventListener("abort", () => reject(make(signal.reason as Error)));
      busy();
    });
}

function abortError(cause?: unknown): Error {
  return Object.assign(new Error("aborted", cause === undefined ? undefined : { cause }), {
    name: "AbortError",
  });
}

describe("counts as cancelled", () => {
  const cancelled: Record<string, (reason: Error) => unknown> = {
    "the reason itself": (reason) => reason,
    "an AbortError caused by it": (reason) => abortError(reason),
    "an AbortError further up": (reason) => abortError(abortError(abortError(reason))),
    "an AbortError caused by an error that it caused": (reason) =>
      abortError(new Error("connection closed", { cause: reason })),
  };

  test.each(Object.entries(cancelled))("3.4: %s", async (_, make) => {
    expect(await stoppedWhileBusy(rejecting(make))).toMatchObject(cancelledQuietly);
  });
});

describe("counts as failed", () => {
  const foreign = new AbortController();
  foreign.abort();
  const foreignWithReason = new AbortController();
  foreignWithReason.abort(new Error("the user left"));

  const failed: Record<string, (reason: Error) => unknown> = {
    "an error of its own": () => new Error("disk full"),
    "an error that wraps the reason": (reason) => new Error("request failed", { cause: reason }),
    "an AbortError without a cause": () => abortError(),
    "the reason of a foreign controller": () => foreign.signal.reason,
    "the reason that a foreign controller was given": () => foreignWithReason.signal.reason,
    "an AbortError caused by a foreign reason": () => abortError(foreignWithReason.signal.reason),
    "a CancelledError that somebody made": () => new CancelledError("mine"),
    "an AggregateError that holds the reason": (reason) => new AggregateError([reason], "several"),
    "an error that is caused by itself": () => {
      const error = abortError();
      error.cause = error;
      return error;
    },
  };

  test.each(Object.entries(failed))("3.4: %s", async (_, make) => {
    const { state, errors, outcome } = await stoppedWhileBusy(rejecting(make));
    expect(state).toBe("failed");
    expect(errors).toEqual([broken, outcome]);
    expect(errors[1]).toBe(outcome);
  });

  test("3.4: an AbortError of a foreign controller in a group that nobody cancelled", async () => {
    const error: unknown = await taskGroup((group) => {
      group.createTask(() => delay(longTime, undefined, { signal: foreign.signal }), {
        name: "with none",
      });
      group.createTask(() => delay(longTime, undefined, { signal: foreignWithReason.signal }), {
        name: "with one",
      });
    }).catch((reason: unknown) => reason);
    const { errors } = error as ExceptionGroup;
    expect(errors).toMatchObject([{ name: "AbortError" }, { name: "AbortError" }]);
    expect(errors.map((each) => each.cause)).toEqual([
      foreign.signal.reason,
      foreignWithReason.signal.reason,
    ]);
  });
});

test("3.2: isCancelled takes the aborts of this library and of no other", () => {
  const cancelled = new CancelledError();
  expect(isCancelled(abortError(cancelled))).toBe(true);
  expect(isCancelled(abortError(new Error("the user left")))).toBe(false);
  expect(isCancelled(abortError())).toBe(false);
  expect(isCancelled(new Error("wrapped", { cause: cancelled }))).toBe(false);
});

describe("at the edge of a block", () => {
  test("3.4: a deadline over foreign code is a TimeoutError, whatever that code rejects with", async () => {
    const error: unknown = await inPassingTime(() =>
      timeout(10, ({ signal }) => delay(longTime, undefined, { signal })),
    ).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(TimeoutError);
    expect((error as TimeoutError).cause).toMatchObject({ source: "deadline" });
  });

  test("3.4: moveOnAfter moves on over foreign code", async () => {
    const moved = await inPassingTime(() =>
      moveOnAfter(10, ({ signal }) => delay(longTime, "late", { signal })),
    );
    expect(moved).toEqual({ expired: true, value: undefined });
  });

  test("3.4: the bound of a shield ends foreign code", async () => {
    const shielded = inPassingTime(() =>
      shield(({ signal }) => delay(longTime, undefined, { signal }), { within: 10 }),
    );
    await expect(shielded).rejects.toThrow(TimeoutError);
  });

  test("3.4: foreign code in the body of a group is stopped by the failure of a child", async () => {
    const error: unknown = await taskGroup(async (group) => {
      group.createTask(() => Promise.reject(broken));
      await delay(longTime, undefined, { signal: group.signal });
    }).catch((reason: unknown) => reason);
    expect((error as ExceptionGroup).errors).toEqual([broken]);
  });

  test("3.4: task.cancel() stops foreign code, and the reason stays in the chain of causes", async () => {
    let child: Task<unknown> | undefined;
    const seen: unknown[] = [];
    await taskGroup(async (group) => {
      await group.start(async (task) => {
        child = task;
        const waiting = delay(longTime, undefined, { signal: task.signal });
        task.started(undefined);
        await waiting.catch((error: unknown) => {
          seen.push((error as Error).cause);
          throw error;
        });
      });
      child?.cancel("enough");
    });
    expect(child?.cancelled()).toBe(true);
    expect(seen).toMatchObject([{ source: "explicit", cause: "enough" }]);
    expect(() => child?.result()).toThrow(seen[0]);
  });
});
