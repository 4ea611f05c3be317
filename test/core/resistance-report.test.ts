/** What the warning about resisters says, line by line. */

import { expect, test } from "vitest";
import { currentTask, moveOnAfter, shield, sleep, suspend, taskGroup, type Task } from "joinery";
import { takeWarnings } from "../support/no-leaks.ts";
import { inPassingTime } from "../support/virtual-clock.ts";

async function lingers(): Promise<void> {
  await sleep(500);
}

const resist = (): Promise<void> => shield(lingers, { within: Infinity });

/** The lines of the one warning that `main` gives cause for, frames left out. */
async function report(main: () => Promise<unknown>): Promise<string[]> {
  await inPassingTime(main, { name: "main", grace: 100 });
  const [warning, ...more] = await takeWarnings();
  expect(more).toEqual([]);
  return (warning ?? "").split("\n").filter((line) => !/^ *at /.test(line));
}

/** A group of `count` tasks that resist. */
function crew(count: number): Promise<unknown> {
  return moveOnAfter(
    1,
    () =>
      taskGroup(
        (group) => {
          for (let i = 0; i < count; i++) group.createTask(resist, { name: `${i}` });
        },
        { name: "crew" },
      ),
    { name: "limit" },
  );
}

test("3.5: the way to a resister, then what it waits for", async () => {
  expect(await report(() => crew(1))).toEqual([
    expect.stringMatching(
      /^JOINERY_RESISTS_CANCEL: Not over 100 ms after .*its deadline passed\):$/,
    ),
    'timeout "limit"',
    '  group "crew"',
    '    task "0"',
    "      waits for sleep, shielded",
  ]);
});

test("3.5: of many resisters twenty are named, and the rest is counted", async () => {
  const twenty = await report(() => crew(20));
  expect(twenty).toHaveLength(3 + 2 * 20);
  expect(twenty.at(-1)).toBe("      waits for sleep, shielded");
  const more = await report(() => crew(23));
  expect(more).toHaveLength(3 + 2 * 20 + 1);
  expect(more.at(-1)).toBe("and 3 more");
});

test("3.5: of a long way the last scopes are shown", async () => {
  const deep = (depth: number): Promise<unknown> =>
    depth === 0
      ? resist()
      : taskGroup((group) => void group.createTask(() => deep(depth - 1), { name: `${depth}` }));
  const way = (await report(() => moveOnAfter(1, () => deep(15)))).slice(1, -1);
  expect(way).toHaveLength(21);
  expect(way.at(-1)).toMatch(/^ {40}task "1"$/);
});

test("3.5: only frames of the program are shown", async () => {
  await inPassingTime(() => crew(1), { grace: 100 });
  const frames = (await takeWarnings())
    .join("\n")
    .split("\n")
    .filter((line) => /^ *at /.test(line));
  expect(frames[0]).toMatch(/lingers .*resistance-report\.test\.ts/);
  expect(frames.filter((line) => /\/src\/core\/|node:internal/.test(line))).toEqual([]);
});

test("3.5: the waits of other tasks are not taken for those of the task that resists", async () => {
  const lines = await report(() =>
    taskGroup(async (group) => {
      const ended = new Promise<void>((resolve) => {
        group.createTask(() => sleep(500).then(resolve));
      });
      await moveOnAfter(1, () => shield(() => ended, { within: Infinity }), { name: "limit" });
    }),
  );
  expect(lines.at(-1)?.trim()).toMatch(/waits for a promise that is not joinery's, or computes$/);
});

test.each([
  [0, 'waits for lock "db", shielded'],
  [1, 'waits for lock "db" (held by task "main"), shielded'],
  [3, 'waits for lock "db" (held by task "main", task "main", task "main"), shielded'],
  [5, 'waits for lock "db" (held by task "main", task "main", task "main" and 2 more), shielded'],
])("3.5: a resource is named, and the first of its %d holders", async (count, expected) => {
  const lines = await report(async () => {
    const holders = Array.from({ length: count }, () => currentTask() as Task<unknown>);
    const resource = { kind: "lock", name: "db", holders: () => holders };
    const lock = (): Promise<void> =>
      suspend<void>((wait) => void sleep(500).then(() => wait.resolve()), { resource });
    await moveOnAfter(1, () => shield(lock, { within: Infinity }));
  });
  expect(lines.at(-1)?.trim()).toBe(expected);
});

test("3.5: a resource without holders is named, and a label of its own goes before its name", async () => {
  const resource = { kind: "queue", name: "rows" };
  const waits = async (options: { label?: string }): Promise<string | undefined> => {
    const park = (): Promise<void> =>
      suspend<void>((wait) => void sleep(500).then(() => wait.resolve()), { resource, ...options });
    const lines = await report(() => moveOnAfter(1, () => shield(park, { within: Infinity })));
    return lines.at(-1)?.trim();
  };
  expect(await waits({})).toBe('waits for queue "rows", shielded');
  expect(await waits({ label: "a row" })).toBe("waits for a row, shielded");
});
