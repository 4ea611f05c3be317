import { expectFunction } from "../core/arguments.ts";
import type { CallMessage } from "./engine.ts";

/** Takes something that belongs to the running code along with its calls: the context of a trace. */
export interface Propagator {
  /** Called where a call is made: writes into its headers. */
  readonly inject: (headers: Record<string, string>) => void;
  /** Called where it runs: calls `body` with what the headers say. */
  readonly extract: <R>(headers: Readonly<Record<string, string>>, body: () => R) => R;
}

const propagators = new Set<Propagator>();

/**
 * Has `propagator` take part in every call, until the returned function is called. Both sides need it.
 *
 * Throws `TypeError` (`JOINERY_EXPECTED_FUNCTION`) if it lacks one of its methods.
 *
 * *Cancellation*: not subject to it.
 *
 * @example
 * ```ts
 * import { AsyncLocalStorage } from "node:async_hooks";
 * import { inProcess, propagate, remote } from "joinery/executor";
 *
 * const request = new AsyncLocalStorage<string>();
 * const stop = propagate({
 *   inject: (headers) => void (headers["request-id"] = request.getStore() ?? ""),
 *   extract: (headers, body) => request.run(headers["request-id"] ?? "", body),
 * });
 * const whose = remote("whose", () => `for request ${request.getStore()}`);
 * const executor = inProcess({ whose });
 * console.log(await request.run("r-7", () => executor.call(whose))); // for request r-7
 * stop();
 * await executor.close();
 * ```
 *
 * Idea: OpenTelemetry's propagators.
 */
export function propagate(propagator: Propagator): () => void {
  expectFunction("propagator.inject", propagator?.inject);
  expectFunction("propagator.extract", propagator.extract);
  propagators.add(propagator);
  return () => void propagators.delete(propagator);
}

/** The headers of a call that is made here, if anybody has any. */
export function headersHere(): CallMessage["headers"] {
  if (propagators.size === 0) return undefined;
  const headers: Record<string, string> = {};
  for (const propagator of propagators) propagator.inject(headers);
  return headers;
}

/** Calls `body` with what the headers say. */
export function withHeaders<R>(headers: CallMessage["headers"], body: () => R): R {
  let wrapped = body;
  if (headers !== undefined)
    for (const propagator of propagators) {
      const inner = wrapped;
      wrapped = () => propagator.extract(headers, inner);
    }
  return wrapped();
}
