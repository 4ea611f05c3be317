/** What the tree and the warning about tasks that do not stop show of those who wait. */

import { createTask, moveOnAfter, shield, sleep } from "joinery";
import {
  Barrier,
  CapacityLimiter,
  Channel,
  Condition,
  Event,
  Lock,
  Queue,
  Semaphore,
} from "joinery/sync";
import { expect, test } from "vitest";
import { takeWarnings } from "../support/no-leaks.ts";
import { inPassingTime } from "../support/virtual-clock.ts";

/** What the warning says that `wait` waits for. */
async function goal(wait: () => Promise<unknown>): Promise<string | undefined> {
  await inPassingTime(
    () => moveOnAfter(1, () => shield(wait, { within: 50 }).catch(() => {}), { name: "limit" }),
    { grace: 10 },
  );
  const lines = (await takeWarnings()).join("\n").split("\n");
  return lines.find((line) => line.includes("waits for"))?.trim();
}

test("a wait says what it is for, and who holds that", async () => {
  const lock = new Lock({ name: "db" });
  const condition = new Condition({ lock, name: "stock" });
  const limiter = new CapacityLimiter(1, { name: "cores" });
  const full = new Queue<number>({ name: "rows", maxSize: 1 });
  full.tryPut(1);
  const { sender, receiver } = new Channel<number>(0, { name: "numbers" });
  const seen: (string | undefined)[] = [];
  const owner = createTask(
    async () => {
      using held = await lock.acquire();
      using lent = await limiter.acquire();
      void [held, lent];
      const others = createTask(async () => {
        seen.push(await goal(() => lock.acquire()), await goal(() => limiter.acquire()));
      });
      await others;
    },
    { name: "writer" },
  );
  await owner;
  const waits: (() => Promise<unknown>)[] = [
    () => new Semaphore(0, { name: "seats" }).acquire(),
    () => new Event({ name: "open" }).wait(),
    () => new Barrier(2, { name: "start" }).wait(),
    () => condition.with(() => condition.wait()),
    () => new Queue({ name: "rows" }).get(),
    () => full.put(2),
    () => full.join(),
    () => sender.send(1),
    () => receiver.receive(),
  ];
  for (const wait of waits) seen.push(await goal(wait));
  expect(seen).toEqual([
    'waits for lock "db" (held by task "writer"), shielded',
    'waits for limiter "cores" (held by task "writer"), shielded',
    'waits for semaphore "seats", shielded',
    'waits for event "open", shielded',
    'waits for barrier "start", shielded',
    'waits for condition "stock", shielded',
    'waits for an item of queue "rows", shielded',
    'waits for room in queue "rows", shielded',
    'waits for queue "rows" to be done, shielded',
    'waits for room in channel "numbers", shielded',
    'waits for an item of channel "numbers", shielded',
  ]);
  await sleep(0);
});

test("the place where it waits is that of the program, whichever layer of joinery is between", async () => {
  const lock = new Lock();
  const waitsHere = async (): Promise<void> => {
    await lock.with(() => lock.locked());
    await sleep(0);
  };
  using _ = await lock.acquire();
  await inPassingTime(
    () => moveOnAfter(1, () => shield(waitsHere, { within: 50 }).catch(() => {})),
    { grace: 10 },
  );
  const frames = (await takeWarnings())
    .join("\n")
    .split("\n")
    .filter((line) => /^ *at /.test(line));
  expect(frames[0]).toMatch(/waitsHere .*tree\.test\.ts/);
  expect(frames.filter((line) => /\/src\//.test(line))).toEqual([]);
});

test("without a name, each has its kind and a number", () => {
  const names = [new Lock(), new Lock(), new Queue(), new Condition()].map(({ kind, name }) => [
    kind,
    name,
  ]);
  expect(names).toEqual([
    ["lock", expect.stringMatching(/^lock-\d+$/)],
    ["lock", expect.stringMatching(/^lock-\d+$/)],
    ["queue", expect.stringMatching(/^queue-\d+$/)],
    ["condition", expect.stringMatching(/^condition-\d+$/)],
  ]);
  expect(new Set(names.map(([, name]) => name)).size).toBe(4);
  expect(new Condition({ name: "stock" }).lock.name).toBe("stock");
});
