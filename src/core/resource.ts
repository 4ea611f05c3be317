/** What a wait is for. */

import { badArgument } from "./arguments.ts";
import type { Task } from "./task-handle.ts";

/**
 * What a wait is for, when somebody holds it or many wait for it: a lock, a queue. Warnings and the
 * live tree show it.
 */
export interface Resource {
  /** What it is, in a word: `lock`. (`task` and `tasks` are tasks that are awaited.) */
  readonly kind: string;
  /** Which one it is: `db`. */
  readonly name: string;
  /** The tasks that have what is waited for. Only called when somebody looks. */
  holders?(): readonly Task<unknown>[];
  /**
   * Whether it comes from outside, and not from a task of the program: a promise of somebody else, a
   * socket. Who looks for deadlocks takes no wait for it for one. Default: `false`.
   */
  readonly foreign?: boolean;
}

export function expectResource(resource: Partial<Resource> | null): void {
  if (typeof resource?.kind === "string" && typeof resource.name === "string") return;
  throw badArgument("resource", "an object like { kind, name }", resource);
}

/** Several tasks as what a wait is for: it goes on until they give their outcomes. */
export function severalTasks(name: string, tasks: Iterable<Task<unknown>>): Resource {
  return { kind: "tasks", name, holders: () => [...tasks].filter((task) => !task.done()) };
}

/** Whether what is waited for is how tasks end. */
export function awaitsTasks(resource: Resource): boolean {
  return resource.kind === "task" || resource.kind === "tasks";
}
