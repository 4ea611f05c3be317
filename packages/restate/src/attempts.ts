/** Who has begun a call, as Restate has stored it (Y2). */

import { randomUUID } from "node:crypto";
import type { Context } from "@restatedev/restate-sdk";

/** How often an idempotent call is begun whose workers keep vanishing: it is probably what ends them. */
const mostAttempts = 5;

/** What a worker writes before it begins. */
interface Mark {
  readonly worker: string;
  readonly token: string;
}

/** The number of this attempt; or the worker that had the one before, if there must not be another. */
export type Beginning = { readonly attempt: number } | { readonly former: string };

/**
 * Writes that the call begins here. What was written before by others comes back from Restate, in order; the first entry that is
 * still to be written is this one. Nothing else is written for a call, so that the entries are the same for every attempt.
 */
export async function begin(
  context: Context,
  worker: string,
  idempotent: boolean,
): Promise<Beginning> {
  const token = randomUUID();
  const most = idempotent ? mostAttempts : 1;
  let former = worker;
  for (let attempt = 1; attempt <= most; attempt++) {
    const mark = await context.run<Mark>(`attempt ${attempt}`, () => ({ worker, token }));
    if (mark.token === token) return { attempt };
    former = mark.worker;
  }
  return { former };
}
