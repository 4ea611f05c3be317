/** Goes through the plan: a fresh process for each step, one at a time. */

import { execFile } from "node:child_process";
import { promisify } from "node:util";
import type { Figure } from "./figures.ts";
import { type Plan, type Step, steps } from "./plan.ts";
import type { Patience } from "./work/repeat.ts";

const execute = promisify(execFile);

/** A process that takes longer has failed, and is not started again. */
const longest = 90_000;

/** Told of each step when it is over, of how many, and what came out. */
export type Progress = (step: Step, done: number, of: number, outcome: number | string) => void;

export async function measure(plan: Plan, progress: Progress): Promise<Figure[]> {
  const all = [...steps(plan)];
  const figures = new Map<string, Figure>();
  for (const [i, step] of all.entries()) {
    const figure = figureOf(figures, step);
    if (figure.failed !== undefined) continue;
    try {
      const value = await inFreshProcess(step, plan.patience);
      figure.samples[step.round] = value;
      progress(step, i + 1, all.length, value);
    } catch (error) {
      figure.failed = reasonOf(error as Error & { killed?: boolean; stderr?: string });
      progress(step, i + 1, all.length, figure.failed);
    }
  }
  return [...figures.values()];
}

function figureOf(figures: Map<string, Figure>, { row, runtime, subject }: Step): Figure {
  const key = `${row.id} ${runtime.name} ${subject}`;
  const figure = figures.get(key) ?? { row: row.id, runtime: runtime.name, subject, samples: [] };
  figures.set(key, figure);
  return figure;
}

async function inFreshProcess(
  { row, runtime, subject }: Step,
  patience: Patience,
): Promise<number> {
  const assignment = JSON.stringify({ work: row.work, subject, n: row.n, patience });
  const args = [...runtime.args(row.work), assignment];
  const { stdout } = await execute(runtime.program, args, {
    timeout: longest,
    killSignal: "SIGKILL",
  });
  return (JSON.parse(stdout) as { value: number }).value;
}

function reasonOf({
  killed,
  stderr,
  message,
}: Error & { killed?: boolean; stderr?: string }): string {
  if (killed) return `not over after ${longest / 1000} s`;
  const said = stderr?.split("\n").find((line) => /\b(\w*Error|FATAL)\b/.test(line));
  return (said ?? message).trim();
}
