/** What the handle of a group can do: background children, handshakes, hooks, cancels, late children. */

import {
  type CancellableTaskGroup,
  shield,
  sleep,
  type StartingTask,
  type Task,
  type TaskGroup,
  taskGroup,
} from "joinery";
import type { Scenario, Stage } from "../stage.ts";

function server(
  stage: Stage,
  ending?: "fails" | "says nothing",
): (task: StartingTask<string>) => Promise<void> {
  return async (task) => {
    stage.acquire("port");
    try {
      await sleep(3);
      if (ending !== "says nothing") task.started("ready");
      stage.say("serves");
      await sleep(4);
      if (ending === "fails") throw stage.error("server");
    } finally {
      await shield(() => sleep(2), { within: 50 });
      stage.release("port");
    }
  };
}

const start: Record<string, Scenario> = {
  "start: a child that says that it is ready, and goes on": (stage) =>
    taskGroup(async (group) => stage.say(await group.start(server(stage)))),

  "start: a child that fails after it was ready": (stage) =>
    taskGroup(async (group) => stage.say(await group.start(server(stage, "fails")))),

  "start: a child that ends without a word": (stage) => {
    stage.codes.add("JOINERY_NOT_STARTED");
    return taskGroup((group) => group.start(server(stage, "says nothing")));
  },

  "start: an error before that, handled": (stage) =>
    taskGroup(async (group) => {
      group.createTask(stage.work("sibling", 6));
      await group.start(stage.failure("child", 3)).catch((error: unknown) => stage.handle(error));
      await sleep(1);
    }),

  "start: an error before that comes out of the body": (stage) =>
    taskGroup((group) => group.start(stage.failure("child", 3))),

  "start: an error before that, in spite of a cleanup": (stage) =>
    taskGroup((group) =>
      group.start(async () => {
        try {
          await sleep(2);
          throw stage.error("child");
        } finally {
          await shield(() => sleep(3), { within: 50 });
        }
      }),
    ),

  "start: two servers, one after the other, as background": (stage) =>
    taskGroup(async (group) => {
      await group.start(server(stage), { background: true });
      await group.start(server(stage), { background: true });
      await sleep(1);
    }),

  "start: by a child, for the group": (stage) =>
    taskGroup((group) => {
      group.createTask(async () => stage.say(await group.start(server(stage))));
      group.createTask(stage.work("sibling", 2));
    }),
};

const background: Record<string, Scenario> = {
  "background: a helper ends with the group": (stage) =>
    taskGroup((group) => {
      group.createTask(stage.work("helper", 500, "tidies up"), { background: true });
      group.createTask(stage.work("main", 4));
    }),

  "background: a helper fails": (stage) =>
    taskGroup((group) => {
      group.createTask(stage.failure("helper", 3), { background: true });
      group.createTask(stage.work("main", 50));
    }),

  "background: a helper fails as it is stopped": (stage) =>
    taskGroup(async (group) => {
      group.createTask(stage.work("helper", 500, "fails when stopped"), { background: true });
      await sleep(3);
    }),

  "background: a helper that creates children as it is stopped": (stage) =>
    taskGroup(async (group) => {
      const helper = async (): Promise<void> => {
        await sleep(500).finally(() => {
          group.createTask(stage.work("late helper", 3), { background: true });
          group.createTask(stage.work("late", 3));
        });
      };
      group.createTask(helper, { background: true });
      await sleep(3);
    }),
};

const hooks: Record<string, Scenario> = {
  "defer: hooks that wait, last in first out": (stage) =>
    taskGroup((group) => {
      for (const name of ["a", "b"]) {
        stage.acquire(name);
        group.defer(() => sleep(3).then(() => stage.release(name)));
      }
      group.createTask(stage.work("child", 4));
    }),

  "defer: a hook that fails": (stage) =>
    taskGroup((group) => {
      group.defer(() => sleep(2).then(() => Promise.reject(stage.error("hook"))));
      group.defer(() => stage.say("the other hook"));
      group.createTask(stage.failure("child", 4));
    }),

  "defer: by a child, and by a hook": (stage) =>
    taskGroup((group) => {
      group.createTask(async () => {
        group.defer(() => group.defer(() => stage.say("hook of a hook")));
        await sleep(3);
      });
    }),

  "defer: a hook with a group": (stage) =>
    taskGroup((group) => {
      group.defer(() => taskGroup((inner) => void inner.createTask(stage.work("inner", 3))));
      group.createTask(stage.work("child", 50, "tidies up"));
      group.createTask(stage.failure("other", 3));
    }),
};

async function cancellable(
  stage: Stage,
  body: (group: CancellableTaskGroup) => unknown,
): Promise<void> {
  const { cancelled, value } = await taskGroup(body, { cancellable: true });
  stage.say(`cancelled: ${cancelled}, value: ${String(value)}`);
}

const cancels: Record<string, Scenario> = {
  "cancel: by the body": (stage) =>
    cancellable(stage, async (group) => {
      group.createTask(stage.work("a", 50, "tidies up"));
      await sleep(3);
      group.cancel("enough");
      await sleep(3);
    }),

  "cancel: by the body, which returns": (stage) =>
    cancellable(stage, (group) => {
      group.createTask(stage.work("a", 50));
      group.cancel("enough");
      return "value";
    }),

  "cancel: by a child, while the body sleeps": (stage) =>
    cancellable(stage, async (group) => {
      group.createTask(stage.work("a", 50, "swallows"));
      group.createTask(() => sleep(3).then(() => group.cancel("enough")));
      await sleep(50);
    }),

  "cancel: by a child, while the group joins; another one fails in its cleanup": (stage) =>
    cancellable(stage, (group) => {
      group.createTask(stage.work("a", 50, "fails when stopped"));
      group.createTask(() => sleep(3).then(() => group.cancel("enough")));
    }),

  "cancel: of a group in a cancelled group": (stage) =>
    cancellable(stage, async (outer) => {
      await cancellable(stage, async (inner) => {
        inner.createTask(stage.work("a", 50, "tidies up"));
        await sleep(2);
        inner.cancel("inner");
        outer.cancel("outer");
      });
    }),

  "cancel: of one child, by the body": (stage) =>
    taskGroup(async (group) => {
      const victim = group.createTask(stage.work("victim", 50, "tidies up"));
      group.createTask(stage.work("other", 6));
      await sleep(2);
      victim.cancel("unlucky");
    }),

  "cancel: of a child before its first step": (stage) =>
    taskGroup((group) => {
      group.createTask(stage.work("never", 5)).cancel("at once");
      group.createTask(stage.work("other", 3));
    }),

  "cancel: of a child by itself": (stage) =>
    taskGroup((group) => {
      group.createTask(async (task) => {
        task.cancel("myself");
        await sleep(3);
      });
      group.createTask(stage.work("other", 3));
    }),

  "cancel: of a child, which fails for it": (stage) =>
    taskGroup(async (group) => {
      const victim = group.createTask(stage.work("victim", 50, "fails when stopped"));
      group.createTask(stage.work("other", 50, "tidies up"));
      await sleep(2);
      victim.cancel("unlucky");
    }),
};

const lateChildren: Record<string, Scenario> = {
  "late: a child adds a child while the group joins": (stage) =>
    taskGroup((group) => {
      group.createTask(async () => {
        await sleep(3);
        group.createTask(stage.work("late", 3));
      });
    }),

  "late: a cleanup adds a child to the group that is cancelled": (stage) =>
    taskGroup((group) => {
      group.createTask(stage.failure("bad", 3));
      group.createTask(async () => {
        await sleep(50).finally(() => group.createTask(stage.work("never", 1)));
      });
    }),

  "late: a chain of children": (stage) =>
    taskGroup((group) => {
      const link = (left: number): void => {
        stage.say(`link ${left}`);
        if (left > 0) group.createTask(() => sleep(1).then(() => link(left - 1)));
      };
      link(5);
    }),
};

async function pipeline(group: TaskGroup, stage: Stage, first: Task<string>): Promise<void> {
  const second = group.createTask(async () => `${await first}+`);
  const third = group.createTask(async () => `${await second}+`);
  stage.say(await third);
}

const awaiting: Record<string, Scenario> = {
  "await: a chain of tasks": (stage) =>
    taskGroup((group) => pipeline(group, stage, group.createTask(stage.work("a", 4)))),

  "await: a chain of tasks whose first fails": (stage) =>
    taskGroup((group) => pipeline(group, stage, group.createTask(stage.failure("a", 4)))),

  "await: two tasks wait for the same one": (stage) =>
    taskGroup((group) => {
      const shared = group.createTask(stage.work("shared", 4, "tidies up"));
      for (const name of ["a", "b"]) group.createTask(async () => stage.say(name + (await shared)));
    }),

  "await: a task of the group around": (stage) =>
    taskGroup((outer) => {
      const slow = outer.createTask(stage.work("slow", 6, "tidies up"));
      return taskGroup((inner) => void inner.createTask(() => slow));
    }),
};

export const groupHandles: Record<string, Scenario> = {
  ...start,
  ...background,
  ...hooks,
  ...cancels,
  ...lateChildren,
  ...awaiting,
};
