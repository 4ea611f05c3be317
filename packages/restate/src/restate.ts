import { createExecutor, type Executor } from "joinery/executor";
import { checkRestateOptions } from "./arguments.ts";
import { RestateEngine } from "./engine.ts";
import { RestateIngress } from "./ingress.ts";
import type { RestateOptions } from "./options.ts";

/**
 * An executor whose calls run in other processes, on other machines: in the workers that {@link serve} makes. Restate carries and stores
 * them.
 *
 * Input and result are encoded as JSON. How many calls run at once is up to the group: Restate hands over all that it gets.
 *
 * The executor holds a lease: when this process vanishes, its calls are cancelled within `lease`, and none begins. A worker that vanishes
 * loses its calls: `LostError`, unless the function is `idempotent`; then Restate gives it to another worker, as the next `attempt`. What
 * Restate has stored survives its own restart: calls that wait, outcomes, cancels.
 *
 * Throws `TypeError` (`JOINERY_INVALID_ARGUMENT`, `JOINERY_INVALID_TIME`) on a bad argument. If Restate cannot be reached, or knows no
 * worker, calls reject with an error of the code `JOINERY_ENGINE_NOT_REACHED`.
 *
 * *Cancellation*: is stored by Restate, and reaches the function through the waits of joinery and through `call.signal`. It is awaited
 * with its cleanup, however long that takes.
 *
 * @example
 * ```ts no-run
 * import { all } from "joinery";
 * import { restate } from "@joinery/restate";
 * import { render } from "./frames.js";
 *
 * await using executor = restate({ ingress: "http://localhost:8080" });
 * const images = await all(
 *   [1, 2, 3].map((frame) => () => executor.call(render, frame)),
 *   { concurrency: 8 },
 * );
 * ```
 *
 * Idea: Restate, which does the work; Erlang's monitors, which tell a caller of a node that is gone.
 */
export function restate(options: RestateOptions = {}): Executor {
  const { name, lease, ingress, service } = checkRestateOptions(options);
  return createExecutor(
    new RestateEngine({ name, lease, ingress: new RestateIngress(ingress, service) }),
  );
}
