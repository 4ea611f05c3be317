import { all, createTask, moveOnAfter, sleep, taskGroup } from "joinery";
import { BoundedSemaphore, CapacityLimiter, Lock, Semaphore } from "joinery/sync";
import { describe, expect, test, vi } from "vitest";
import { inVirtualTime } from "../support/virtual-clock.ts";

const never = (): void => expect.unreachable("it has no token");
const caught = (error: unknown): unknown => error;
const idle = (total: number): unknown => ({
  total,
  borrowed: 0,
  available: total,
  borrowers: [],
  waiting: 0,
});

/** Runs `count` tasks that hold a token for 5 ms each; returns how many did so at a time, in order of time. */
async function peaks(limiter: CapacityLimiter, count: number): Promise<number[]> {
  const seen: number[] = [];
  await all(
    Array.from({ length: count }, () => async () => {
      using token = await limiter.acquire();
      void token;
      await sleep(4);
      seen.push(limiter.statistics().borrowed);
      await sleep(1);
    }),
  );
  return seen;
}

describe("a capacity limiter", () => {
  test("lends as many tokens as it has, in order of arrival", async () => {
    const limiter = new CapacityLimiter(2);
    expect(await inVirtualTime(() => peaks(limiter, 5))).toEqual([2, 2, 2, 2, 1]);
    expect(limiter.statistics()).toEqual(idle(2));
  });

  test("lends more at once when the total grows, and none until enough are back when it shrinks", async () => {
    const limiter = new CapacityLimiter(0);
    const trace: unknown[] = [];
    await inVirtualTime(() =>
      taskGroup(async (group) => {
        for (let i = 0; i < 4; i++)
          group.createTask(async () => {
            using token = await limiter.acquire();
            void token;
            trace.push(i);
            await sleep(10);
          });
        await sleep(1);
        expect(limiter.statistics()).toMatchObject({ borrowed: 0, available: 0, waiting: 4 });
        limiter.total = 2;
        expect(limiter.statistics()).toMatchObject({ borrowed: 2, available: 0, waiting: 2 });
        await sleep(5);
        limiter.total = 1;
        expect(limiter.statistics()).toMatchObject({ total: 1, borrowed: 2, available: 0 });
        expect(trace).toEqual([0, 1]);
        await sleep(6);
        expect(trace).toEqual([0, 1, 2]);
        limiter.total = Infinity;
        expect(limiter.statistics()).toMatchObject({ borrowed: 2, available: Infinity });
      }),
    );
    expect(trace).toEqual([0, 1, 2, 3]);
  });

  test("a task has one token: to acquire another is an error and no deadlock", async () => {
    const limiter = new CapacityLimiter(2, { name: "cores" });
    const refused = { name: "InvalidStateError", code: "JOINERY_REENTRY" };
    await createTask(
      async () => {
        using token = await limiter.acquire();
        void token;
        expect(await limiter.acquire().catch(caught)).toMatchObject({
          ...refused,
          message: expect.stringMatching(/^task "t" has a token of limiter "cores", or waits/),
        });
        expect(() => limiter.tryAcquire()).toThrow(expect.objectContaining(refused));
      },
      { name: "t" },
    );
    expect(limiter.statistics()).toEqual(idle(2));
  });

  test("a borrower that waits for a token is refused a second wait, until it has given up", async () => {
    const limiter = new CapacityLimiter(0);
    const borrower = {};
    const controller = new AbortController();
    const waiting = limiter.acquire({ borrower, signal: controller.signal });
    expect(await limiter.acquire({ borrower }).catch(caught)).toMatchObject({
      code: "JOINERY_REENTRY",
      message: expect.stringMatching(/^the borrower has a token/),
    });
    controller.abort("why");
    expect(await waiting.catch(caught)).toMatchObject({ cause: "why" });
    expect(limiter.statistics()).toEqual(idle(0));
    limiter.total = 1;
    const token = await limiter.acquire({ borrower });
    expect(limiter.statistics().borrowers).toEqual([borrower]);
    token.release();
    token.release();
    expect(limiter.statistics()).toEqual(idle(1));
  });

  test("a borrower that has been lent a token by another's release does not wait any more", async () => {
    const limiter = new CapacityLimiter(1);
    const [a, b] = [{}, {}];
    const first = await limiter.acquire({ borrower: a });
    const second = limiter.acquire({ borrower: b });
    first.release();
    (await second).release();
    limiter.tryAcquire({ borrower: b })?.release();
    expect(limiter.statistics()).toEqual(idle(1));
  });

  test("outside of any task each one who acquires is a borrower of its own", async () => {
    const limiter = new CapacityLimiter(2);
    const tokens = [await limiter.acquire(), await limiter.acquire()];
    expect([limiter.statistics().borrowed, limiter.tryAcquire()]).toEqual([2, undefined]);
    for (const token of tokens) token.release();
    expect(limiter.statistics()).toEqual(idle(2));
  });

  test("a cancelled waiter leaves no trace, and one that was lent a token before keeps it", async () => {
    const limiter = new CapacityLimiter(1);
    const trace: string[] = [];
    await inVirtualTime(() =>
      taskGroup(async (group) => {
        const token = await limiter.acquire();
        const woken = group.createTask(() =>
          limiter.with(() => sleep(1).catch(() => trace.push("cancelled"))),
        );
        const next = group.createTask(() => limiter.acquire());
        await sleep(1);
        next.cancel();
        expect(limiter.statistics().waiting).toBe(1);
        token.release();
        woken.cancel();
      }),
    );
    expect(trace).toEqual(["cancelled"]);
    expect(limiter.statistics()).toEqual(idle(1));
  });

  test("holders() are the tasks that have asked for tokens", async () => {
    const limiter = new CapacityLimiter(3);
    const outside = await limiter.acquire();
    await createTask(
      async () => {
        const tokens = [await limiter.acquire(), await limiter.acquire({ borrower: {} })];
        expect(limiter.holders().map(({ name }) => name)).toEqual(["t", "t"]);
        for (const token of tokens) token.release();
      },
      { name: "t" },
    );
    outside.release();
  });
});

describe("with and wrap", () => {
  test("borrow for the call: those of one task count each", async () => {
    const limiter = new CapacityLimiter(2);
    let [running, most] = [0, 0];
    const work = limiter.wrap(async (n: number) => {
      most = Math.max(most, ++running);
      await sleep(5);
      running--;
      return n * 2;
    });
    const results = await inVirtualTime(() => Promise.all([1, 2, 3, 4].map((n) => work(n))));
    expect([results, most]).toEqual([[2, 4, 6, 8], 2]);
    expect(limiter.statistics()).toEqual(idle(2));
  });

  test("take what acquire() takes", async () => {
    const limiter = new CapacityLimiter(1);
    const borrower = {};
    await limiter.with(() => expect(limiter.statistics().borrowers).toEqual([borrower]), {
      borrower,
    });
    const signal = AbortSignal.abort("why");
    expect(await limiter.with(never, { signal }).catch(caught)).toMatchObject({
      cause: "why",
    });
  });
});

describe("as the concurrency of a group", () => {
  test("lets as many children run as it has tokens, also when that changes", async () => {
    const limiter = new CapacityLimiter(1);
    const trace: string[] = [];
    await inVirtualTime(() =>
      taskGroup(
        async (group) => {
          for (const name of ["a", "b", "c"])
            group.createTask(async () => {
              trace.push(`${name} ${limiter.statistics().borrowed}`);
              await sleep(5);
            });
          await sleep(6);
          limiter.total = 2;
        },
        { concurrency: limiter },
      ),
    );
    expect(trace).toEqual(["a 1", "b 1", "c 2"]);
    expect(limiter.statistics()).toEqual(idle(1 + 1));
  });

  test("is shared between groups, and each token belongs to its child", async () => {
    const limiter = new CapacityLimiter(1);
    const seen: unknown[] = [];
    const group = (name: string) => () =>
      all(
        [1, 2].map((n) => async () => {
          const [holder] = limiter.holders();
          seen.push(`${name}${n} ${limiter.statistics().borrowed} ${holder?.state}`);
          expect(await limiter.acquire().catch(caught)).toMatchObject({ code: "JOINERY_REENTRY" });
          await sleep(1);
        }),
        { concurrency: limiter },
      );
    await inVirtualTime(() => all([group("a"), group("b")]));
    expect(seen).toEqual(["a1 1 running", "a2 1 running", "b1 1 running", "b2 1 running"]);
  });

  test("a child that waits for a token when its group is cancelled never starts", async () => {
    const limiter = new CapacityLimiter(0);
    const body = (): Promise<unknown> =>
      taskGroup((group) => void group.createTask(() => expect.unreachable()), {
        concurrency: limiter,
      });
    expect(await inVirtualTime(() => moveOnAfter(5, body))).toMatchObject({ expired: true });
    expect(limiter.statistics()).toEqual(idle(0));
  });

  test("as all that can be acquired, it is asked without a signal, which would be made for each child", async () => {
    const seen: unknown[] = [];
    const watched = [new CapacityLimiter(1), new Semaphore(1), new BoundedSemaphore(1), new Lock()];
    for (const concurrency of watched) {
      const acquire = vi.spyOn(concurrency, "acquire");
      await taskGroup((group) => void group.createTask(() => {}), { concurrency });
      seen.push(...acquire.mock.calls.map(([options]) => options));
    }
    expect(seen).toEqual(watched.map(() => ({ signal: undefined })));
  });
});
