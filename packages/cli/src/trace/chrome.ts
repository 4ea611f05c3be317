/**
 * A recording in the format of Chrome's tracing, which Perfetto opens: a track for each task, with its blocks and waits as
 * bars, arrows from whoever created or cancelled it, and a mark for each cancellation and error.
 */

import type { EventRecord } from "joinery/observe";
import { type Bar, lanes } from "./lanes.ts";
import type { Trace } from "./trace-file.ts";

/** One entry of the format; `ts` and `dur` are microseconds. */
interface ChromeEvent {
  readonly ph: "M" | "X" | "i" | "s" | "f";
  readonly name: string;
  readonly pid: number;
  readonly tid: number;
  readonly ts?: number;
  readonly dur?: number;
  readonly cat?: string;
  readonly id?: string;
  readonly s?: "t";
  readonly bp?: "e";
  readonly args?: Record<string, unknown>;
}

export interface ChromeTrace {
  readonly displayTimeUnit: "ms";
  readonly traceEvents: readonly ChromeEvent[];
}

export function chromeTrace(trace: Trace): ChromeTrace {
  const drawing = new Drawing(trace);
  return { displayTimeUnit: "ms", traceEvents: drawing.entries() };
}

/** A bar on the track of the task that runs its code. */
interface Piece extends Bar {
  readonly task: number;
  readonly name: string;
  readonly args: Record<string, unknown>;
}

class Drawing {
  readonly #trace: Trace;
  readonly #end: number;
  /** The bars that have begun, by what they are of: of several that look the same, the first ends first. */
  readonly #open = new Map<string, Omit<Piece, "end">[]>();
  readonly #pieces = new Map<number, Piece[]>();
  readonly #marks: ChromeEvent[] = [];
  /** By task: its name, in the order in which they came. */
  readonly #names = new Map<number, string>();
  #flows = 0;
  /** The last track: a task has that of its number, its further rows have those behind all tasks. */
  #lastTrack: number;
  #tracks = 0;

  constructor(trace: Trace) {
    this.#trace = trace;
    const { events, startedAt } = trace;
    this.#end = events.reduce((end, { at }) => Math.max(end, at), startedAt);
    this.#lastTrack = events.reduce((last, { scope }) => Math.max(last, scope.id), 0);
  }

  entries(): ChromeEvent[] {
    for (const event of this.#trace.events) this.#hear(event);
    for (const [key, begun] of this.#open)
      while (begun.length > 0) this.#close(key, this.#end, { unfinished: true });
    const { pid, command } = this.#trace;
    const name: ChromeEvent = {
      ph: "M",
      name: "process_name",
      pid,
      tid: 0,
      args: { name: command },
    };
    const tracks = [...this.#names].flatMap(([task, title]) => this.#track(task, title));
    // Of those that begin together the outer comes first, as in its row.
    return [name, ...tracks, ...this.#marks].toSorted((a, b) => (a.ts ?? -1) - (b.ts ?? -1));
  }

  #hear(event: EventRecord): void {
    const { type, at, scope } = event;
    switch (type) {
      case "opened":
        return this.#opened(event);
      case "closed":
        return this.#close(`scope ${scope.id}`, at);
      case "waiting":
        return this.#begin(waitKey(event), event, `waits for ${event.wait?.label}`);
      case "resumed":
        return this.#close(waitKey(event), at);
      case "cancelled":
        return this.#cancelled(event);
      case "swallowed":
      case "raised":
      case "grouped":
        return this.#mark(event);
      default:
    }
  }

  #opened(event: EventRecord): void {
    const { id, kind, name, host, parent } = event.scope;
    if (kind === "task") this.#names.set(id, name);
    else if (!this.#names.has(host)) this.#names.set(host, host === id ? name : "process");
    this.#begin(`scope ${id}`, event, kind === "task" ? name : `${kind} ${name}`);
    const creator = parent === null ? undefined : this.#open.get(`scope ${parent}`)?.[0]?.task;
    if (kind === "task" && creator !== undefined) this.#arrow("creates", [creator, id], event.at);
  }

  #cancelled(event: EventRecord): void {
    this.#mark(event);
    const { host } = event.scope;
    if (typeof event.by === "number" && event.by !== host)
      this.#arrow("cancels", [event.by, host], event.at);
  }

  #begin(key: string, { at, scope }: EventRecord, name: string): void {
    const { id, kind, host, parent } = scope;
    append(this.#open, key, { start: at, task: host, name, args: { id, kind, parent } });
  }

  #close(key: string, end: number, more: Record<string, unknown> = {}): void {
    const begun = this.#open.get(key)?.shift();
    if (begun === undefined) return;
    append(this.#pieces, begun.task, { ...begun, end, args: { ...begun.args, ...more } });
  }

  #mark({ type, at, scope, cancellation, error, how, times }: EventRecord): void {
    const what = cancellation?.message ?? error?.text ?? "";
    const { pid } = this.#trace;
    const args = { scope: scope.name, ...cancellation, error, how, times };
    this.#marks.push({
      ph: "i",
      s: "t",
      name: `${type}: ${what}`,
      cat: type,
      pid,
      tid: scope.host,
      ts: this.#microseconds(at),
      args,
    });
  }

  #arrow(name: string, [from, to]: readonly [number, number], at: number): void {
    const id = String(++this.#flows);
    const common = { name, cat: name, id, pid: this.#trace.pid, ts: this.#microseconds(at) };
    this.#marks.push({ ...common, ph: "s", tid: from });
    this.#marks.push({ ...common, ph: "f", bp: "e", tid: to });
  }

  /** The rows of one task. What it does at the same time as something else is in a row of its own. */
  #track(task: number, name: string): ChromeEvent[] {
    const { pid } = this.#trace;
    return lanes(this.#pieces.get(task) ?? []).flatMap((row, i) => {
      const tid = i === 0 ? task : ++this.#lastTrack;
      const order = { sort_index: ++this.#tracks };
      const title = i === 0 ? name : `${name} (at the same time)`;
      return [
        { ph: "M", name: "thread_name", pid, tid, args: { name: title } } as const,
        { ph: "M", name: "thread_sort_index", pid, tid, args: order } as const,
        ...row.map((piece) => this.#bar(piece, tid)),
      ];
    });
  }

  #bar({ start, end, name, args }: Piece, tid: number): ChromeEvent {
    const ts = this.#microseconds(start);
    return {
      ph: "X",
      name,
      pid: this.#trace.pid,
      tid,
      ts,
      dur: this.#microseconds(end) - ts,
      args,
    };
  }

  #microseconds(at: number): number {
    return Math.round((at - this.#trace.startedAt) * 1000);
  }
}

function append<K, V>(lists: Map<K, V[]>, key: K, item: V): void {
  const list = lists.get(key);
  if (list) list.push(item);
  else lists.set(key, [item]);
}

function waitKey({ scope, wait }: EventRecord): string {
  return `wait ${scope.id} ${wait?.label}`;
}
