import { LifoQueue, PriorityQueue, Queue } from "joinery/sync";
import { Model, type Outcome, removeFrom, type Subject } from "./model.ts";

const maxSize = 2;

/** `1:7` is the eighth item, with priority 1. */
const priority = (item: string): number => Number(item.split(":")[0]);

class Items {
  #made = 0;

  next(): string {
    const number = this.#made++;
    return `${(number * 5) % 3}:${number}`;
  }
}

/** Takes the next item out of `items`, which are in order of arrival. */
type Take = (items: string[]) => string;

const first: Take = (items) => items.shift()!;
const last: Take = (items) => items.pop()!;
const least: Take = (items) => {
  const lowest = Math.min(...items.map(priority));
  return items.splice(
    items.findIndex((item) => priority(item) === lowest),
    1,
  )[0]!;
};

class QueueModel extends Model {
  readonly #take: Take;
  readonly #source = new Items();
  readonly #items: string[] = [];
  readonly #getters: { readonly actor: number }[] = [];
  readonly #putters: { readonly actor: number; readonly item: string }[] = [];
  readonly #joiners: { readonly actor: number }[] = [];
  #unfinished = 0;
  #shutDown = false;

  constructor(take: Take) {
    super();
    this.#take = take;
  }

  apply(actor: number, op: string): Outcome {
    switch (op) {
      case "put":
      case "tryPut":
        return this.#put(actor, this.#source.next(), op === "put");
      case "get":
      case "tryGet":
        return this.#get(actor, op === "get");
      case "taskDone":
        return this.#unfinished === 0 ? "JOINERY_TOO_MANY_DONE" : this.#done();
      case "join":
        if (this.#unfinished === 0) return "ok";
        this.#joiners.push({ actor });
        return undefined;
      default:
        return this.#shutdown(op === "shutdown now");
    }
  }

  cancel(actor: number): void {
    for (const queue of [this.#getters, this.#putters, this.#joiners]) removeFrom(queue, actor);
  }

  state(): unknown {
    return {
      size: this.#items.length,
      maxSize,
      unfinished: this.#unfinished,
      getting: this.#getters.length,
      putting: this.#putters.length,
      shutDown: this.#shutDown,
    };
  }

  #put(actor: number, item: string, waits: boolean): Outcome {
    if (this.#shutDown) return "JOINERY_QUEUE_SHUT_DOWN";
    const full = this.#items.length >= maxSize;
    if (full && !waits) return "false";
    if (full) this.#putters.push({ actor, item });
    else this.#accept(item);
    return full ? undefined : waits ? "ok" : "true";
  }

  #accept(item: string): void {
    const getter = this.#getters.shift();
    if (getter) this.wake(getter.actor, item);
    else this.#items.push(item);
    this.#unfinished++;
  }

  #get(actor: number, waits: boolean): Outcome {
    if (this.#items.length > 0) {
      const item = this.#take(this.#items);
      const putter = this.#putters.shift();
      if (putter) {
        this.#accept(putter.item);
        this.wake(putter.actor, "ok");
      }
      return item;
    }
    if (this.#shutDown) return "JOINERY_QUEUE_SHUT_DOWN";
    if (!waits) return "ok";
    this.#getters.push({ actor });
    return undefined;
  }

  #done(): "ok" {
    this.#unfinished--;
    if (this.#unfinished === 0)
      for (const { actor } of this.#joiners.splice(0)) this.wake(actor, "ok");
    return "ok";
  }

  #shutdown(now: boolean): "ok" {
    this.#shutDown = true;
    const sentAway = [...this.#getters.splice(0), ...this.#putters.splice(0)];
    for (const { actor } of sentAway) this.wake(actor, "JOINERY_QUEUE_SHUT_DOWN");
    if (now) for (const _ of this.#items.splice(0)) if (this.#unfinished > 0) this.#done();
    return "ok";
  }
}

// prettier-ignore
const ops = [
  "put", "put", "tryPut", "get", "get", "tryGet", "taskDone", "join", "shutdown", "shutdown now",
];

const inAndOut = [
  ["put", "put", "put", "shutdown"],
  ["get", "taskDone", "get", "cancel"],
  ["put", "cancel", "join", "tryGet"],
];
const inAHurry = [
  ["get", "cancel", "get", "taskDone"],
  ["tryPut", "put", "shutdown now", "join"],
  ["put", "tryPut", "get", "join"],
];

function queueSubject(
  name: string,
  take: Take,
  make: () => Queue<string>,
  programs: Subject["programs"] = [inAndOut],
): Subject {
  return {
    name,
    ops,
    programs,
    create() {
      const real = make();
      const source = new Items();
      return {
        model: new QueueModel(take),
        real: {
          apply(_, op, signal) {
            switch (op) {
              case "put":
                return real.put(source.next(), { signal });
              case "tryPut":
                return real.tryPut(source.next());
              case "get":
                return real.get({ signal });
              case "tryGet":
                return real.tryGet();
              case "taskDone":
                return real.taskDone();
              case "join":
                return real.join({ signal });
              default:
                return real.shutdown(op === "shutdown now");
            }
          },
          state: () => real.statistics(),
        },
      };
    },
    invariant({ size, getting, putting }: { size: number; getting: number; putting: number }) {
      if (size > maxSize) throw new Error("it holds too many");
      if (getting > 0 && size > 0) throw new Error("somebody waits for what is there");
      if (putting > 0 && size < maxSize) throw new Error("somebody waits for room that is there");
    },
  };
}

export const queue: Subject = queueSubject("Queue", first, () => new Queue({ maxSize }), [
  inAndOut,
  inAHurry,
]);
export const lifoQueue: Subject = queueSubject("LifoQueue", last, () => new LifoQueue({ maxSize }));
export const priorityQueue: Subject = queueSubject(
  "PriorityQueue",
  least,
  () => new PriorityQueue<string>({ maxSize, compare: (a, b) => priority(a) - priority(b) }),
);
