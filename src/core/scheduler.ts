/**
 * The seam to the order of things. A task that may take its first step, a wait that has its outcome, a
 * group whose children are over: each is ready to go on, and goes on at once, as a reaction of a promise.
 * A test puts a scheduler in between, which decides who is next.
 */

import { badArgument } from "./arguments.ts";
import type { ScopeInfo } from "./events.ts";
import type { Scope } from "./scope.ts";

/** Who decides which of those that are ready goes on. `run(main, { scheduler })` takes one. */
export interface Scheduler {
  /** `step` is ready. Called in the order in which things get ready, also in the middle of a step. */
  ready(step: Step): void;
}

/** A piece of a task, from where it waited to its next wait. */
export interface Step {
  /** The task; `run` or `process` for code outside of any. */
  readonly task: ScopeInfo;
  /** What it waited for. */
  readonly label: string;
  /**
   * Lets the task go on: in microtasks, after this call. To be called once, and in the turn of the event
   * loop in which it got ready, so that what happened in one turn is seen together.
   */
  proceed(): void;
}

/** Calls `proceed`: at once, or when the scheduler around `scope` says so. */
export function goOn(scope: Scope, label: string, proceed: () => void): void {
  const { scheduler } = scope.timers;
  if (scheduler === undefined) proceed();
  else scheduler.ready({ task: scope.host.info, label, proceed });
}

/** The label of the step with which a task begins. */
export const firstStep = "its start";

export function expectScheduler(scheduler: Partial<Scheduler> | null): void {
  if (typeof scheduler?.ready === "function") return;
  throw badArgument("scheduler", "an object with ready()", scheduler);
}
