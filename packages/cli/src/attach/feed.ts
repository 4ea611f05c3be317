/** A socket that a program tells what goes on in it: nobody but its owner comes to it. */

import { once } from "node:events";
import { rmSync } from "node:fs";
import { chown, mkdtemp, rm } from "node:fs/promises";
import { createServer, type Server, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { getuid } from "node:process";
import { createInterface } from "node:readline";
import { Event } from "joinery/sync";
import type { FeedMessage } from "../inspector/source.ts";

export class Feed {
  readonly #folder: string;
  readonly #server: Server;
  #socket: Socket | undefined;
  /** Of a command whose reader has gone, as in `joinery top 12 | head`: it ends at once. */
  readonly #clear = (): void => rmSync(this.#folder, { recursive: true, force: true });
  readonly #listeners = new Set<(message: FeedMessage) => void>();
  #latest: FeedMessage | undefined;
  /** Set when the program has begun to tell. */
  readonly begun: Event = new Event({ name: "the program begins to tell" });
  /** Set when it has gone, or this side has closed. */
  readonly ended: Event = new Event({ name: "the program ends" });

  private constructor(folder: string) {
    this.#folder = folder;
    this.#server = createServer((socket) => this.#accept(socket)).listen(this.path);
    process.once("exit", this.#clear);
  }

  /** Makes a socket for a program of the user `owner`: in a folder that is closed to all others. */
  static async open(owner: number | undefined = getuid?.()): Promise<Feed> {
    const folder = await mkdtemp(join(tmpdir(), "joinery-"));
    if (owner !== undefined && owner !== getuid?.()) await chown(folder, owner, -1);
    const feed = new Feed(folder);
    await once(feed.#server, "listening");
    return feed;
  }

  get path(): string {
    return join(this.#folder, "feed");
  }

  /** Calls `listener` with the last snapshot, and with all that comes. */
  follow(listener: (message: FeedMessage) => void): () => void {
    if (this.#latest) listener(this.#latest);
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  async close(): Promise<void> {
    this.#socket?.destroy();
    this.#server.close();
    this.ended.set();
    process.off("exit", this.#clear);
    await rm(this.#folder, { recursive: true, force: true });
  }

  /** One program tells: the first. */
  #accept(socket: Socket): void {
    if (this.#socket) return void socket.destroy();
    this.#socket = socket;
    socket.on("error", () => {}); // the end follows
    socket.on("close", () => this.ended.set());
    createInterface({ input: socket }).on("line", (line) => {
      this.#tell(JSON.parse(line) as FeedMessage);
    });
  }

  #tell(message: FeedMessage): void {
    if ("snapshot" in message) this.#latest = message;
    this.begun.set();
    for (const listener of this.#listeners) listener(message);
  }
}
