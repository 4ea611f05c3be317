import { describe, expect, test } from "vitest";
import {
  createTask,
  moveOnAfter,
  shield,
  sleep,
  taskGroup,
  timeLeft,
  timeout,
  TimeoutError,
  type TimeoutScope,
  wait,
} from "joinery";
import { turn } from "../support/turn.ts";
import { inVirtualTime } from "../support/virtual-clock.ts";

const caught = (error: unknown): unknown => error;

describe("timeout", () => {
  test("2.8: a body in time gives its value, and expired() is false", async () => {
    await inVirtualTime(async () => {
      let handle: TimeoutScope | undefined;
      const value = await timeout(10, async (scope) => {
        handle = scope;
        await sleep(5);
        return "value";
      });
      expect(value).toBe("value");
      expect(handle?.expired()).toBe(false);
      expect(handle?.signal.aborted).toBe(false);
    });
  });

  test("2.8: a deadline that passes comes out as TimeoutError, caused by the cancellation, after the cleanup", async () => {
    const trace: string[] = [];
    await inVirtualTime(async () => {
      const error = (await timeout(10, () =>
        sleep(100).finally(() => turn().then(() => trace.push("cleanup"))),
      ).catch(caught)) as TimeoutError;
      trace.push("edge");
      expect(error).toBeInstanceOf(TimeoutError);
      expect(error).toMatchObject({
        name: "TimeoutError",
        code: "JOINERY_TIMEOUT",
        cause: { source: "deadline" },
      });
      expect(error.message).toMatch(/10 ms/);
    });
    expect(trace).toEqual(["cleanup", "edge"]);
  });

  test("2.8: a body that swallows the deadline gives its value, and expired() is true", async () => {
    await inVirtualTime(async () => {
      let handle: TimeoutScope | undefined;
      const value = await timeout(10, (scope) => {
        handle = scope;
        return sleep(100).then(undefined, () => "swallowed");
      });
      expect([value, handle?.expired()]).toEqual(["swallowed", true]);
    });
  });

  test("2.8: a body without a wait never hears of the deadline", async () => {
    await inVirtualTime(async () => {
      expect(await timeout(0, async () => "value")).toBe("value");
      expect(await timeout(-5, () => "value")).toBe("value");
    });
  });

  test("2.8: a time that is over cancels the first wait, even of a sleep(0)", async () => {
    await inVirtualTime(async () => {
      for (const ms of [0, -1, -Infinity]) {
        expect(await timeout(ms, () => sleep(0)).catch(caught), String(ms)).toBeInstanceOf(
          TimeoutError,
        );
      }
    });
  });

  test("2.8: an outer cancel before the deadline passes through, and the timeout is not expired", async () => {
    await inVirtualTime(() =>
      taskGroup(async (group) => {
        let handle: TimeoutScope | undefined;
        const task = group.createTask(() =>
          timeout(10, (scope) => {
            handle = scope;
            return sleep(100);
          }),
        );
        await sleep(5);
        task.cancel();
        await wait([task]);
        expect([task.state, handle?.expired()]).toEqual(["cancelled", false]);
      }),
    );
  });

  test("2.8: an outer cancel that comes after the deadline, before the edge, passes through", async () => {
    await inVirtualTime(() =>
      taskGroup(async (group) => {
        let handle: TimeoutScope | undefined;
        const task = group.createTask(() =>
          timeout(10, (scope) => {
            handle = scope;
            return sleep(100).finally(() => shield(() => sleep(10), { within: 100 }));
          }),
        );
        await sleep(15);
        task.cancel("outer");
        await wait([task]);
        expect([task.state, handle?.expired()]).toEqual(["cancelled", true]);
        expect(() => task.result()).toThrow(expect.objectContaining({ cause: "outer" }));
      }),
    );
  });

  test("2.8: a shorter inner timeout is an ordinary error for the outer one", async () => {
    await inVirtualTime(async () => {
      const handles: TimeoutScope[] = [];
      const error = await timeout(20, (outer) => {
        handles.push(outer);
        return timeout(10, (inner) => {
          handles.push(inner);
          return sleep(100);
        });
      }).catch(caught);
      expect(error).toBeInstanceOf(TimeoutError);
      expect(handles.map((handle) => handle.expired())).toEqual([false, true]);
    });
  });

  test("2.8: a shorter outer timeout cancels through the inner one", async () => {
    await inVirtualTime(async () => {
      let inner: unknown;
      const handles: TimeoutScope[] = [];
      const error = await timeout(10, (outer) => {
        handles.push(outer);
        return timeout(20, (scope) => {
          handles.push(scope);
          return sleep(100);
        }).catch((reason: unknown) => {
          inner = reason;
          throw reason;
        });
      }).catch(caught);
      expect(error).toMatchObject({ name: "TimeoutError", cause: inner });
      expect(inner).toMatchObject({ name: "AbortError", source: "deadline" });
      expect(handles.map((handle) => handle.expired())).toEqual([true, false]);
    });
  });

  test.each([
    ["outer first", 10, 10],
    ["inner a little earlier", 10, 9.5],
  ])(
    "2.8: equal deadlines, %s: one TimeoutError, of the outer, and both are expired",
    async (_, outerMs, innerMs) => {
      await inVirtualTime(async () => {
        const trace: string[] = [];
        const handles: TimeoutScope[] = [];
        await timeout(outerMs, (outer) => {
          handles.push(outer);
          return timeout(innerMs, (inner) => {
            handles.push(inner);
            return sleep(100);
          }).catch((error: unknown) => {
            trace.push(`inner: ${(error as Error).name}`);
            throw error;
          });
        }).catch((error: unknown) => trace.push(`outer: ${(error as Error).name}`));
        expect(trace).toEqual(["inner: AbortError", "outer: TimeoutError"]);
        expect(handles.map((handle) => handle.expired())).toEqual([true, true]);
      });
    },
  );

  test("2.8: a deadline interrupts cleanup that waits because of an error, too", async () => {
    await inVirtualTime(async () => {
      const error = await timeout(10, async () => {
        try {
          throw new Error("first");
        } finally {
          await sleep(100);
        }
      }).catch(caught);
      expect(error).toBeInstanceOf(TimeoutError);
    });
  });
});

describe("moveOnAfter", () => {
  test("2: says whether it expired, and keeps a value that was returned in spite of it", async () => {
    await inVirtualTime(async () => {
      expect(await moveOnAfter(10, () => "quick")).toEqual({ expired: false, value: "quick" });
      expect(await moveOnAfter(10, () => sleep(20))).toEqual({ expired: true, value: undefined });
      expect(await moveOnAfter(10, () => sleep(20).catch(() => "late"))).toEqual({
        expired: true,
        value: "late",
      });
    });
  });

  test("2: an error of the body comes out, a cancel from outside goes on", async () => {
    await inVirtualTime(async () => {
      const boom = new Error("boom");
      expect(await moveOnAfter(10, () => Promise.reject(boom)).catch(caught)).toBe(boom);
      const task = createTask(() => moveOnAfter(10, () => sleep(20)));
      await sleep(5);
      task.cancel();
      await wait([task]);
      expect(task.state).toBe("cancelled");
    });
  });
});

describe("timeLeft", () => {
  test("2: tells the nearest of the deadlines around, which tasks inherit", async () => {
    const seen: number[] = [];
    await inVirtualTime(async () => {
      seen.push(timeLeft());
      await timeout(100, async () => {
        await sleep(10);
        await moveOnAfter(500, () => seen.push(timeLeft()));
        await moveOnAfter(50, () => seen.push(timeLeft()));
        await taskGroup((group) => void group.createTask(() => seen.push(timeLeft())));
        createTask(() => seen.push(timeLeft()));
        await turn();
      });
    });
    expect(seen).toEqual([Infinity, 90, 50, 90, Infinity]);
  });

  test("2: is 0 once it has passed; a shield hides what is outside of it", async () => {
    const seen: number[] = [];
    await inVirtualTime(() =>
      moveOnAfter(10, async () => {
        await sleep(20).catch(() => {});
        seen.push(timeLeft());
        await shield(() => seen.push(timeLeft()), { within: Infinity });
        await shield(() => seen.push(timeLeft()), { within: 30 });
      }),
    );
    expect(seen).toEqual([0, Infinity, 30]);
  });

  test("2: a deadline on the clock of an outer run counts by that clock", async () => {
    const left = await inVirtualTime(async () => {
      await sleep(5000);
      return timeout(100, () => inVirtualTime(() => timeLeft()));
    });
    expect(left).toBe(100);
  });
});
