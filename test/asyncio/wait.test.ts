/** What CPython's own tests of `wait` ask and no other test does: see docs/asyncio-coverage.md. */

import { createTask, sleep, wait } from "joinery";
import { expect, test } from "vitest";
import { inVirtualTime } from "../support/virtual-clock.ts";
import { after, failAfter } from "../support/work.ts";

test("2.6: FIRST_EXCEPTION returns at once when one has failed before", async () => {
  await inVirtualTime(async () => {
    const slow = createTask(() => sleep(1000));
    const failed = createTask(() => failAfter(10, new Error("failed")));
    await wait([failed]);
    const { done, pending } = await wait([slow, failed], { returnWhen: "FIRST_EXCEPTION" });
    expect([done, pending]).toEqual([new Set([failed]), new Set([slow])]);
    expect(slow.done()).toBe(false);
    expect(failed.exception()?.message).toBe("failed");
  });
});

test("2.6: a task that ends when the time is over counts as done", async () => {
  await inVirtualTime(async () => {
    const quick = createTask(() => after(100, "quick"));
    const slow = createTask(() => after(150, "slow"));
    const { done, pending } = await wait([slow, quick], { timeout: 100 });
    expect([done, pending]).toEqual([new Set([quick]), new Set([slow])]);
    expect(await slow).toBe("slow");
  });
});
