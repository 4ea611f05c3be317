import { expect } from "vitest";

/** The error of `work`, which must not return. */
export function caught(
  work: PromiseLike<unknown> | (() => PromiseLike<unknown>),
): Promise<unknown> {
  return Promise.resolve(typeof work === "function" ? work() : work).then(
    (value) => expect.unreachable(`it returned ${String(value)}`),
    (error: unknown) => error,
  );
}
