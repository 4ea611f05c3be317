/** What is put around the code of scopes. */

import { AsyncLocalStorage } from "node:async_hooks";
import { expect, test } from "vitest";
import {
  createTask,
  type EnteredScope,
  intercept,
  type Interceptor,
  moveOnAfter,
  shield,
  sleep,
  taskGroup,
} from "joinery";
import { takeUnhandledRejections } from "../support/no-leaks.ts";
import { turn } from "../support/turn.ts";
import { inPassingTime, inVirtualTime } from "../support/virtual-clock.ts";

const path = new AsyncLocalStorage<string>();

/** Adds the name of the scope to the path that its code sees. */
const follow: Interceptor = ({ name }, enter) =>
  path.run(`${path.getStore() ?? ""}/${name}`, enter);

const note = (lines: string[], text: string): void =>
  void lines.push(`${text}: ${path.getStore()}`);

test("4.7: what an interceptor sets is there for the code of a scope, its waits, its children and its end", async () => {
  const seen: string[] = [];
  const stop = intercept(follow);
  await inVirtualTime(
    () =>
      taskGroup(
        async (group) => {
          note(seen, "body");
          group.defer(() => note(seen, "cleanup"));
          group.createTask(
            async () => {
              await sleep(1);
              note(seen, "child");
            },
            { name: "child" },
          );
          await moveOnAfter(5, () => note(seen, "in time"), { name: "limit" });
          await sleep(2);
          note(seen, "body after a wait");
        },
        { name: "crew" },
      ).finally(() => note(seen, "after")),
    { name: "main" },
  );
  stop();
  const [root] = /^\/run-\d+/.exec(seen[0]!.slice("body: ".length))!;
  expect(seen.map((line) => line.replace(root, ""))).toEqual([
    "body: /main/crew",
    "in time: /main/crew/limit",
    "child: /main/crew/child",
    "body after a wait: /main/crew",
    `cleanup: /main/crew/${shieldName(seen)}`,
    "after: /main",
  ]);
});

/** Cleanup runs in a shield, which has a name too. */
function shieldName(seen: readonly string[]): string {
  return seen
    .find((line) => line.startsWith("cleanup"))!
    .split("/")
    .at(-1)!;
}

test("4.7: it is called in the context of the createTask call, once for each scope, with who that is", async () => {
  const entered: (EnteredScope & { caller: string | undefined })[] = [];
  const stop = intercept((scope, enter) => {
    entered.push({ ...scope, caller: path.getStore() });
    enter();
  });
  await taskGroup(async (group) => {
    path.run("caller", () => group.createTask(() => {}, { name: "named" }));
    await group.createTask(function worker() {});
    await shield(() => {}, { within: 10, name: "shield" });
  });
  stop();
  await createTask(() => {});
  expect(entered.map(({ kind, named, caller }) => [kind, named, caller])).toEqual([
    ["group", false, undefined],
    ["task", true, "caller"],
    ["task", false, undefined],
    ["shield", true, undefined],
  ]);
  const [group, named, unnamed] = entered;
  expect(unnamed?.name).toBe(`worker-${unnamed?.id}`);
  expect([...named!.ancestors()]).toEqual([group?.id, group?.parent]);
  expect([named?.parent, named?.host]).toEqual([group?.id, named?.id]);
});

test("4.7: the last of several is the outermost", async () => {
  const trace: string[] = [];
  const around =
    (name: string): Interceptor =>
    (_, enter) => {
      trace.push(`${name} in`);
      enter();
      trace.push(`${name} out`);
    };
  const stops = [intercept(around("first")), intercept(around("second"))];
  await taskGroup(() => void trace.push("code"));
  for (const stop of stops) stop();
  expect(trace).toEqual(["second in", "first in", "code", "first out", "second out"]);
});

test("4.7: one that does not call `enter`, or twice, or late, changes nothing", async () => {
  const later: (() => void)[] = [];
  const stops = [
    intercept(() => {}),
    intercept((_, enter) => [enter, enter].forEach((call) => call())),
    intercept((_, enter) => void later.push(enter)),
  ];
  let calls = 0;
  const value = await taskGroup(async (group) => {
    calls++;
    return group.createTask(() => ++calls);
  });
  for (const stop of stops) stop();
  for (const enter of later) enter();
  expect([value, calls, later.length]).toEqual([2, 2, 2]);
});

test("4.7: taken off twice is once: the others stay", async () => {
  const seen: string[] = [];
  const stop = intercept(() => {});
  const stopOther = intercept(({ kind }, enter) => {
    seen.push(kind);
    enter();
  });
  stop();
  stop();
  await taskGroup(() => {});
  stopOther();
  expect(seen).toEqual(["group"]);
});

test("4.7: one that throws is taken off and its error is unhandled; the code runs all the same", async () => {
  const boom = new Error("interceptor");
  const stop = intercept(() => {
    throw boom;
  });
  expect(await taskGroup(() => "value")).toBe("value");
  expect(await taskGroup(() => "again")).toBe("again");
  stop();
  await turn();
  expect(await takeUnhandledRejections()).toEqual([boom]);
});

test("4.7: an error of the code is no error of the interceptor", async () => {
  const seen: string[] = [];
  const stop = intercept(({ kind }, enter) => {
    enter();
    seen.push(`${kind} begun`);
  });
  const failing = taskGroup((group) => {
    group.createTask(() => {
      throw new RangeError("at once");
    });
  });
  await expect(failing).rejects.toMatchObject({ errors: [new RangeError("at once")] });
  stop();
  expect(seen).toEqual(["group begun", "task begun"]);
});

test("3.6: the code of a task that is cancelled before its first step is never entered", async () => {
  const entered: string[] = [];
  const stop = intercept(({ name }, enter) => {
    entered.push(name);
    enter();
  });
  await inPassingTime(
    () =>
      taskGroup(async (group) => {
        group.createTask(() => {}, { name: "never" }).cancel();
        group.createTask(() => {}, { name: "once" });
      }),
    { name: "main" },
  );
  stop();
  expect(entered.filter((name) => !name.includes("-"))).toEqual(["main", "once"]);
});

test("4.7: what is no function is an error at the door", () => {
  expect(() => intercept("x" as never)).toThrow(
    expect.objectContaining({ code: "JOINERY_EXPECTED_FUNCTION" }),
  );
});
