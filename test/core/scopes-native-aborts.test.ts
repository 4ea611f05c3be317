import { EventEmitter, once } from "node:events";
import { PassThrough } from "node:stream";
import { pipeline } from "node:stream/promises";
import { setTimeout as delay } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import type { ExceptionGroup } from "joinery";
import {
  CancelledError,
  currentSignal,
  isCancelled,
  moveOnAfter,
  sleep,
  taskGroup,
  wait,
} from "joinery";
import { turn } from "../support/turn.ts";
import { inPassingTime } from "../support/virtual-clock.ts";

/** Rejects with `signal.reason` itself, as `fetch` does. */
function rejectsWithReason(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) =>
    signal.addEventListener("abort", () => reject(signal.reason as Error)),
  );
}

/** Rejects with an error that has the reason `depth` causes down. */
function rejectsWithChain(signal: AbortSignal, depth: number): Promise<never> {
  return rejectsWithReason(signal).catch((reason: unknown) => {
    let error = reason;
    for (let i = 0; i < depth; i++)
      error = Object.assign(new Error("aborted", { cause: error }), { name: "AbortError" });
    throw error;
  });
}

describe("a child that ends by an abort of the platform counts as cancelled", () => {
  const works: [string, (signal: AbortSignal) => Promise<unknown>][] = [
    ["the reason itself", (signal) => rejectsWithReason(signal)],
    ["signal.throwIfAborted()", (signal) => turn(4).then(() => signal.throwIfAborted())],
    ["timers/promises", (signal) => delay(100_000, undefined, { signal })],
    ["events.once", (signal) => once(new EventEmitter(), "event", { signal })],
    ["stream pipeline", (signal) => pipeline(new PassThrough(), new PassThrough(), { signal })],
    [
      "AbortSignal.any",
      (signal) => delay(100_000, undefined, { signal: AbortSignal.any([signal]) }),
    ],
    ["a chain of causes", (signal) => rejectsWithChain(signal, 5)],
  ];
  test.each(works)("3.4: %s", async (_, work) => {
    await inPassingTime(() =>
      taskGroup(async (group) => {
        const task = group.createTask(({ signal }) => work(signal));
        await turn();
        task.cancel();
        await wait([task]);
        expect(task.state).toBe("cancelled");
        expect(() => task.exception()).toThrow(CancelledError);
      }),
    );
  });

  test("3.4: so it is when a sibling's failure is what cancels", async () => {
    const boom = new Error("boom");
    const error = await inPassingTime(() =>
      taskGroup(async (group) => {
        group.createTask(({ signal }) => delay(100_000, undefined, { signal }));
        group.createTask(() => Promise.reject(boom));
      }),
    ).catch((reason: unknown) => reason);
    expect((error as ExceptionGroup).errors).toEqual([boom]);
  });

  test("3.4: a block takes it as its own cancellation as well", async () => {
    const result = await inPassingTime(() =>
      moveOnAfter(5, ({ signal }) => delay(100_000, undefined, { signal })),
    );
    expect(result).toEqual({ expired: true, value: undefined });
  });

  test("3.4: the signal of the innermost scope does, also when an outer scope is cancelled", async () => {
    await inPassingTime(() =>
      taskGroup(async (group) => {
        const task = group.createTask(() =>
          moveOnAfter(1000, () => delay(100_000, undefined, { signal: currentSignal() })),
        );
        await turn();
        task.cancel();
        await wait([task]);
        expect(task.state).toBe("cancelled");
      }),
    );
  });
});

describe("what is no abort of ours is a failure", () => {
  const outcomes: [string, (reason: unknown) => unknown][] = [
    [
      "an AbortError without a cause",
      () => Object.assign(new Error("aborted"), { name: "AbortError" }),
    ],
    ["an AbortError of another signal", () => new DOMException("aborted", "AbortError")],
    ["an error that has ours as its cause", (cause) => new Error("wrapped", { cause })],
    [
      "an AbortError whose cause is no error",
      () => Object.assign(new Error("a", { cause: 5 }), { name: "AbortError" }),
    ],
  ];
  test.each(outcomes)("3.4: %s, thrown in a cancelled child", async (_, make) => {
    let thrown: unknown;
    const error = await inPassingTime(() =>
      taskGroup(async (group) => {
        const task = group.createTask(async () => {
          await sleep(1000).catch((reason: unknown) => (thrown = make(reason)));
          throw thrown;
        });
        await turn();
        task.cancel();
      }),
    ).catch((reason: unknown) => reason);
    expect((error as ExceptionGroup).errors).toEqual([thrown]);
  });

  test("3.4: a chain of causes that bites its tail is looked through and comes out", async () => {
    const ring = Object.assign(new Error("ring"), { name: "AbortError" });
    ring.cause = ring;
    const error = await inPassingTime(() =>
      taskGroup(async (group) => {
        group.createTask(() => Promise.reject(ring));
        await sleep(10);
      }),
    ).catch((reason: unknown) => reason);
    expect((error as ExceptionGroup).errors).toEqual([ring]);
    expect(isCancelled(ring)).toBe(false);
  });

  test("3.4: an abort in a child whose scope is not cancelled comes out", async () => {
    const own = new AbortController();
    const error = await inPassingTime(() =>
      taskGroup(async (group) => {
        group.createTask(() => delay(100_000, undefined, { signal: own.signal }));
        await turn();
        own.abort();
      }),
    ).catch((reason: unknown) => reason);
    expect((error as ExceptionGroup).errors).toMatchObject([
      { name: "AbortError", code: "ABORT_ERR" },
    ]);
  });
});
