/** What a worker does with a call. */

import { setImmediate as turn } from "node:timers/promises";
import {
  CancelledError as CancelledInRestate,
  type Context,
  RetryableError,
} from "@restatedev/restate-sdk";
import { CancelledError } from "joinery";
import {
  encodeError,
  type Outcome,
  type Place,
  type RemoteWorker,
  type WireError,
  type WorkerChild,
} from "joinery/executor";
import { begin } from "./attempts.ts";
import type { Lease, LeaseWatch } from "./lease-watch.ts";
import { type CallOrder, cancelSignal, type Refusal } from "./protocol.ts";
import type { Reports } from "./reports.ts";

export class Calls {
  readonly #worker: RemoteWorker;
  readonly #leases: LeaseWatch;
  readonly #reports: Reports;
  /** What Restate has begun here and has no answer to, each until it has. */
  readonly #attempts = new Set<Promise<void>>();
  readonly #running = new Set<WorkerChild>();
  #isClosing = false;
  #isCancelled = false;

  constructor(worker: RemoteWorker, leases: LeaseWatch, reports: Reports) {
    this.#worker = worker;
    this.#leases = leases;
    this.#reports = reports;
  }

  /** The handler `run`. */
  async run(context: Context, order: CallOrder | Refusal): Promise<Outcome> {
    if ("refused" in order) return { status: "cancelled", error: order.refused };
    if (this.#isClosing) throw elsewhere();
    this.#take(context);
    return this.#leases.during(order.session, order.lease, async (lease) => {
      if (lease.lost) return { status: "lost", lost: "lease", message: "it did not begin" };
      try {
        return await this.#attempt(context, order, lease);
      } catch (error) {
        if (!(error instanceof CancelledInRestate)) throw error;
        return { status: "cancelled", error: byOperator() };
      }
    });
  }

  /** What is taken is finished, whatever comes between. */
  #take(context: Context): void {
    const over = new Promise<void>((end) => onEnd(context, end));
    this.#attempts.add(over);
    void over.then(() => this.#attempts.delete(over));
  }

  async #attempt(context: Context, order: CallOrder, lease: Lease): Promise<Outcome> {
    const { name } = this.#worker;
    const beginning = await begin(context, name, order.message.idempotent);
    if ("former" in beginning) return lostWorker(`it was begun by ${beginning.former}`);
    const place = { worker: name, attempt: beginning.attempt };
    const cancelled = cancellation(context);
    const early = await Promise.race([cancelled, aWhile()]);
    if (early) return { status: "cancelled", error: early, ...place };
    const child = this.#worker.spawn(order.message, place);
    void cancelled.then((why) => child.cancel(why));
    onEnd(context, () => child.cancel(cutOff));
    return this.#watch(child, place, order, lease);
  }

  /** Sees to a call until it is over. */
  async #watch(child: WorkerChild, place: Place, order: CallOrder, lease: Lease): Promise<Outcome> {
    const unwatch = lease.watch(() => child.cancel(leaseLost));
    const report = this.#reports.add(order.session, { number: order.number, ...place });
    this.#running.add(child);
    if (this.#isCancelled) child.cancel(workerClosed);
    try {
      const outcome = await child.ended;
      if (outcome.status !== "cancelled") return outcome;
      if (child.reason === leaseLost) return { status: "lost", lost: "lease", ...place };
      if (child.reason !== workerClosed) return outcome;
      if (order.message.idempotent) throw elsewhere();
      return { ...lostWorker("it was closed"), ...place };
    } finally {
      this.#running.delete(child);
      unwatch();
      report();
    }
  }

  /** Takes nothing more, and waits for what runs here. Until then the worker speaks for leases: it may be the only one. */
  async close(): Promise<void> {
    this.#isClosing = true;
    for (let open = this.#open(); open.length > 0; open = this.#open()) await Promise.all(open);
  }

  /** Cancels what runs here. Other workers go on with what may go on. */
  cancel(): void {
    this.#isCancelled = true;
    for (const child of this.#running) child.cancel(workerClosed);
  }

  #open(): Promise<unknown>[] {
    return [...this.#attempts, ...[...this.#running].map((child) => child.ended)];
  }
}

/** Calls `ended` when Restate has the answer of this attempt, or has given it up. */
function onEnd(context: Context, ended: () => void): void {
  const { attemptCompletedSignal } = context.request();
  if (attemptCompletedSignal.aborted) ended();
  else attemptCompletedSignal.addEventListener("abort", ended, { once: true });
}

/** Resolves with the reason when the caller, or an operator of Restate, cancels (Y3). */
function cancellation(context: Context): Promise<WireError> {
  return context.signal<WireError>(cancelSignal).then((why) => why, byOperator);
}

/** As long as it takes until a cancel that has come before the call is seen. */
async function aWhile(): Promise<undefined> {
  await turn();
  await turn();
}

function wire(message: string, source: "explicit" | "parent" | "shutdown"): WireError {
  return encodeError(new CancelledError(message, { source }));
}

function byOperator(): WireError {
  return wire("The invocation was cancelled in Restate", "explicit");
}

const leaseLost = wire("The lease of the caller is lost", "parent");
const cutOff = wire("Restate has given this attempt up", "parent");
const workerClosed = wire("The worker is closed", "shutdown");

function lostWorker(message: string): Outcome {
  return { status: "lost", lost: "worker", message };
}

/** Has Restate try again, with another worker if there is one. */
function elsewhere(): RetryableError {
  return new RetryableError("The worker is closed");
}
