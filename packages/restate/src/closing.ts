/** The end of a worker: what runs may finish, for a while. */

import { checkWithin } from "./arguments.ts";
import type { CloseOptions } from "./options.ts";

/** The longest time that timers know. */
const longest = 2 ** 31 - 1;

export class Closing {
  readonly #close: () => Promise<void>;
  readonly #cancel: () => void;
  #closed: Promise<void> | undefined;

  /** `close` takes nothing more, and waits for what runs; `cancel` cancels that. */
  constructor(close: () => Promise<void>, cancel: () => void) {
    this.#close = close;
    this.#cancel = cancel;
  }

  /** Whoever is in more of a hurry may call it again. */
  within(options: CloseOptions | undefined): Promise<void> {
    const time = checkWithin(options);
    const closed = (this.#closed ??= this.#close());
    if (time <= longest) {
      const timer = setTimeout(this.#cancel, time);
      const stop = (): void => clearTimeout(timer);
      closed.then(stop, stop);
    }
    return closed;
  }
}
