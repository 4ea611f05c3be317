/** The remote functions of the conformance suite: what the workers of an executor under test serve. */

import {
  CancelledError,
  ExceptionGroup,
  shield,
  sleep,
  TimeoutError,
  timeLeft,
} from "../core/index.ts";
import { registerError, remote, type RemoteCall, type RemoteFunction } from "../executor/index.ts";

/** What a function did, as a line of the journal. */
export interface JournalEntry {
  readonly event: "began" | "step" | "finished" | "cancelled" | "cleaned";
  /** Which child of which case. */
  readonly id: string;
  readonly attempt: number;
  readonly worker: string;
  /** Why, of one that was cancelled. */
  readonly reason?: string;
}

/** Writes a line where the suite reads it: into a file, a shared list. Has to be done before it returns. */
export type Recorder = (line: string) => void;

interface Stint {
  id: string;
  /** How long it works, in milliseconds, in steps of `step`. */
  ms: number;
  step?: number;
  /** How long its cleanup takes. */
  cleanup?: number;
  /** Returns in spite of its cancellation. */
  finishes?: boolean;
}

interface WhoAmI {
  key: string;
  attempt: number;
  worker: string;
}

/** The functions of the suite. */
export interface ConformanceFunctions {
  readonly echo: RemoteFunction<unknown, unknown>;
  readonly fail: RemoteFunction<Failing, never>;
  readonly who: RemoteFunction<void, WhoAmI>;
  readonly left: RemoteFunction<void, number>;
  readonly work: RemoteFunction<Stint, string>;
  readonly workAgain: RemoteFunction<Stint, string>;
  readonly untransportable: RemoteFunction<void, unknown>;
}

/** A class that both sides register. */
export class ConformanceError extends RangeError {
  override readonly name = "ConformanceError";
  readonly code = "CONFORMANCE";
  readonly detail: { readonly at: Date; readonly ids: readonly bigint[] };

  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.detail = { at: new Date(0), ids: [1n, 2n] };
  }
}
registerError(ConformanceError, { name: "joinery.ConformanceError" });

/** The ways to fail. */
type Failing = "class" | "cause" | "group" | "aggregate" | "timeout" | "cancelled" | "value";

const failures: { readonly [F in Failing]: () => unknown } = {
  class: () => new ConformanceError("of a class"),
  cause: () => new Error("outer", { cause: new ConformanceError("inner", { cause: "root" }) }),
  group: () =>
    new ExceptionGroup("outer", [
      new TypeError("first"),
      new ExceptionGroup("inner", [new ConformanceError("second")]),
    ]),
  aggregate: () => new AggregateError([new SyntaxError("only")], "all failed"),
  timeout: () => new TimeoutError("too late"),
  cancelled: () => new CancelledError("nobody asked", { source: "explicit", by: "somebody" }),
  value: () => "a string",
};

/**
 * The remote functions that the workers of an executor under test have to serve, writing what they do with
 * `record`. Export them from the module that the workers load. Without `record` they can only be called.
 */
export function conformanceFunctions(record?: Recorder): ConformanceFunctions {
  const work = (stint: Stint, call: RemoteCall): Promise<string> =>
    doWork(stint, call, record as Recorder);
  return {
    echo: remote("conformance.echo", (value: unknown) => value),
    fail: remote("conformance.fail", (kind: Failing): never => {
      throw failures[kind]();
    }),
    who: remote("conformance.who", (_: void, { key, attempt, worker }) => ({
      key,
      attempt,
      worker,
    })),
    left: remote("conformance.left", () => timeLeft()),
    work: remote("conformance.work", work),
    workAgain: remote("conformance.workAgain", work, { idempotent: true }),
    untransportable: remote("conformance.untransportable", (): unknown =>
      Symbol("does not travel"),
    ),
  };
}

/** Works in steps, and writes down each of them. */
async function doWork(stint: Stint, call: RemoteCall, record: Recorder): Promise<string> {
  const { id, ms, step = ms, cleanup = 0, finishes = false } = stint;
  const { attempt, worker, signal } = call;
  const note = (event: JournalEntry["event"], reason?: string): void =>
    record(JSON.stringify({ event, id, attempt, worker, reason }));
  note("began");
  try {
    for (let done = 0; done < ms; done += step) {
      await sleep(step, { signal });
      note("step");
    }
    note("finished");
  } catch (error) {
    note("cancelled", reasonOf(signal));
    if (!finishes) throw error;
  } finally {
    if (cleanup > 0) await shield(() => sleep(cleanup), { within: Infinity });
    note("cleaned");
  }
  return id;
}

/** `sibling-error: the message of the error`: what is behind the cancellation. */
function reasonOf({ reason }: { readonly reason: unknown }): string {
  const { source, cause } = reason as CancelledError;
  return cause === undefined ? source : `${source}: ${cause as string | Error}`;
}
