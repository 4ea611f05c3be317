/** `joinery run`: a program with its live tree below its output. */

import { sleep, taskGroup } from "joinery";
import { Feed } from "../attach/feed.ts";
import { Program } from "../launch/program.ts";
import { liveTree, silenceText } from "../views/live-tree.ts";
import { Screen } from "../views/screen.ts";
import { styleFor } from "../views/style.ts";
import type { Snapshot } from "joinery/observe";

const every = 250;

/** Resolves with the exit status of the program. */
export async function runProgram(file: string, args: readonly string[]): Promise<number> {
  if (process.stdout.isTTY) return runOnTerminal(file, args);
  return new Program(file, args, { remember: true }, "inherit").ended();
}

async function runOnTerminal(file: string, args: readonly string[]): Promise<number> {
  const feed = await Feed.open();
  const screen = new Screen(process.stdout);
  try {
    const order = { feed: { path: feed.path, every, events: false } };
    const errors = process.stderr.isTTY ? "pipe" : "inherit";
    const program = new Program(file, args, order, ["inherit", "pipe", errors]);
    for (const output of [program.child.stdout, program.child.stderr])
      output?.setEncoding("utf8").on("data", (text: string) => screen.write(text));
    return await showUntilEnd(program, feed, screen);
  } finally {
    screen.close();
    await feed.close();
  }
}

function showUntilEnd(program: Program, feed: Feed, screen: Screen): Promise<number> {
  const style = styleFor(process.stdout);
  let last: { snapshot: Snapshot; at: number } | undefined;
  feed.follow((message) => {
    if ("snapshot" in message) last = { snapshot: message.snapshot, at: performance.now() };
  });
  const draw = async (): Promise<never> => {
    for (;;) {
      await sleep(every);
      if (last === undefined) continue;
      const { snapshot, at } = last;
      const silent = style("red", silenceText(snapshot, performance.now() - at, every));
      screen.draw(
        `${style("dim", "─".repeat(20))}\n${liveTree(snapshot, style, screen.room)}\n${silent}`,
      );
    }
  };
  return taskGroup((group) => {
    group.createTask(draw, { name: "draw", background: true });
    return program.ended();
  });
}
