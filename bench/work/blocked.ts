import { blockedTask, copies, type Subject } from "../subject.ts";
import { collect, heapUsed } from "./heap.ts";
import { trivial } from "./join.ts";
import { Arrivals } from "./repeat.ts";

/** The bytes that a task holds which is blocked on a promise. */
export async function blocked(
  subject: Pick<Required<Subject>, "join"> & Pick<Subject, "blocked">,
  n: number,
): Promise<number> {
  let release!: () => void;
  // Held by this function until the end: tasks that nobody could wake any more would be garbage.
  const gate = new Promise<void>((resolve) => (release = resolve));
  const { all, arrive } = new Arrivals(n);
  const tasks = copies(n, blockedTask(gate, arrive));
  await subject.join(copies(1000, trivial)); // what is made once for all
  await collect();
  const before = heapUsed();
  const over = subject.blocked?.(n, gate, arrive) ?? subject.join(tasks);
  await all;
  await collect();
  const bytes = heapUsed() - before;
  release();
  await over;
  return bytes / n;
}
