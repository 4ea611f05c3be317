/** A recording as one JSON document. */

import { createReadStream, createWriteStream, type WriteStream } from "node:fs";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { createInterface } from "node:readline";
import type { EventRecord, Snapshot } from "joinery/observe";
import { Failure, messageOf } from "../failure.ts";
import type { FeedMessage } from "../inspector/source.ts";

export interface TraceHead {
  readonly pid: number;
  /** The program and its arguments. */
  readonly command: string;
  /** Name and version: `node 20.19.0`. */
  readonly runtime: string;
  /** Milliseconds since the epoch, as the times of the events are. */
  readonly startedAt: number;
}

export interface Trace extends TraceHead {
  readonly format: "joinery-trace";
  readonly formatVersion: 1;
  readonly events: readonly EventRecord[];
  /** The first is from before the program began, the last from its end. */
  readonly snapshots: readonly Snapshot[];
}

/** The lines that a recorder has written. One that was cut off, because the program was killed, is left out. */
async function* readLines(file: string): AsyncGenerator<FeedMessage> {
  for await (const line of createInterface({ input: createReadStream(file) })) {
    try {
      yield JSON.parse(line) as FeedMessage;
    } catch {
      return;
    }
  }
}

/** Makes the document out of those lines, however many they are. */
export async function writeTrace(lines: string, head: TraceHead, file: string): Promise<void> {
  const output = createWriteStream(file);
  const text = JSON.stringify({ format: "joinery-trace", formatVersion: 1, ...head });
  await write(output, `${text.slice(0, -1)},"events":[`);
  const snapshots = new Sample();
  let separator = "\n";
  for await (const message of readLines(lines)) {
    if ("snapshot" in message) snapshots.add(message.snapshot);
    else {
      const events = message.events.map((event) => JSON.stringify(event));
      await write(output, separator + events.join(",\n"));
      separator = ",\n";
    }
  }
  await write(output, `\n],"snapshots":${JSON.stringify(snapshots.items)}}\n`);
  output.end();
  await once(output, "close");
}

async function write(output: WriteStream, text: string): Promise<void> {
  if (!output.write(text)) await once(output, "drain");
}

/** The first and the last of what may be many, and some between them. */
class Sample {
  items: Snapshot[] = [];
  static readonly most = 20;

  add(snapshot: Snapshot): void {
    if (this.items.length === Sample.most) this.items = this.items.filter((_, i) => i % 2 === 0);
    this.items.push(snapshot);
  }
}

/** Rejects with {@link Failure} if `file` is no recording. */
export async function readTrace(file: string): Promise<Trace> {
  const text = await readFile(file, "utf8").catch((error: NodeJS.ErrnoException) => {
    throw new Failure(error.code === "ENOENT" ? `There is no file ${file}.` : messageOf(error));
  });
  const trace = parse(text);
  if (trace?.format !== "joinery-trace") throw new Failure(`${file} is no recording of joinery.`);
  if (trace.formatVersion === 1) return trace as Trace;
  throw new Failure(`${file} has the format ${trace.formatVersion}; this joinery knows format 1.`);
}

function parse(text: string): Partial<Trace> | null {
  try {
    return JSON.parse(text) as Partial<Trace> | null;
  } catch {
    return null;
  }
}
