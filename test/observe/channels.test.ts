import { channel, subscribe as listen, unsubscribe as unlisten } from "node:diagnostics_channel";
import { describe, expect, test, vi } from "vitest";
import { eventTypes, taskGroup, type JoineryEvent } from "joinery";
import { channels, publishEvents } from "joinery/observe";
import { heard } from "../../src/core/events.ts";

const crew = (): Promise<void> => taskGroup(() => {}, { name: "crew" });

test("2: every type of event has a channel of its own", () => {
  expect(Object.keys(channels).toSorted()).toEqual([...eventTypes].toSorted());
  const names = Object.entries(channels).map(([type, name]) => [type, name.split(":")] as const);
  for (const [type, [product, , last]] of names) expect([product, last]).toEqual(["joinery", type]);
  expect(new Set(Object.values(channels)).size).toBe(eventTypes.length);
});

describe("publishing", () => {
  test("2: hands an event on while somebody listens, and costs nothing else", async () => {
    const stop = publishEvents();
    expect(Object.values(heard)).not.toContain(true);
    const messages: JoineryEvent[] = [];
    const listener = (message: unknown): void => void messages.push(message as JoineryEvent);
    listen("joinery:scope:opened", listener);
    expect(Object.entries(heard).filter(([, wanted]) => wanted)).toEqual([["opened", true]]);
    await crew();
    unlisten("joinery:scope:opened", listener);
    expect(heard.opened).toBe(false);
    await crew();
    stop();
    expect(messages).toMatchObject([{ type: "opened", scope: { kind: "group", name: "crew" } }]);
  });

  test("2: knows who listened before, and who comes by the channel itself", async () => {
    const seen: string[] = [];
    const closed = channel("joinery:scope:closed");
    const first = (): void => void seen.push("first");
    const second = (): void => void seen.push("second");
    closed.subscribe(first);
    const stop = publishEvents();
    await crew();
    closed.subscribe(second);
    await crew();
    expect(closed.unsubscribe(first)).toBe(true);
    expect(closed.unsubscribe(first)).toBe(false);
    await crew();
    closed.unsubscribe(second);
    await crew();
    stop();
    expect(seen).toEqual(["first", "first", "second", "second"]);
  });

  test("2: goes on until the last who asked for it has stopped; the channels are then as they were", async () => {
    const seen: unknown[] = [];
    const listener = (message: unknown): void => void seen.push(message);
    listen("joinery:scope:opened", listener);
    const [first, second] = [publishEvents(), publishEvents()];
    first();
    first();
    await crew();
    second();
    await crew();
    expect(seen).toHaveLength(1);
    expect(heard.opened).toBe(false);
    expect(
      Object.keys(Object.getOwnPropertyDescriptors(channel("joinery:scope:opened"))),
    ).not.toContain("subscribe");
    unlisten("joinery:scope:opened", listener);
    expect(heard.opened).toBe(false);
  });

  test("2: does nothing where there is no such module", () => {
    const stub = vi.spyOn(process, "getBuiltinModule").mockReturnValue(undefined);
    const stop = publishEvents();
    stub.mockRestore();
    expect(
      Object.keys(Object.getOwnPropertyDescriptors(channel("joinery:scope:opened"))),
    ).not.toContain("subscribe");
    stop();
  });
});
