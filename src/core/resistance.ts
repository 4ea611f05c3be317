/** Nothing hangs in silence: work that is still there some time after its cancellation is named. */

import type { CancelledError } from "./errors.ts";
import { programFrames } from "./frames.ts";
import { ghostLines } from "./ghosts.ts";
import { warn } from "./host.ts";
import { tasksIn } from "./left-open.ts";
import { awaitsTasks } from "./resource.ts";
import type { Scope } from "./scope.ts";
import type { Bucket, Timer } from "./timers.ts";
import type { Wait } from "./wait.ts";

const defaultGrace = 5000;
const longestReport = 20;
const mostHolders = 3;

/** When each cancellation was asked for, on the clock of the first scope that was asked. */
const requested = new WeakMap<CancelledError, number>();

/** When `error` was asked for. */
export function timeOfRequest(error: CancelledError): number | undefined {
  return requested.get(error);
}

/** Watches a cancelled scope until it closes. */
export function watch(scope: Scope, error: CancelledError): void {
  if (!requested.has(error)) requested.set(error, scope.timers.clock.now());
  const grace = graceOf(scope);
  if (grace === Infinity) return;
  const watcher = new Watcher(scope, error, grace);
  scope.timers.setAfter(grace, watcher);
  scope.atClose(() => watcher.stop());
}

/** The tasks that were named, and whose cancelled scope is still there: who is cancelled twice is named once. */
const named = new Set<Scope>();

class Watcher implements Timer {
  bucket: Bucket | undefined;
  earlier: Timer | undefined;
  later: Timer | undefined;
  readonly #scope: Scope;
  readonly #error: CancelledError;
  readonly #grace: number;
  #named: Scope[] = [];

  constructor(scope: Scope, error: CancelledError, grace: number) {
    this.#scope = scope;
    this.#error = error;
    this.#grace = grace;
  }

  fire(): void {
    void this.#report();
  }

  stop(): void {
    this.#scope.timers.clear(this);
    for (const task of this.#named) named.delete(task);
  }

  async #report(): Promise<void> {
    this.#named = resistersIn(this.#scope).filter((task) => !named.has(task));
    if (this.#named.length === 0) return;
    for (const task of this.#named) named.add(task);
    const lines = await describe(this.#named, this.#scope);
    if (this.#scope.closed) return;
    const head = `Not over ${this.#grace} ms after the cancellation (${this.#error.message}):`;
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

/** The way from `top` to each of the tasks that hold up its end, every scope once, with what that task waits for, and where. */
async function describe(resisters: readonly Scope[], top: Scope): Promise<string[]> {
  const lines: string[] = [];
  const shown = new Set<Scope>();
  for (const task of resisters.slice(0, longestReport)) {
    const path = pathBetween(top, task);
    for (const [depth, scope] of path.entries()) {
      if (!shown.has(scope)) lines.push(`${"  ".repeat(depth)}${scope.title}`);
      shown.add(scope);
    }
    const indent = "  ".repeat(path.length);
    lines.push(...(await whereabouts(task)).map((line) => indent + line));
  }
  const more = resisters.length - longestReport;
  return more > 0 ? [...lines, `and ${more} more`] : lines;
}

/** The tasks that wait for no other task in `top`; without any, the one that runs its body. */
function resistersIn(top: Scope): Scope[] {
  const tasks = tasksIn(top);
  const waiting = new Set<Scope>(tasks.map((task) => task.parent.host));
  const resisters = tasks.filter((task) => !waiting.has(task));
  return resisters.length > 0 ? resisters : [top.host];
}

/** The scopes from `top` down to `scope`, itself included; the last ones of a long way. */
function pathBetween(top: Scope, scope: Scope): Scope[] {
  const path = [scope];
  for (let s = scope; s !== top && s.parent !== undefined; s = s.parent) {
    if (path.push(s.parent) > longestReport) break;
  }
  return path.toReversed();
}

/** What a task that resists is doing, as far as joinery can know. */
async function whereabouts(task: Scope): Promise<string[]> {
  const wait = parkedWait(task);
  if (wait) return [`waits for ${goal(wait)}, shielded`, ...indented(await wait.locate())];
  const refusal = task.told && "at" in task.told ? task.told : undefined;
  if (refusal) {
    return [
      "caught its cancellation and went on; was last refused a wait",
      ...indented(refusal.at),
    ];
  }
  const caught = task.told ? "caught its cancellation, and " : "";
  return [`${caught}waits for a promise that is not joinery's, or computes`];
}

function indented(at: Error): string[] {
  return programFrames(at).map((frame) => `  ${frame}`);
}

/** What `wait` is for, and who has it; a task that is waited for has nothing but itself. */
function goal({ label, resource }: Wait<never>): string {
  if (resource === undefined || awaitsTasks(resource)) return label;
  const holders = resource.holders?.() ?? [];
  if (holders.length === 0) return label;
  const names = holders.slice(0, mostHolders).map((task) => `task "${task.name}"`);
  const more = holders.length > mostHolders ? ` and ${holders.length - mostHolders} more` : "";
  return `${label} (held by ${names.join(", ")}${more})`;
}

/** A wait of the task itself: in its own scope or in a block that it has open. */
function parkedWait(task: Scope): Wait<never> | undefined {
  for (const scope of task.tree())
    if (scope.host === task && scope.firstWait) return scope.firstWait;
  return undefined;
}
