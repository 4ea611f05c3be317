/** Plays a random program in virtual time, and keeps a record of what ought to come out. */

import {
  CancelledError,
  type CancellableTaskGroup,
  ExceptionGroup,
  moveOnAfter,
  shield,
  sleep,
  subscribe,
  type Task,
  taskGroup,
  timeout,
  TimeoutError,
} from "joinery";
import { inPassingTime, VirtualClock } from "../support/virtual-clock.ts";
import type { Group, Program } from "./programs.ts";
import { leavesOf } from "./leaves.ts";

export interface Played {
  readonly group: Group;
  readonly children: readonly Task<unknown>[];
  /** What it threw. */
  readonly error: unknown;
  /** The children that were not over when it settled. */
  readonly outlived: readonly Task<unknown>[];
}

export class Player {
  readonly trace: string[] = [];
  readonly raised = new Set<unknown>();
  /** Those of the raised errors that the program caught, and did not throw on. */
  readonly absorbed = new Set<unknown>();
  /** The names of the tasks that failed, in that order. */
  readonly failures: string[] = [];
  /** The groups that are over, by name. */
  readonly groups = new Map<string, Played>();
  /** What happened inside a group that was over. */
  readonly late: string[] = [];
  readonly #clock = new VirtualClock();
  readonly #tasks: Task<unknown>[] = [];
  #ids = 0;
  /** What came out. */
  error: unknown;

  async play(program: Program): Promise<this> {
    const unsubscribe = subscribe((event) => {
      if (event.type === "ended" && event.outcome === "failed")
        this.failures.push(event.scope.name);
    });
    const main = (): Promise<void> => this.#perform(program, "main");
    await inPassingTime(main, { clock: this.#clock }).catch(
      (error: unknown) => (this.error = error),
    );
    unsubscribe();
    return this;
  }

  /** An event of code that runs inside all the groups named in `path`. */
  #say(path: string, what: string): void {
    this.trace.push(`${this.#clock.now()} ${path}: ${what}`);
    for (const group of this.groups.keys()) {
      if (path === group || path.startsWith(`${group}/`)) this.late.push(`${path}: ${what}`);
    }
  }

  #raise(path: string): never {
    const error = new Error(`from ${path}, ${this.#ids++}`);
    this.raised.add(error);
    this.#say(path, "raises");
    throw error;
  }

  async #performAll(steps: readonly Program[], path: string): Promise<void> {
    for (const step of steps) await this.#perform(step, path);
  }

  async #perform(step: Program, path: string): Promise<void> {
    this.#say(path, step.kind);
    if (step.kind === "group") return this.#performGroup(step, path);
    const body = (): Promise<void> =>
      "body" in step ? this.#performAll(step.body, path) : sleep(step.ms);
    switch (step.kind) {
      case "sleep":
        return body();
      case "raise":
        return body().then(() => this.#raise(path));
      case "cancel":
        return body().then(() => this.#cancelSomebody(path));
      case "resist":
        return body().catch((error: unknown) => this.#cleanUp(error, step.raises, path));
      case "shield":
        return shield(body, { within: Infinity });
      case "moveOn":
        return void (await moveOnAfter(step.ms, body));
      case "timeout":
        return timeout(step.ms, body).catch((error: unknown) => this.#timedOut(error));
      case "catch":
        return body().catch((error: unknown) => this.#absorb(error, path));
    }
  }

  async #cleanUp(error: unknown, raises: boolean, path: string): Promise<never> {
    await shield(() => sleep(1), { within: Infinity });
    this.#say(path, "cleaned up");
    if (raises) this.#raise(path);
    throw error;
  }

  #cancelSomebody(path: string): void {
    const victim = this.#tasks.find((task) => !task.done());
    this.#say(path, `cancels ${victim?.name ?? "nobody"}`);
    victim?.cancel(path);
  }

  /** The edge of a deadline raises an error, too. */
  #timedOut(error: unknown): never {
    if (error instanceof TimeoutError) this.raised.add(error);
    throw error;
  }

  #absorb(error: unknown, path: string): void {
    if (error instanceof CancelledError) throw error;
    for (const leaf of leavesOf(error)) this.absorbed.add(leaf);
    this.#say(path, "absorbs");
  }

  async #performGroup(group: Group, outer: string): Promise<void> {
    const path = `${outer}/g${this.#ids++}`;
    const children: Task<unknown>[] = [];
    const options = {
      name: path,
      concurrency: group.concurrency,
      onError: group.collect ? "collect" : "cancel",
      cancellable: true,
    } as const;
    let error: unknown;
    try {
      await taskGroup((handle) => this.#inside(handle, group, path, children), options);
    } catch (reason) {
      error = reason;
      throw reason;
    } finally {
      const outlived = children.filter((task) => !task.done());
      this.groups.set(path, { group, children, error, outlived });
    }
  }

  async #inside(
    handle: CancellableTaskGroup,
    group: Group,
    path: string,
    children: Task<unknown>[],
  ): Promise<void> {
    for (const [i, child] of group.children.entries()) {
      const name = `${path}/${i}`;
      const background = group.background && i === 0;
      children.push(handle.createTask(() => this.#perform(child, name), { name, background }));
    }
    this.#tasks.push(...children);
    const { hook } = group;
    if (hook !== "none") handle.defer(() => this.#hook(hook === "raises", path));
    await this.#performAll(group.body, path);
    if (group.stops) handle.cancel("the end");
  }

  async #hook(raises: boolean, path: string): Promise<void> {
    await sleep(1);
    this.#say(path, "hook");
    if (raises) this.#raise(path);
  }
}

/** The errors of `children` that failed, in the order in which they did. */
export function failuresOf({ children }: Played, order: readonly string[]): Error[] {
  return children
    .filter(({ state }) => state === "failed")
    .toSorted((a, b) => order.indexOf(a.name) - order.indexOf(b.name))
    .map((task) => task.exception() as Error);
}

/** The members of what a group threw; none if it did not throw one of ours. */
export function membersOf({ error }: Played): readonly Error[] {
  return error instanceof ExceptionGroup ? error.errors : [];
}
