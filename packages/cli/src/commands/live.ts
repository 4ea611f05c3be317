/** A view of a running program: drawn again and again on a terminal, one below the other elsewhere. */

import { sleep, taskGroup } from "joinery";
import type { Snapshot } from "joinery/observe";
import { withLiveSource } from "../attach/live-source.ts";
import { type Room, silenceText } from "../views/live-tree.ts";
import { Screen } from "../views/screen.ts";
import { type Style, styleFor } from "../views/style.ts";

export type View = (snapshot: Snapshot, style: Style, room: Room) => string;

/** Shows `view` of the process `pid` every so many milliseconds, until it ends. */
export function showLive(pid: number, every: number, view: View): Promise<void> {
  return withLiveSource(pid, { every, events: false }, async (source) => {
    const display = process.stdout.isTTY ? new Redrawn(every, view) : new Listed(view);
    const stop = source.follow((message) => {
      if ("snapshot" in message) display.hear(message.snapshot);
    });
    try {
      await taskGroup((group) => {
        group.createTask(() => redraw(display, every), { name: "redraw", background: true });
        group.createTask(() => source.ended(), { name: "watch the end" });
      });
    } finally {
      await stop();
      display.close();
    }
    console.error(`Process ${pid} has ended.`);
  });
}

interface Display {
  hear(snapshot: Snapshot): void;
  tick(): void;
  close(): void;
}

async function redraw(display: Display, every: number): Promise<never> {
  for (;;) {
    await sleep(Math.max(every, 100));
    display.tick();
  }
}

class Redrawn implements Display {
  readonly #screen = new Screen(process.stdout);
  readonly #style = styleFor(process.stdout);
  readonly #every: number;
  readonly #view: View;
  #last: { snapshot: Snapshot; at: number } | undefined;

  constructor(every: number, view: View) {
    this.#every = every;
    this.#view = view;
  }

  hear(snapshot: Snapshot): void {
    this.#last = { snapshot, at: performance.now() };
    this.tick();
  }

  tick(): void {
    if (this.#last === undefined) return;
    const { snapshot, at } = this.#last;
    const silent = silenceText(snapshot, performance.now() - at, this.#every);
    const picture = this.#view(snapshot, this.#style, this.#screen.room);
    this.#screen.draw(silent === "" ? picture : `${picture}\n${this.#style("red", silent)}`);
  }

  /** The last picture stays. */
  close(): void {
    const last = this.#last && this.#view(this.#last.snapshot, this.#style, this.#screen.room);
    this.#screen.close();
    if (last !== undefined) console.log(last);
  }
}

class Listed implements Display {
  readonly #style = styleFor(process.stdout);
  readonly #view: View;

  constructor(view: View) {
    this.#view = view;
  }

  hear(snapshot: Snapshot): void {
    const room = { columns: Infinity, rows: Infinity };
    console.log(`${this.#view(snapshot, this.#style, room)}\n`);
  }

  tick(): void {}

  close(): void {}
}
