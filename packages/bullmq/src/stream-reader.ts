import type { Redis } from "ioredis";
import { field } from "./protocol.ts";

/** How many entries are read at once, and for how many milliseconds Redis waits for one. */
const most = 1000;
const patience = 5000;
/** Before the next attempt, when Redis refused to read. */
const pause = 200;

type RawEntry = [id: string, fields: string[]];

/** `age`: milliseconds since it was written, by the clock of the server. */
export type Take<Entry> = (entry: Entry, age: number) => void;

/** Reads a stream of Redis from its beginning: each entry once, in order, also when the server was away meanwhile. */
export class StreamReader<Entry> {
  readonly #commands: Redis;
  readonly #waiting: Redis;
  readonly #key: string;
  readonly #take: Take<Entry>;
  #last = "0-0";
  #closed = false;

  constructor(commands: Redis, key: string, take: Take<Entry>) {
    this.#commands = commands;
    // A connection that waits for entries does nothing else. The errors are those of the other one.
    this.#waiting = commands.duplicate().on("error", () => {});
    this.#key = key;
    this.#take = take;
  }

  /** The last entry that was taken. */
  get last(): string {
    return this.#last;
  }

  /** Takes everything that has been written so far. */
  async catchUp(): Promise<void> {
    const [[seconds, microseconds], entries] = await Promise.all([
      this.#commands.time(),
      this.#commands.xrange(this.#key, `(${this.#last}`, "+"),
    ]);
    this.#takeAll(entries, Number(seconds) * 1000 + Number(microseconds) / 1000);
  }

  /** Takes everything from now on, as it comes, until the reader is closed. `batch` is called after some of it. */
  async follow(batch?: () => void): Promise<void> {
    while (!this.#closed) {
      try {
        const streams = await this.#waiting.xread(
          ...(["COUNT", most, "BLOCK", patience, "STREAMS", this.#key, this.#last] as const),
        );
        for (const [, entries] of streams ?? []) this.#takeAll(entries);
        if (streams) batch?.();
      } catch {
        if (!this.#closed) await new Promise((resolve) => setTimeout(resolve, pause));
      }
    }
  }

  close(): void {
    this.#closed = true;
    this.#waiting.disconnect();
  }

  #takeAll(entries: RawEntry[], now?: number): void {
    for (const [id, fields] of entries) {
      if (!isLater(id, this.#last)) continue;
      this.#last = id;
      const entry = JSON.parse(fields[fields.indexOf(field) + 1]!) as Entry;
      this.#take(entry, now === undefined ? 0 : Math.max(0, now - timeOf(id)));
    }
  }
}

/** The id of an entry is `<milliseconds>-<number>`. */
export function timeOf(id: string): number {
  return Number(id.split("-")[0]);
}

function isLater(id: string, than: string): boolean {
  const [time, number] = id.split("-").map(Number) as [number, number];
  const [otherTime, otherNumber] = than.split("-").map(Number) as [number, number];
  return time > otherTime || (time === otherTime && number > otherNumber);
}
