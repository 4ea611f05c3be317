/** Cleanup: shields with and without a bound, foreign waits, errors on the way out. */

import { setImmediate as foreignTurn } from "node:timers/promises";
import {
  checkpoint,
  isCancelled,
  moveOnAfter,
  shield,
  sleep,
  taskGroup,
  timeout,
  waitFor,
} from "joinery";
import type { Scenario, Stage } from "../stage.ts";

/** Holds a resource while it sleeps; `clean` runs before it is released. */
async function holding(stage: Stage, clean: () => unknown, ms = 6): Promise<void> {
  stage.acquire("held");
  try {
    await sleep(ms);
  } finally {
    try {
      await clean();
    } finally {
      stage.release("held");
    }
  }
}

const shields: Record<string, Scenario> = {
  "shield: in a finally": (stage) => holding(stage, () => shield(() => sleep(3), { within: 50 })),
  "shield: whose bound is too short": (stage) =>
    holding(stage, () => shield(() => sleep(30), { within: 3 })),
  "shield: whose bound is handled": (stage) =>
    holding(stage, () =>
      shield(() => sleep(30), { within: 3 }).catch((error: unknown) => stage.say(String(error))),
    ),
  "shield: with a group": (stage) =>
    holding(stage, () =>
      shield(
        () =>
          taskGroup((group) => {
            group.createTask(stage.work("a", 3, "tidies up"));
            group.createTask(stage.work("b", 2));
          }),
        { within: 50 },
      ),
    ),
  "shield: with a group that fails": (stage) =>
    holding(stage, () =>
      shield(() => taskGroup((group) => void group.createTask(stage.failure("a", 3))), {
        within: 50,
      }),
    ),
  "shield: in a shield": (stage) =>
    holding(stage, () =>
      shield(() => shield(stage.work("inner", 3), { within: 20 }), { within: 50 }),
    ),
  "shield: that ends by a timeout inside": (stage) =>
    holding(stage, () =>
      shield(() => moveOnAfter(3, stage.work("inner", 20, "tidies up")), { within: 50 }),
    ),
  "shield: whose value is kept": async (stage) => {
    const value = await shield(stage.work("inner", 3), { within: 50 });
    stage.say(value);
    await sleep(2);
  },
  "shield: around a child that a group outside has": (stage) =>
    taskGroup((group) =>
      shield(
        async () => {
          group.createTask(stage.work("outside", 9, "tidies up"));
          await sleep(3);
        },
        { within: 50 },
      ),
    ),
  "shield: with a wait that times out": (stage) =>
    shield(() => waitFor(stage.work("inner", 20, "tidies up"), 3), { within: 50 }).catch(
      (error: unknown) => stage.say(String(error)),
    ),
};

const foreign: Record<string, Scenario> = {
  "cleanup: turns of somebody else": (stage) => holding(stage, () => foreignTurn()),
  "cleanup: a promise of somebody else": (stage) => holding(stage, () => stage.promise(3, 0)),
  "cleanup: a library wait without a shield": (stage) =>
    holding(stage, () =>
      sleep(2).catch((error: unknown) => {
        throw error;
      }),
    ),
  "cleanup: two resources, one after the other": (stage) =>
    holding(stage, () => holding(stage, () => stage.promise(2, 0), 2)),
};

const errors: Record<string, Scenario> = {
  "cleanup: fails": (stage) =>
    holding(stage, () => {
      throw stage.error("cleanup");
    }),
  "cleanup: fails in a child, while another fails": (stage) =>
    taskGroup((group) => {
      group.createTask(() =>
        holding(stage, async () => {
          await stage.promise(2, 0);
          throw stage.error("cleanup");
        }),
      );
      group.createTask(stage.failure("child", 6));
    }),
  "cleanup: an error that takes the place of the cancellation": (stage) =>
    moveOnAfter(3, () => stage.work("work", 9, "fails when stopped")()),
};

/** Retries, as real programs do: whatever goes wrong. */
async function stubborn(stage: Stage, times: number): Promise<void> {
  for (let i = 0; i < times; i++) {
    try {
      stage.acquire(`try ${i}`);
      await sleep(2);
      stage.say("worked");
    } catch (error) {
      stage.say(isCancelled(error) ? "stopped" : "failed");
    } finally {
      stage.release(`try ${i}`);
    }
  }
  await checkpoint();
}

const swallowing: Record<string, Scenario> = {
  "swallow: three times, then a checkpoint": (stage) => stubborn(stage, 3),
  "swallow: in two children": (stage) =>
    taskGroup((group) => {
      for (const name of ["a", "b"])
        group.createTask(() => holding(stage, () => stubborn(stage, 2)), { name });
    }),
  "swallow: a checkpoint in the catch": (stage) =>
    timeout(20, async () => {
      try {
        await stage.failure("work", 3)();
      } catch (error) {
        stage.handle(error);
        await checkpoint();
        stage.say("only the work has failed");
      }
    }),
  "swallow: and return a value": (stage) =>
    taskGroup(async (group) => {
      const task = group.createTask(() =>
        stage
          .work("a", 5)()
          .catch(() => "instead"),
      );
      return `got ${await task}`;
    }),
};

export const cleanups: Record<string, Scenario> = {
  ...shields,
  ...foreign,
  ...errors,
  ...swallowing,
};
