import { Barrier, Event } from "joinery/sync";
import { Model, type Outcome, removeFrom, type Subject } from "./model.ts";

class EventModel extends Model {
  #set = false;
  #queue: { readonly actor: number }[] = [];

  apply(actor: number, op: string): Outcome {
    if (op === "wait" && !this.#set) {
      this.#queue.push({ actor });
      return undefined;
    }
    if (op !== "wait") this.#set = op === "set";
    if (op === "set") for (const each of this.#queue.splice(0)) this.wake(each.actor, "ok");
    return "ok";
  }

  cancel(actor: number): void {
    removeFrom(this.#queue, actor);
  }

  state(): unknown {
    return { set: this.#set, waiting: this.#queue.length };
  }
}

export const event: Subject = {
  name: "Event",
  ops: ["wait", "set", "clear"],
  programs: [
    [
      ["wait", "cancel", "wait", "clear"],
      ["set", "clear", "wait", "set"],
      ["wait", "clear", "set", "wait"],
    ],
  ],
  create() {
    const real = new Event();
    return {
      model: new EventModel(),
      real: {
        apply(_, op, signal) {
          if (op === "wait") return real.wait({ signal });
          return op === "set" ? real.set() : real.clear();
        },
        state: () => real.statistics(),
      },
    };
  },
};

const parties = 2;

class BarrierModel extends Model {
  #broken = false;
  #queue: { readonly actor: number }[] = [];

  apply(actor: number, op: string): Outcome {
    if (op !== "wait") {
      this.#broken = op === "abort";
      for (const each of this.#queue.splice(0)) this.wake(each.actor, "JOINERY_BROKEN_BARRIER");
      return "ok";
    }
    if (this.#broken) return "JOINERY_BROKEN_BARRIER";
    this.#queue.push({ actor });
    if (this.#queue.length < parties) return undefined;
    for (const [index, each] of this.#queue.splice(0).entries()) this.wake(each.actor, `${index}`);
    return `${parties - 1}`;
  }

  cancel(actor: number): void {
    removeFrom(this.#queue, actor);
  }

  state(): unknown {
    return { parties, waiting: this.#queue.length, broken: this.#broken };
  }
}

export const barrier: Subject = {
  name: "Barrier",
  ops: ["wait", "wait", "reset", "abort"],
  programs: [
    [
      ["wait", "cancel", "wait", "reset"],
      ["wait", "wait", "cancel", "wait"],
      ["wait", "abort", "wait", "reset"],
    ],
  ],
  create() {
    const real = new Barrier(parties);
    return {
      model: new BarrierModel(),
      real: {
        apply(_, op, signal) {
          if (op === "wait") return real.wait({ signal });
          return op === "reset" ? real.reset() : real.abort();
        },
        state: () => real.statistics(),
      },
    };
  },
};
