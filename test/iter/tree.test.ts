/** What the tree shows of a loop: its group under the name of the call, a task for each source and item, and what they wait for. */

import { liveScopes, sleep } from "joinery";
import { buffer, forEach, map, merge, zip } from "joinery/iter";
import { expect, test } from "vitest";
import { inVirtualTime } from "../support/virtual-clock.ts";
import { Numbers } from "./sources.ts";

/** The named scopes below `main`, each with what is waited for in it. */
function lines(): string[] {
  return [...liveScopes()]
    .filter(({ kind, name }) => kind !== "process" && !/^(run|group)-\d+$/.test(name))
    .map(({ name, waits }) => [name, ...waits.map(({ label }) => label)].join(": "));
}

const asleep = (): Promise<void> => sleep(100);
const slow = (): Numbers => new Numbers(Infinity, 100);

const loops: [name: string, loop: () => AsyncIterator<unknown>, ...expected: string[]][] = [
  ["map()", () => map([1, 2], (n) => sleep(n * 100), { concurrency: 1 }), "pull", "map[0]: sleep"],
  [
    "map() with a function that has a name",
    () => map([1, 2], asleep, { concurrency: 2 }),
    "pull",
    "asleep[0]: sleep",
    "asleep[1]: sleep",
  ],
  ["buffer()", () => buffer(slow(), 2), "pull"],
  ["merge()", () => merge([slow(), slow()]), "pull", "source[0]: the source: sleep"],
  ["zip()", () => zip([slow(), [1]]), "pull", "source[0]: the source: sleep"],
];

test.each(loops)("2: %s", async (name, loop, ...expected) => {
  await inVirtualTime(async () => {
    const items = loop();
    const step = items.next();
    await sleep(10);
    const seen = lines();
    expect(seen[0]).toBe("main: the next result");
    expect(seen).toContain(name.split(" ")[0]);
    for (const line of expected) expect(seen).toContain(line);
    await items.return?.();
    await step;
  });
});

test("2: zip: a source that has put its item in waits for the others, and the last for the loop", async () => {
  await inVirtualTime(async () => {
    const rows = zip([[1, 2], slow()]);
    const row = rows.next();
    await sleep(10);
    expect(lines()).toContain("source[0]: the other sources");
    await row;
    await sleep(10);
    expect(lines()).toContain("source[1]: the loop");
    await rows.return();
  });
});

test("2: forEach", async () => {
  await inVirtualTime(async () => {
    const calls = forEach([1], asleep, { concurrency: 1 });
    await sleep(10);
    expect(lines()).toContain("forEach()");
    await calls;
  });
});

async function* tidiesUp(): AsyncGenerator<number> {
  try {
    yield 1;
    yield 2;
  } finally {
    await sleep(20);
  }
}

test("2: a source that is let go, and its cleanup waits", async () => {
  await inVirtualTime(async () => {
    const items = buffer(tidiesUp(), 1);
    await items.next();
    await sleep(10);
    const left = items.return();
    await sleep(10);
    expect(lines().join("\n")).toContain("closing the source: sleep");
    await left;
  });
});
