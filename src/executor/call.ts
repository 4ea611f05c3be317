import type { Resource } from "../core/index.ts";
import type { Place } from "./engine.ts";

/** A call that is under way: what `executor.calls` and the live tree show. */
export interface CallInfo extends Resource {
  readonly kind: "call";
  /** Function, executor and place: `render on threads (thread 3)`. */
  readonly name: string;
  /** The name of the remote function. */
  readonly fn: string;
  readonly key: string;
  /** `waiting` (handed over, and not begun), `running`, `cancelling` (asked to stop, and not over). */
  readonly state: "waiting" | "running" | "cancelling";
  /** Where it runs. */
  readonly place: Place | undefined;
}

/** The call as the executor keeps it. */
export class Call implements CallInfo {
  readonly kind = "call";
  readonly fn: string;
  readonly key: string;
  place: Place | undefined;
  cancelled = false;
  readonly #on: string;

  constructor(fn: string, key: string, on: string) {
    this.fn = fn;
    this.key = key;
    this.#on = on;
  }

  get name(): string {
    if (this.place === undefined) return `${this.fn} on ${this.#on}`;
    const { worker, attempt } = this.place;
    return `${this.fn} on ${this.#on} (${worker}${attempt > 1 ? `, attempt ${attempt}` : ""})`;
  }

  get state(): CallInfo["state"] {
    if (this.cancelled) return "cancelling";
    return this.place === undefined ? "waiting" : "running";
  }
}
