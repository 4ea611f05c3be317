/** What a worker knows of a lease, whatever the engine answers. */

import { expect, test, vi } from "vitest";
import { LeaseWatch } from "../src/lease-watch.ts";

const lease = 8000;

/** Runs `body` in time that passes by hand, with a session that is open until `close` is called. */
async function withSession(
  body: (watch: LeaseWatch, session: { open: boolean; looks: number }) => Promise<void>,
): Promise<void> {
  vi.useFakeTimers();
  const session = { open: true, looks: 0 };
  const watch = new LeaseWatch(async () => {
    session.looks++;
    return session.open;
  });
  try {
    await body(watch, session);
  } finally {
    watch.close();
    vi.useRealTimers();
  }
}

test("a call that takes long to begin is watched all the same", async () => {
  await withSession(async (watch, session) => {
    const lost = vi.fn<() => void>();
    const call = watch.during("s", lease, async (held) => {
      await new Promise((begun) => setTimeout(begun, 3000));
      held.watch(lost);
      await new Promise((over) => setTimeout(over, 10_000));
    });
    await vi.advanceTimersByTimeAsync(4000);
    expect(lost).not.toHaveBeenCalled();
    session.open = false;
    await vi.advanceTimersByTimeAsync(1000);
    expect(lost).toHaveBeenCalledTimes(1);
    await vi.advanceTimersByTimeAsync(10_000);
    await call;
  });
});

test("a lease that is lost before the call watches it is told at once", async () => {
  await withSession(async (watch, session) => {
    const lost = vi.fn<() => void>();
    const call = watch.during("s", lease, async (held) => {
      session.open = false;
      await new Promise((begun) => setTimeout(begun, 3000));
      held.watch(lost);
      expect(lost).toHaveBeenCalledTimes(1);
    });
    await vi.advanceTimersByTimeAsync(3000);
    await call;
  });
});

test("a session that is over is lost to the next call, which asks first", async () => {
  await withSession(async (watch, session) => {
    session.open = false;
    expect(await watch.during("s", lease, async ({ lost }) => lost)).toBe(true);
    session.open = true;
    expect(await watch.during("s", lease, async ({ lost }) => lost)).toBe(false);
  });
});

test("calls that follow each other ask once; without calls nobody asks", async () => {
  await withSession(async (watch, session) => {
    for (let n = 0; n < 5; n++) await watch.during("s", lease, async () => {});
    expect(session.looks).toBe(1);
    await vi.advanceTimersByTimeAsync(10 * lease);
    expect(session.looks).toBe(1);
  });
});

test("a session that cannot be seen for a lease is lost", async () => {
  vi.useFakeTimers();
  const watch = new LeaseWatch(async () => {
    if (performance.now() > start) throw new Error("no answer");
    return true;
  });
  const start = performance.now();
  const lost = vi.fn<() => void>();
  const call = watch.during("s", lease, async (held) => {
    held.watch(lost);
    await new Promise((over) => setTimeout(over, 2 * lease));
  });
  await vi.advanceTimersByTimeAsync(lease);
  expect(lost).not.toHaveBeenCalled();
  await vi.advanceTimersByTimeAsync(lease / 8);
  expect(lost).toHaveBeenCalledTimes(1);
  await vi.advanceTimersByTimeAsync(lease);
  await call;
  vi.useRealTimers();
});

test("a call begins while the answer to the next look is on its way", async () => {
  vi.useFakeTimers();
  let looks = 0;
  const watch = new LeaseWatch(async () => {
    if (++looks > 1) await new Promise((answer) => setTimeout(answer, 500));
    return true;
  });
  const first = watch.during("s", lease, () => new Promise((over) => setTimeout(over, 3000)));
  await vi.advanceTimersByTimeAsync(lease / 8 + 100);
  const began = vi.fn<() => Promise<void>>(async () => {});
  await watch.during("s", lease, began);
  expect([looks, began.mock.calls.length]).toEqual([2, 1]);
  await vi.advanceTimersByTimeAsync(lease);
  await first;
  vi.useRealTimers();
});
