/** What CPython's own tests of `wait_for` ask and no other test does: see docs/asyncio-coverage.md. */

import { createTask, shield, sleep, TimeoutError, waitFor } from "joinery";
import { expect, test } from "vitest";
import { inVirtualTime } from "../support/virtual-clock.ts";
import { after } from "../support/work.ts";

const caught = (error: unknown): unknown => error;

test("2.7: Infinity waits as long as it takes", async () => {
  await inVirtualTime(async () => {
    expect(await waitFor(() => after(1e9, "done"), Infinity)).toBe("done");
    expect(await waitFor(Promise.resolve("done"), Infinity)).toBe("done");
  });
});

test.each([0, 10])(
  "2.7: a function that merely awaits a task leaves it running after %d ms",
  async (ms) => {
    await inVirtualTime(async () => {
      const task = createTask(() => after(100, "done"));
      expect(await waitFor(async () => await task, ms).catch(caught)).toBeInstanceOf(TimeoutError);
      expect(task.done()).toBe(false);
      expect(await task).toBe("done");
      expect(await waitFor(async () => await task, Infinity)).toBe("done");
    });
  },
);

test("2.7: work behind a shield is waited for, and its value counts", async () => {
  await inVirtualTime(async () => {
    let ended = false;
    const work = (): Promise<string> =>
      shield(
        async () => {
          await sleep(100);
          ended = true;
          return "done";
        },
        { within: Infinity },
      );
    expect(await waitFor(work, 10)).toBe("done");
    expect(ended).toBe(true);
  });
});
