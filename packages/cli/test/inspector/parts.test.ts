import { sleep, taskGroup } from "joinery";
import { type EventRecord, observe, type Snapshot, snapshot } from "joinery/observe";
import { withVirtualTime } from "joinery/testing";
import { expect, test } from "vitest";
import { ToldTree } from "../../page/model/told-tree.ts";
import { mostInOne, Parts } from "../../src/inspector/parts.ts";
import type { PageMessage } from "../../src/inspector/source.ts";

/** Snapshots of a server: as it has begun, a second later, and when 30 of its connections were replaced. */
async function server(connections: number): Promise<[Snapshot, Snapshot, Snapshot]> {
  const found: Snapshot[] = [];
  // In virtual time, so that ages have grown as the time of the snapshots has.
  const look = (time: number): unknown => found.push({ ...snapshot({ scopes: Infinity }), time });
  await withVirtualTime(async () => {
    const stop = observe();
    await taskGroup(
      async (group) => {
        const connect = (name: string, ms: number): unknown =>
          group.createTask(() => sleep(ms), { name, background: true });
        for (let i = 0; i < connections; i++) connect(`conn-${i}`, i < 30 ? 1500 : 60_000);
        await sleep(1);
        look(1);
        await sleep(1000);
        look(1001);
        await sleep(1000);
        for (let i = 0; i < 30; i++) connect(`again-${i}`, 60_000);
        await sleep(1);
        look(2002);
      },
      { name: "server" },
    );
    stop();
  });
  return found as [Snapshot, Snapshot, Snapshot];
}

function scopesIn(messages: readonly PageMessage[]): number {
  return messages.reduce(
    (sum, message) => sum + ("scopes" in message ? message.scopes.length : 0),
    0,
  );
}

test("of two thousand tasks only those are told again that are not as they were", async () => {
  const [first, second, third] = await server(2000);
  const parts = new Parts();
  const all = [...parts.of({ snapshot: first })];
  expect(all).toHaveLength(Math.ceil(first.scopes.length / mostInOne) + 1);
  expect(scopesIn(all)).toBe(first.scopes.length);
  const later = [...parts.of({ snapshot: second })];
  // The task that takes the snapshots, and waits anew.
  expect(scopesIn(later)).toBeLessThanOrEqual(3);
  expect(later.at(-1)).toMatchObject({ gone: [] });
  const last = [...parts.of({ snapshot: third })];
  expect(scopesIn(last)).toBeLessThanOrEqual(33);
  expect((last.at(-1) as { gone: number[] }).gone).toHaveLength(30);
});

test("what was told adds up to the snapshot, ages included", async () => {
  const [parts, tree] = [new Parts(), new ToldTree()];
  for (const each of await server(50)) {
    let told: Snapshot | undefined;
    for (const message of parts.of({ snapshot: each })) {
      if ("scopes" in message) tree.hear(message.scopes, message.time);
      if ("snapshot" in message) told = tree.complete(message.snapshot, message.gone);
    }
    const byNumber = each.scopes.toSorted((a, b) => a.id - b.id);
    expect(told?.scopes.toSorted((a, b) => a.id - b.id)).toEqual(byNumber);
    expect({ ...told, scopes: [] }).toEqual({ ...each, scopes: [] });
  }
});

test("events come in messages of at most as many", () => {
  const event: EventRecord = {
    type: "opened",
    at: 0,
    scope: { id: 1, kind: "task", name: "task", parent: null, host: 1 },
  };
  const events = Array.from({ length: 2 * mostInOne + 1 }, () => event);
  const messages = [...new Parts().of({ events })];
  expect(messages.map((message) => ("events" in message ? message.events.length : 0))).toEqual([
    mostInOne,
    mostInOne,
    1,
  ]);
});
