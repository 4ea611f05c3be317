import { threads, type ThreadsOptions } from "@joinery/threads";
import { turn } from "../../../test/support/turn.ts";
import { type Executor, remote, type RemoteFunction } from "joinery/executor";

/** An executor over the functions of the tests. The flags of the test runner are none of their business. */
export function openThreads(options: ThreadsOptions = {}, name = "functions"): Executor {
  const module = new URL(`./fixtures/${name}.mjs`, import.meta.url);
  return threads(module, { threads: 1, execArgv: [], ...options });
}

/** The functions are JavaScript: here they have types. */
export function fixture<I, O>(name: string): RemoteFunction<I, O> {
  return remote<RemoteFunction<I, O>>(name);
}

export const where: RemoteFunction<void, number> = fixture("where");
export const echo: RemoteFunction<unknown, unknown> = fixture("echo");

/** What a function shows of itself while it runs, in memory that both sides see. */
export interface Watched {
  readonly seen: Int32Array<SharedArrayBuffer>;
}

export class Watch implements Watched {
  readonly seen: Int32Array<SharedArrayBuffer> = new Int32Array(new SharedArrayBuffer(8));

  /** Resolves with the thread that the function has begun in. */
  async begun(): Promise<number> {
    while (Atomics.load(this.seen, 0) === 0) await turn();
    return Atomics.load(this.seen, 0);
  }

  get cleanedUp(): boolean {
    return Atomics.load(this.seen, 1) === 1;
  }
}
