import type { CallMessage, Place } from "./engine.ts";
import { polled } from "./polled-signal.ts";
import type { RemoteCall } from "./remote.ts";
import type { AttemptOptions } from "./worker.ts";

/** A call that a worker runs. */
export interface Attempt {
  readonly message: CallMessage;
  readonly options: AttemptOptions;
  readonly place: Place;
}

/** The scope that its function runs in. */
export interface ScopeOfCall {
  readonly signal: AbortSignal;
}

/** What the function sees. Everything is made when it asks for it: most functions ask for little. */
export class RunningCall implements RemoteCall {
  readonly #scope: ScopeOfCall;
  readonly #attempt: Attempt;
  #signal: AbortSignal | undefined;

  constructor(scope: ScopeOfCall, attempt: Attempt) {
    this.#scope = scope;
    this.#attempt = attempt;
  }

  get key(): string {
    return this.#attempt.message.key;
  }

  get attempt(): number {
    return this.#attempt.place.attempt;
  }

  get worker(): string {
    return this.#attempt.place.worker;
  }

  get signal(): AbortSignal {
    const { poll } = this.#attempt.options;
    return (this.#signal ??= poll ? polled(this.#scope.signal, poll) : this.#scope.signal);
  }

  // Functions and not methods, so that `(input, { checkpoint }) => …` may take them out.

  get checkpoint(): () => void {
    return () => {
      if (this.signal.aborted) throw this.signal.reason;
    };
  }

  get transfer(): RemoteCall["transfer"] {
    return (...objects) => this.#attempt.options.transfer?.(objects);
  }
}
