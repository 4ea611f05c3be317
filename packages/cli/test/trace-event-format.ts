/**
 * The rules of the Trace Event Format (JSON Object Format) for the phases that a recording uses, and those of Perfetto's importer for
 * slices and flows.
 */

import { expect } from "vitest";
import type { ChromeTrace } from "../src/trace/chrome.ts";

type Entry = ChromeTrace["traceEvents"][number];

export function expectTraceEventFormat({ displayTimeUnit, traceEvents }: ChromeTrace): void {
  expect(["ms", "ns"]).toContain(displayTimeUnit);
  for (const entry of traceEvents) expectEntry(entry);
  expectOrder(traceEvents);
  expectNames(traceEvents);
  for (const slices of byTrack(traceEvents.filter(({ ph }) => ph === "X")).values())
    expectNesting(slices);
  expectFlows(traceEvents);
}

function expectEntry({ ph, name, pid, tid, ts, dur, s, args }: Entry): void {
  expect(["M", "X", "i", "s", "f"]).toContain(ph);
  expect(name).not.toBe("");
  expect([pid, tid].every((n) => Number.isSafeInteger(n) && n >= 0 && n < 2 ** 31)).toBe(true);
  if (ph === "M") return expect(args).toBeTypeOf("object");
  expect(Number.isSafeInteger(ts) && (ts as number) >= 0).toBe(true);
  if (ph === "X") expect(Number.isSafeInteger(dur) && (dur as number) >= 0).toBe(true);
  if (ph === "i") expect(s).toBe("t");
}

/** What describes comes first, then everything by time. */
function expectOrder(entries: readonly Entry[]): void {
  const times = entries.map(({ ts }) => ts ?? -1);
  expect(times).toEqual(times.toSorted((a, b) => a - b));
}

/** The process, and each track that something is on, has one name. */
function expectNames(entries: readonly Entry[]): void {
  const named = entries.filter(({ name }) => name === "thread_name").map(({ tid }) => tid);
  expect(named).toHaveLength(new Set(named).size);
  const used = new Set(entries.filter(({ ph }) => ph !== "M").map(({ tid }) => tid));
  expect(new Set(named)).toEqual(used);
  const orders = entries.filter(({ name }) => name === "thread_sort_index");
  expect(new Set(orders.map(({ args }) => args?.["sort_index"])).size).toBe(named.length);
  expect(entries.filter(({ name }) => name === "process_name")).toHaveLength(1);
}

/** The slices of one track lie inside one another, or behind one another; the outer one comes first. */
function expectNesting(slices: readonly Entry[]): void {
  const open: number[] = [];
  for (const { ts = 0, dur = 0, name } of slices) {
    while (open.length > 0 && (open.at(-1) as number) <= ts) open.pop();
    expect(ts + dur, `${name} within the slice around it`).toBeLessThanOrEqual(
      open.at(-1) ?? Infinity,
    );
    open.push(ts + dur);
  }
}

/** Each arrow has one beginning and one end, not before it, and each of them stands on a slice: else it is dropped. */
function expectFlows(entries: readonly Entry[]): void {
  const slices = byTrack(entries.filter(({ ph }) => ph === "X"));
  const stands = ({ tid, ts = 0 }: Entry): boolean =>
    (slices.get(tid) ?? []).some((slice) => slice.ts! <= ts && ts <= slice.ts! + slice.dur!);
  const ends = new Map(entries.filter(({ ph }) => ph === "f").map((entry) => [entry.id, entry]));
  const begins = entries.filter(({ ph }) => ph === "s");
  expect(new Set(begins.map(({ id }) => id)).size).toBe(begins.length);
  expect(ends.size).toBe(begins.length);
  for (const begin of begins) {
    const end = ends.get(begin.id) as Entry;
    expect([end.cat, end.name, end.bp]).toEqual([begin.cat, begin.name, "e"]);
    expect(end.ts).toBeGreaterThanOrEqual(begin.ts as number);
    expect([begin, end].map(stands), `${begin.name} ${begin.id} stands on slices`).toEqual([
      true,
      true,
    ]);
  }
}

function byTrack(entries: readonly Entry[]): Map<number, Entry[]> {
  const tracks = new Map<number, Entry[]>();
  for (const entry of entries) {
    const track = tracks.get(entry.tid);
    if (track) track.push(entry);
    else tracks.set(entry.tid, [entry]);
  }
  return tracks;
}
