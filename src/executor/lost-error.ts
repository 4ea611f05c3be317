import { branded } from "../core/errors.ts";
import type { Lost } from "./engine.ts";
import { registerError } from "./error-classes.ts";

/**
 * A call whose outcome nobody will ever know: its worker, the lease of the caller or the engine vanished. It may
 * have run, to its end or half. A function that is `idempotent` is run again instead.
 *
 * Idea: Erlang's `noconnection` and `killed`, as reasons of an exit that nobody wrote.
 */
export class LostError extends Error {
  override readonly name: string = "LostError";
  readonly code = "JOINERY_LOST" as const;
  /** What vanished. */
  readonly lost: Lost;

  constructor(message: string, lost: Lost) {
    super(message);
    this.lost = lost;
  }
}
branded(LostError, "joinery.LostError");
registerError(LostError, { name: "joinery.LostError" });
