/** The audit finds what it is there to find: each of these scenarios breaks one law, some only when they are cancelled. */

import { createTask, ExceptionGroup, sleep, statistics, taskGroup } from "joinery";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { takeUnhandledRejections } from "../support/no-leaks.ts";
import { keepWarnings } from "./announcements.ts";
import { faultsOf } from "./audit.ts";
import { type Mode, modes } from "./modes.ts";
import { play } from "./play.ts";
import type { Scenario } from "./stage.ts";

const cancel = modes[0] as Mode;
const behindShield = modes.at(-1) as Mode;

interface Case {
  readonly law: string;
  readonly scenario: Scenario;
  /** What the audit says of it if it is not cancelled, and if it is at its second moment. */
  readonly undisturbed?: RegExp;
  readonly struck?: RegExp;
  readonly mode?: Mode;
}

const cases: Case[] = [
  {
    law: "an error that is lost",
    scenario: (stage) =>
      stage
        .failure("a", 3)()
        .catch(() => {}),
    undisturbed: /^lost: a!$/,
  },
  {
    law: "an error that is lost only when it is cancelled",
    scenario: (stage) =>
      stage
        .work("a", 3, "fails when stopped")()
        .catch(() => {}),
    struck: /^lost: a!$/,
  },
  {
    law: "an error that comes from nowhere",
    scenario: () => sleep(3).then(() => Promise.reject(new Error("strange"))),
    undisturbed: /^came out: Error: strange$/,
  },
  {
    law: "the cancellation of somebody else",
    scenario: () =>
      taskGroup(async (group) => {
        const task = group.createTask(() => sleep(3));
        task.cancel();
        await task;
      }),
    undisturbed: /^came out: AbortError: task .* was cancelled/,
  },
  {
    law: "the same error twice in a group",
    scenario: async (stage) => {
      await sleep(3);
      const error = stage.error("a");
      throw new ExceptionGroup("both", [error, error]);
    },
    undisturbed: /^twice in ExceptionGroup: both/,
  },
  {
    law: "what happens after the end",
    scenario: async (stage) => {
      void stage.promise(5, 0).then(() => stage.say("late"));
    },
    undisturbed: /^after the end: late$/,
    struck: /^after the end: late$/,
  },
  {
    law: "a task that goes on after the block",
    scenario: async () => void createTask(() => sleep(50)),
    undisturbed: /^at the edge: {"tasks":2,/,
    struck: /^at the edge: {"tasks":2,/,
  },
  {
    law: "a resource that is not released",
    scenario: async (stage) => {
      stage.acquire("a");
      await sleep(3);
      stage.release("a");
    },
    struck: /^a was acquired and not released once$/,
  },
  {
    law: "a resource that is released twice",
    scenario: (stage) =>
      stage
        .work("a", 3)()
        .finally(() => stage.release("a")),
    undisturbed: /^a was acquired and not released once$/,
    struck: /^a was acquired and not released once$/,
  },
  {
    law: "a rejection that nobody handles",
    scenario: async (stage) => {
      void stage.promise(1, 0).then(() => Promise.reject(stage.error("a")));
      await stage.promise(3, 0);
    },
    undisturbed: /^unhandled: Error: a!$/,
    struck: /^unhandled: Error: a!$/,
  },
  {
    law: "a warning",
    scenario: async () => process.emitWarning("loud", { code: "LOUD" }),
    undisturbed: /^LOUD: loud$/,
    struck: /^LOUD: loud$/,
  },
  {
    law: "a cancellation that is noticed behind a shield",
    scenario: async (stage) => {
      await sleep(3);
      stage.say(`${statistics().timers} timers`); // one more, for those who resist a cancellation
    },
    mode: behindShield,
    struck: /^noticed behind the shield: 3 1 timers .* instead of 3 0 timers/,
  },
  {
    law: "what hangs",
    scenario: async (stage) => {
      stage.say("stuck");
      await stage.promise(100_000, 0);
    },
    undisturbed: /^it hangs; last: 0 stuck$/,
    struck: /^it hangs; last: 0 stuck$/,
  },
];

describe("the audit", () => {
  let printWarnings: () => void;
  beforeAll(() => void (printWarnings = keepWarnings()));
  afterAll(() => printWarnings());

  test.each(cases)("finds $law", async ({ scenario, mode = cancel, undisturbed, struck }) => {
    const first = await play(scenario, mode, Infinity);
    const second = await play(scenario, mode, 1);
    await takeUnhandledRejections(); // which the audit has seen
    expect(faultsOf(first, first, mode, "nothing")).toEqual(exactly(undisturbed));
    expect(faultsOf(second, first, mode, "nothing")).toEqual(exactly(struck));
  });
});

/** One fault with this text, or none. */
function exactly(text: RegExp | undefined): unknown[] {
  return text ? [matching(text)] : [];
}

const matching = (text: RegExp): unknown => expect.stringMatching(text);
