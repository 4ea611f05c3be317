/** Programs of tasks, compared with asyncio. */

import type { Kind } from "../kind.ts";
import { VirtualClock } from "../virtual-clock.ts";
import { explain } from "./explain.ts";
import { program } from "./generate.ts";
import { interpret, type TasksOutcome } from "./interpret.ts";
import { print } from "./print.ts";
import type { Program } from "./program.ts";

/** What is said of a program that never ends. */
const hangs = { hangs: true };

export const tasks: Kind<Program> = { name: "tasks", arbitrary: program, run, explain, print };

/** Runs all programs at once, on one clock. */
async function run(programs: readonly Program[]): Promise<(TasksOutcome | typeof hangs)[]> {
  const clock = new VirtualClock();
  const outcomes: (TasksOutcome | typeof hangs)[] = programs.map(() => hangs);
  for (const [index, each] of programs.entries()) {
    void interpret(each, clock).then((outcome) => (outcomes[index] = outcome));
  }
  await clock.runOut();
  return outcomes;
}
