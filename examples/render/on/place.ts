import type { Executor } from "joinery/executor";

/** Where frames are rendered. Disposing of it ends all that was started for it. */
export interface Place extends AsyncDisposable {
  readonly executor: Executor;
  /** Those that were started for it, by their ids. */
  readonly processes: readonly number[];
}

/** How many workers are asked for. */
export type Open = (workers: number) => Promise<Place>;
