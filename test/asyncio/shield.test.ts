/** What CPython's own tests of `shield` ask and no other test does: see docs/asyncio-coverage.md. */

import {
  CancelledError,
  checkpoint,
  createTask,
  gather,
  shield,
  sleep,
  taskGroup,
  wait,
} from "joinery";
import { expect, test } from "vitest";
import { inVirtualTime } from "../support/virtual-clock.ts";
import { after, failAfter } from "../support/work.ts";

const caught = (error: unknown): unknown => error;
const forEver = { within: Infinity };

test("2.9: without any cancellation the block's value comes out, also that of a task that is over", async () => {
  await inVirtualTime(async () => {
    const over = createTask(() => 42);
    await over;
    expect(await shield(() => over, forEver)).toBe(42);
    expect(await shield(() => after(10, 43), forEver)).toBe(43);
  });
});

test("2.9: a task that somebody cancels inside is an ordinary error of the block", async () => {
  await inVirtualTime(async (main) => {
    const inner = createTask(() => sleep(Infinity));
    const outer = shield(() => inner, forEver).catch(caught);
    await sleep(10);
    inner.cancel("enough");
    expect(await outer).toBeInstanceOf(CancelledError);
    expect(main.signal.aborted).toBe(false);
  });
});

test("2.9: the error of shielded work comes out, also when all around it is cancelled", async () => {
  await inVirtualTime(async () => {
    const failure = new Error("inside");
    const outer = createTask(() => shield(() => failAfter(20, failure), forEver));
    await sleep(10);
    outer.cancel();
    await wait([outer]);
    expect(outer.exception()).toBe(failure);
  });
});

test("2.9: a gather inside runs to its end, and gives its list", async () => {
  await inVirtualTime(async () => {
    const list: unknown[] = [];
    const outer = createTask(async () => {
      list.push(await shield(() => gather([() => after(20, 1), () => after(30, 2)]), forEver));
      await checkpoint();
    });
    await sleep(10);
    outer.cancel();
    await wait([outer]);
    expect(list).toEqual([[1, 2]]);
    expect(outer.cancelled()).toBe(true);
  });
});

test("2.9: a gather of shielded work that is cancelled rejects when all of it has ended", async () => {
  await inVirtualTime(async () => {
    const ended: number[] = [];
    const shielded = (ms: number) => () =>
      shield(async () => void ended.push(await after(ms, ms)), forEver).then(checkpoint);
    await taskGroup(async (group) => {
      const outer = group.createTask(() =>
        gather([shielded(20), shielded(30)], { returnExceptions: true }),
      );
      await sleep(10);
      outer.cancel();
      await wait([outer]);
      expect(outer.cancelled()).toBe(true);
    });
    expect(ended).toEqual([20, 30]);
  });
});
