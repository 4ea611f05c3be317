import { describe, expect, test } from "vitest";
import { moveOnAfter, sleep, timeLeft, timeout, timeoutAt, TimeoutError } from "joinery";
import { turn } from "../support/turn.ts";
import { inVirtualTime } from "../support/virtual-clock.ts";

const caught = (error: unknown): unknown => error;
const refused = (state: RegExp): unknown =>
  expect.objectContaining({ code: "JOINERY_SCOPE_CLOSED", message: expect.stringMatching(state) });

describe("the scope of a timeout", () => {
  test("2.8: reschedule moves the deadline, in both directions; Infinity takes it away", async () => {
    const trace: string[] = [];
    await inVirtualTime(async () => {
      await timeout(10, async (scope) => {
        trace.push(`due at ${scope.when()}`);
        scope.reschedule(30);
        await sleep(20);
        trace.push("past the first deadline");
        scope.reschedule(Infinity);
        await sleep(1000);
        trace.push("without one");
        scope.reschedule(1030);
        await sleep(20);
      }).catch((error: unknown) => trace.push((error as Error).name));
    });
    expect(trace).toEqual(["due at 10", "past the first deadline", "without one", "TimeoutError"]);
  });

  test("2.8: a past time cancels in the next turn, unless it is moved again before", async () => {
    const trace: string[] = [];
    await inVirtualTime(async () => {
      await moveOnAfter(10, async (scope) => {
        scope.reschedule(-1);
        scope.reschedule(500);
        await turn();
        trace.push(`aborted: ${scope.signal.aborted}`);
        scope.reschedule(-1);
        trace.push(`aborted: ${scope.signal.aborted}`);
        await turn();
        trace.push(`aborted: ${scope.signal.aborted}, expired: ${scope.expired()}`);
      });
    });
    expect(trace).toEqual(["aborted: false", "aborted: false", "aborted: true, expired: true"]);
  });

  test("2.8: afterwards it is an InvalidStateError that names the state", async () => {
    await inVirtualTime(async () => {
      const closed = await timeout(10, (scope) => scope);
      expect(() => closed.reschedule(50)).toThrow(refused(/block is over/));
      await moveOnAfter(10, async (scope) => {
        await sleep(100).catch(() => {});
        expect(() => scope.reschedule(50)).toThrow(refused(/deadline has passed/));
      });
    });
  });

  test("2.8: with a deadline in the past and none left to run, nothing fires after the block", async () => {
    await inVirtualTime(async () => {
      const scope = await moveOnAfter(-1, (handle) => handle);
      await turn();
      expect(scope.value?.expired()).toBe(false);
      expect(scope.expired).toBe(false);
    });
  });

  test("2: timeoutAt takes the time of the clock", async () => {
    await inVirtualTime(async () => {
      await sleep(100);
      expect(await timeoutAt(150, (scope) => scope.when())).toBe(150);
      expect(await timeoutAt(Infinity, (scope) => scope.when())).toBe(Infinity);
      expect(await timeoutAt(110, () => sleep(50)).catch(caught)).toBeInstanceOf(TimeoutError);
      expect(await timeoutAt(50, () => sleep(0)).catch(caught)).toBeInstanceOf(TimeoutError);
    });
  });

  test("2: outside of a run the time of timeoutAt is that of Date.now()", async () => {
    const error = await timeoutAt(Date.now() - 1000, () => sleep(100_000)).catch(caught);
    expect(error).toBeInstanceOf(TimeoutError);
    expect(await timeoutAt(Date.now() + 1_000_000, () => timeLeft() > 900_000)).toBe(true);
  });
});
