/** Why a task does not go on: from it, along what each waits for, to whoever has to do something, or around. */

import type { Snapshot, WaitSnapshot } from "joinery/observe";
import { duration, printable, type Style } from "./style.ts";
import { Tasks, type TaskSnapshot } from "./tasks.ts";

/** A task on the way, and what was drawn of the way to it. */
interface Place {
  readonly id: number;
  /** The wait of the task before, by which one comes here. */
  readonly via: WaitSnapshot | undefined;
  /** The tasks before it, the latest last. */
  readonly way: readonly number[];
  readonly prefix: string;
  readonly below: string;
}

/** Of those who are waited for together, this many are followed. */
const mostFollowed = 10;
const mostFrames = 3;

export class WaitChain {
  readonly #tasks: Tasks;
  readonly #style: Style;
  readonly #seen = new Set<number>();
  readonly #roots = new Set<number>();
  readonly #cycles: (readonly number[])[] = [];

  constructor(snapshot: Snapshot, style: Style) {
    this.#tasks = new Tasks(snapshot);
    this.#style = style;
  }

  /** The way from `start`, a line or more for each task, and what is at its end. */
  *from(start: TaskSnapshot): Generator<string, void, undefined> {
    const first = { id: start.id, via: undefined, way: [], prefix: "", below: "" };
    // With a list of its own and no recursion: chains may be long.
    const pending: Place[] = [first];
    for (let place = pending.pop(); place; place = pending.pop()) {
      yield* this.#lines(place);
      pending.push(...this.#next(place).toReversed());
    }
    yield* this.#conclusion();
  }

  *#lines({ id, via, way, prefix, below }: Place): Generator<string> {
    const task = this.#tasks.get(id);
    const name = this.#style("bold", this.#tasks.title(id));
    const lead = this.#style("dim", prefix);
    const how = via && holds(via) ? "held by " : "";
    const isAround = way.includes(id);
    const seen = isAround || this.#seen.has(id);
    const what = seen ? this.#style(isAround ? "red" : "dim", "(see above)") : standing(task);
    yield `${lead}${how}${name}  ${what}`.trimEnd();
    if (seen) return;
    for (const frame of [...(task?.waits.flatMap(framesOf) ?? []), ...refusalOf(task)])
      yield this.#style("dim", `${below}     ${frame}`);
  }

  /** Those that `place` waits for. Notes what is at its end, if it does for none. */
  #next({ id, way, below }: Place): Place[] {
    const at = way.indexOf(id);
    if (at !== -1) this.#cycles.push(way.slice(at));
    if (at !== -1 || this.#seen.has(id)) return [];
    this.#seen.add(id);
    const waits = this.#tasks.get(id)?.waits ?? [];
    const next = waits.flatMap((wait) =>
      wait.tasks.slice(0, mostFollowed).map((to) => [wait, to] as const),
    );
    if (next.length === 0) this.#roots.add(id);
    return next.map(([via, to], i) => {
      const [fork, rest] = i === next.length - 1 ? ["└─ ", "   "] : ["├─ ", "│  "];
      return { id: to, via, way: [...way, id], prefix: below + fork, below: below + rest };
    });
  }

  *#conclusion(): Generator<string> {
    for (const cycle of this.#cycles) yield this.#style("red", `cycle: ${this.#around(cycle)}`);
    for (const id of this.#roots)
      yield this.#style("yellow", `root cause: ${this.#tasks.title(id)} ${this.#ending(id)}`);
  }

  /** `a → lock "db" → b → a`. */
  #around(cycle: readonly number[]): string {
    const links = cycle.flatMap((id, i) => {
      const to = cycle[(i + 1) % cycle.length] as number;
      const wait = this.#tasks.get(id)?.waits.find(({ tasks }) => tasks.includes(to));
      return wait && holds(wait)
        ? [this.#tasks.title(id), printable(wait.label)]
        : [this.#tasks.title(id)];
    });
    return [...links, this.#tasks.title(cycle[0] as number)].join(" → ");
  }

  #ending(id: number): string {
    const task = this.#tasks.get(id);
    if (task === undefined) return "will not give back what it held";
    const [wait] = task.waits;
    if (wait === undefined) return endings[task.state] ?? "is about to go on";
    if (wait.timeLeft !== null)
      return `goes on in ${duration(wait.timeLeft)}, when its ${printable(wait.label)} is over`;
    return `waits for ${printable(wait.label)}, and no task is known that would end that`;
  }
}

const endings: Partial<Record<TaskSnapshot["state"], string>> = {
  new: "has not taken its first step",
  foreign: "awaits what is not joinery's (a promise, a request), or computes",
  cancelling: "was asked to stop, and awaits what is not joinery's, or computes",
  "cleaning-up": "cleans up, and awaits what is not joinery's, or computes",
};

/** Whether the tasks of a wait have what is waited for, and are not what is waited for themselves. */
function holds({ kind }: WaitSnapshot): boolean {
  return kind !== "task" && kind !== "tasks" && kind !== "children";
}

/** What a task does at this moment, in words. */
export function standing(task: TaskSnapshot | undefined): string {
  if (task === undefined) return "";
  const waits = task.waits.map(({ label, age, timeLeft }) => {
    if (timeLeft !== null) return `waits for ${printable(label)} (${duration(timeLeft)} left)`;
    return `waits for ${printable(label)}${age === null ? "" : ` for ${duration(age)}`}`;
  });
  return waits.length > 0 ? waits.join(", ") : (endings[task.state] ?? task.state);
}

/** Where a task that caught its cancellation was refused a wait last. */
function refusalOf(task: TaskSnapshot | undefined): string[] {
  const at = task?.refusedAt?.[0];
  return at === undefined ? [] : [`caught its cancellation, and went on ${printable(at)}`];
}

function framesOf({ stack }: WaitSnapshot): string[] {
  return stack?.slice(0, mostFrames).map(printable) ?? [];
}
