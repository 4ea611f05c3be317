/**
 * Workers and a server in memory, in virtual time: an engine that has everything the conformance suite asks for, and
 * that can be broken in one place.
 */

import { AsyncResource } from "node:async_hooks";
import { CancelledError, type Clock, run, suspend } from "joinery";
import {
  type CallMessage,
  createExecutor,
  createWorker,
  encodeError,
  type Engine,
  type Executor,
  type Outcome,
  type Place,
  type RemoteChild,
  type WireError,
} from "joinery/executor";
import { conformanceFunctions, conformanceParent, type ExecutorHarness } from "joinery/testing";

/** What is wrong with the engine. */
export type Fault =
  | "none"
  | "answers before the cleanup"
  | "passes no cancel on"
  | "passes no reason on"
  | "begins what was cancelled"
  | "drops what comes in spite of a cancel"
  | "passes no deadline on"
  | "loses classes of errors"
  | "loses what JSON has no word for"
  | "loses the key"
  | "loses every hundredth result"
  | "closes without a cancel"
  | "runs what is lost again"
  | "runs nothing again"
  | "cuts a closing worker short"
  | "gives a closing worker more"
  | "has no lease"
  | "has no fence"
  | "forgets with the server";

/** How long a caller may be silent until its calls are given up. */
const lease = 100;
/** How long a worker may be silent until its calls are given up. */
const silence = 100;
const slots = 4;

/** A call, as the server keeps it. */
interface Stored {
  readonly message: CallMessage;
  readonly session: Session;
  readonly began: (place: Place) => void;
  readonly end: (outcome: Outcome) => void;
  attempt: number;
  worker: Node | undefined;
  why: WireError | undefined;
}

interface Session {
  alive: boolean;
}

/** Time that can stand still for one worker. */
class PausableClock implements Clock {
  readonly #inner: Clock;
  #held: (() => void)[] | undefined;

  constructor(inner: Clock) {
    this.#inner = inner;
  }

  now(): number {
    return this.#inner.now();
  }

  setTimeout(callback: () => void, ms: number): unknown {
    const fire = (): void => void (this.#held ? this.#held.push(callback) : callback());
    return this.#inner.setTimeout(fire, ms);
  }

  clearTimeout(handle: unknown): void {
    this.#inner.clearTimeout(handle);
  }

  freeze(): void {
    this.#held ??= [];
  }

  thaw(): void {
    const held = this.#held ?? [];
    this.#held = undefined;
    for (const callback of held) callback();
  }
}

/** A worker, in a process of its own as far as time and death go. */
class Node {
  readonly name: string;
  readonly calls = new Map<Stored, RemoteChild>();
  readonly clock: PausableClock;
  alive = true;
  frozen = false;
  closing = false;
  readonly #stop = new AbortController();
  readonly #worker: ReturnType<typeof createWorker>;
  #over: Promise<unknown> | undefined;
  #enter!: (body: () => void) => void;

  constructor(name: string, clock: Clock, record: (line: string) => void) {
    this.name = name;
    this.clock = new PausableClock(clock);
    const functions = conformanceFunctions((line) => void (this.alive && record(line)));
    this.#worker = createWorker(functions, { name });
  }

  start(): void {
    const main = (): Promise<void> => {
      this.#enter = AsyncResource.bind((body: () => void) => body());
      return suspend<void>(() => {});
    };
    const { signal } = this.#stop;
    this.#over = run(main, { clock: this.clock, handleSignals: false, signal }).catch(() => {});
  }

  async spawn(call: Stored, message: CallMessage): Promise<Outcome> {
    let child: RemoteChild | undefined;
    while (this.#enter === undefined) await Promise.resolve();
    this.#enter(() => void (child = this.#worker.spawn(message, { attempt: call.attempt })));
    this.calls.set(call, child!);
    return child!.ended.finally(() => this.calls.delete(call));
  }

  /** The end of the test: whatever is left of it. */
  async end(): Promise<void> {
    this.alive = false;
    this.#stop.abort();
    this.clock.thaw();
    await this.#over;
  }
}

export class Cluster {
  readonly lines: string[] = [];
  readonly #clock: Clock;
  readonly #fault: Fault;
  readonly #nodes: Node[] = [];
  readonly #calls: Stored[] = [];
  readonly #waiting = new Set<Stored>();
  readonly #parents: Promise<void>[] = [];
  #down: Promise<void> | undefined;
  #answers = 0;

  constructor(clock: Clock, fault: Fault) {
    this.#clock = clock;
    this.#fault = fault;
    for (const name of ["w1", "w2", "w3"]) {
      const node = new Node(name, clock, (line) => this.lines.push(line));
      this.#nodes.push(node);
    }
  }

  start(): void {
    for (const node of this.#nodes) node.start();
  }

  /** Ends everything that is still there, in whatever state. */
  async end(): Promise<void> {
    for (const node of this.#nodes) await node.end();
    for (const call of this.#calls) call.end({ status: "lost", lost: "engine" });
    await Promise.all(this.#parents);
  }

  /** An executor of its own, in a process of its own as far as death goes. */
  connect(session: Session = { alive: true }): Executor {
    const engine: Engine = {
      name: "cluster",
      spawn: (message, began) => this.#submit(message, session, began),
      close: async () => {},
    };
    const executor = createExecutor(engine);
    if (!this.#is("closes without a cancel")) return executor;
    return { ...executor, call: executor.call.bind(executor), close: async () => {} };
  }

  harness(): Omit<ExecutorHarness, "open"> {
    return {
      journal: () => this.lines,
      lease: lease + 30,
      closeWorker: (name, within) => this.#close(this.#node(name), within),
      killWorker: async (name) => this.#silence(this.#node(name), (node) => (node.alive = false)),
      freezeWorker: async (name) => {
        const node = this.#node(name);
        this.#silence(node, () => (node.frozen = true));
        return async () => this.#thaw(node);
      },
      startParent: async (id) => {
        const session = { alive: true };
        const parent = conformanceParent(this.connect(session), id).catch(() => {});
        this.#parents.push(parent);
        return async () => this.#orphan(session);
      },
      restartServer: async () => this.#restart(),
    };
  }

  #is(fault: Fault): boolean {
    return this.#fault === fault;
  }

  #node(name: string): Node {
    return this.#nodes.find((node) => node.name === name)!;
  }

  async #later(ms: number, action: () => void): Promise<void> {
    await new Promise<void>((resolve) => this.#clock.setTimeout(resolve, ms));
    action();
  }

  #submit(message: CallMessage, session: Session, began: (place: Place) => void): RemoteChild {
    let end!: (outcome: Outcome) => void;
    const ended = new Promise<Outcome>((resolve) => (end = resolve));
    const stored = throughText(this.#damaged(message));
    const call: Stored = {
      message: stored,
      session,
      began,
      end,
      attempt: 0,
      worker: undefined,
      why: undefined,
    };
    this.#calls.push(call);
    this.#waiting.add(call);
    this.#dispatch();
    return { ended, cancel: (why) => this.#cancel(call, why) };
  }

  #damaged(message: CallMessage): CallMessage {
    if (this.#is("loses the key")) return { ...message, key: "same" };
    if (this.#is("loses what JSON has no word for"))
      return { ...message, input: withoutTags(message.input) as never };
    if (!this.#is("passes no deadline on")) return message;
    const { timeLeft: _, ...rest } = message;
    return rest;
  }

  #dispatch(): void {
    for (const call of this.#waiting) {
      const node = this.#nodes
        .filter(({ alive, frozen, closing }) => alive && !frozen && !closing)
        .filter(({ calls }) => calls.size < slots)
        .toSorted((a, b) => a.calls.size - b.calls.size)[0];
      if (node === undefined) return;
      this.#waiting.delete(call);
      void this.#runAt(node, call);
    }
  }

  async #runAt(node: Node, call: Stored): Promise<void> {
    const attempt = ++call.attempt;
    call.worker = node;
    call.began({ worker: node.name, attempt });
    const ending = node.spawn(call, call.message);
    const outcome = throughText(await ending);
    await this.#down;
    if (node.closing && outcome.status === "cancelled" && call.why === undefined)
      this.#giveUp(call);
    this.#dispatch();
    if (!node.alive || node.frozen || call.worker !== node || call.attempt !== attempt) return;
    this.#answer(call, outcome);
  }

  #answer(call: Stored, outcome: Outcome): void {
    if (this.#is("loses every hundredth result") && ++this.#answers % 100 === 0)
      return call.end({ ...outcome, status: "value", value: null });
    if (outcome.status === "error" && this.#is("loses classes of errors"))
      return call.end({ ...outcome, error: { ...outcome.error, classes: [] } });
    const kept = outcome.status !== "value" || call.why === undefined;
    if (!kept && this.#is("drops what comes in spite of a cancel"))
      return call.end({ status: "cancelled", error: call.why! });
    call.end(outcome);
  }

  #cancel(call: Stored, why: WireError): void {
    call.why = why;
    if (this.#is("passes no cancel on")) return;
    const told = this.#is("passes no reason on")
      ? encodeError(new CancelledError("stop"))
      : throughText(why);
    if (this.#waiting.has(call)) {
      if (!this.#is("begins what was cancelled")) this.#waiting.delete(call);
      return call.end({ status: "cancelled", error: why });
    }
    if (this.#is("answers before the cleanup")) call.end({ status: "cancelled", error: why });
    call.worker?.calls.get(call)?.cancel(told);
  }

  /** It takes nothing more, and is gone when its calls are over; after its time those are cancelled. */
  async #close(node: Node, within: number): Promise<void> {
    node.closing = !this.#is("gives a closing worker more");
    const time = this.#is("cuts a closing worker short") ? 0 : within;
    const why = encodeError(new CancelledError("the worker is closed", { source: "shutdown" }));
    const cancel = (): void => {
      for (const child of node.calls.values()) child.cancel(why);
    };
    if (time < Infinity) void this.#later(time, cancel);
    await Promise.all([...node.calls.values()].map(({ ended }) => ended));
  }

  /** A worker is not heard of any more: after a while its calls are given up. */
  #silence(node: Node, happen: (node: Node) => void): void {
    happen(node);
    node.clock.freeze();
    void this.#later(silence, () => {
      for (const call of node.calls.keys()) this.#giveUp(call);
      this.#dispatch();
    });
  }

  #giveUp(call: Stored): void {
    const again = call.message.idempotent
      ? !this.#is("runs nothing again")
      : this.#is("runs what is lost again");
    call.worker = undefined;
    if (again) this.#waiting.add(call);
    else call.end({ status: "lost", lost: "worker" });
  }

  #thaw(node: Node): void {
    node.frozen = false;
    const fence = encodeError(new CancelledError("somebody else has it", { source: "shutdown" }));
    if (!this.#is("has no fence"))
      for (const [call, child] of node.calls) if (call.worker !== node) child.cancel(fence);
    node.clock.thaw();
  }

  /** The caller is not heard of any more: after its lease its calls are over, or never begin. */
  #orphan(session: Session): void {
    session.alive = false;
    if (this.#is("has no lease")) return;
    const why = encodeError(new CancelledError("the lease is lost", { source: "shutdown" }));
    void this.#later(lease, () => {
      for (const call of this.#waiting) if (call.session === session) this.#cancel(call, why);
      for (const node of this.#nodes)
        for (const call of node.calls.keys()) if (call.session === session) this.#cancel(call, why);
    });
  }

  /** The server had not stored everything: of one call nobody knows any more. The others have their outcome later. */
  async #restart(): Promise<void> {
    this.#down = this.#later(200, () => (this.#down = undefined));
    const running = this.#nodes.flatMap((node) => [...node.calls]);
    const [forgotten, child] = running[0]!;
    child.cancel(encodeError(new CancelledError("nobody knows it", { source: "shutdown" })));
    forgotten.worker = undefined;
    forgotten.end({ status: "lost", lost: "engine" });
    await this.#down;
    if (!this.#is("forgets with the server")) return;
    for (const [call] of running) this.#waiting.add(call);
    this.#dispatch();
  }
}

function throughText<T>(json: T): T {
  return JSON.parse(JSON.stringify(json)) as T;
}

function withoutTags(json: unknown): unknown {
  if (typeof json !== "object" || json === null) return json;
  return Object.keys(json).some((key) => key.startsWith("$")) ? null : json;
}
