/** What all kinds of threads have in common. */
export interface PoolOptions {
  /** How many threads there are, and so how many calls run at once. Default: one for each core. */
  threads?: number;
  /** What the executor is called. Default: `threads`. */
  name?: string;
  /**
   * Milliseconds after a cancel until a thread whose function does not react is ended, and another one takes its
   * place. Default: 5000. `Infinity` waits for ever.
   */
  grace?: number;
}
