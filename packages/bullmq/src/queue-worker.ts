/** The worker's side: see `protocol.ts`. */

import { type Job, UnrecoverableError, WaitingError, Worker } from "bullmq";
import type { Redis } from "ioredis";
import { CancelledError } from "joinery";
import {
  type CloseOptions,
  encodeError,
  gracefulClose,
  type Outcome,
  type RemoteWorker,
  type WireError,
  type WorkerChild,
} from "joinery/executor";
import type { WorkerSettings } from "./arguments.ts";
import { Callers } from "./callers.ts";
import { connect } from "./connection.ts";
import { Notices } from "./notices.ts";
import { answerScript, answersKey, controlKey, type JobData, retention } from "./protocol.ts";

/** A worker that is open. Made by `serve`. */
export interface BullmqWorker extends AsyncDisposable {
  /** What it is called, and what its functions see as `call.worker`. */
  readonly name: string;
  /** How many calls it runs at the moment. */
  readonly running: number;
  /**
   * Takes no more calls, waits for those that it has, and disconnects. After `within` they are cancelled (source `shutdown`), and awaited
   * with their cleanup; those that are `idempotent` go back into the queue, the others are lost, and their callers told. `await using`
   * calls it. May be called again, with less time.
   *
   * Rejects with `TypeError` (`JOINERY_INVALID_TIME`) if `within` is no time. *Cancellation*: not subject to it.
   */
  close(options?: CloseOptions): Promise<void>;
}

/** How often a call is begun whose workers keep vanishing: it is probably what ends them. */
const mostAttempts = 3;

/** How often a worker looks whether the callers of its calls still live, in milliseconds. */
const lookEvery = 200;

/** A call that runs here. */
interface Running {
  readonly session: string;
  readonly child: WorkerChild;
}

const orphaned = cancellation("The caller is not heard of", "parent");
const fenced = cancellation("The lock of the call is lost", "parent");
const workerClosed = cancellation("The worker is closed", "shutdown");

export class QueueWorker implements BullmqWorker {
  readonly #worker: RemoteWorker;
  readonly #commands: Redis;
  readonly #jobs: Worker<JobData, void>;
  readonly #callers: Callers;
  readonly #notices: Notices;
  readonly #running = new Map<string, Running>();
  readonly close: (options?: CloseOptions) => Promise<void> = gracefulClose(
    () => this.#close(),
    () => this.#cancel(),
  );
  #isCancelled = false;
  #look: NodeJS.Timeout | undefined;

  constructor(worker: RemoteWorker, settings: WorkerSettings) {
    const { connection, queue, prefix, name, lease, concurrency, onError } = settings;
    this.#worker = worker;
    this.#commands = connect(connection, onError);
    this.#jobs = new Worker<JobData, void>(queue, (job, token) => this.#process(job, token!), {
      connection: this.#commands,
      prefix,
      name,
      concurrency,
      autorun: false,
      lockDuration: lease,
      stalledInterval: lease / 2,
      // What becomes of a job that was lost is decided here, and not counted there.
      maxStalledCount: Number.MAX_SAFE_INTEGER,
    });
    this.#jobs.on("error", onError);
    this.#jobs.on("lockRenewalFailed", (calls: string[]) => this.#fence(calls));
    const key = this.#jobs.toKey(controlKey);
    this.#callers = new Callers(this.#commands, key, (call, why) =>
      this.#running.get(call)?.child.cancel(why),
    );
    this.#notices = new Notices(name, (call) => this.#running.has(call), this.#commands);
  }

  get name(): string {
    return this.#worker.name;
  }

  get running(): number {
    return this.#running.size;
  }

  async open(): Promise<void> {
    await this.#callers.open();
    this.#look = setInterval(() => this.#lookAround(), lookEvery);
    void this.#jobs.run();
  }

  async #close(): Promise<void> {
    await this.#jobs.close();
    clearInterval(this.#look);
    this.#callers.close();
    this.#commands.disconnect();
  }

  #cancel(): void {
    this.#isCancelled = true;
    for (const { child } of this.#running.values()) child.cancel(workerClosed);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  /** Runs a job. A job that fails is one whose function did; what it failed with is in the answer. */
  async #process(job: Job<JobData>, token: string): Promise<void> {
    const outcome = await this.#outcome(job, token);
    if (outcome === undefined) return;
    const { session } = job.data;
    const keys = [`${job.id}:lock`, job.id!, answersKey(session)].map((key) =>
      this.#jobs.toKey(key),
    );
    const answer = JSON.stringify({ ended: job.id, outcome });
    await this.#commands.eval(answerScript, keys.length, ...keys, token, answer, retention);
    if (outcome.status === "error") throw new UnrecoverableError(outcome.error.message);
    if (outcome.status === "lost") throw new UnrecoverableError(`lost: ${outcome.lost}`);
  }

  /** `undefined` if somebody else has answered. */
  async #outcome(job: Job<JobData>, token: string): Promise<Outcome | undefined> {
    const { session } = job.data;
    const attempt = job.attemptsStarted;
    await this.#callers.meet(session);
    if (attempt > 1 && (await this.#isAnswered(job))) return undefined;
    // Nothing is awaited between the look and the start: no cancel comes between them.
    const refusal = this.#refusal(job);
    if (refusal) return refusal;
    const child = this.#worker.spawn(inTime(job), { attempt });
    this.#running.set(job.id!, { session, child });
    this.#notices.began(this.#jobs.toKey(answersKey(session)), job.id!, attempt);
    if (this.#isCancelled) child.cancel(workerClosed);
    const outcome = await child.ended;
    this.#running.delete(job.id!);
    if (outcome.status !== "cancelled") return outcome;
    const place = { worker: this.name, attempt };
    if (child.reason === orphaned) return { status: "lost", lost: "lease", ...place };
    if (child.reason !== workerClosed) return outcome;
    if (job.data.message.idempotent) return await this.#giveBack(job, token);
    return { status: "lost", lost: "worker", message: "it was closed", ...place };
  }

  /** Puts a job back into the queue, for another worker. */
  async #giveBack(job: Job<JobData>, token: string): Promise<never> {
    await job.moveToWait(token);
    throw new WaitingError();
  }

  /** Why a job is not begun, if it is not. */
  #refusal({ id, data, attemptsStarted }: Job<JobData>): Outcome | undefined {
    const { session, message } = data;
    if (!this.#callers.lives(session)) return { status: "lost", lost: "lease" };
    if (attemptsStarted > (message.idempotent ? mostAttempts : 1))
      return { status: "lost", lost: "worker" };
    const why = this.#callers.reason(session, id!);
    return why && { status: "cancelled", error: why };
  }

  async #isAnswered(job: Job<JobData>): Promise<boolean> {
    return (await this.#commands.hexists(this.#jobs.toKey(job.id!), "answered")) === 1;
  }

  /** Cancels the calls whose callers have not been heard of. After a time in which this process stood still, first of all. */
  #lookAround(): void {
    for (const { session, child } of this.#running.values())
      if (!this.#callers.lives(session)) child.cancel(orphaned);
    this.#callers.tidy();
  }

  /** Their locks are lost: somebody else may run them, and no answer from here counts any more. */
  #fence(calls: readonly string[]): void {
    for (const call of calls) this.#running.get(call)?.child.cancel(fenced);
  }
}

/** The call, with the time that is left after it has waited. The clocks of the machines have to agree. */
function inTime({ data: { message }, timestamp }: Job<JobData>): JobData["message"] {
  const { timeLeft } = message;
  if (timeLeft === undefined) return message;
  return { ...message, timeLeft: timeLeft - Math.max(0, Date.now() - timestamp) };
}

function cancellation(message: string, source: "parent" | "shutdown"): WireError {
  return encodeError(new CancelledError(message, { source }));
}
