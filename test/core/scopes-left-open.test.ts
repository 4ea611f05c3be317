import { describe, expect, test } from "vitest";
import type { ExceptionGroup } from "joinery";
import {
  createTask,
  InvalidStateError,
  moveOnAfter,
  shield,
  sleep,
  statistics,
  taskGroup,
  timeout,
} from "joinery";
import { takeUnhandledRejections } from "../support/no-leaks.ts";
import { turn } from "../support/turn.ts";
import { inVirtualTime } from "../support/virtual-clock.ts";

const caught = (error: unknown): unknown => error;
const leftOpen = { name: "InvalidStateError", code: "JOINERY_SCOPE_LEFT_OPEN" };

/** A promise that nobody resolves. */
const never = new Promise<never>(() => {});

/** Opens what `open` opens, and holds it across a `yield`. */
async function* holding(open: () => Promise<unknown>): AsyncGenerator<string> {
  const block = open();
  yield "inside";
  await block;
}

async function* ticks(): AsyncGenerator<number> {
  for (let i = 0; ; i++) {
    await sleep(10);
    yield i;
  }
}

const nested = (): Promise<unknown> =>
  timeout(1000, () =>
    moveOnAfter(2000, () => taskGroup(() => shield(() => never, { within: 3000 }))),
  );

describe("a scope left open across a yield", () => {
  const scopes: [string, () => Promise<unknown>][] = [
    ["group", () => taskGroup(() => never)],
    ["timeout", () => timeout(1000, () => never)],
    ["shield", () => shield(() => never, { within: Infinity })],
  ];
  test.each(scopes)(
    "3: a %s is detected at the edge of the block around it, and does not hang",
    async (kind, open) => {
      const error = (await inVirtualTime(() =>
        timeout(500, async () => {
          for await (const _ of holding(open)) return "left early";
          return "never";
        }),
      ).catch(caught)) as Error;
      expect(error).toBeInstanceOf(InvalidStateError);
      expect(error).toMatchObject(leftOpen);
      expect(error.message).toMatch(
        new RegExp(
          `^timeout "timeout-\\d+" is over, and ${kind} "${kind}-\\d+" inside it was still open\\.`,
        ),
      );
      expect(error.message).toMatch(/keep no scope open across a yield/);
    },
  );

  test("3: tasks in it are cancelled and awaited", async () => {
    const trace: string[] = [];
    const open = (): Promise<unknown> =>
      taskGroup((group) => {
        group.createTask(() =>
          sleep(10_000).finally(() => turn().then(() => trace.push("child is over"))),
        );
        return never;
      });
    await inVirtualTime(() =>
      taskGroup(async () => {
        await holding(open).next();
        await turn();
      }).catch((error: unknown) =>
        trace.push(String((error as ExceptionGroup).errors[0]).slice(0, 23)),
      ),
    );
    expect(trace).toEqual(["child is over", "InvalidStateError: grou"]);
  });

  test("3: a task that ends with one open fails", async () => {
    await inVirtualTime(async () => {
      const task = createTask(() => holding(() => timeout(100, () => never)).next(), {
        name: "consumer",
      });
      const error = await task.then(undefined, caught);
      expect(error).toMatchObject(leftOpen);
      expect(error).not.toHaveProperty("cause");
      expect(String(error)).toMatch(/task "consumer" is over/);
    });
  });

  test("3: a generator that is consumed to its end inside the block is fine", async () => {
    const value = await inVirtualTime(() =>
      timeout(500, async () => {
        const seen: string[] = [];
        for await (const item of holding(() => sleep(10))) seen.push(item);
        for await (const item of holding(() => timeout(100, () => sleep(10)))) seen.push(item);
        return seen;
      }),
    );
    expect(value).toEqual(["inside", "inside"]);
  });

  test("3: the ambient scope inside a generator is that of its consumer", async () => {
    const trace: string[] = [];
    await inVirtualTime(async () => {
      const source = ticks();
      trace.push(`first: ${(await source.next()).value}`);
      const late = await moveOnAfter(5, () => source.next());
      trace.push(`expired: ${late.expired}`);
    });
    expect(trace).toEqual(["first: 0", "expired: true"]);
  });
});

describe("a forgotten await", () => {
  test("3: of a group in the body of a group: its children are cancelled and awaited, and it is said", async () => {
    const trace: string[] = [];
    const error = await inVirtualTime(() =>
      taskGroup(async () => {
        void taskGroup(async (inner) => {
          inner.createTask(() => sleep(1000).finally(() => trace.push("inner child")));
        });
        await turn();
      }),
    ).catch(caught);
    expect(trace).toEqual(["inner child"]);
    expect((error as ExceptionGroup).errors).toMatchObject([leftOpen]);
  });

  test("3: of two blocks: both are named; the cancellation of the block around them is no cause", async () => {
    const error = (await inVirtualTime(() =>
      moveOnAfter(10, async () => {
        for (const name of ["one", "two"]) void timeout(1000, () => never, { name });
        await sleep(50);
      }),
    ).catch(caught)) as Error;
    expect(error).toMatchObject(leftOpen);
    expect(error.message).toMatch(
      /is over, and timeout "one", timeout "two" inside it was still open\./,
    );
    expect(Object.hasOwn(error, "cause")).toBe(false);
  });

  test("3: of a timeout in a task: no other error is made up", async () => {
    const error = await inVirtualTime(() =>
      taskGroup((group) => {
        group.createTask(() => void timeout(1000, () => sleep(100)), { name: "forgetful" });
      }),
    ).catch(caught);
    expect((error as ExceptionGroup).errors).toMatchObject([leftOpen]);
    expect(await takeUnhandledRejections()).toEqual([]);
  });

  test("3: in a block: the error of the body is the cause", async () => {
    const boom = new Error("boom");
    const error = await inVirtualTime(() =>
      moveOnAfter(100, () => {
        void taskGroup(() => sleep(50));
        throw boom;
      }),
    ).catch(caught);
    expect(error).toMatchObject({ ...leftOpen, cause: boom });
  });

  test("3: of a wait: it ends with its scope, and leaves no timer", async () => {
    await inVirtualTime(async () => {
      const kept = await timeout(1000, () => ({ wait: sleep(500) }));
      expect(statistics().timers).toBe(0);
      expect(await kept.wait.catch(caught)).toMatchObject({ source: "shutdown" });
      await timeout(1000, () => void sleep(500));
    });
    expect(await takeUnhandledRejections()).toEqual([]);
  });

  test("3: in the main task of a run", async () => {
    const error = await inVirtualTime(() => void taskGroup(() => sleep(50)), {
      name: "main",
    }).catch(caught);
    expect(error).toMatchObject(leftOpen);
    expect(String(error)).toMatch(/task "main" is over/);
  });

  test("3: the group that was left open refuses further children", async () => {
    const trace: string[] = [];
    await inVirtualTime(() =>
      taskGroup(async () => {
        void taskGroup(async (inner) => {
          await sleep(1000).catch(() => {});
          await turn(6);
          try {
            inner.createTask(() => {});
          } catch (error) {
            trace.push((error as InvalidStateError).code);
          }
        });
        await turn();
      }).catch(() => trace.push("left open")),
    );
    await turn(10);
    expect(trace).toEqual(["left open", "JOINERY_GROUP_CLOSED"]);
  });
});

test("3: a scope left open leaves nothing behind, however many scopes are nested in it", async () => {
  await inVirtualTime(async () => {
    const error = await timeout(500, async () => void (await holding(nested).next())).catch(caught);
    expect(error).toMatchObject(leftOpen);
    expect(statistics()).toMatchObject({ tasks: 1, timers: 0, listeners: 0 });
  });
  expect(statistics().scopes).toBe(0);
});
