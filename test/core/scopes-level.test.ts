import { describe, expect, test } from "vitest";
import {
  abandonable,
  asCompleted,
  CancelledError,
  checkpoint,
  currentTask,
  gather,
  moveOnAfter,
  sleep,
  suspend,
  type Task,
  taskGroup,
  timeout,
  wait,
} from "joinery";
import { turn } from "../support/turn.ts";
import { inVirtualTime } from "../support/virtual-clock.ts";

/** What a wait ends with in a scope that is cancelled already. */
async function inCancelledTask(
  attempt: (ended: Task<string>) => PromiseLike<unknown>,
): Promise<unknown> {
  return inVirtualTime(async () => {
    let outcome: unknown = "never ran";
    await taskGroup(async (group) => {
      const ended = group.createTask(() => "ready");
      await ended;
      const task = group.createTask(async (self) => {
        self.cancel("stop");
        outcome = await attempt(ended).then(
          (value) => ({ value }),
          (error: unknown) => error,
        );
        expect(outcome, "the error is the task's own cancellation").toBe(self.signal.reason);
      });
      await wait([task]);
    });
    return outcome;
  });
}

describe("level-triggered", () => {
  const waits: [string, (ended: Task<string>) => PromiseLike<unknown>][] = [
    ["sleep", () => sleep(1)],
    ["sleep(0)", () => sleep(0)],
    ["sleep(Infinity)", () => sleep(Infinity)],
    ["checkpoint", () => checkpoint()],
    ["awaiting a task that is over", (ended) => ended],
    ["wait for a task that is over", (ended) => wait([ended])],
    ["a step of asCompleted for a task that is over", (ended) => asCompleted([ended]).next()],
    ["gather", (ended) => gather([ended])],
    [
      "abandonable, for a promise that is settled",
      () => abandonable(Promise.resolve(1), { label: "a" }),
    ],
    ["suspend, whose park is not called", () => suspend(() => expect.unreachable("parked"))],
  ];
  test.each(waits)("3.1: in a cancelled scope %s throws on entry", async (_, attempt) => {
    const error = await inCancelledTask(attempt);
    expect(error).toBeInstanceOf(CancelledError);
    expect(error).toMatchObject({ source: "explicit", cause: "stop" });
  });

  test("3.1: a cancelled scope stays cancelled: every further wait throws the same error", async () => {
    const errors: unknown[] = [];
    await inVirtualTime(() =>
      moveOnAfter(10, async () => {
        for (let i = 0; i < 5; i++) await sleep(100).catch((error: unknown) => errors.push(error));
      }),
    );
    expect(errors).toHaveLength(5);
    expect(new Set(errors).size).toBe(1);
    expect(errors[0]).toMatchObject({ source: "deadline" });
  });

  test("3.1: a scope that is opened inside a cancelled one is cancelled from its beginning", async () => {
    const trace: string[] = [];
    await inVirtualTime(() =>
      moveOnAfter(10, async () => {
        await sleep(20).catch(() => trace.push("woken"));
        await timeout(1000, async ({ signal }) => {
          trace.push(`aborted: ${signal.aborted}`);
          await sleep(1);
          trace.push("never");
        });
      }),
    );
    expect(trace).toEqual(["woken", "aborted: true"]);
  });
});

describe("pulled", () => {
  test("3.1: a parked wait is woken at the moment of the cancel, not at its own time", async () => {
    const trace: string[] = [];
    await inVirtualTime(async () => {
      await taskGroup(async (group) => {
        const task = group.createTask(async () => {
          await sleep(1000).finally(() => trace.push("woken"));
        });
        await sleep(10);
        trace.push("cancel");
        task.cancel();
        await wait([task]);
        trace.push(task.state);
        await sleep(1);
        trace.push("a millisecond later");
      });
    });
    expect(trace).toEqual(["cancel", "woken", "cancelled", "a millisecond later"]);
  });

  test("3.1: parked waits of a scope are woken in the order in which they were parked", async () => {
    const trace: string[] = [];
    await inVirtualTime(() =>
      moveOnAfter(5, () =>
        Promise.allSettled([30, 10, 20].map((ms) => sleep(ms).catch(() => trace.push(String(ms))))),
      ),
    );
    expect(trace).toEqual(["30", "10", "20"]);
  });

  test("3.1: a wait that has got its value keeps it, also when the cancel comes in the same turn", async () => {
    const trace: string[] = [];
    await inVirtualTime(() =>
      taskGroup(async (group) => {
        let wake: ((value: string) => boolean) | undefined;
        const task = group.createTask(async () => {
          trace.push(
            await suspend<string>((parked) => void (wake = (value) => parked.resolve(value))),
          );
          await sleep(1);
          trace.push("never");
        });
        await turn();
        trace.push(`delivered: ${wake?.("value")}`);
        task.cancel();
        trace.push(`delivered again: ${wake?.("another")}`);
        await wait([task]);
        trace.push(task.state);
      }),
    );
    expect(trace).toEqual(["delivered: true", "delivered again: false", "value", "cancelled"]);
  });

  test("3.1: a sleep that is due in the same moment as a cancel that came later keeps its end", async () => {
    const trace: string[] = [];
    await inVirtualTime(() =>
      taskGroup(async (group) => {
        const task = group.createTask(async () => {
          await sleep(10);
          trace.push("slept");
        });
        await sleep(10);
        task.cancel();
      }),
    );
    expect(trace).toEqual(["slept"]);
  });

  test("3.1: code without a wait is not interrupted, and its value counts", async () => {
    const value = await inVirtualTime(() =>
      taskGroup(async (group) => {
        const task = group.createTask(async (self) => {
          self.cancel();
          await Promise.resolve();
          return "through";
        });
        return task;
      }),
    );
    expect(value).toBe("through");
  });

  test("3.1: cancelling tells nobody twice", async () => {
    let told = 0;
    await inVirtualTime(() =>
      taskGroup(async (group) => {
        const task = group.createTask(async ({ signal }) => {
          signal.addEventListener("abort", () => told++);
          await suspend<void>((parked) => () => {
            told++;
            setImmediate(() => parked.resolve());
            return false;
          });
        });
        await turn();
        task.cancel("first");
        task.cancel("second");
        task.cancel("third");
      }),
    );
    expect(told).toBe(2);
  });

  test("3.1: a task that cancels itself goes on to its next wait", async () => {
    const trace: string[] = [];
    await inVirtualTime(() =>
      taskGroup(async (group) => {
        group.createTask(async () => {
          currentTask()?.cancel();
          trace.push("goes on");
          await sleep(0);
          trace.push("never");
        });
      }),
    );
    expect(trace).toEqual(["goes on"]);
  });
});
