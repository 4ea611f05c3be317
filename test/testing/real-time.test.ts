import { expect, test } from "vitest";
import { findAfterMicrotasks } from "../../src/testing/real-time.ts";
import { turn } from "../support/turn.ts";

test.each([
  ["with ticks", (callback: () => void) => process.nextTick(callback)],
  ["without them", undefined],
])(
  "what is called after the microtasks comes after those, in the same turn: %s",
  async (_, tick) => {
    const trace: string[] = [];
    const afterMicrotasks = findAfterMicrotasks(tick);
    const microtasks = async (): Promise<void> => {
      for (let i = 0; i < 10; i++) await Promise.resolve();
      trace.push("microtasks");
    };
    afterMicrotasks(() => trace.push("after them"));
    setImmediate(() => trace.push("next turn"));
    await Promise.all([microtasks(), turn()]);
    expect(trace).toEqual(["microtasks", "after them", "next turn"]);
  },
);
