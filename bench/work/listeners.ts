import { setMaxListeners } from "node:events";
import type { Subject } from "../subject.ts";
import { Arrivals } from "./repeat.ts";

/** The most listeners on any one signal, while `n` tasks are asleep under one signal from outside. */
export async function listeners(
  subject: Pick<Required<Subject>, "under">,
  n: number,
): Promise<number> {
  const most = countListeners();
  const controller = new AbortController();
  setMaxListeners(0);
  const { all, arrive } = new Arrivals(n);
  void subject.under(controller.signal, n, arrive);
  await all;
  // They are left asleep: to take off so many listeners takes long.
  return most();
}

/** Counts the listeners of each signal from now on; returns what tells the most that one has had. */
function countListeners(): () => number {
  const counts = new WeakMap<AbortSignal, number>();
  let most = 0;
  const count = (signal: AbortSignal, change: 1 | -1): void => {
    const now = (counts.get(signal) ?? 0) + change;
    counts.set(signal, now);
    most = Math.max(most, now);
  };
  class CountingSignal extends EventTarget {
    override addEventListener(...args: Parameters<EventTarget["addEventListener"]>): void {
      count(this as unknown as AbortSignal, 1);
      super.addEventListener(...args);
    }

    override removeEventListener(...args: Parameters<EventTarget["removeEventListener"]>): void {
      count(this as unknown as AbortSignal, -1);
      super.removeEventListener(...args);
    }
  }
  Object.setPrototypeOf(AbortSignal.prototype, CountingSignal.prototype);
  return () => most;
}
