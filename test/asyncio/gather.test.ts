/** What CPython's own tests of `gather` ask and no other test does: see docs/asyncio-coverage.md. */

import { createTask, gather, taskGroup, wait } from "joinery";
import { expect, test } from "vitest";
import { inVirtualTime } from "../support/virtual-clock.ts";
import { after } from "../support/work.ts";

test("2: a cancel in the turn in which the last child ends does not take the results", async () => {
  await inVirtualTime(async () => {
    const child = createTask(() => after(10, 42));
    await taskGroup(async (group) => {
      const gathering = group.createTask(async () => await gather([child]));
      await child;
      gathering.cancel();
      await wait([gathering]);
      expect(gathering.result()).toEqual([42]);
    });
  });
});

test("2: a task that gathers again and again is cancelled by one cancel, which keeps its reason", async () => {
  await inVirtualTime(async () => {
    let rounds = 0;
    const loop = createTask(async () => {
      for (;;) {
        await gather([() => after(50, rounds++)], { returnExceptions: true });
      }
    });
    await wait([loop], { timeout: 220 });
    loop.cancel("my message");
    await expect(loop).rejects.toMatchObject({ code: "JOINERY_CANCELLED", cause: "my message" });
    expect(rounds).toBe(5);
  });
});
