import type { Executor } from "joinery/executor";

/** Where frames are rendered. Disposing of it ends all that was started for it. */
export interface Place extends AsyncDisposable {
  readonly executor: Executor;
}

/** How many workers are asked for. */
export type Open = (workers: number) => Promise<Place>;
