/** What piscina runs in each of its threads. */

import process from "node:process";
import { threadId, workerData } from "node:worker_threads";
import { move, transferableSymbol, valueSymbol } from "piscina";
import { Cells } from "./cells.ts";
import type { ThreadSetup } from "./piscina-pool.ts";
import type { Answer, Assignment } from "./pool.ts";
import { importAll, Thread } from "./thread.ts";

const { modules, memory } = workerData as ThreadSetup;
const cells = new Cells(memory);
const thread = new Thread({ id: threadId, load: () => importAll(modules), cells });
void cells.watch(() => thread.wake());

// Changes nothing: the thread ends. A result that cannot be cloned gets here as well.
process.on("uncaughtExceptionMonitor", (error) => thread.die(error));

export default async function run(assignment: Assignment): Promise<Answer> {
  const answer = await thread.run(assignment);
  if (thread.moved.length === 0) return answer;
  const moved = { [valueSymbol]: answer, [transferableSymbol]: thread.moved };
  return move(moved) as unknown as Answer;
}
