/** Runs programs of primitives with joinery. `python/primitives.py` is the same in Python. */

import {
  createTask,
  run,
  sleep,
  taskGroup,
  timeout,
  wait,
  TimeoutError,
  type Clock,
  type Task,
} from "joinery";
import { raisable, Record, text } from "../words.ts";
import type { Conductor } from "./conductor.ts";
import { type Program, type Step, theEnd, type Use } from "./program.ts";
import { type Held, said, type Subject, subjectOf } from "./subjects.ts";

export interface PrimitivesOutcome {
  /** `time: step what`, in the order of the turns, and sorted in one. */
  readonly events: readonly string[];
  /** By the number of the task. */
  readonly states: { readonly [id: string]: string };
  /** The tasks that still waited at the end. */
  readonly live: readonly number[];
  readonly primitives: readonly unknown[];
  /** What was left in each that holds items. */
  readonly left: readonly unknown[];
}

/** Begins to run `program`; resolves when it is over. */
export function interpret(
  program: Program,
  clock: Clock,
  conductor: Conductor,
): Promise<PrimitivesOutcome> {
  return new Interpreter(program, clock, conductor).run();
}

type Of<Op extends Step["op"]> = Extract<Step, { op: Op }>;

class Interpreter {
  readonly #program: Program;
  readonly #clock: Clock;
  readonly #conductor: Conductor;
  readonly #record: Record;
  readonly #subjects: readonly Subject[];
  readonly #handles: Task<unknown>[] = [];
  /** Of the primitives, as soon as nothing happens to them any more. */
  #seen: unknown[] | undefined;
  #live: number[] = [];

  constructor(program: Program, clock: Clock, conductor: Conductor) {
    this.#program = program;
    this.#clock = clock;
    this.#conductor = conductor;
    this.#record = new Record(
      () => clock.now(),
      () => conductor.turns,
    );
    this.#subjects = program.primitives.map(subjectOf);
  }

  async run(): Promise<PrimitivesOutcome> {
    for (const { at, task } of this.#program.cancels)
      this.#clock.setTimeout(() => this.#cancel("outside", task), at);
    this.#clock.setTimeout(() => this.#end(), theEnd);
    const options = { clock: this.#clock, handleSignals: false, grace: Infinity };
    await run(() => this.#main(), options);
    return {
      events: this.#record.sorted(),
      states: Object.fromEntries(this.#handles.map(({ state }, id) => [id, state])),
      live: this.#live,
      primitives: this.#seen ?? this.#states(),
      left: this.#subjects.flatMap((subject) => (subject.drain ? [subject.drain()] : [])),
    };
  }

  async #main(): Promise<void> {
    this.#handles[0] = createTask(async () => {
      try {
        await taskGroup((group) => {
          for (const [index, steps] of this.#program.tasks.entries())
            this.#handles[index + 1] = group.createTask(() => this.#task(index + 1, steps));
        });
        this.#record.log(0, "returns");
      } catch (error) {
        this.#record.log(0, `throws ${text(error)}`);
        throw error;
      }
    });
    await wait([this.#handles[0]]);
  }

  /** Nothing happens any more. Whoever still waits does so in vain, and is cancelled. */
  #end(): void {
    this.#seen = this.#states();
    this.#live = this.#handles.flatMap((handle, id) => (handle.done() ? [] : [id]));
    this.#cancel("the end", 0);
  }

  #states(): unknown[] {
    return this.#subjects.map((subject) => subject.state());
  }

  #cancel(who: number | string, target: number): void {
    this.#record.log(who, `cancels ${target}: ${this.#handles[target]!.cancel()}`);
  }

  async #task(who: number, steps: readonly Step[]): Promise<void> {
    const held: Held = new Map();
    try {
      await this.#block(steps, who, held);
      await this.#conductor.turn(who);
      this.#record.log(who, "returns");
    } catch (error) {
      this.#record.log(who, `throws ${text(error)}`);
      throw error;
    } finally {
      for (const token of [...held.values()].toReversed()) token.release();
    }
  }

  async #block(steps: readonly Step[], who: number, held: Held): Promise<void> {
    for (const step of steps) {
      await this.#conductor.turn(who);
      await this.#step(step, who, held);
    }
  }

  async #step(step: Step, who: number, held: Held): Promise<void> {
    switch (step.op) {
      case "raise":
        throw new raisable.A(`e${step.id}`);
      case "sleep":
        await sleep(step.ms);
        return this.#record.log(step.id, "slept");
      case "with":
        return this.#with(step, who, held);
      case "do":
        return this.#do(step, held);
    }
  }

  async #with(step: Of<"with">, who: number, held: Held): Promise<void> {
    const use = { on: step.on, item: step.id };
    await this.#wait(step.id, { ...use, verb: "acquire" }, held, null);
    const release = { ...use, verb: "release" };
    try {
      await this.#block(step.body, who, held);
      await this.#conductor.turn(who);
    } catch (error) {
      // Tasks that are cancelled together clean up in any order: which of them is refused is not compared.
      this.#result(() => this.#does(release, held));
      throw error;
    }
    this.#now(step.id, release, held);
  }

  async #do({ id, acts, wait: use, within }: Of<"do">, held: Held): Promise<void> {
    for (const act of acts) {
      if ("on" in act) this.#now(id, act, held);
      else this.#cancel(id, act.task);
    }
    if (use) await this.#wait(id, use, held, within);
  }

  #now(id: number, use: Use, held: Held): void {
    this.#record.log(
      id,
      `${use.on}.${use.verb}: ${String(this.#result(() => this.#does(use, held)))}`,
    );
  }

  #result(act: () => unknown): unknown {
    try {
      return act();
    } catch (error) {
      return said(error);
    }
  }

  async #wait(id: number, use: Use, held: Held, within: number | null): Promise<void> {
    const work = async (): Promise<unknown> => this.#does(use, held);
    const bounded = within === null ? work() : timeout(within, work);
    const result = await bounded.catch((error: unknown) =>
      error instanceof TimeoutError ? text(error) : said(error),
    );
    this.#record.log(id, `${use.on}.${use.verb}: ${String(result)}`);
  }

  #does(use: Use, held: Held): unknown {
    return this.#subjects[use.on]!.does(use, held);
  }
}
