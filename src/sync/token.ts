/// <reference lib="esnext.disposable" preserve="true" />

/** What is acquired. Give it back once: by `using`, or by `release()`; a second time does nothing. */
export interface Token extends Disposable {
  /** Gives it back. */
  release(): void;
}

/** A token that gives back once. */
export class SingleToken implements Token {
  #giveBack: (() => void) | undefined;

  constructor(giveBack: () => void) {
    this.#giveBack = giveBack;
  }

  release(): void {
    const giveBack = this.#giveBack;
    this.#giveBack = undefined;
    giveBack?.();
  }

  [Symbol.dispose](): void {
    this.release();
  }
}
