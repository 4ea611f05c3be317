import { run, shield, sleep, subscribe, taskGroup } from "joinery";
import { type EventRecord, eventRecord, type Snapshot, snapshot } from "joinery/observe";
import { Lock } from "joinery/sync";
import { withVirtualTime } from "joinery/testing";
import { describe, expect, test, vi } from "vitest";
import { errorTrees, type ErrorNode } from "../../page/errors/error-tree.ts";
import { cyclesOf, resourcesOf } from "../../page/locks/contention.ts";
import { History } from "../../page/model/history.ts";
import { rebuilt } from "../../page/model/rebuilt.ts";
import { span } from "../../page/parts/words.ts";
import { momentWorthSeeing, parseRecording, portionsOf, snapshotAt } from "../../page/recording.ts";
import { extentOf, lanesOf, profileOf } from "../../page/timeline/lanes.ts";
import { arrowsOf, placesOf } from "../../page/timeline/arrows.ts";
import { rowsOf } from "../../page/tree/rows.ts";
import { waveOf, type WaveNode } from "../../page/wave/wave.ts";
import { layOut } from "../../page/wave/layout.ts";

vi.setConfig({ testTimeout: 60_000 });

const none: ReadonlySet<string> = new Set();

/** Runs a program in virtual time. Returns all that happened. */
async function record(program: () => Promise<unknown>): Promise<EventRecord[]> {
  const events: EventRecord[] = [];
  await withVirtualTime(async () => {
    const stop = subscribe((event) => events.push(eventRecord(event)));
    await program();
    stop();
  });
  return events;
}

function historyOf(events: readonly EventRecord[]): History {
  const history = new History();
  history.addEvents(events);
  return history;
}

function titles(rows: readonly { depth: number; title: string; scopes: readonly unknown[] }[]) {
  return rows.map(({ depth, title, scopes }) => `${"  ".repeat(depth)}${title} ${scopes.length}`);
}

async function crowd(): Promise<Snapshot> {
  let now!: Snapshot;
  await withVirtualTime(() =>
    taskGroup(
      async (group) => {
        for (let i = 0; i < 10_000; i++)
          group.createTask(() => sleep(Infinity), { name: `conn-${i}`, background: true });
        group.createTask(() => sleep(Infinity), { name: "main", background: true });
        await sleep(1);
        now = snapshot({ scopes: Infinity });
      },
      { name: "server" },
    ),
  );
  const group = now.scopes.findIndex(({ name }) => name === "server");
  const [root, ...below] = now.scopes.slice(group);
  return { ...now, scopes: [{ ...root, parent: null } as Snapshot["scopes"][number], ...below] };
}

describe("the tree", () => {
  test("shows those that differ only in numbers together, and one by one when asked", async () => {
    const now = await crowd();
    const rows = rowsOf(now, { toggled: none, query: "" });
    expect(titles(rows)).toEqual(["group server 1", "  conn-# 10000", "  main 1"]);
    const toggled = new Set([rows[1]?.key ?? ""]);
    expect(rowsOf(now, { toggled, query: "" })).toHaveLength(10_003);
  });

  test("closes one scope, and says how many are below", async () => {
    const now = await crowd();
    const [server] = rowsOf(now, { toggled: none, query: "" });
    const rows = rowsOf(now, { toggled: new Set([server?.key ?? ""]), query: "" });
    expect(rows.map(({ title, hidden }) => [title, hidden])).toEqual([["group server", 10_001]]);
  });

  test("shows what matches a search with those around it", async () => {
    const rows = rowsOf(await crowd(), { toggled: none, query: "conn-77" });
    expect(titles(rows)).toEqual(["group server 1", "  conn-# 111"]);
  });
});

const both = async (first: Lock, second: Lock): Promise<void> => {
  await first.acquire();
  await sleep(1);
  await second.acquire();
};

describe("locks", () => {
  test("say who waits for whom, those of a cycle first", async () => {
    let now!: Snapshot;
    const [a, b, c] = ["a", "b", "c"].map((name) => new Lock({ name })) as [Lock, Lock, Lock];
    await withVirtualTime(() =>
      taskGroup(
        async (group) => {
          await c.acquire();
          for (let i = 0; i < 3; i++) group.createTask(() => c.acquire(), { name: `c-${i}` });
          group.createTask(() => both(a, b), { name: "ab" });
          group.createTask(() => both(b, a), { name: "ba" });
          await sleep(5);
          now = snapshot();
          group.cancel();
        },
        { cancellable: true },
      ),
    );
    const [cycle] = cyclesOf(now);
    expect(cycle?.links.map(({ name, label }) => `${name} → ${label}`)).toEqual([
      'ab → lock "b"',
      'ba → lock "a"',
    ]);
    expect(resourcesOf(now).map(({ name }) => name)).toEqual(["b", "a", "c"]);
  });
});

function outline(node: WaveNode, depth = 0): string[] {
  const { title, role, swallowed, children } = node;
  const line = `${"  ".repeat(depth)}${title} ${role}${swallowed > 0 ? ` ×${swallowed}` : ""}`;
  return [line, ...children.flatMap((child) => outline(child, depth + 1))];
}

const safe = (): Promise<void> =>
  taskGroup((inner) => void inner.createTask(() => sleep(50), { name: "commit" }));

test("a cancellation goes down the tree: stopped, swallowed, kept off by a shield", async () => {
  const events = await record(() =>
    taskGroup(
      async (group) => {
        for (let i = 0; i < 5; i++) group.createTask(() => sleep(Infinity), { name: `get-${i}` });
        group.createTask(() => sleep(Infinity).catch(() => {}), { name: "deaf" });
        group.createTask(() => shield(safe, { within: 100 }), { name: "writer" });
        await sleep(10);
        group.cancel("deploy");
      },
      { name: "crew", cancellable: true },
    ),
  );
  const history = historyOf(events);
  const cancellation = [...history.cancellations.values()].find(
    ({ reason }) => reason === "deploy",
  );
  const wave = waveOf(cancellation as NonNullable<typeof cancellation>, history, null);
  const shieldName = [...history.lives.values()].find(({ kind }) => kind === "shield")?.name;
  expect(outline(wave.root).slice(1)).toEqual([
    "  group crew passed",
    "    get-# × 5 stopped",
    "    deaf returned ×1",
    "    writer returned",
    `      ${shieldName} wall`,
    "        commit sheltered",
  ]);
  const { nodes, links, omitted } = layOut(wave.root);
  expect([nodes.length, links.length, omitted]).toEqual([7, 6, 0]);
});

function errorOutline({ text, path, members }: ErrorNode, depth = 0): string[] {
  const line = `${"  ".repeat(depth)}${text.split(":")[0]}${path === null ? "" : ` at ${path}`}`;
  return [line, ...members.flatMap((member) => errorOutline(member, depth + 1))];
}

const fail = async (error: Error): Promise<never> => {
  await sleep(1);
  throw error;
};

const inner = (): Promise<void> =>
  taskGroup(
    (deep) => {
      deep.createTask(() => fail(new TypeError("one")), { name: "one" });
      deep.createTask(() => fail(new RangeError("two")), { name: "two" });
    },
    { name: "inner" },
  );

test("errors are trees, with the path of the task that threw each leaf", async () => {
  const events = await record(() =>
    run(
      () =>
        taskGroup(
          (group) => {
            group.createTask(inner, { name: "load" });
            group.createTask(() => sleep(Infinity), { name: "other" });
          },
          { name: "outer" },
        ),
      { name: "app" },
    ).catch(() => {}),
  );
  const [tree, ...rest] = errorTrees(historyOf(events), null);
  expect(rest).toEqual([]);
  expect(errorOutline(tree as ErrorNode)).toEqual([
    "ExceptionGroup",
    "  ExceptionGroup",
    "    TypeError at main › app › outer › load › inner › one",
    "    RangeError at main › app › outer › load › inner › two",
  ]);
  expect(tree?.cancellation?.source).toBe("sibling-error");
});

const program = (): Promise<unknown> =>
  taskGroup(
    async (group) => {
      for (let i = 0; i < 8; i++) group.createTask(() => sleep(10), { name: `get-${i}` });
      group.createTask(() => sleep(20), { name: "last" });
    },
    { name: "crew" },
  );

function scope(id: number, parent: number | null) {
  return { id, kind: "task", name: `task-${id}`, parent, host: id } as const;
}

test("what is forgotten leaves its children without a parent, and a parent that is heard of later takes them", () => {
  const history = new History();
  history.addEvents([{ type: "opened", at: 1, scope: scope(3, 2) }]);
  expect(history.roots().map(({ id }) => id)).toEqual([3]);
  history.addEvents([{ type: "started", at: 2, scope: scope(2, null) }]);
  expect(history.roots().map(({ id }) => id)).toEqual([2]);
  history.addEvents([{ type: "closed", at: 3, scope: scope(2, null) }]);
  const many = Array.from({ length: 50_000 }, (_, i): EventRecord[] => [
    { type: "opened", at: 4, scope: scope(10 + i, 3) },
    { type: "closed", at: 5, scope: scope(10 + i, 3) },
  ]);
  history.addEvents(many.flat());
  expect(history.roots().map(({ id }) => id)).toEqual([3]);
  expect(history.lives.size).toBe(50_000);
  expect(history.childrenOf(3)).toHaveLength(49_999);
});

describe("the timeline", () => {
  test("has a lane for each scope, one for many that are alike, and arrows between them", async () => {
    const history = historyOf(await record(program));
    const lanes = lanesOf(history, none, "");
    const own = lanes.slice(lanes.findIndex(({ title }) => title === "group crew"));
    expect(own.map(({ title, lives }) => `${title} ${lives.length}`)).toEqual([
      "group crew 1",
      "get-# 8",
      "last 1",
    ]);
    const arrows = arrowsOf(history, own, placesOf(own), [0, 2]);
    expect(arrows.map(({ kind, from, to }) => [kind, from, to])).toEqual([
      ["creation", 0, 1],
      ["creation", 0, 2],
    ]);
  });

  test("counts how many of a lane were there at once", async () => {
    const history = historyOf(await record(program));
    const lane = lanesOf(history, none, "").find(({ title }) => title === "get-#");
    const [from, to] = extentOf(lane as NonNullable<typeof lane>, 0, 0);
    expect(to - from).toBe(10);
    const profile = profileOf(lane as NonNullable<typeof lane>, [from, from + 20], 4);
    expect(profile).toEqual([8, 8, 8, 0]);
  });

  test("tells the tree of a moment that has no snapshot", async () => {
    const history = historyOf(await record(program));
    const at = [...history.lives.values()].find(({ name }) => name === "last")?.openedAt ?? 0;
    const { scopes } = rebuilt(history, at + 15, "node");
    expect(scopes.filter(({ kind }) => kind === "task").map(({ name }) => name)).toContain("last");
    expect(scopes.map(({ name }) => name)).not.toContain("get-1");
    expect(scopes.find(({ name }) => name === "last")?.waits[0]?.kind).toBe("sleep");
  });
});

async function recordingOf(body: () => Promise<unknown>) {
  const before = snapshot();
  const events = await record(body);
  const head = { pid: 1, command: "node x.js", runtime: "node", startedAt: 0 };
  const snapshots = [{ ...before, time: (events[0]?.at ?? 0) - 1 }];
  return { format: "joinery-trace", formatVersion: 1, ...head, events, snapshots } as const;
}

describe("a recording", () => {
  test("opens at the moment at which most was going on", async () => {
    const recording = await recordingOf(program);
    const history = historyOf(recording.events);
    const at = momentWorthSeeing({ ...recording, snapshots: [] }, history);
    const { scopes } = snapshotAt(recording, history, at);
    const names = scopes.map(({ name }) => name);
    expect(names).toEqual(expect.arrayContaining(["crew", "get-0", "get-7", "last"]));
  });

  test("opens where something looked wrong, if anything did", async () => {
    const recording = await recordingOf(program);
    const [first] = recording.snapshots;
    const warning = { kind: "old-ghost", text: "old", tasks: [], ghost: 1 } as never;
    const wrong = { ...first, warnings: [warning] } as Snapshot;
    const history = historyOf(recording.events);
    expect(momentWorthSeeing({ ...recording, snapshots: [wrong] }, history)).toBe(first?.time);
  });

  test("shows a snapshot as long as nothing has happened since, then what the events tell", async () => {
    const recording = await recordingOf(program);
    const history = historyOf(recording.events);
    const [first] = recording.snapshots;
    expect(snapshotAt(recording, history, (first?.time ?? 0) + 0.5)).toBe(first);
    const later = snapshotAt(recording, history, recording.events.at(-1)?.at ?? 0);
    expect(later).not.toBe(first);
  });

  test("is taken in by portions", async () => {
    const recording = await recordingOf(program);
    const [event] = recording.events as [EventRecord];
    const events = Array.from({ length: 5000 }, () => event);
    const sizes = [
      ...portionsOf({ ...recording, events, snapshots: [...recording.snapshots] }),
    ].map((portion) => ("events" in portion ? portion.events.length : "a snapshot"));
    expect(sizes).toEqual([2000, 2000, 1000, "a snapshot"]);
  });

  test.for([
    ["no JSON", "This is no recording"],
    [`{"format":"har"}`, "This is no recording"],
    [`{"format":"joinery-trace","formatVersion":2}`, "reads recordings of version 1, and not 2"],
    [`{"format":"joinery-trace","formatVersion":1}`, "no list of events"],
  ] as const)("that is none, %s, is refused with the reason", ([text, message]) => {
    expect(() => parseRecording(text)).toThrow(message);
  });
});

test("times are short", () => {
  expect([0, 999, 3210, 250_000, 7_500_000].map(span)).toEqual([
    "0ms",
    "999ms",
    "3.2s",
    "4m10s",
    "2h05m",
  ]);
});
