/** The primitives, each by the verbs of a program. `python/subjects.py` is the same in Python. */

import { InvalidStateError } from "joinery";
import {
  Barrier,
  BoundedSemaphore,
  BrokenBarrierError,
  Condition,
  Event,
  LifoQueue,
  Lock,
  PriorityQueue,
  Queue,
  QueueShutDown,
  Semaphore,
  type Token,
} from "joinery/sync";
import { text } from "../words.ts";
import type { PrimitiveKind, PrimitiveNode, Use } from "./program.ts";

/** What a task holds, and by which token. */
export type Held = Map<Subject, Token>;

export interface Subject {
  /** Does it; what comes of it, in a word. */
  does(use: Use, held: Held): unknown;
  /** What is to be seen of it from outside. */
  state(): unknown;
  /** The items that are left in it. */
  drain?(): unknown[];
}

export function subjectOf({ kind, size }: PrimitiveNode): Subject {
  return subjects[kind](size);
}

const subjects: { readonly [K in PrimitiveKind]: (size: number) => Subject } = {
  Lock: () => new Locking(new Lock()),
  Condition: () => new Conditional(),
  Semaphore: (value) => new Counting(new Semaphore(value)),
  BoundedSemaphore: (value) => new Counting(new BoundedSemaphore(value)),
  Event: () => new Signalling(),
  Barrier: (parties) => new Meeting(parties),
  Queue: (size) => new Queueing(new Queue(limit(size))),
  LifoQueue: (size) => new Queueing(new LifoQueue(limit(size))),
  PriorityQueue: (size) => new Queueing(new PriorityQueue(limit(size))),
};

const limit = (size: number): { maxSize?: number } => (size === 0 ? {} : { maxSize: size });

/** An error of a primitive, by its name; all others go on. */
export function said(error: unknown): string {
  const isOne = [InvalidStateError, QueueShutDown, BrokenBarrierError].some(
    (type) => error instanceof type,
  );
  if (!isOne) throw error;
  return error instanceof InvalidStateError ? text(error) : (error as Error).name;
}

/**
 * A task takes a lock only if it does not hold it, and gives back only what it holds: owners and re-entry
 * are what joinery has and asyncio has not.
 */
class Locking<L extends Lock | Condition> implements Subject {
  protected readonly lock: L;

  constructor(lock: L) {
    this.lock = lock;
  }

  does({ verb }: Use, held: Held): unknown {
    return verb === "acquire" ? this.#acquire(held) : this.#release(held);
  }

  state(): unknown {
    const { locked, waiting } = this.lock.statistics();
    return { locked, waiting };
  }

  async #acquire(held: Held): Promise<string> {
    if (held.has(this)) return "held already";
    held.set(this, await this.lock.acquire());
    return "done";
  }

  #release(held: Held): string {
    const token = held.get(this);
    if (token === undefined) return "not held";
    held.delete(this);
    token.release();
    return "done";
  }
}

class Conditional extends Locking<Condition> {
  #notifications = 0;

  constructor() {
    super(new Condition());
  }

  override does(use: Use, held: Held): unknown {
    const { verb, item } = use;
    if (verb === "acquire" || verb === "release") return super.does(use, held);
    if (!held.has(this)) return "not held";
    if (verb === "wait") return this.lock.wait().then(() => "done");
    if (verb === "waitFor") return this.lock.waitFor(() => this.#enough(item)).then(String);
    this.#notifications++;
    if (verb === "notify") this.lock.notify((item % 2) + 1);
    else this.lock.notifyAll();
    return "done";
  }

  override state(): unknown {
    return { ...(super.state() as object), forLock: this.lock.lock.statistics().waiting };
  }

  #enough(item: number): number | false {
    return this.#notifications > item % 3 && this.#notifications;
  }
}

class Counting implements Subject {
  readonly #semaphore: Semaphore;

  constructor(semaphore: Semaphore) {
    this.#semaphore = semaphore;
  }

  does({ verb }: Use): unknown {
    if (verb === "acquire") return this.#semaphore.acquire().then(() => "done");
    if (verb === "tryAcquire") return this.#semaphore.tryAcquire() !== undefined;
    this.#semaphore.release();
    return "done";
  }

  state(): unknown {
    return { ...this.#semaphore.statistics(), locked: this.#semaphore.locked() };
  }
}

class Signalling implements Subject {
  readonly #event = new Event();

  does({ verb }: Use): unknown {
    if (verb === "wait") return this.#event.wait().then(() => "done");
    if (verb === "set") this.#event.set();
    else this.#event.clear();
    return "done";
  }

  state(): unknown {
    return this.#event.statistics();
  }
}

/** The numbers that `wait()` gives are not compared: in asyncio one may come twice. */
class Meeting implements Subject {
  readonly #barrier: Barrier;

  constructor(parties: number) {
    this.#barrier = new Barrier(parties);
  }

  does({ verb }: Use): unknown {
    if (verb === "wait") return this.#barrier.wait().then(() => "done");
    if (verb === "abort") this.#barrier.abort();
    else this.#barrier.reset();
    return "done";
  }

  state(): unknown {
    return this.#barrier.statistics();
  }
}

class Queueing implements Subject {
  readonly #queue: Queue<number>;

  constructor(queue: Queue<number>) {
    this.#queue = queue;
  }

  does({ verb, item }: Use): unknown {
    const queue = this.#queue;
    if (verb === "get") return queue.get();
    if (verb === "put") return queue.put(item).then(() => "done");
    if (verb === "join") return queue.join().then(() => "done");
    if (verb === "putNowait") return queue.tryPut(item);
    if (verb === "getNowait") return queue.tryGet()?.value ?? "nothing";
    if (verb === "taskDone") queue.taskDone();
    else queue.shutdown(verb === "shutdownNow");
    return "done";
  }

  state(): unknown {
    const { size, unfinished, getting, putting } = this.#queue.statistics();
    return { size, unfinished, getting, putting, full: this.#queue.full() };
  }

  drain(): number[] {
    return Array.from({ length: this.#queue.size }, () => this.#queue.tryGet()!.value);
  }
}
