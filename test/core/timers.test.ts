import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Clock, moveOnAfter, run, sleep, statistics, taskGroup, timeout } from "joinery";
import { turn } from "../support/turn.ts";

/** A clock that does only what the test says. */
class HandClock implements Clock {
  time = 0;
  readonly hostTimers = new Map<number, { at: number; callback: () => void }>();
  /** How many host timers there were at most, at once. */
  most = 0;
  /** How many were set, over all. */
  set = 0;

  now(): number {
    return this.time;
  }

  setTimeout(callback: () => void, ms: number): unknown {
    this.hostTimers.set(++this.set, { at: this.time + ms, callback });
    this.most = Math.max(this.most, this.hostTimers.size);
    return this.set;
  }

  clearTimeout(handle: unknown): void {
    this.hostTimers.delete(handle as number);
  }

  /** When the next host timer is due. */
  get next(): number {
    return Math.min(...[...this.hostTimers.values()].map((timer) => timer.at));
  }

  /** Goes to `time`, and calls the host timers, due or not. */
  fireAt(time: number): void {
    this.time = time;
    for (const [handle, timer] of new Map(this.hostTimers)) {
      this.hostTimers.delete(handle);
      timer.callback();
    }
  }

  /** Goes on by the host timers until none is left. */
  async drain(): Promise<void> {
    await turn();
    for (let next = this.next; next < Infinity; next = this.next) {
      this.fireAt(next);
      await turn();
    }
  }
}

/** Runs `main` on `clock`, driven by its own timers. */
async function on<R>(clock: HandClock, main: () => Promise<R>): Promise<R> {
  const value = run(main, { clock, handleSignals: false });
  value.catch(() => {});
  await clock.drain();
  return value;
}

describe("host timers", () => {
  test("2: there is none for a sleep of nothing, nor for a timeout of Infinity", async () => {
    const clock = new HandClock();
    await on(clock, () => timeout(Infinity, () => sleep(0)));
    expect(clock.set).toBe(0);
  });

  test("2: one is set, and not set again, for all that is not due before it", async () => {
    const clock = new HandClock();
    await on(clock, async () => {
      await Promise.all([
        sleep(10),
        sleep(10),
        timeout(10, () => sleep(5)),
        moveOnAfter(20, () => {}),
      ]);
    });
    expect(clock.set, "for 10, 5 and again 10").toBe(3);
  });
});

describe("sleepers", () => {
  test("4.2: two sleeps of a length, called in one turn across a millisecond, wake in the same callback", async () => {
    const clock = new HandClock();
    const trace: string[] = [];
    const done = run(
      async () => {
        clock.time = 0.9;
        const first = sleep(100).then(() => trace.push("first"));
        clock.time = 1.1;
        const second = sleep(100).then(() => trace.push("second"));
        await Promise.all([first, second]);
      },
      { clock, handleSignals: false },
    );
    await turn();
    clock.fireAt(101);
    await turn();
    expect(trace, "T1: not before the later one is due").toEqual([]);
    clock.fireAt(102);
    trace.push("end of the callback");
    await done;
    expect(trace).toEqual(["end of the callback", "first", "second"]);
  });

  test("4.2: so do sleeps of one length with microtasks between their calls", async () => {
    const clock = new HandClock();
    const error = await on(clock, () =>
      taskGroup((group) => {
        for (let i = 0; i < 3; i++) {
          group.createTask(async () => {
            for (let step = 0; step < i * 10; step++) await Promise.resolve();
            clock.time += 0.7;
            await sleep(5);
            throw new Error(`failure ${i}`);
          });
        }
      }),
    ).catch((reason: unknown) => reason);
    expect((error as AggregateError).errors.map(String)).toEqual([
      "Error: failure 0",
      "Error: failure 1",
      "Error: failure 2",
    ]);
  });

  test("3: a sleep of the next turn is not moved by those of this one", async () => {
    const clock = new HandClock();
    const trace: string[] = [];
    const done = run(
      async () => {
        const first = sleep(100).then(() => trace.push(`first at ${clock.time}`));
        await turn();
        clock.time = 50;
        const second = sleep(100).then(() => trace.push(`second at ${clock.time}`));
        await Promise.all([first, second]);
      },
      { clock, handleSignals: false },
    );
    await turn(4);
    await clock.drain();
    await done;
    expect(trace).toEqual(["first at 100", "second at 150"]);
  });

  test("3: due times are rounded up to a millisecond, never down", async () => {
    const clock = new HandClock();
    clock.time = 0.4;
    const seen: number[] = [];
    await on(clock, async () => {
      await sleep(1.2);
      seen.push(clock.time);
      clock.time = 7.01;
      await sleep(0.001);
      seen.push(clock.time);
    });
    expect(seen).toEqual([2.4, 8.01]);
  });

  test("3: what is due together fires together, in order of due time, then of creation", async () => {
    const clock = new HandClock();
    const trace: string[] = [];
    const done = run(
      () =>
        Promise.all(
          [30, 10, 20, 10.5, 20].map((ms, i) => sleep(ms).then(() => trace.push(`${ms} (${i})`))),
        ),
      { clock, handleSignals: false },
    );
    await turn();
    clock.fireAt(100);
    await done;
    expect(trace).toEqual(["10 (1)", "10.5 (3)", "20 (2)", "20 (4)", "30 (0)"]);
  });

  test("3: a host timer that fires early finds nothing due, and is set again", async () => {
    const clock = new HandClock();
    const trace: string[] = [];
    const done = run(() => sleep(100).then(() => trace.push("slept")), {
      clock,
      handleSignals: false,
    });
    await turn();
    for (const early of [10, 99, 99.9]) {
      clock.fireAt(early);
      await turn();
      expect(clock.hostTimers.size).toBe(1);
    }
    expect(trace).toEqual([]);
    clock.fireAt(100);
    await done;
    expect(trace).toEqual(["slept"]);
  });

  test("3: a shorter sleep that comes later moves the host timer forward", async () => {
    const clock = new HandClock();
    const seen: number[] = [];
    await on(clock, () =>
      Promise.all(
        [Infinity, 1000, 10].map((ms) =>
          moveOnAfter(2000, () => sleep(ms).then(() => seen.push(clock.time))),
        ),
      ),
    );
    expect(seen).toEqual([10, 1000]);
    expect(clock.most).toBe(1);
  });

  test("3: without timers there is no host timer: cancelled sleeps and deadlines leave none", async () => {
    const clock = new HandClock();
    await on(clock, async () => {
      await taskGroup(
        async (group) => {
          for (let i = 1; i <= 20; i++)
            group.createTask(() => timeout(i * 100, () => sleep(i * 50)));
          await turn();
          expect(clock.hostTimers.size).toBe(1);
          group.cancel();
        },
        { cancellable: true, grace: Infinity },
      );
      expect(clock.hostTimers.size).toBe(0);
      expect(statistics().timers).toBe(0);
    });
  });
});

test("3: 10,000 random sleeps and cancels end as a simple model says", async () => {
  const length = fc.integer({ min: 1, max: 300 });
  const sleeper = fc.record({ start: fc.integer({ min: 1, max: 40 }), ms: length, limit: length });
  await fc.assert(
    fc.asyncProperty(fc.array(sleeper, { minLength: 500, maxLength: 500 }), async (sleepers) => {
      const clock = new HandClock();
      const seen: string[] = [];
      await on(clock, () =>
        Promise.all(
          sleepers.map(async ({ start, ms, limit }, i) => {
            await sleep(start);
            const result = await moveOnAfter(limit, () => sleep(ms).then(() => "slept"));
            seen[i] = `${result.value ?? "cancelled"} at ${clock.time}`;
          }),
        ),
      );
      const model = sleepers.map(({ start, ms, limit }) =>
        ms < limit
          ? `slept at ${start + ms}`
          : ms > limit
            ? `cancelled at ${start + limit}`
            : undefined,
      );
      // A sleep and a deadline of the same moment: the one that was set first comes first.
      expect(seen.map((line, i) => (model[i] === undefined ? undefined : line))).toEqual(model);
      expect(clock.hostTimers.size).toBe(0);
      expect(clock.most).toBe(1);
      expect(statistics().timers).toBe(0);
    }),
    { numRuns: 20 },
  );
}, 20_000);
