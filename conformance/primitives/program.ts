/**
 * Programs of primitives: a few tasks in one group, over a few primitives that they share. Times are in
 * milliseconds.
 *
 * A task waits for its turn before each step, and before it leaves a block or returns, and gets it when nothing else happens: so the order of the
 * steps is the same on both sides, however deep their awaits. What happens in one step happens in one go,
 * before anybody who is woken by it goes on: a release and a cancel of the one it wakes are such a step.
 */

export type PrimitiveKind =
  | "Lock"
  | "Semaphore"
  | "BoundedSemaphore"
  | "Event"
  | "Condition"
  | "Barrier"
  | "Queue"
  | "LifoQueue"
  | "PriorityQueue";

export interface PrimitiveNode {
  readonly kind: PrimitiveKind;
  /** The value of a semaphore, the parties of a barrier, how many items a queue holds (0: any number). */
  readonly size: number;
}

/** Something that is done with a primitive. */
export interface Use {
  readonly on: number;
  readonly verb: string;
  /** What is put into a queue; how many are notified; how many notifications are waited for. */
  readonly item: number;
}

interface Cancel {
  readonly verb: "cancel";
  readonly task: number;
}

/** What does not wait. */
export type Act = Use | Cancel;

interface Numbered<Op extends string> {
  readonly op: Op;
  readonly id: number;
}
interface Sleep extends Numbered<"sleep"> {
  readonly ms: number;
}
type Raise = Numbered<"raise">;
/** All in one go: first what does not wait, then what does. */
interface Do extends Numbered<"do"> {
  readonly acts: readonly Act[];
  readonly wait: Use | null;
  /** The time that the wait may take. */
  readonly within: number | null;
}
/** Acquires a lock, a condition or a semaphore for some steps. */
interface With extends Numbered<"with"> {
  readonly on: number;
  readonly body: readonly Step[];
}

export type Step = Sleep | Raise | Do | With;

export interface Program {
  readonly primitives: readonly PrimitiveNode[];
  /** The first one has number 1; 0 is the main task, which only waits for them. */
  readonly tasks: readonly (readonly Step[])[];
  /** Cancels from outside of any task. */
  readonly cancels: readonly { readonly at: number; readonly task: number }[];
}

/** Whoever still waits at this time is cancelled. */
export const theEnd = 1000;

const queue = {
  waits: ["get", "put", "get", "put", "join"],
  acts: "putNowait getNowait taskDone putNowait getNowait taskDone shutdown shutdownNow".split(" "),
};
const semaphore = { waits: ["acquire"], acts: ["release", "tryAcquire"] };

/** What can be done with each. */
export const verbs: {
  readonly [K in PrimitiveKind]: { readonly waits: string[]; readonly acts: string[] };
} = {
  Lock: { waits: ["acquire"], acts: ["release"] },
  Semaphore: semaphore,
  BoundedSemaphore: semaphore,
  Event: { waits: ["wait"], acts: ["set", "clear"] },
  Condition: {
    waits: ["wait", "waitFor", "wait", "waitFor", "acquire"],
    acts: ["notify", "notify", "notifyAll", "notifyAll", "release"],
  },
  Barrier: { waits: ["wait"], acts: ["abort", "reset"] },
  Queue: queue,
  LifoQueue: queue,
  PriorityQueue: queue,
};

const lockable = new Set<PrimitiveKind>(["Lock", "Semaphore", "BoundedSemaphore", "Condition"]);

/** In asyncio who is woken by one of these has nothing yet, and may come too late. */
const robbable = new Set<PrimitiveKind>([
  "Condition",
  "Barrier",
  "Queue",
  "LifoQueue",
  "PriorityQueue",
]);

/** In asyncio who waits for one of these is there until its task has noticed that it was cancelled. */
const slow = new Set<PrimitiveKind>(["Condition", "Barrier"]);

/** A program in which every number is any one yet. */
export interface RawProgram {
  readonly primitives: readonly PrimitiveNode[];
  readonly tasks: readonly (readonly RawStep[])[];
  readonly cancels: readonly { readonly at: number; readonly task: number }[];
}

/** `verb` is a number, or `cancel`: then `on` is that of a task. */
export interface RawUse {
  readonly on: number;
  readonly verb: number | "cancel";
  readonly item: number;
}

export type RawStep =
  | { readonly op: "sleep"; readonly ms: number }
  | { readonly op: "raise" }
  | {
      readonly op: "do";
      readonly acts: readonly RawUse[];
      readonly wait: RawUse | null;
      readonly within: number | null;
    }
  | { readonly op: "with"; readonly on: number; readonly body: readonly RawStep[] };

/**
 * Gives every step its number, in the order of the text, and turns the numbers of primitives, verbs and
 * tasks, which are any at first, into those that there are.
 *
 * What is different by intention, and said in `docs/sync.md`, is left out. A step uses a queue, a condition
 * or a barrier once, besides releasing it, so that it cannot take away what somebody else was woken for; a step that cancels uses
 * neither a condition nor a barrier, where asyncio counts the cancelled one until it has gone on; and after
 * something else with a semaphore a step does not ask whether it is free, as asyncio counts who is woken too.
 */
export function resolved({ primitives, tasks, cancels }: RawProgram): Program {
  const nodes = primitives.map(({ kind, size }) => ({ kind, size: smallest(kind) + size }));
  const resolver = new Resolver(nodes, tasks.length);
  return {
    primitives: nodes,
    tasks: tasks.map((steps) => resolver.steps(steps, [])),
    cancels: cancels.map(({ at, task }) => ({ at, task: task % (tasks.length + 1) })),
  };
}

function smallest(kind: PrimitiveKind): number {
  return kind === "Barrier" || kind === "BoundedSemaphore" ? 1 : 0;
}

class Resolver {
  readonly #primitives: readonly PrimitiveNode[];
  readonly #tasks: number;
  #next: number;

  constructor(primitives: readonly PrimitiveNode[], tasks: number) {
    this.#primitives = primitives;
    this.#tasks = tasks;
    this.#next = tasks + 1;
  }

  /** `around`: what the blocks around them hold. */
  steps(raw: readonly RawStep[], around: readonly number[]): Step[] {
    return raw.flatMap((step) => this.#step(step, around));
  }

  #step(raw: RawStep, around: readonly number[]): Step[] {
    if (raw.op === "with") return this.#with(raw.on, raw.body, around);
    const id = this.#next++;
    if (raw.op !== "do") return [{ ...raw, id }];
    const acts = raw.acts.map((act) => this.#act(act, id));
    const wait = raw.wait && this.#use(raw.wait, "waits", id);
    const step = this.#comparable({ op: "do", id, acts, wait, within: raw.within });
    return this.#inConditions(step, around);
  }

  /** Of what is held already, or where nothing can be, the block is left out. */
  #with(on: number, body: readonly RawStep[], around: readonly number[]): Step[] {
    const free = [...this.#primitives.keys()].filter(
      (each) => lockable.has(this.#kind(each)) && !around.includes(each),
    );
    const chosen = free[on % (free.length || 1)];
    if (chosen === undefined) return this.steps(body, around);
    const id = this.#next++;
    return [{ op: "with", id, on: chosen, body: this.steps(body, [...around, chosen]) }];
  }

  /** A condition is used by who holds it. */
  #inConditions(step: Do, around: readonly number[]): Step[] {
    const uses = [...step.acts, ...(step.wait ? [step.wait] : [])].flatMap((act) =>
      "on" in act && act.verb !== "acquire" ? [act.on] : [],
    );
    const needed = uses.filter((on) => this.#kind(on) === "Condition" && !around.includes(on));
    let steps: Step[] = [step];
    for (const on of needed) steps = [{ op: "with", id: this.#next++, on, body: steps }];
    return steps;
  }

  #act(raw: RawUse, id: number): Act {
    if (raw.verb === "cancel") return { verb: "cancel", task: 1 + (raw.on % this.#tasks) };
    return this.#use(raw, "acts", id);
  }

  #use({ on, verb, item }: RawUse, sort: "acts" | "waits", id: number): Use {
    const chosen = on % this.#primitives.length;
    const choice = verbs[this.#kind(chosen)][sort];
    const word = choice[(verb as number) % choice.length] as string;
    return { on: chosen, verb: word, item: item * 100 + id };
  }

  #comparable(step: Do): Do {
    const cancels = step.acts.some(({ verb }) => verb === "cancel");
    const used = new Set<number>();
    const isComparable = (act: Act): boolean => {
      if (!("on" in act)) return true;
      const kind = this.#kind(act.on);
      if (cancels && slow.has(kind)) return false;
      const mayRob = robbable.has(kind) || act.verb === "tryAcquire";
      if (mayRob && used.has(act.on) && act.verb !== "release") return false;
      used.add(act.on);
      return true;
    };
    const acts = step.acts.filter(isComparable);
    const wait = step.wait && isComparable(step.wait) ? step.wait : null;
    return { ...step, acts, wait };
  }

  #kind(on: number): PrimitiveKind {
    return this.#primitives[on]!.kind;
  }
}
