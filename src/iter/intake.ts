/**
 * The pulling side of a source. Whoever pulls lets the source go at his own end: a source that is a loop itself
 * has its group in the scope of the one who pulls.
 *
 * N1. Nothing of a source is touched before the first pull, and one pull is under way at a time.
 * N2. A source that was opened is let go exactly once, unless it has ended or failed by itself.
 * N3. A cancel in the middle of a pull interrupts the source; the pull ends when the source has.
 */

import { badArgument } from "../core/arguments.ts";
import { abandonable, type Parked, shield, suspend, type Unpark } from "../core/index.ts";
import { type OpenSource, openSource, type Source } from "./source.ts";

export class Intake<T> {
  readonly #source: Source<T>;
  readonly #signal: AbortSignal;
  #opened: OpenSource | undefined;
  /** The source while it waits to be asked again, or to be let go. */
  #held: OpenSource | undefined;
  #interrupted = false;
  #pulling: Promise<unknown> | undefined;

  /** `signal` is that of the task or group that pulls. */
  constructor(source: Source<T>, signal: AbortSignal) {
    this.#source = source;
    this.#signal = signal;
  }

  /** The next item; a cancel interrupts the source, and waits for it. */
  pull(): Promise<IteratorResult<T>> {
    return suspend<IteratorResult<T>>((wait) => this.#park(wait), {
      signal: this.#signal,
      label: "the source",
    });
  }

  /** Lets the source go, if it is still there; no cancel keeps its cleanup from waiting. */
  async close(): Promise<void> {
    await this.#pulling;
    const held = this.#held;
    if (held === undefined) return;
    this.#held = undefined;
    await shield(() => held.close(), { within: Infinity, name: "closing the source" });
  }

  #park(wait: Parked<IteratorResult<T>>): Unpark {
    let closing: Promise<void> | undefined;
    const afterwards = (settle: () => unknown): unknown =>
      closing === undefined
        ? settle()
        : closing.then(settle, (error: unknown) => wait.reject(error));
    this.#pulling = this.#step().then(
      (step) => afterwards(() => wait.resolve(step)),
      (error: unknown) => afterwards(() => wait.reject(error)),
    );
    return (reason) => {
      closing = this.#interrupt(reason);
      closing.catch(() => {}); // it is heard of when the step is over
      return false;
    };
  }

  async #step(): Promise<IteratorResult<T>> {
    this.#held = undefined;
    const opened = (this.#opened ??= openSource(this.#source));
    const step = expectStep<T>(await opened.next());
    if (step.done) return step;
    if (!this.#interrupted) this.#held = opened;
    return opened.awaitsItems ? this.#awaitItem(step) : step;
  }

  /** A promise in a plain iterable can only be left behind. */
  async #awaitItem(step: IteratorYieldResult<T>): Promise<IteratorResult<T>> {
    const { value } = step;
    if (!isThenable(value)) return step;
    const options = { label: "a promise of the source", signal: this.#signal };
    return { done: false, value: (await abandonable(value, options)) as T };
  }

  async #interrupt(reason: Error): Promise<void> {
    this.#interrupted = true;
    this.#held = undefined;
    const opened = this.#opened;
    await (opened?.interrupt ? opened.interrupt(reason) : opened?.close());
  }
}

function isThenable(value: unknown): value is PromiseLike<unknown> {
  return typeof (value as Partial<PromiseLike<unknown>> | null | undefined)?.then === "function";
}

function expectStep<T>(step: unknown): IteratorResult<T> {
  if (typeof step === "object" && step !== null) return step as IteratorResult<T>;
  throw badArgument("what next() of the source gives", "an object like { done, value }", step);
}
