/** The caller's side: see `protocol.ts`. */

import { randomUUID } from "node:crypto";
import { performance } from "node:perf_hooks";
import { Queue } from "bullmq";
import type { Redis } from "ioredis";
import {
  type CallMessage,
  encodeError,
  type Lost,
  type Place,
  type RemoteChild,
  type WireError,
} from "joinery/executor";
import type { CallerSettings } from "./arguments.ts";
import { connect } from "./connection.ts";
import { PendingCall } from "./pending-call.ts";
import {
  type Answer,
  answersKey,
  beatEvery,
  type Control,
  controlKey,
  field,
  type JobData,
  retention,
} from "./protocol.ts";
import { StreamReader, timeOf } from "./stream-reader.ts";

/** Nothing is kept of a job that is over: the answer is in the stream. */
const passing = { removeOnComplete: true, removeOnFail: true };

/** How long Redis may be silent, in leases. After one lease the workers have begun to stop. */
const leasesOfSilence = 2;

export class Session {
  readonly #id = randomUUID();
  readonly #lease: number;
  readonly #commands: Redis;
  readonly #queue: Queue<JobData>;
  readonly #answers: StreamReader<Answer>;
  readonly #heart: NodeJS.Timeout;
  readonly #given: () => void;
  readonly #calls = new Map<string, PendingCall>();
  /** Calls whose cancellation goes out at the end of this turn's microtasks. */
  #stopping: PendingCall[] = [];
  #count = 0;
  /** Of the last entry that this session wrote for the workers. */
  #lastControl = "0-0";
  /** When the beat was sent that has no answer yet. */
  #unanswered: number | undefined;
  #trouble: Error | undefined;

  /** `given` is called when Redis has not answered for so long that the session gives up. */
  constructor({ connection, queue, prefix, lease }: CallerSettings, given: () => void) {
    this.#lease = lease;
    this.#given = given;
    this.#commands = connect(connection, (error) => (this.#trouble = error));
    this.#commands.on("ready", () => void this.#look());
    this.#queue = new Queue<JobData>(queue, { connection: this.#commands, prefix });
    this.#queue.on("error", () => {});
    const key = this.#queue.toKey(answersKey(this.#id));
    this.#answers = new StreamReader<Answer>(this.#commands, key, (answer) => this.#take(answer));
    this.#beat();
    this.#heart = setInterval(() => this.#tick(), beatEvery(lease));
    void this.#answers.follow(() => this.#forget());
  }

  spawn(message: CallMessage, began: (place: Place) => void): RemoteChild {
    const call = new PendingCall(`${this.#id}-${++this.#count}`, message, began);
    this.#calls.set(call.id, call);
    call.added = this.#add(call);
    return { ended: call.ended, cancel: (why) => this.#cancel(call, why) };
  }

  /** Nothing is under way any more. */
  async close(): Promise<void> {
    clearInterval(this.#heart);
    this.#answers.close();
    if (this.#commands.status === "ready") {
      const broken = new Promise((resolve) => this.#commands.once("close", resolve));
      await Promise.race([broken, this.#sayGoodbye()]);
    }
    this.#disconnect();
  }

  async #sayGoodbye(): Promise<void> {
    await Promise.allSettled([
      this.#write({ session: this.#id, lease: 0 }),
      this.#commands.del(this.#queue.toKey(answersKey(this.#id))),
    ]);
  }

  #disconnect(): void {
    clearInterval(this.#heart);
    this.#answers.close();
    void this.#queue.close().catch(() => {});
    this.#commands.disconnect();
  }

  async #add(call: PendingCall): Promise<void> {
    const { fn } = call.message;
    const data: JobData = { session: this.#id, message: call.message };
    try {
      await this.#queue.add(fn, data, { ...passing, jobId: call.id });
      call.isAdded = true;
    } catch (error) {
      this.#end(call, { status: "error", error: encodeError(error) });
    }
  }

  #take(answer: Answer): void {
    if ("began" in answer) {
      const { began, worker, attempt } = answer;
      this.#calls.get(began)?.begin({ worker, attempt });
    } else {
      const call = this.#calls.get(answer.ended);
      if (call) this.#end(call, answer.outcome);
    }
  }

  #end(call: PendingCall, outcome: Parameters<PendingCall["end"]>[0]): void {
    this.#calls.delete(call.id);
    call.end(outcome);
  }

  #lose(call: PendingCall, lost: Lost, message?: string): void {
    this.#end(call, { status: "lost", lost, ...(message !== undefined && { message }) });
  }

  /** Takes the answers that were read out of Redis. */
  #forget(): void {
    const [time, number] = this.#answers.last.split("-");
    const next = `${time}-${Number(number) + 1}`;
    const key = this.#queue.toKey(answersKey(this.#id));
    void this.#commands.xtrim(key, "MINID", next).catch(() => {});
  }

  #cancel(call: PendingCall, why: WireError): void {
    if (call.why !== undefined) return;
    call.why = why;
    if (this.#stopping.push(call) > 1) return;
    queueMicrotask(() => {
      const calls = this.#stopping;
      this.#stopping = [];
      this.#stop(calls);
    });
  }

  /** Tells the workers that these calls are to stop (R2), and takes those out of the queue that are in it. */
  #stop(calls: readonly PendingCall[]): void {
    for (const why of new Set(calls.map((call) => call.why!))) {
      const ids = calls.filter((call) => call.why === why).map(({ id }) => id);
      void this.#write({ session: this.#id, calls: ids, why }).catch(() => {});
    }
    for (const call of calls) void this.#withdraw(call).catch(() => {});
  }

  /** Takes a call out of the queue. One that a worker holds stays, and its worker will answer. */
  async #withdraw(call: PendingCall): Promise<void> {
    await call.added;
    const [[started, name], removed] = await Promise.all([
      this.#commands.hmget(this.#queue.toKey(call.id), "ats", "name"),
      this.#queue.remove(call.id, { removeChildren: false }),
    ]);
    if (removed !== 1) return;
    await this.#answers.catchUp();
    if (!this.#calls.has(call.id)) return;
    // From here on nobody can answer for it (R3, R4).
    if (name === null) this.#lose(call, "engine", "it is not in the queue");
    else if (Number(started) > 0) this.#lose(call, "worker");
    else this.#end(call, { status: "cancelled", error: call.why! });
  }

  /** Redis may have been away: are the calls still there? */
  async #look(): Promise<void> {
    const calls = [...this.#calls.values()].filter(({ isAdded }) => isAdded);
    try {
      const keys = calls.map(({ id }) => this.#commands.exists(this.#queue.toKey(id)));
      const found = await Promise.all(keys);
      await this.#answers.catchUp();
      for (const [at, call] of calls.entries())
        if (found[at] === 0 && this.#calls.has(call.id))
          this.#lose(call, "engine", "Redis has lost it");
    } catch {
      // It is away again.
    }
  }

  #tick(): void {
    if (this.#unanswered === undefined) {
      this.#beat();
      this.#stop([...this.#calls.values()].filter(({ why }) => why !== undefined));
    } else if (performance.now() - this.#unanswered > leasesOfSilence * this.#lease) {
      this.#giveUp();
    }
  }

  #beat(): void {
    this.#unanswered = performance.now();
    const key = this.#queue.toKey(answersKey(this.#id));
    void this.#commands.pexpire(key, retention).catch(() => {});
    this.#write({ session: this.#id, lease: this.#lease }).then(
      () => (this.#unanswered = undefined),
      (error: Error) => (this.#trouble = error),
    );
  }

  async #write(control: Control): Promise<void> {
    const key = this.#queue.toKey(controlKey);
    const oldest = Math.max(0, timeOf(this.#lastControl) - retention);
    const entry = [field, JSON.stringify(control)] as const;
    this.#lastControl = (await this.#commands.xadd(key, "MINID", "~", oldest, "*", ...entry))!;
  }

  #giveUp(): void {
    const silence = `Redis has not answered for ${leasesOfSilence * this.#lease} ms`;
    const known = this.#trouble ? `${silence}: ${this.#trouble.message}` : silence;
    this.#disconnect();
    this.#given();
    for (const call of this.#calls.values()) this.#lose(call, "engine", known);
  }
}
