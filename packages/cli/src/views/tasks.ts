/** The tasks of a snapshot, by number and by name. */

import type { ScopeSnapshot, Snapshot, WaitSnapshot } from "joinery/observe";
import { Failure } from "../failure.ts";
import { printable } from "./style.ts";

export type TaskSnapshot = ScopeSnapshot;

export class Tasks {
  readonly #scopes: ReadonlyMap<number, ScopeSnapshot>;
  readonly all: readonly TaskSnapshot[];
  readonly #waiters = new Map<number, number[]>();

  readonly #pid: number | null;

  constructor({ scopes, pid }: Snapshot) {
    this.#pid = pid;
    this.#scopes = new Map(scopes.map((scope) => [scope.id, scope]));
    this.all = scopes.filter(({ kind }) => kind === "task");
    for (const { id, waits } of this.all)
      for (const to of waits.flatMap(({ tasks }) => tasks)) this.#noteWaiter(to, id);
  }

  #noteWaiter(of: number, id: number): void {
    const waiters = this.#waiters.get(of);
    if (waiters) waiters.push(id);
    else this.#waiters.set(of, [id]);
  }

  /** The tasks that wait for the task `id`, or for what it holds. */
  waitersFor(id: number): readonly number[] {
    return this.#waiters.get(id) ?? [];
  }

  get(id: number): TaskSnapshot | undefined {
    return this.#scopes.get(id);
  }

  /** The task that a user means: by its number, or by its name if it is the only one of that name. */
  find(said: string): TaskSnapshot {
    const number = /^#?(\d+)$/.exec(said)?.[1];
    const named = this.all.filter(({ id, name }) => name === said || id === Number(number));
    const [found] = named;
    if (found === undefined)
      throw new Failure(`There is no task ${said}. joinery ps ${this.#pid} lists them.`);
    if (named.length === 1) return found;
    const numbers = named.map(({ id }) => id).join(", ");
    throw new Failure(
      `${named.length} tasks are called ${said}. Give the number of one: ${numbers}.`,
    );
  }

  /** Name and number; of one that is over, all that is left. */
  title(id: number): string {
    const task = this.#scopes.get(id);
    return task ? `${printable(task.name)} #${id}` : `task #${id} (over)`;
  }

  /** The names of the tasks and of the named blocks from the root: `main › server › worker`. */
  path({ id }: ScopeSnapshot): string {
    const names: string[] = [];
    for (let at = this.#scopes.get(id); at && at.parent !== null; at = this.get(at.parent)) {
      if (at.kind === "task" || at.name !== `${at.kind}-${at.id}`) names.push(printable(at.name));
    }
    return names.toReversed().join(" › ");
  }
}

/** What a wait is for, and who has that. */
export function waitText(wait: WaitSnapshot, tasks: Tasks): string {
  const { kind, label, tasks: others, tasksOmitted } = wait;
  if (others.length === 0 || kind === "task" || kind === "children") return printable(label);
  const shown = others.slice(0, mostNames).map((id) => tasks.title(id));
  const more = others.length + tasksOmitted - shown.length;
  const all = more > 0 ? `${shown.join(", ")} and ${more} more` : shown.join(", ");
  return `${printable(label)} (${kind === "tasks" ? all : `held by ${all}`})`;
}

const mostNames = 3;
