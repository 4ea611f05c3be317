/** What piscina runs in each of its threads. */

import process from "node:process";
import { threadId, workerData } from "node:worker_threads";
import type { Outcome } from "joinery/executor";
import { move, transferableSymbol, valueSymbol } from "piscina";
import type { Assignment, ThreadSetup } from "./pool.ts";
import { Thread } from "./thread.ts";

const thread = new Thread(threadId, workerData as ThreadSetup);

// Changes nothing: the thread ends. A result that cannot be cloned gets here as well.
process.on("uncaughtExceptionMonitor", (error) => thread.die(error));

export default async function run(assignment: Assignment): Promise<Outcome> {
  const outcome = await thread.run(assignment);
  if (thread.moved.length === 0) return outcome;
  const moved = { [valueSymbol]: outcome, [transferableSymbol]: thread.moved };
  return move(moved) as unknown as Outcome;
}
