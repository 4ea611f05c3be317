/** The end of a worker. */

import { gracefulClose } from "joinery/executor";
import { afterEach, beforeEach, expect, test, vi } from "vitest";

const trace: string[] = [];
let end: () => void;
let fail: (error: Error) => void;
let close: ReturnType<typeof gracefulClose>;

beforeEach(() => {
  vi.useFakeTimers();
  trace.length = 0;
  const running = new Promise<void>((resolve, reject) => ([end, fail] = [resolve, reject]));
  close = gracefulClose(
    () => {
      trace.push("closing");
      return running;
    },
    () => trace.push("cancelled"),
  );
});

afterEach(() => {
  expect(vi.getTimerCount()).toBe(0);
  vi.useRealTimers();
});

test.each([undefined, {}, { within: Infinity }, { within: 2 ** 31 }])(
  "what runs has all the time it takes: close(%j)",
  async (options) => {
    const closed = close(options);
    expect(vi.getTimerCount()).toBe(0);
    end();
    await closed;
    expect(trace).toEqual(["closing"]);
  },
);

test("what is not over in time is cancelled, and waited for", async () => {
  const closed = close({ within: 50 });
  vi.advanceTimersByTime(49);
  expect(trace).toEqual(["closing"]);
  vi.advanceTimersByTime(1);
  expect(trace).toEqual(["closing", "cancelled"]);
  end();
  await closed;
});

test("what is over in time is not cancelled", async () => {
  const closed = close({ within: 50 });
  end();
  await closed;
  vi.advanceTimersByTime(100);
  expect(trace).toEqual(["closing"]);
});

test("whoever is in more of a hurry may close again", async () => {
  const closed = [close(), close({ within: 0 })];
  vi.advanceTimersByTime(0);
  expect(trace).toEqual(["closing", "cancelled"]);
  end();
  await Promise.all(closed);
});

test("an error of the end is that of closing", async () => {
  const closed = close({ within: 50 });
  fail(new Error("no server"));
  await expect(closed).rejects.toThrow("no server");
});

test.each([Number.NaN, "soon", null])(
  "within %s is refused, and nothing is closed",
  async (within) => {
    const refused = close({ within: within as number });
    await expect(refused).rejects.toMatchObject({ code: "JOINERY_INVALID_TIME" });
    await expect(refused).rejects.toThrow(
      /^Expected `within` to be a number of milliseconds, got /,
    );
    expect(trace).toEqual([]);
  },
);

test("what is no function is refused at once", () => {
  expect(() => gracefulClose(undefined as never, () => {})).toThrow(
    /^Expected `close` to be a function/,
  );
  expect(() => gracefulClose(close, undefined as never)).toThrow(
    /^Expected `cancel` to be a function/,
  );
});
