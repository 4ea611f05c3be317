import { BoundedSemaphore, CapacityLimiter, Semaphore, type Token } from "joinery/sync";
import { Model, type Outcome, removeFrom, type Subject } from "./model.ts";

/** The tokens that each actor has. */
class Tokens {
  readonly #tokens: Token[][] = [];

  async keep(actor: number, token: Promise<Token>): Promise<Token> {
    (this.#tokens[actor] ??= []).push(await token);
    return token;
  }

  keepNow(actor: number, token: Token | undefined): Token | undefined {
    if (token) (this.#tokens[actor] ??= []).push(token);
    return token;
  }

  giveBack(actor: number): void {
    this.#tokens[actor]?.pop()?.release();
  }
}

class SemaphoreModel extends Model {
  readonly #bound: number;
  #value: number;
  readonly #queue: { readonly actor: number }[] = [];
  readonly #tokens: number[] = [];

  constructor(value: number, bound: number) {
    super();
    this.#value = value;
    this.#bound = bound;
  }

  apply(actor: number, op: string): Outcome {
    if (op === "add") return this.#add();
    if (op === "release") {
      if (!this.#tokens[actor]) return "ok";
      this.#tokens[actor]--;
      return this.#add();
    }
    if (this.#value > 0) {
      this.#value--;
      return this.#grant(actor);
    }
    if (op === "tryAcquire") return "ok";
    this.#queue.push({ actor });
    return undefined;
  }

  cancel(actor: number): void {
    removeFrom(this.#queue, actor);
  }

  state(): unknown {
    return { value: this.#value, waiting: this.#queue.length };
  }

  #add(): string {
    const next = this.#queue.shift();
    if (next) this.wake(next.actor, this.#grant(next.actor));
    else if (this.#value >= this.#bound) return "JOINERY_NOT_HELD";
    else this.#value++;
    return "ok";
  }

  #grant(actor: number): string {
    this.#tokens[actor] = (this.#tokens[actor] ?? 0) + 1;
    return "token";
  }
}

function semaphoreSubject(name: string, bound: number, make: () => Semaphore): Subject {
  return {
    name,
    ops: ["acquire", "tryAcquire", "release", "add"],
    programs: [
      [
        ["acquire", "release", "acquire", "release"],
        ["acquire", "cancel", "tryAcquire", "release"],
        ["acquire", "release", "add", "acquire"],
      ],
    ],
    create() {
      const real = make();
      const tokens = new Tokens();
      return {
        model: new SemaphoreModel(1, bound),
        real: {
          apply(actor, op, signal) {
            if (op === "acquire") return tokens.keep(actor, real.acquire({ signal }));
            if (op === "tryAcquire") return tokens.keepNow(actor, real.tryAcquire());
            return op === "release" ? tokens.giveBack(actor) : real.release();
          },
          state: () => real.statistics(),
        },
      };
    },
    invariant({ value, waiting }: { value: number; waiting: number }) {
      if (value < 0 || value > bound || (value > 0 && waiting > 0))
        throw new Error("out of bounds");
    },
  };
}

export const semaphore: Subject = semaphoreSubject("Semaphore", Infinity, () => new Semaphore(1));
export const boundedSemaphore: Subject = semaphoreSubject(
  "BoundedSemaphore",
  1,
  () => new BoundedSemaphore(1),
);

class LimiterModel extends Model {
  #total = 1;
  readonly #lent = new Set<number>();
  readonly #queue: { readonly actor: number }[] = [];

  apply(actor: number, op: string): Outcome {
    if (op === "grow") return this.#lendOn((this.#total += 1));
    if (op === "shrink") return this.#lendOn((this.#total = Math.max(0, this.#total - 1)));
    if (op === "release") {
      this.#lent.delete(actor);
      return this.#lendOn(this.#total);
    }
    if (this.#lent.has(actor)) return "JOINERY_REENTRY";
    if (this.#lent.size < this.#total) {
      this.#lent.add(actor);
      return "token";
    }
    if (op === "tryAcquire") return "ok";
    this.#queue.push({ actor });
    return undefined;
  }

  cancel(actor: number): void {
    removeFrom(this.#queue, actor);
  }

  state(): unknown {
    return {
      total: this.#total,
      borrowed: this.#lent.size,
      available: Math.max(0, this.#total - this.#lent.size),
      borrowers: [...this.#lent].map(String),
      waiting: this.#queue.length,
    };
  }

  #lendOn(total: number): "ok" {
    while (this.#lent.size < total && this.#queue.length > 0) {
      const { actor } = this.#queue.shift()!;
      this.#lent.add(actor);
      this.wake(actor, "token");
    }
    return "ok";
  }
}

export const limiter: Subject = {
  name: "CapacityLimiter",
  ops: ["acquire", "tryAcquire", "release", "grow", "shrink"],
  programs: [
    [
      ["acquire", "release", "acquire", "release"],
      ["acquire", "cancel", "tryAcquire", "release"],
      ["shrink", "acquire", "grow", "release"],
    ],
    [
      ["acquire", "acquire", "release", "acquire"],
      ["acquire", "release", "shrink", "grow"],
      ["grow", "acquire", "shrink", "release"],
    ],
  ],
  create() {
    const real = new CapacityLimiter(1);
    const tokens = new Tokens();
    return {
      model: new LimiterModel(),
      real: {
        apply(actor, op, signal) {
          if (op === "acquire") return tokens.keep(actor, real.acquire({ signal }));
          if (op === "tryAcquire") return tokens.keepNow(actor, real.tryAcquire());
          if (op === "release") return tokens.giveBack(actor);
          real.total = op === "grow" ? real.total + 1 : Math.max(0, real.total - 1);
        },
        state: () => ({
          ...real.statistics(),
          borrowers: real.holders().map(({ name }) => name),
        }),
      },
    };
  },
  invariant(state: { total: number; borrowed: number; available: number; waiting: number }) {
    const { total, borrowed, available, waiting } = state;
    if (borrowed <= total && borrowed + available !== total) throw new Error("a token is lost");
    if (available > 0 && waiting > 0) throw new Error("a token is free, and somebody waits");
  },
};
