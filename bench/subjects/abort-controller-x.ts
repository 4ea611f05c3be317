import { all, delay } from "abort-controller-x";
import type { Sleepers, Subject } from "../subject.ts";

/** Runs `work` under a signal of its own. */
function cancellable(work: (signal: AbortSignal) => Promise<unknown>): Sleepers {
  const controller = new AbortController();
  const over = work(controller.signal).catch(() => {});
  return {
    cancel() {
      controller.abort();
      return over;
    },
  };
}

async function sleeper(signal: AbortSignal, ms: number, asleep: () => void): Promise<void> {
  asleep();
  await delay(signal, ms);
}

function sleepers(
  outer: AbortSignal,
  count: number,
  ms: number,
  asleep: () => void,
): Promise<unknown> {
  return all(outer, (signal) => Array.from({ length: count }, () => sleeper(signal, ms, asleep)));
}

async function chain(outer: AbortSignal, levels: number, asleep: () => void): Promise<void> {
  await all(outer, (signal) => [
    levels > 1 ? chain(signal, levels - 1, asleep) : sleeper(signal, 60_000, asleep),
  ]);
}

export const subject: Subject = {
  join: (tasks) => all(new AbortController().signal, () => tasks.map((task) => task())),
  sleepers: (count, ms, asleep) => cancellable((signal) => sleepers(signal, count, ms, asleep)),
  nested: (levels, asleep) => cancellable((signal) => chain(signal, levels, asleep)),
  under: (signal, count, asleep) => sleepers(signal, count, 60_000, asleep).catch(() => {}),
};
