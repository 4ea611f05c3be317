/** Programs that deal with what comes out: `except*`, handlers that wait, errors handled on the way. */

import { ExceptionGroup, exceptStar, isCancelled, on, sleep, taskGroup } from "joinery";
import type { Scenario, Stage } from "../stage.ts";

/** Fails with a `RangeError` and a `TypeError` in one turn. */
function twoKinds(stage: Stage): Promise<void> {
  return taskGroup((group) => {
    for (const [name, type] of [
      ["range", RangeError],
      ["type", TypeError],
    ] as const) {
      group.createTask(async () => {
        await sleep(3);
        throw stage.raise(new type(`${name}!`));
      });
    }
    group.createTask(stage.work("other", 50, "tidies up"));
  });
}

export const reactions: Record<string, Scenario> = {
  "except*: every error has its clause": (stage) =>
    twoKinds(stage).catch((error: unknown) =>
      exceptStar(
        error,
        on(RangeError, (group) => stage.handle(group)),
        on(TypeError, (group) => stage.handle(group)),
      ),
    ),
  "except*: one error is left": (stage) =>
    twoKinds(stage).catch((error: unknown) =>
      exceptStar(
        error,
        on(RangeError, (group) => stage.handle(group)),
      ),
    ),
  "except*: a handler that waits": (stage) =>
    twoKinds(stage).catch((error: unknown) =>
      exceptStar(
        error,
        on(RangeError, async (group) => {
          stage.handle(group);
          await sleep(3);
          stage.say("handled");
        }),
        on(TypeError, (group) => stage.handle(group)),
      ),
    ),
  "except*: a handler that throws": (stage) =>
    twoKinds(stage).catch((error: unknown) =>
      exceptStar(
        error,
        on([RangeError, TypeError], (group) => {
          stage.handle(group);
          throw stage.error("handler");
        }),
      ),
    ),
  "except*: around each child": (stage) =>
    taskGroup((group) => {
      for (const name of ["a", "b"]) {
        group.createTask(async () => {
          await taskGroup((inner) => void inner.createTask(stage.failure(name, 3))).catch(
            (error: unknown) =>
              exceptStar(
                error,
                on(Error, (part) => stage.handle(part)),
              ),
          );
          await sleep(2);
        });
      }
    }),
  "catch: the inner group, and go on in the outer one": (stage) =>
    taskGroup(async (outer) => {
      outer.createTask(stage.work("outer", 8, "tidies up"));
      await taskGroup((inner) => void inner.createTask(stage.failure("inner", 3))).catch(
        (error: unknown) => stage.handle(error),
      );
      await sleep(3);
    }),
  "catch: only what is no cancellation": (stage) =>
    taskGroup(async (group) => {
      group.createTask(async () => {
        try {
          await stage.work("work", 50, "tidies up")();
        } catch (error) {
          if (!isCancelled(error)) stage.handle(error);
          throw error;
        }
      });
      group.createTask(stage.failure("other", 4));
    }),
  "catch: and wrap in a group of one's own": (stage) =>
    taskGroup((group) => {
      group.createTask(async () => {
        try {
          await stage.failure("work", 3)();
        } catch (error) {
          if (isCancelled(error)) throw error;
          throw new ExceptionGroup("wrapped", [error as Error]);
        }
      });
    }),
  "retry: until it works": async (stage) => {
    for (const ending of ["fails", "fails", "tidies up"] as const) {
      try {
        await taskGroup((group) => void group.createTask(stage.work("try", 2, ending)));
        return;
      } catch (error) {
        if (!(error instanceof ExceptionGroup)) throw error;
        stage.handle(error);
        await sleep(1);
      }
    }
  },
};
