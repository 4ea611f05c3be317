/** Plays one cell: its code, its output as it comes, the picture of its run, and the verdict. */

import { allTasks, createTask, currentTask, wait } from "joinery";
import type { Cell } from "./cells/index.ts";
import { differences } from "./check.ts";
import { errorTree, overhear, wrap } from "./output.ts";
import { picture } from "./picture.ts";
import { endings, Recorder, type Recording } from "./recorder.ts";
import type { Screen } from "./screen.ts";
import { codeOf, highlight } from "./source.ts";
import type { Style } from "./style.ts";

/** Plays `cell`, and resolves with whether it did what it has to. */
export async function play(cell: Cell, screen: Screen): Promise<boolean> {
  await showCode(cell, screen);
  const printed: string[] = [];
  const print = (text: string, style?: Style): void => {
    const lines = text.split("\n");
    printed.push(...lines);
    for (const line of lines.flatMap((each) => wrap(each, screen.width - 4))) {
      screen.print(`  ${screen.paint("dim", "▏")} ${style ? screen.paint(style, line) : line}`);
    }
  };
  const recording = await record(screen, () => overhear(print, () => perform(cell, print)));
  return showVerdict(differences(cell, { printed, ended: endings(recording) }), screen);
}

/** Runs `cell` and what it leaves behind, as a notebook does: it has no end that would stop its tasks. */
async function perform(cell: Cell, print: (text: string, style: Style) => void): Promise<void> {
  const task = createTask(cell.cell, { name: "cell" });
  await wait([task]);
  if (task.state === "failed") print(errorTree(task.exception()), "failed");
  const me = currentTask();
  const rest = () => allTasks().filter((other) => other !== me);
  while (rest().length > 0) await wait(rest());
}

const frameTime = 40;
/** While a cell runs its axis grows in such steps, so that the picture is calm. */
const axisStep = 250;

/** Records what `action` does, and draws it: while it runs, if the screen can, and in the end. */
async function record(screen: Screen, action: () => Promise<void>): Promise<Recording> {
  const recorder = new Recorder();
  const { recording } = recorder;
  const { width, paint } = screen;
  const frames = setInterval(() => {
    const now = performance.timeOrigin + performance.now() - recorder.begin;
    const until = Math.ceil(now / axisStep) * axisStep;
    screen.draw(["", ...picture(recording, { width, paint, now, until })]);
  }, frameTime);
  if (!screen.redraws) clearInterval(frames);
  try {
    await action();
  } finally {
    recorder.stop();
    clearInterval(frames);
    screen.draw(["", ...picture(recording, { width, paint })]);
    screen.keep();
  }
  return recording;
}

async function showCode({ id, title, see, file }: Cell, screen: Screen): Promise<void> {
  const { paint, width } = screen;
  const line = "─".repeat(Math.max(0, width - id.length - title.length - 8));
  screen.print(
    "",
    `${paint("dim", "───")} ${id} ${paint("dim", "─")} ${paint("title", title)} ${paint("dim", line)}`,
  );
  screen.print(...wrap(see, width - 2).map((text) => `  ${text}`), "");
  screen.print(
    ...(await codeOf(file)).map((text) => `    ${highlight(text, paint)}`.trimEnd()),
    "",
  );
}

function showVerdict(differing: readonly string[], screen: Screen): boolean {
  const { paint } = screen;
  if (differing.length === 0) {
    screen.print("", `  ${paint("done", "✓ as expected")}`);
    return true;
  }
  screen.print("", `  ${paint("failed", "✗ differs")}`, ...differing.map((line) => `    ${line}`));
  return false;
}
