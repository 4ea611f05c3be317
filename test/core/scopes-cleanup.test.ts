import { setImmediate as foreign } from "node:timers/promises";
import { expect, test } from "vitest";
import { ExceptionGroup, moveOnAfter, shield, sleep, taskGroup, wait } from "joinery";
import { turn } from "../support/turn.ts";
import { inVirtualTime } from "../support/virtual-clock.ts";

test("3.7: a finally with foreign awaits works untouched, and is awaited", async () => {
  const trace: string[] = [];
  await inVirtualTime(() =>
    taskGroup(async (group) => {
      const task = group.createTask(async () => {
        try {
          await sleep(1000);
        } finally {
          for (let i = 0; i < 3; i++) {
            await foreign();
            trace.push(`step ${i}`);
          }
        }
      });
      await turn();
      task.cancel();
      await wait([task]);
      trace.push(task.state);
    }),
  );
  expect(trace).toEqual(["step 0", "step 1", "step 2", "cancelled"]);
});

test("3.7: a library wait in cleanup throws; inside a shield it waits", async () => {
  const trace: string[] = [];
  await inVirtualTime(() =>
    moveOnAfter(10, async () => {
      try {
        await sleep(1000);
      } finally {
        await sleep(1).catch(() => trace.push("refused"));
        await shield(() => sleep(50), { within: 100 });
        trace.push("shielded");
        await sleep(1).catch(() => trace.push("refused again"));
      }
    }),
  );
  expect(trace).toEqual(["refused", "shielded", "refused again"]);
});

test("3.7: hooks run last-in first-out, one at a time, after all children have ended", async () => {
  const trace: string[] = [];
  await inVirtualTime(() =>
    taskGroup(async (group) => {
      for (const name of ["first", "second"]) {
        group.defer(async () => {
          trace.push(`${name} begins`);
          await sleep(10);
          trace.push(`${name} ends`);
        });
      }
      group.createTask(() => sleep(20).then(() => trace.push("child")));
      trace.push("body");
    }),
  );
  expect(trace).toEqual([
    "body",
    "child",
    "second begins",
    "second ends",
    "first begins",
    "first ends",
  ]);
});

test("3.7: hooks of a cancelled group may wait", async () => {
  const trace: string[] = [];
  await inVirtualTime(async () => {
    const result = await moveOnAfter(10, () =>
      taskGroup(async (group) => {
        group.defer(() => sleep(30).then(() => trace.push("hook")));
        await sleep(1000).finally(() => trace.push("body"));
      }),
    );
    trace.push(`expired: ${result.expired}`);
  });
  expect(trace).toEqual(["body", "hook", "expired: true"]);
});

test("3.7: the deadline that passes while a hook runs waits for the hook", async () => {
  const trace: string[] = [];
  await inVirtualTime(() =>
    moveOnAfter(10, () =>
      taskGroup(async (group) => {
        group.defer(() => sleep(30).then(() => trace.push("hook")));
        return "value";
      }),
    ).then((result) => trace.push(`${result.expired} ${result.value}`)),
  );
  expect(trace).toEqual(["hook", "true value"]);
});

test("3.7: errors of hooks join the group, after those of the children, and stop no other hook", async () => {
  const error = await inVirtualTime(() =>
    taskGroup(async (group) => {
      group.defer(() => Promise.reject(new Error("hook 1")));
      group.defer(() => {
        throw new Error("hook 2");
      });
      group.createTask(() => Promise.reject(new Error("child")));
    }),
  ).catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(ExceptionGroup);
  expect((error as ExceptionGroup).errors.map(String)).toEqual([
    "Error: child",
    "Error: hook 2",
    "Error: hook 1",
  ]);
});

test("3.7: an error of a hook alone fails the group", async () => {
  const error = await inVirtualTime(() =>
    taskGroup((group) => group.defer(() => Promise.reject(new Error("hook")))),
  ).catch((reason: unknown) => reason);
  expect((error as ExceptionGroup).errors.map(String)).toEqual(["Error: hook"]);
});

test("3.7: a hook may register a further hook, which runs next", async () => {
  const trace: string[] = [];
  await taskGroup((group) => {
    group.defer(() => trace.push("first"));
    group.defer(() => {
      trace.push("second");
      group.defer(() => trace.push("of the second"));
    });
  });
  expect(trace).toEqual(["second", "of the second", "first"]);
});

test("3.7: a hook may open a group of its own; its children run to their end", async () => {
  const trace: string[] = [];
  await inVirtualTime(() =>
    moveOnAfter(5, () =>
      taskGroup(async (group) => {
        group.defer(() =>
          taskGroup(async (inner) => {
            inner.createTask(() => sleep(20).then(() => trace.push("child of the hook")));
          }),
        );
        await sleep(1000);
      }),
    ),
  );
  expect(trace).toEqual(["child of the hook"]);
});

test("3.7: hooks run when the body failed, and when a child did", async () => {
  const trace: string[] = [];
  const failing = (name: string) =>
    taskGroup(async (group) => {
      group.defer(() => trace.push(`${name}: hook`));
      if (name === "child") group.createTask(() => Promise.reject(new Error(name)));
      else throw new Error(name);
    }).catch((error: unknown) => trace.push(String((error as ExceptionGroup).errors[0])));
  await failing("body");
  await failing("child");
  expect(trace).toEqual(["body: hook", "Error: body", "child: hook", "Error: child"]);
});

test("3.7: an error in the cleanup of a cancelled child is reported, with the failure that cancelled it", async () => {
  const error = await inVirtualTime(() =>
    taskGroup(async (group) => {
      group.createTask(() => sleep(1000).finally(() => Promise.reject(new Error("cleanup"))));
      await sleep(1);
      throw new Error("body");
    }),
  ).catch((reason: unknown) => reason);
  expect((error as ExceptionGroup).errors.map(String)).toEqual(["Error: cleanup", "Error: body"]);
});
