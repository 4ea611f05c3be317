import {
  all,
  busyTasks,
  checkpoint,
  createTask,
  currentTask,
  run,
  sleep,
  suspend,
  type Parked,
  type Task,
  taskGroup,
  timeout,
} from "joinery";
import { describe, expect, test } from "vitest";
import { turn } from "../support/turn.ts";
import { VirtualClock } from "../support/virtual-clock.ts";

/** A promise of somebody else, and what settles it. */
function foreign(): { promise: Promise<void>; settle: () => void } {
  let settle: (() => void) | undefined;
  return { promise: new Promise((resolve) => (settle = resolve)), settle: () => settle?.() };
}

const names = (task?: Task<unknown>): string[] => busyTasks(task).map(({ name }) => name);

/** The names of the busy tasks while `work` is under way, in a run with the task `look` beside it. */
async function busyDuring(work: (settled: Promise<void>) => unknown): Promise<string[]> {
  const { promise, settle } = foreign();
  let seen: string[] = [];
  await run(
    (main) =>
      taskGroup(async (group) => {
        group.createTask(() => work(promise), { name: "work" });
        group.createTask(
          async () => {
            await turn();
            seen = names(main);
            settle();
          },
          { name: "look" },
        );
      }),
    { handleSignals: false, name: "main", clock: new VirtualClock() },
  );
  return seen;
}

describe("a task is busy", () => {
  test.each<[string, (settled: Promise<void>) => unknown]>([
    ["while it waits for a promise of somebody else", (settled) => settled],
    ["in a block as well", (settled) => timeout(5000, () => settled)],
    [
      "in the body of a group whose children wait",
      (settled) =>
        taskGroup(async (group) => {
          group.createTask(() => sleep(Infinity), { background: true });
          await settled;
        }),
    ],
    [
      "while it waits for a run whose time passes by itself",
      (settled) =>
        run(() => settled, { clock: new VirtualClock(), name: "inner", handleSignals: false }),
    ],
  ])("%s", async (_, work) => {
    expect(await busyDuring(work)).toEqual(["work", "look"]);
  });
});

describe("a task is blocked", () => {
  test.each<[string, (settled: Promise<void>) => unknown, string[]]>([
    ["in a wait", () => sleep(20), []],
    ["in a wait inside a block", () => timeout(5000, () => sleep(20)), []],
    ["for another task", (settled) => createTask(() => settled, { name: "other" }), ["other"]],
    [
      "for its children",
      (settled) => taskGroup((group) => void group.createTask(() => settled, { name: "child" })),
      ["child"],
    ],
    [
      "for a run inside it",
      (settled) => run(() => settled, { name: "inner", handleSignals: false }),
      ["inner"],
    ],
    [
      "while a limit keeps it from starting",
      (settled) => all({ first: () => settled, second: () => settled }, { concurrency: 1 }),
      ["first"],
    ],
    ["while its cleanup waits", () => taskGroup((group) => group.defer(() => sleep(20))), []],
  ])("%s", async (_, work, expected) => {
    expect((await busyDuring(work)).filter((name) => name !== "look")).toEqual(expected);
  });
});

test("without a task it looks at the whole process, of a task at its run", async () => {
  const { promise, settle } = foreign();
  const outside = createTask(() => promise, { name: "outside" });
  await run(
    async (main) => {
      await checkpoint();
      expect(names(main)).toEqual(["main"]);
      expect(names(outside)).toEqual(["outside", "main"]);
      expect(names()).toEqual(["outside", "main"]);
    },
    { handleSignals: false, name: "main" },
  );
  settle();
  await outside;
});

test("a run beside its own is no matter", async () => {
  const { promise, settle } = foreign();
  let seen: string[] = [];
  const look = async (main: Task<unknown>): Promise<void> => {
    await turn();
    seen = names(main);
    settle();
  };
  await Promise.all([
    run(look, { handleSignals: false, name: "one" }),
    run(() => promise, { handleSignals: false, name: "two" }),
  ]);
  expect(seen).toEqual(["one"]);
});

test("the depth of the tree and its size are no matter", async () => {
  const parked = new Set<Parked<void>>();
  const park = (): Promise<void> => suspend<void>((wait) => void parked.add(wait));
  const nest = (depth: number): unknown => (depth > 0 ? taskGroup(() => nest(depth - 1)) : park());
  await taskGroup(async (group) => {
    for (let i = 0; i < 1000; i++) group.createTask(park);
    group.createTask(() => nest(5000));
    while (parked.size < 1001) await turn();
    expect(busyTasks(currentTask())).toEqual([]);
    for (const wait of parked) wait.resolve();
  });
});

test.each([5, {}, null, Promise.resolve()])("something that is no handle is refused: %s", (bad) => {
  expect(() => busyTasks(bad as never)).toThrow(
    expect.objectContaining({ name: "TypeError", code: "JOINERY_INVALID_ARGUMENT" }),
  );
});
