/** What a model says about a primitive, and how the two are compared. */

/** The outcome of an operation as text: `ok`, `token`, a value, the code of an error; none while it waits. */
export type Outcome = string | undefined;

/** A naive second version of a primitive: arrays, and no promises. */
export abstract class Model {
  /** For each actor, the outcome of its last operation. */
  readonly outcomes = new Map<number, Outcome>();

  /** Does `op` for `actor`: its outcome, or `undefined` if it waits and is woken later. */
  abstract apply(actor: number, op: string): Outcome;
  /** The wait of `actor` is cancelled: what is undone; `false` if it waits on. */
  abstract cancel(actor: number): void | false;
  /** What `statistics()` has to say. */
  abstract state(): unknown;

  waits(actor: number): boolean {
    return this.outcomes.has(actor) && this.outcomes.get(actor) === undefined;
  }

  play(actor: number, op: string): void {
    if (op !== "cancel") {
      this.outcomes.set(actor, undefined);
      const outcome = this.apply(actor, op);
      if (outcome !== undefined) this.outcomes.set(actor, outcome);
    } else if (this.waits(actor) && this.cancel(actor) !== false) {
      this.outcomes.set(actor, "JOINERY_CANCELLED");
    }
  }

  protected wake(actor: number, outcome: string): void {
    this.outcomes.set(actor, outcome);
  }
}

/** The real thing, to be driven in the same way. */
export interface Real {
  apply(actor: number, op: string, signal: AbortSignal): unknown;
  state(): unknown;
}

export interface Subject {
  readonly name: string;
  /** What random programs are made of; `cancel` is added. */
  readonly ops: readonly string[];
  /** The programs all of whose schedules are played: for each actor what it does, one after the other. */
  readonly programs: readonly (readonly string[])[][];
  create(): { readonly model: Model; readonly real: Real };
  /** What holds of every state, whatever the model says. */
  invariant?(state: never): void;
}

/** Takes `actor` out of a queue of the model. */
export function removeFrom<T extends { readonly actor: number }>(
  queue: T[],
  actor: number,
): T | undefined {
  const index = queue.findIndex((each) => each.actor === actor);
  return index === -1 ? undefined : queue.splice(index, 1)[0];
}
