/** What CPython's own tests of timeouts ask and no other test does: see docs/asyncio-coverage.md. */

import { run, sleep, timeout, timeoutAt, TimeoutError, type TimeoutScope } from "joinery";
import { expect, test } from "vitest";
import { inVirtualTime, VirtualClock } from "../support/virtual-clock.ts";
import { after } from "../support/work.ts";

const caught = (error: unknown): unknown => error;

test("2.8: Infinity is no deadline", async () => {
  await inVirtualTime(async () => {
    for (const open of [timeout, timeoutAt]) {
      const scope = await open(Infinity, (handle) => after(1e9, handle));
      expect(scope.when()).toBe(Infinity);
      expect(scope.expired()).toBe(false);
    }
  });
});

test("2.8: an error of the body in time comes out as it is", async () => {
  await inVirtualTime(async () => {
    const failure = new RangeError("early");
    const scopes: TimeoutScope[] = [];
    const error = await timeout(10, async (scope) => {
      scopes.push(scope);
      throw failure;
    }).catch(caught);
    expect(error).toBe(failure);
    expect(scopes.map((scope) => scope.expired())).toEqual([false]);
  });
});

test("2.8: the task around goes on after a deadline that has passed", async () => {
  await inVirtualTime(async (main) => {
    expect(await timeout(10, () => sleep(100)).catch(caught)).toBeInstanceOf(TimeoutError);
    await sleep(1000);
    expect(main.signal.aborted).toBe(false);
    expect(main.cancelled()).toBe(false);
  });
});

/** Time that also passes while code runs. */
class BusyClock extends VirtualClock {
  #busy = 0;

  override now(): number {
    return super.now() + this.#busy;
  }

  work(ms: number): void {
    this.#busy += ms;
  }
}

test.each([
  ["the outer one first", 2, 5],
  ["the inner one first", 5, 2],
])(
  "2.8: two deadlines that pass while code runs, %s: one TimeoutError, of the outer",
  async (_, outerMs, innerMs) => {
    const clock = new BusyClock();
    const trace: string[] = [];
    const note = (place: string) => (error: unknown) => {
      trace.push(`${place}: ${(error as Error).name}`);
      throw error;
    };
    const main = (): Promise<unknown> =>
      timeout(outerMs, async () => {
        await timeout(innerMs, async () => {
          clock.work(10);
          await sleep(1000);
        }).catch(note("inner"));
      }).catch(note("outer"));
    await expect(run(main, { handleSignals: false, clock })).rejects.toThrow(TimeoutError);
    expect(trace).toEqual(["inner: AbortError", "outer: TimeoutError"]);
  },
);
