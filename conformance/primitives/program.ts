/**
 * Programs of primitives: a few tasks in one group, over a few primitives that they share. Times are in
 * milliseconds.
 *
 * A task waits for its turn before each step, and before it returns, and gets it when nothing else happens: so the order of the
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
  acts: ["putNowait", "getNowait", "taskDone", "shutdown", "shutdownNow"],
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
  Condition: { waits: ["acquire", "wait", "waitFor"], acts: ["notify", "notifyAll", "release"] },
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
 * or a barrier once, so that it cannot take away what somebody else was woken for; a step that cancels uses
 * neither a condition nor a barrier, where asyncio counts the cancelled one until it has gone on; and after
 * something else with a semaphore a step does not ask whether it is free, as asyncio counts who is woken too.
 */
export function resolved({ primitives: nodes, tasks, cancels }: RawProgram): Program {
  const primitives = nodes.map(({ kind, size }) => ({
    kind,
    size: kind === "Barrier" || kind === "BoundedSemaphore" ? size + 1 : size,
  }));
  const nodeAt = (on: number): PrimitiveNode => primitives[on % primitives.length]!;
  let next = tasks.length + 1;
  const use = ({ on, verb, item }: RawUse, sort: "acts" | "waits", id: number): Use => {
    const choice = verbs[nodeAt(on).kind][sort];
    return {
      on: on % primitives.length,
      verb: choice[(verb as number) % choice.length]!,
      item: item * 100 + id,
    };
  };
  const act = (raw: RawUse, id: number): Act =>
    raw.verb === "cancel"
      ? { verb: "cancel", task: 1 + (raw.on % tasks.length) }
      : use(raw, "acts", id);
  const steps = (raw: readonly RawStep[]): Step[] =>
    raw.flatMap((each): Step[] => {
      if (each.op === "with") {
        const locks = [...primitives.keys()].filter((on) => lockable.has(nodeAt(on).kind));
        if (locks.length === 0) return steps(each.body);
        const id = next++;
        return [{ op: "with", id, on: locks[each.on % locks.length]!, body: steps(each.body) }];
      }
      const id = next++;
      if (each.op !== "do") return [{ ...each, id }];
      const acts = each.acts.map((one) => act(one, id));
      const wait = each.wait && use(each.wait, "waits", id);
      return [comparable({ op: "do", id, acts, wait, within: each.within }, nodeAt)];
    });
  return {
    primitives,
    tasks: tasks.map(steps),
    cancels: cancels.map(({ at, task }) => ({ at, task: task % (tasks.length + 1) })),
  };
}

function comparable(step: Do, nodeAt: (on: number) => PrimitiveNode): Do {
  const cancels = step.acts.some(({ verb }) => verb === "cancel");
  const used = new Set<number>();
  const isComparable = (act: Act): boolean => {
    if (!("on" in act)) return true;
    const { kind } = nodeAt(act.on);
    if (cancels && slow.has(kind)) return false;
    const mayRob = robbable.has(kind) || act.verb === "tryAcquire";
    if (mayRob && used.has(act.on)) return false;
    used.add(act.on);
    return true;
  };
  const acts = step.acts.filter(isComparable);
  const wait = step.wait && isComparable(step.wait) ? step.wait : null;
  return { ...step, acts, wait };
}
