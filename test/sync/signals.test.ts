import { all, moveOnAfter, sleep } from "joinery";
import { Barrier, BrokenBarrierError, Event } from "joinery/sync";
import { describe, expect, test } from "vitest";
import { turn } from "../support/turn.ts";
import { inVirtualTime } from "../support/virtual-clock.ts";

const caught = (error: unknown): unknown => error;

describe("an event", () => {
  test("wakes all who wait, in order of arrival, and does not hold up who comes later", async () => {
    const event = new Event();
    const trace: string[] = [];
    await inVirtualTime(() =>
      all([
        () => event.wait().then(() => trace.push("a")),
        () => event.wait().then(() => trace.push("b")),
        async () => {
          await sleep(1);
          expect(event.statistics()).toEqual({ set: false, waiting: 2 });
          event.set();
          event.set();
        },
      ]),
    );
    let turns = 0;
    setImmediate(() => turns++);
    await event.wait();
    expect([trace, turns, event.isSet()]).toEqual([["a", "b"], 0, true]);
    await turn();
  });

  test("that is set and cleared at once still wakes those who waited, and nobody else", async () => {
    const event = new Event();
    const woken = event.wait().then(() => "woken");
    event.set();
    event.clear();
    expect([await woken, event.isSet()]).toEqual(["woken", false]);
    const late = await inVirtualTime(() => moveOnAfter(5, () => event.wait()));
    expect(late.expired).toBe(true);
    expect(event.statistics()).toEqual({ set: false, waiting: 0 });
  });
});

describe("a barrier", () => {
  test("lets all go on when the last one has come, each with its number, and again", async () => {
    const barrier = new Barrier(3);
    const round = (): Promise<number[]> =>
      inVirtualTime(() => all([0, 1, 2].map((ms) => () => sleep(ms).then(() => barrier.wait()))));
    expect([await round(), await round()]).toEqual([
      [0, 1, 2],
      [0, 1, 2],
    ]);
    expect(barrier.statistics()).toEqual({ parties: 3, waiting: 0, broken: false });
  });

  test("of one holds up nobody", async () => {
    expect(await new Barrier(1).wait()).toBe(0);
  });

  test("goes on waiting when one who waits is cancelled", async () => {
    const barrier = new Barrier(2);
    await inVirtualTime(() => moveOnAfter(5, () => barrier.wait()));
    expect(barrier.statistics().waiting).toBe(0);
    expect(await Promise.all([barrier.wait(), barrier.wait()])).toEqual([0, 1]);
  });

  test("that is reset sends away who waits, and can be used at once", async () => {
    const barrier = new Barrier(2, { name: "start" });
    const waiting = barrier.wait().catch(caught);
    barrier.reset();
    const broken = await waiting;
    expect(broken).toBeInstanceOf(BrokenBarrierError);
    expect(broken).toMatchObject({
      name: "BrokenBarrierError",
      code: "JOINERY_BROKEN_BARRIER",
      message: 'barrier "start" was reset.',
    });
    expect(await Promise.all([barrier.wait(), barrier.wait()])).toEqual([0, 1]);
  });

  test("that is aborted sends away who waits and who comes, until it is reset", async () => {
    const barrier = new Barrier(2, { name: "start" });
    const waiting = barrier.wait().catch(caught);
    barrier.abort();
    const aborted = {
      code: "JOINERY_BROKEN_BARRIER",
      message: 'barrier "start" was aborted.',
    };
    expect(await waiting).toMatchObject(aborted);
    expect(await barrier.wait().catch(caught)).toMatchObject(aborted);
    expect([barrier.broken, barrier.statistics().broken]).toEqual([true, true]);
    barrier.reset();
    expect(barrier.broken).toBe(false);
    expect(await Promise.all([barrier.wait(), barrier.wait()])).toEqual([0, 1]);
  });
});
