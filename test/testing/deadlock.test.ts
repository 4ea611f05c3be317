import {
  createTask,
  isCancelled,
  type Parked,
  type Resource,
  shield,
  sleep,
  suspend,
  type Task,
  taskGroup,
} from "joinery";
import { DeadlockError, printTreeWhenStuck, withVirtualTime } from "joinery/testing";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { caught } from "../core/fixtures/story.ts";
import { takeWarnings } from "../support/no-leaks.ts";
import { turn } from "../support/turn.ts";

/** Something that one task has, and others wait for until they are cancelled. */
class Latch implements Resource {
  readonly kind = "latch";
  readonly name: string;
  holder: Task<unknown> | undefined;

  constructor(name: string) {
    this.name = name;
  }

  holders(): Task<unknown>[] {
    return this.holder ? [this.holder] : [];
  }

  wait(): Promise<void> {
    return suspend<void>(() => {}, { resource: this });
  }
}

/** Somebody else's work, in real time. */
const foreign = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

const never = (): Promise<void> => suspend<void>(() => {}, { label: "a letter" });

/** Two tasks that have one latch each, and wait for that of the other. */
function crossed(): Promise<void> {
  const [left, right] = [new Latch("left"), new Latch("right")];
  return taskGroup((group) => {
    left.holder = group.createTask(() => right.wait(), { name: "a" });
    right.holder = group.createTask(() => left.wait(), { name: "b" });
  });
}

describe("a deadlock", () => {
  test("is an error that shows who waits for what, who has it, and the circle", async () => {
    const error = await caught(withVirtualTime(() => crossed(), { name: "test" }));
    expect(error).toBeInstanceOf(DeadlockError);
    expect(error).toMatchObject({ name: "DeadlockError", code: "JOINERY_DEADLOCK" });
    const lines = (error as Error).message.replaceAll(/(group|run)-\d+/g, "$1").split("\n");
    expect(lines).toMatchInlineSnapshot(`
      [
        "Every task waits, no timer is set, and nothing is to come from outside:",
        "process",
        "└─ run",
        "   └─ test  waits for 2 in group "group"",
        "      └─ group  waits for its children",
        "         ├─ a  waits for latch "right" (held by b)",
        "         └─ b  waits for latch "left" (held by a)",
        "! Wait for each other: task "a" → latch "right" → task "b" → latch "left" → task "a"",
      ]
    `);
  });

  test("is found when the time that was left has passed", async () => {
    const trace: unknown[] = [];
    const error = await caught(
      withVirtualTime(async (clock) => {
        const child = createTask(never);
        await sleep(500);
        trace.push(clock.now());
        await child;
      }),
    );
    expect(trace).toEqual([500]);
    expect((error as Error).message).toContain("a letter");
  });

  test("is one also when somebody sleeps for ever", async () => {
    expect(await caught(withVirtualTime(() => sleep(Infinity)))).toBeInstanceOf(DeadlockError);
  });

  test("cancels the body, and waits for its cleanup", async () => {
    const trace: unknown[] = [];
    const error = await caught(
      withVirtualTime(async (clock) => {
        try {
          await never();
        } catch (reason) {
          trace.push(isCancelled(reason), (reason as Error).cause instanceof DeadlockError);
          throw reason;
        } finally {
          await shield(() => sleep(10), { within: 100 });
          trace.push(clock.now());
        }
      }),
    );
    expect(trace).toEqual([true, true, 10]);
    expect(error).toBeInstanceOf(DeadlockError);
    expect((error as Error).cause).toBeUndefined();
  });

  test("has the error of the cleanup as its cause", async () => {
    const broken = new Error("cleanup");
    const body = (): Promise<never> => never().then(undefined, () => Promise.reject(broken));
    expect(await caught(withVirtualTime(body))).toMatchObject({
      name: "DeadlockError",
      cause: broken,
    });
  });

  test("is thrown also when the body takes no notice of its cancellation", async () => {
    expect(await caught(withVirtualTime(() => never().catch(() => "fine")))).toBeInstanceOf(
      DeadlockError,
    );
  });

  test("in cleanup that nothing can end is thrown, and the tasks are left", async () => {
    let parked: Parked<void> | undefined;
    const hang = (): Promise<void> => suspend<void>((wait) => void (parked = wait));
    const body = (): Promise<void> => never().finally(() => shield(hang, { within: Infinity }));
    expect(await caught(withVirtualTime(body))).toBeInstanceOf(DeadlockError);
    parked?.resolve();
    await turn(5);
    expect(await takeWarnings()).toEqual([expect.stringMatching(/^JOINERY_RESISTS_CANCEL/)]);
  });

  test("of background tasks, when the body is over, is thrown as well", async () => {
    let parked: Parked<void> | undefined;
    const hang = (): Promise<void> => suspend<void>((wait) => void (parked = wait));
    const body = async (): Promise<void> => {
      createTask(() => shield(hang, { within: Infinity }));
      await sleep(1);
    };
    expect(await caught(withVirtualTime(body))).toBeInstanceOf(DeadlockError);
    parked?.resolve();
    await turn(5);
    expect(await takeWarnings()).toEqual([expect.stringMatching(/^JOINERY_RESISTS_CANCEL/)]);
  });
});

describe("a test that hangs", () => {
  let printed: string[] = [];
  let untilPrinted: Promise<void>;
  beforeEach(() => {
    printed = [];
    untilPrinted = new Promise((resolve) => {
      vi.spyOn(console, "error").mockImplementation((text: string) => {
        printed.push(text);
        resolve();
      });
    });
  });
  afterEach(() => vi.restoreAllMocks());

  test("because of a promise that is not joinery's prints the tree, once", async () => {
    await withVirtualTime(
      async () => {
        await sleep(1000);
        await untilPrinted;
        await foreign(30);
      },
      { name: "test", stuckAfter: 10 },
    );
    expect(printed).toHaveLength(1);
    expect(printed[0]).toMatch(/^Nothing has moved for 10 ms:\nprocess\n/);
    expect(printed[0]).toMatch(/test {2}awaits what is not joinery's$/);
  });

  test("does not print while it moves", async () => {
    let now = 0;
    vi.spyOn(performance, "now").mockImplementation(() => now);
    await withVirtualTime(
      async () => {
        for (let i = 0; i < 5; i++) {
          now += 600;
          await foreign(5);
          await sleep(1);
        }
      },
      { stuckAfter: 1000 },
    );
    expect(printed).toEqual([]);
  });

  test("prints the tree from a hook of the runner, unless it ends before", async () => {
    const stop = printTreeWhenStuck(10);
    const inTime = printTreeWhenStuck(10);
    const endless = printTreeWhenStuck(Infinity);
    inTime();
    const task = createTask(() => untilPrinted, { name: "hangs" });
    await task;
    stop();
    endless();
    expect(printed).toHaveLength(1);
    expect(printed[0]).toMatch(/^Not over after 10 ms:\nprocess/);
    expect(printed[0]).toMatch(/hangs {2}awaits what is not joinery's$/);
  });

  test("needs a time", () => {
    expect(() => printTreeWhenStuck("5" as never)).toThrow(
      expect.objectContaining({ code: "JOINERY_INVALID_TIME" }),
    );
  });
});
