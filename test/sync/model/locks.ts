import { Condition, Lock, type LockStatistics } from "joinery/sync";
import { Model, type Outcome, removeFrom, type Subject } from "./model.ts";

const owner = (statistics: Pick<LockStatistics, "owner">): number | undefined =>
  statistics.owner && Number(statistics.owner.name);

class LockModel extends Model {
  protected holder: number | undefined;
  /** Who waits for it, and what they get with it. */
  protected readonly queue: { readonly actor: number; readonly outcome: string }[] = [];

  apply(actor: number, op: string): Outcome {
    switch (op) {
      case "acquire":
        return this.take(actor) ?? this.enqueue(actor, "token");
      case "tryAcquire":
        return this.take(actor) ?? "ok";
      default:
        return this.notHeldBy(actor) ?? this.handOver();
    }
  }

  cancel(actor: number): void | false {
    removeFrom(this.queue, actor);
  }

  state(): unknown {
    return { owner: this.holder, waiting: this.queue.length };
  }

  protected take(actor: number): Outcome {
    if (this.holder === actor) return "JOINERY_REENTRY";
    if (this.holder !== undefined) return undefined;
    this.holder = actor;
    return "token";
  }

  protected enqueue(actor: number, outcome: string): undefined {
    this.queue.push({ actor, outcome });
  }

  protected notHeldBy(actor: number): Outcome {
    if (this.holder === undefined) return "JOINERY_NOT_HELD";
    return this.holder === actor ? undefined : "JOINERY_NOT_OWNER";
  }

  protected handOver(): "ok" {
    const next = this.queue.shift();
    this.holder = next?.actor;
    if (next) this.wake(next.actor, next.outcome);
    return "ok";
  }
}

export const lock: Subject = {
  name: "Lock",
  ops: ["acquire", "tryAcquire", "release"],
  programs: [
    [
      ["acquire", "release", "acquire", "release"],
      ["acquire", "cancel", "tryAcquire", "release"],
      ["acquire", "release", "acquire", "cancel"],
    ],
    [
      ["acquire", "acquire", "release", "release"],
      ["tryAcquire", "release", "acquire", "release"],
      ["acquire", "cancel", "acquire", "release"],
    ],
  ],
  create() {
    const real = new Lock();
    return {
      model: new LockModel(),
      real: {
        apply(_, op, signal) {
          if (op === "acquire") return real.acquire({ signal });
          return op === "tryAcquire" ? real.tryAcquire() : real.release();
        },
        state: () => ({ owner: owner(real.statistics()), waiting: real.statistics().waiting }),
      },
    };
  },
  invariant({ owner: holder, waiting }: { owner?: number; waiting: number }) {
    if (holder === undefined && waiting > 0) throw new Error("it is free, and somebody waits");
  },
};

class ConditionModel extends LockModel {
  readonly #sleepers: { readonly actor: number }[] = [];
  /** Who was cancelled with a notification, which goes on when they have the lock. */
  readonly #handingOn = new Set<number>();

  override apply(actor: number, op: string): Outcome {
    if (op === "acquire" || op === "release") return super.apply(actor, op);
    const refused = this.notHeldBy(actor);
    if (refused) return refused;
    if (op === "wait") {
      this.#sleepers.push({ actor });
      this.handOver();
      return undefined;
    }
    const count = op === "notify" ? 1 : this.#sleepers.length;
    for (let i = 0; i < count; i++) this.#notifyFirst();
    return "ok";
  }

  override cancel(actor: number): void | false {
    const place = this.queue.find((each) => each.actor === actor);
    if (place?.outcome === "JOINERY_CANCELLED") return false;
    removeFrom(this.queue, actor);
    if (place?.outcome === "token") return;
    if (place) this.#handingOn.add(actor);
    removeFrom(this.#sleepers, actor);
    this.enqueue(actor, "JOINERY_CANCELLED");
    if (this.holder === undefined) this.handOver();
    return false;
  }

  protected override handOver(): "ok" {
    super.handOver();
    if (this.holder !== undefined && this.#handingOn.delete(this.holder)) this.#notifyFirst();
    return "ok";
  }

  override state(): unknown {
    return { owner: this.holder, queued: this.queue.length, waiting: this.#sleepers.length };
  }

  #notifyFirst(): void {
    const first = this.#sleepers.shift();
    if (first) this.enqueue(first.actor, "ok");
  }
}

export const condition: Subject = {
  name: "Condition",
  ops: ["acquire", "release", "wait", "notify", "notifyAll"],
  programs: [
    [
      ["acquire", "wait", "release"],
      ["acquire", "wait", "cancel", "release"],
      ["acquire", "notify", "release"],
    ],
    [
      ["acquire", "wait", "cancel", "release"],
      ["acquire", "wait", "cancel", "release"],
      ["acquire", "notifyAll", "release", "acquire"],
    ],
  ],
  create() {
    const real = new Condition();
    return {
      model: new ConditionModel(),
      real: {
        apply(_, op, signal) {
          if (op === "acquire") return real.acquire({ signal });
          if (op === "release") return real.release();
          if (op === "wait") return real.wait({ signal });
          return op === "notify" ? real.notify() : real.notifyAll();
        },
        state: () => ({
          owner: owner(real.statistics()),
          queued: real.lock.statistics().waiting,
          waiting: real.statistics().waiting,
        }),
      },
    };
  },
};
