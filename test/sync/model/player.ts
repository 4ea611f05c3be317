/** Plays operations on a primitive and on its model, and compares after each. */

import { AsyncLocalStorage } from "node:async_hooks";
import { taskGroup } from "joinery";
import type { Model, Outcome, Real, Subject } from "./model.ts";

/** Calls a function as if the code of one task did. */
export type Enter = <R>(call: () => R) => R;

/** Calls `play` with `count` tasks that do what they are told. */
export async function withActors<R>(
  count: number,
  play: (actors: readonly Enter[]) => Promise<R>,
): Promise<R> {
  return taskGroup(async (group) => {
    const actors: Enter[] = [];
    let end!: () => void;
    const over = new Promise<void>((resolve) => (end = resolve));
    for (let i = 0; i < count; i++) {
      const started = group.createTask(
        async () => {
          actors.push(AsyncLocalStorage.snapshot());
          await over;
        },
        { name: `${i}` },
      );
      while (started.state === "new") await Promise.resolve();
    }
    return play(actors).finally(end);
  });
}

/** One play of a primitive with its model. */
export class Player {
  readonly model: Model;
  readonly #real: Real;
  readonly #actors: readonly Enter[];
  readonly #subject: Subject;
  readonly #outcomes = new Map<number, Outcome>();
  readonly #controllers = new Map<number, AbortController>();
  readonly trace: string[] = [];

  constructor(subject: Subject, actors: readonly Enter[]) {
    this.#subject = subject;
    this.#actors = actors;
    const { model, real } = subject.create();
    this.model = model;
    this.#real = real;
  }

  /** Does `op` on both sides; resolves when the actor has its outcome, as far as it does not wait. */
  play(actor: number, op: string): Promise<void> {
    this.trace.push(`${actor} ${op}`);
    this.model.play(actor, op);
    if (op === "cancel") {
      this.#controllers.get(actor)?.abort();
      return Promise.resolve();
    }
    const controller = new AbortController();
    this.#controllers.set(actor, controller);
    this.#outcomes.set(actor, undefined);
    return this.#perform(actor, op, controller.signal);
  }

  async #perform(actor: number, op: string, signal: AbortSignal): Promise<void> {
    const enter = this.#actors[actor]!;
    try {
      const result = enter(() => this.#real.apply(actor, op, signal));
      this.#outcomes.set(actor, text(result instanceof Promise ? await result : result));
    } catch (error) {
      this.#outcomes.set(actor, (error as { code?: string }).code ?? String(error));
    }
  }

  /** Lets the code of everybody who was woken go on. */
  async settle(): Promise<void> {
    for (let i = 0; i < 4; i++) await Promise.resolve();
  }

  /** Throws if the real thing is not in the state of the model, or somebody has not what it should have. */
  async compare(): Promise<void> {
    await this.settle();
    const state = this.#real.state();
    expectSame(this.trace, state, this.model.state());
    for (const [actor, outcome] of this.model.outcomes)
      expectSame(this.trace, `${actor}: ${this.#outcomes.get(actor)}`, `${actor}: ${outcome}`);
    this.#subject.invariant?.(state as never);
  }

  /** Cancels whoever still waits, and looks whether that left a trace. */
  async end(): Promise<void> {
    // In a condition one who is cancelled may have to wait for the lock; so it is done twice.
    for (const op of ["cancel", "release", "cancel"]) {
      if (op === "release" && !this.#subject.ops.includes(op)) break;
      for (let actor = 0; actor < this.#actors.length; actor++) {
        if (op === "cancel" || !this.model.waits(actor)) void this.play(actor, op);
        await this.settle();
      }
      await this.compare();
    }
  }
}

/** Not with `expect`: this is done a million times. */
function expectSame(trace: readonly string[], real: unknown, model: unknown): void {
  const [is, should] = [JSON.stringify(real), JSON.stringify(model)];
  if (is !== should) throw new Error(`after ${trace.join(", ")}: it is ${is}, the model ${should}`);
}

function text(result: unknown): string {
  if (result === undefined) return "ok";
  if (typeof result === "string" || typeof result === "number" || typeof result === "boolean")
    return `${result}`;
  return "value" in (result as object) ? (result as { value: string }).value : "token";
}
