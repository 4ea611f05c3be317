/** Nothing hangs in silence: work that is still there some time after its cancellation is named. */

import { type CancelledError } from "./errors.ts";
import { ghostLines } from "./ghosts.ts";
import { warn } from "./host.ts";
import { tasksBelow } from "./left-open.ts";
import type { Scope } from "./scope.ts";
import type { Bucket, Timer } from "./timers.ts";
import type { Wait } from "./wait.ts";

const defaultGrace = 5000;
const longestReport = 50;

/** Watches a cancelled scope until it closes. */
export function watch(scope: Scope, error: CancelledError): void {
  const grace = graceOf(scope);
  if (grace === Infinity) return;
  const watcher = new Watcher(scope, error, grace);
  scope.timers.setAfter(grace, watcher);
  scope.atClose(() => scope.timers.clear(watcher));
}

class Watcher implements Timer {
  bucket: Bucket | undefined;
  earlier: Timer | undefined;
  later: Timer | undefined;
  readonly #scope: Scope;
  readonly #error: CancelledError;
  readonly #grace: number;

  constructor(scope: Scope, error: CancelledError, grace: number) {
    this.#scope = scope;
    this.#error = error;
    this.#grace = grace;
  }

  fire(): void {
    void this.#report();
  }

  async #report(): Promise<void> {
    const resisters = resistersIn(this.#scope).slice(0, longestReport);
    const lines = await treeLines(this.#scope, resisters);
    if (this.#scope.closed) return;
    const count = resisters.length === 1 ? "1 task has" : `${resisters.length} tasks have`;
    const head = `${count} not ended ${this.#grace} ms after the cancellation (${this.#error.message}):`;
    warn("JOINERY_RESISTS_CANCEL", [head, ...lines, ...ghostLines()].join("\n"));
  }
}

/** The `grace` of the nearest group around `scope` that has one. */
function graceOf(scope: Scope): number {
  for (let s: Scope | undefined = scope; s !== undefined; s = s.parent) {
    if (s.grace !== undefined) return s.grace;
  }
  return defaultGrace;
}

/** The tasks that hold up the end of `scope`: those which wait for no other task, or the one that runs its body. */
function resistersIn(scope: Scope): Scope[] {
  const tasks = tasksBelow([scope]).filter((task) => tasksBelow([...task.children()]).length === 0);
  return tasks.length > 0 ? tasks : [scope.host];
}

/** A line for each scope from `top` down to the `resisters`, with what each of them waits for, and where. */
async function treeLines(top: Scope, resisters: readonly Scope[]): Promise<string[]> {
  const lines: string[] = [];
  const shown = new Map<Scope, string>();
  for (const resister of resisters) {
    let indent = "";
    for (const scope of pathBetween(top, resister)) {
      const known = shown.get(scope);
      if (known === undefined) lines.push(`${indent}${scope.kind} ${scope.name}`);
      shown.set(scope, indent);
      indent += "  ";
    }
    const details = await whereabouts(resister);
    lines.push(...details.map((line) => indent + line));
  }
  return lines;
}

/** The scopes from `top` (itself included) down to `scope`. */
function pathBetween(top: Scope, scope: Scope): Scope[] {
  const path = [scope];
  for (let s = scope; s !== top && s.parent !== undefined; s = s.parent) path.unshift(s.parent);
  return path.length > longestReport ? path.slice(-longestReport) : path;
}

/** What a task that resists is doing, as far as joinery can know. */
async function whereabouts(task: Scope): Promise<string[]> {
  const wait = parkedWait(task);
  if (wait) return [`waits for ${wait.label}, shielded`, ...frames(await wait.locate())];
  if (task.refusedAt) {
    return [
      "caught its cancellation and went on; was last refused a wait",
      ...frames(task.refusedAt),
    ];
  }
  const caught = task.refused ? "caught its cancellation, and " : "";
  return [`${caught}waits for a promise that is not joinery's, or computes`];
}

/** A wait of the task itself: in its own scope or in a block that it has open. */
function parkedWait(task: Scope): Wait<never> | undefined {
  const pending = [task];
  for (let scope = pending.pop(); scope !== undefined; scope = pending.pop()) {
    if (scope.firstWait) return scope.firstWait;
    for (const child of scope.children()) if (child.kind !== "task") pending.push(child);
  }
  return undefined;
}

const ownFolder = new URL(".", import.meta.url).pathname;

/** The frames of the program in the stack of `at`; all of them where the program is one file with joinery in it. */
function frames(at: Error): string[] {
  const all = (at.stack ?? "").split("\n").slice(1);
  const ofProgram = all.filter(
    (line) => !line.includes(ownFolder) && !line.includes("node:internal"),
  );
  return (ofProgram.length > 0 ? ofProgram : all).map((line) => `  ${line.trim()}`);
}
