/** Work that is not joinery's: by a signal, or left behind. */

import { EventEmitter, on, once } from "node:events";
import { setTimeout as delay } from "node:timers/promises";
import {
  abandonable,
  all,
  currentSignal,
  moveOnAfter,
  race,
  shield,
  sleep,
  taskGroup,
  timeout,
} from "joinery";
import type { Scenario, Stage } from "../stage.ts";

/** Longer than any test: what waits for it is stopped. */
const aDay = 86_400_000;

/** Rejects with the reason itself, as `fetch` does. */
function request(stage: Stage, signal: AbortSignal, ms: number): Promise<string> {
  signal.throwIfAborted();
  return Promise.race([
    stage.promise(ms, "response"),
    new Promise<never>((_, reject) => {
      signal.addEventListener("abort", () => reject(signal.reason as Error));
    }),
  ]);
}

export const signalled: Record<string, Scenario> = {
  "signal: timers/promises, in a timeout": (stage) =>
    moveOnAfter(4, async ({ signal }) => {
      stage.acquire("timer");
      await delay(aDay, undefined, { signal }).finally(() => stage.release("timer"));
    }),
  "signal: timers/promises, in a child whose sibling fails": (stage) =>
    taskGroup((group) => {
      group.createTask(({ signal }) => delay(aDay, undefined, { signal }));
      group.createTask(stage.failure("sibling", 3));
    }),
  "signal: events.once": (stage) =>
    taskGroup((group) => {
      const emitter = new EventEmitter();
      group.createTask(async ({ signal }) => {
        const [value] = (await once(emitter, "news", { signal })) as [string];
        stage.say(value);
      });
      group.createTask(() => sleep(3).then(() => emitter.emit("news", "heard")));
    }),
  "signal: events.on, left by the reader": (stage) =>
    taskGroup((group) => {
      const emitter = new EventEmitter();
      group.createTask(async ({ signal }) => {
        for await (const [value] of on(emitter, "news", { signal })) {
          stage.say(String(value));
          if (value === 2) break;
        }
      });
      group.createTask(async () => {
        for (const value of [1, 2]) {
          await sleep(2);
          emitter.emit("news", value);
        }
      });
    }),
  "signal: a request that rejects with the reason": (stage) =>
    taskGroup((group) => {
      group.createTask(({ signal }) => request(stage, signal, 4));
      group.createTask(() => request(stage, currentSignal(), 2));
    }),
  "signal: a request, in time and too late": (stage) =>
    all([
      () => timeout(9, ({ signal }) => request(stage, signal, 4)),
      () => moveOnAfter(3, ({ signal }) => request(stage, signal, 6)),
    ]),
  "signal: a fresh AbortError with the reason as its cause": (stage) =>
    taskGroup((group) => {
      group.createTask(async ({ signal }) => {
        await request(stage, signal, 6).catch((cause: unknown) => {
          throw Object.assign(new Error("aborted", { cause }), { name: "AbortError" });
        });
      });
      group.createTask(stage.work("other", 3, "tidies up abroad"));
    }),
  "signal: a wait behind a shield that names it": (stage) =>
    taskGroup(async ({ signal }) => {
      await shield(() => sleep(5, { signal }), { within: 50 });
      stage.say("slept");
    }),
};

/** Waits for a promise that is left behind when the wait is cancelled. */
function behind<T>(promise: Promise<T>): Promise<T> {
  return abandonable(promise, { label: "left behind" });
}

export const abandoned: Record<string, Scenario> = {
  "abandonable: in time": async (stage) => {
    stage.say(await behind(stage.promise(4, "value")));
    await sleep(1);
  },
  "abandonable: left behind": (stage) =>
    moveOnAfter(3, () => behind(stage.promise(6, "late"))).then(() => sleep(1)),
  "abandonable: fails": (stage) =>
    taskGroup((group) => {
      const promise = failing(stage, 4);
      group.createTask(() => behind(promise));
      group.createTask(stage.work("other", 6, "tidies up"));
    }),
  "abandonable: left behind, and fails": (stage) => {
    const promise = failing(stage, 6);
    return moveOnAfter(3, () => behind(promise)).then(() => sleep(1));
  },
  "abandonable: two wait for one": (stage) => {
    const promise = stage.promise(4, "value");
    return all([() => behind(promise), () => behind(promise)]);
  },
  "race: against a promise": (stage) => race([stage.promise(6, "late"), stage.work("a", 3)]),
  "all: over promises": (stage) => all([stage.promise(3, 1), stage.promise(5, 2)]),
};

/** A promise of somebody else that fails; its error belongs to nobody if nobody waits for it by then. */
function failing(stage: Stage, ms: number): Promise<never> {
  return stage.promise(ms, undefined).then(() => {
    throw stage.foreignError("foreign");
  });
}
