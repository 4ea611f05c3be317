import { createTask, currentTask, moveOnAfter, sleep, type Task, taskGroup } from "joinery";
import { Lock, type Token } from "joinery/sync";
import { describe, expect, test } from "vitest";
import { turn } from "../support/turn.ts";
import { inVirtualTime } from "../support/virtual-clock.ts";

const never = (): void => expect.unreachable("it is held");
const caught = (error: unknown): unknown => error;

describe("a lock", () => {
  test("lets one in at a time, in order of arrival", async () => {
    const trace: string[] = [];
    const lock = new Lock();
    await inVirtualTime(() =>
      taskGroup((group) => {
        for (const name of ["a", "b", "c"])
          group.createTask(async () => {
            using _ = await lock.acquire();
            trace.push(`${name} in`);
            await sleep(5);
            trace.push(`${name} out`);
          });
      }),
    );
    expect(trace).toEqual(["a in", "a out", "b in", "b out", "c in", "c out"]);
    expect(lock.statistics()).toEqual({ locked: false, owner: undefined, waiting: 0 });
  });

  test("that is free is taken without letting a turn pass", async () => {
    const lock = new Lock();
    let turns = 0;
    setImmediate(() => turns++);
    (await lock.acquire()).release();
    (await lock.acquire()).release();
    expect(turns).toBe(0);
    await turn();
  });

  test("is handed over at its release: nobody barges in before the next one goes on", async () => {
    const lock = new Lock();
    const trace: unknown[] = [];
    const token = await lock.acquire();
    const waiting = lock.with(() => void trace.push("next"));
    token.release();
    trace.push(lock.tryAcquire(), lock.locked());
    await waiting;
    expect(trace).toEqual([undefined, true, "next"]);
    expect(lock.locked()).toBe(false);
  });

  test("refuses a cancelled task, also when it is free", async () => {
    const lock = new Lock();
    const outcome = await inVirtualTime(() =>
      moveOnAfter(1, async () => {
        await sleep(5).catch(() => {});
        return lock.acquire().catch(caught);
      }),
    );
    expect(outcome.value).toMatchObject({ source: "deadline" });
    expect(lock.locked()).toBe(false);
  });

  test("forgets a waiter that is cancelled, and lets in the one behind it", async () => {
    const lock = new Lock();
    const trace: string[] = [];
    await inVirtualTime(() =>
      taskGroup(async (group) => {
        const token = await lock.acquire();
        const enter = (name: string) => () => lock.with(() => void trace.push(name));
        group.createTask(enter("a"));
        const cancelled = group.createTask(enter("cancelled"));
        group.createTask(enter("b"));
        await sleep(1);
        cancelled.cancel();
        expect(lock.statistics().waiting).toBe(2);
        token.release();
      }),
    );
    expect(trace).toEqual(["a", "b"]);
  });

  test("stays with a waiter that is cancelled after it was woken, which passes it on", async () => {
    const lock = new Lock();
    const trace: string[] = [];
    await inVirtualTime(() =>
      taskGroup(async (group) => {
        const token = await lock.acquire();
        const woken = group.createTask(async () => {
          using _ = await lock.acquire();
          trace.push("has it");
          await sleep(1).catch(() => trace.push("is cancelled"));
        });
        group.createTask(() => lock.with(() => void trace.push("next")));
        await sleep(1);
        token.release();
        woken.cancel();
      }),
    );
    expect(trace).toEqual(["has it", "is cancelled", "next"]);
  });

  test("is not waited for by a task that is over and never awaited its acquire()", async () => {
    const lock = new Lock();
    const token = await lock.acquire();
    await createTask(() => void lock.acquire());
    expect(lock.statistics().waiting).toBe(0);
    token.release();
    expect(lock.locked()).toBe(false);
  });

  test("with(fn) gives the value or the error of fn, and the lock back", async () => {
    const lock = new Lock();
    const boom = new Error("boom");
    expect(await lock.with(() => lock.locked())).toBe(true);
    expect(await lock.with(async () => "value")).toBe("value");
    expect(await lock.with(() => Promise.reject(boom)).catch(caught)).toBe(boom);
    const throws = (): never => {
      throw boom;
    };
    expect(await lock.with(throws).catch(caught)).toBe(boom);
    expect(lock.locked()).toBe(false);
  });
});

describe("the token of a lock", () => {
  test("gives it back once: a second time does not touch what the next one holds", async () => {
    const lock = new Lock();
    const first = await lock.acquire();
    first.release();
    const second = lock.tryAcquire() as Token;
    first.release();
    first[Symbol.dispose]();
    expect(lock.locked()).toBe(true);
    second[Symbol.dispose]();
    expect(lock.locked()).toBe(false);
  });

  test("may be given back by somebody else", async () => {
    const lock = new Lock();
    await taskGroup(async (group) => {
      const token = await lock.acquire();
      group.createTask(() => token.release());
    });
    expect(lock.locked()).toBe(false);
  });
});

describe("the owner of a lock", () => {
  test("gets an error and no deadlock when it acquires it again", async () => {
    const lock = new Lock({ name: "db" });
    const refused = {
      name: "InvalidStateError",
      code: "JOINERY_REENTRY",
      message: expect.stringMatching(/ holds lock "db" already, .* have to be tasks: /),
    };
    await createTask(
      async () => {
        using _ = await lock.acquire();
        const error = await lock.acquire().catch(caught);
        expect(error).toMatchObject({
          ...refused,
          message: expect.stringMatching(/^task "owner" holds lock "db" already/),
        });
        expect(() => lock.tryAcquire()).toThrow(expect.objectContaining(refused));
        expect(await lock.with(never).catch(caught)).toMatchObject(refused);
      },
      { name: "owner" },
    );
    expect(lock.statistics()).toEqual({ locked: false, owner: undefined, waiting: 0 });
  });

  test("is the only task that may call release()", async () => {
    const lock = new Lock({ name: "db" });
    expect(() => lock.release()).toThrow(
      expect.objectContaining({
        code: "JOINERY_NOT_HELD",
        message: expect.stringMatching(/^lock "db" is not held .* Acquire it first\.$/),
      }),
    );
    await createTask(
      async () => {
        await lock.acquire();
        await createTask(
          () => {
            expect(() => lock.release()).toThrow(
              expect.objectContaining({
                code: "JOINERY_NOT_OWNER",
                message: 'lock "db" is held by task "owner", not by task "other".',
              }),
            );
          },
          { name: "other" },
        );
        lock.release();
        expect(lock.locked()).toBe(false);
      },
      { name: "owner" },
    );
  });

  test("is none outside of any task: there, whoever comes waits, and may release", async () => {
    const lock = new Lock();
    await lock.acquire();
    const waiting = lock.acquire();
    expect(lock.statistics()).toEqual({ locked: true, owner: undefined, waiting: 1 });
    await createTask(() => lock.release());
    await waiting;
    lock.release();
    expect(lock.locked()).toBe(false);
  });

  test("is what statistics() and holders() show", async () => {
    const lock = new Lock();
    await createTask(async (task) => {
      using _ = await lock.acquire();
      const { owner } = lock.statistics();
      expect([owner === task, lock.holders().length, lock.holders()[0] === task]).toEqual([
        true,
        1,
        true,
      ]);
    });
    expect(lock.holders()).toEqual([]);
    using _ = await lock.acquire();
    expect(lock.holders()).toEqual([]);
  });

  test.each([
    ["returns", async (): Promise<void> => {}],
    ["fails", () => Promise.reject(new Error("boom"))],
    ["is cancelled", async () => currentTask()?.cancel()],
  ])(
    "that %s without a release wakes all who wait, with an error that names it",
    async (_, end) => {
      const lock = new Lock({ name: "db" });
      const trace: unknown[] = [];
      let token: Token | undefined;
      const ended = {
        name: "InvalidStateError",
        code: "JOINERY_OWNER_ENDED",
        message: expect.stringMatching(
          /^task "owner" is over and has not released lock "db"\. Hold it with .*\.$/,
        ),
      };
      await inVirtualTime(async () => {
        const owner = createTask(
          async () => {
            token = await lock.acquire();
            await sleep(5);
            await end();
            await sleep(0);
          },
          { name: "owner" },
        );
        owner.then(undefined, () => {});
        await sleep(1);
        const waiting = [1, 2].map(() => createTask(() => lock.acquire().catch(caught)));
        for (const each of waiting) trace.push(await each);
      });
      expect(trace).toEqual([expect.objectContaining(ended), expect.objectContaining(ended)]);

      expect(await lock.acquire().catch(caught)).toMatchObject(ended);
      expect(() => lock.tryAcquire()).toThrow(expect.objectContaining(ended));
      token?.release();
      (await lock.acquire()).release();
    },
  );

  test("is the one who holds it now: the end of an earlier one disturbs nobody", async () => {
    const lock = new Lock();
    const trace: string[] = [];
    const use = (name: string) => async (): Promise<void> => {
      await lock.with(() => sleep(5));
      trace.push(name);
    };
    await inVirtualTime(() =>
      taskGroup((group) => {
        for (const name of ["a", "b", "c"]) group.createTask(use(name));
      }),
    );
    expect(trace).toEqual(["a", "b", "c"]);
  });

  test("is never one that was cancelled while it waited", async () => {
    const lock = new Lock();
    await inVirtualTime(async () => {
      const holder = createTask(() => lock.with(() => sleep(5)));
      await sleep(0);
      const waiter: Task<unknown> = createTask(() => lock.acquire());
      await sleep(0);
      waiter.cancel();
      await holder;
      expect(lock.tryAcquire()).toBeDefined();
    });
  });
});
