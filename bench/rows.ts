/** What is measured: the rows of the table, each with the targets that it has to meet. */

import type { WorkName } from "./assignment.ts";
import type { SubjectName } from "./subject.ts";

type CPythonName = "asyncio gather" | "asyncio TaskGroup";
/** Those of the packages that call functions elsewhere, and what they stand on. */
type CallerName =
  | "executor.call"
  | "a child for each call"
  | "piscina"
  | "bare calls"
  | "bare calls with a key"
  | "the same, with a mark"
  | "BullMQ alone";
export type Name = SubjectName | CPythonName | CallerName;

/** What has to hold for `subject`: its value, or what becomes of it `against` another one of the same round. */
export interface Target {
  readonly subject: Name;
  readonly against?: Name;
  /** How the two are compared. Default: `ratio`. */
  readonly as?: "ratio" | "difference";
  /** The most on Node 24 and later; on Node 20 and 22. Nothing else has a target. */
  readonly newer: number;
  readonly older?: number;
  /** What would be better still, on Node 24 and later. */
  readonly aim?: number;
}

export interface Row {
  readonly id: string;
  /** What `--only` takes. */
  readonly topic: string;
  readonly title: string;
  readonly unit: "ms" | "B" | "µs" | "listeners" | "exponent";
  /** Whether a figure says something by itself; otherwise only its ratio to the first subject does. */
  readonly absolute?: true;
  /** The first is what the others are compared with. */
  readonly subjects: readonly Name[];
  readonly cpython?: readonly CPythonName[];
  /** How many rounds, of those asked for. Default: all of them. */
  readonly rounds?: (asked: number) => number;
  /** Whether `--quick` measures it. */
  readonly quick?: true;
  /** Whether joinery has to be faster than all others that give any guarantee. */
  readonly fastest?: true;
  /** Only V8 on Node can be given a young generation of that size. */
  readonly onNode?: true;
  readonly targets?: readonly Target[];
}

/** One that is measured here, in a fresh process for each subject. */
export interface WorkRow extends Row {
  readonly work: WorkName;
  readonly n: number;
  readonly subjects: readonly SubjectName[];
}

/** Those that stop the others when one fails. */
export const guaranteeing: readonly SubjectName[] = [
  "abort-controller-x",
  "effect forEach",
  "effect FiberSet",
  "effect forkChild",
  "effection",
];

const group = "joinery taskGroup";
const acx = "abort-controller-x";
const pool = ["p-map", "p-limit", "p-queue"] as const;
const effects = ["effect forEach", "effect FiberSet"] as const;
/** Those that hold least. */
const smallEffects = ["effect FiberSet", "effect forkChild"] as const;
const asyncio = ["asyncio gather", "asyncio TaskGroup"] as const;
/** Bytes and counts hardly vary. */
const once = (): number => 1;
/** A million tasks take long. */
const twice = (asked: number): number => Math.min(asked, 2);
/** Where a collection of the heap is much of the time, and comes in one round and not in another. */
const often = (asked: number): number => 2 * asked + 1;
const spawning = { topic: "spawn", work: "join", unit: "ms" } as const;

const listening = {
  topic: "listeners",
  work: "listeners",
  unit: "listeners",
  absolute: true,
  rounds: once,
} as const;

export const rows: readonly WorkRow[] = [
  {
    ...spawning,
    id: "spawn-1k",
    title: "create and join 1,000 trivial tasks",
    n: 1000,
    subjects: ["promises", group, "effection"],
  },
  {
    ...spawning,
    id: "spawn-10k",
    title: "create and join 10,000 trivial tasks",
    n: 10_000,
    subjects: ["promises", group, "joinery all", acx, ...effects, "effection", ...pool],
    cpython: asyncio,
    rounds: often,
    quick: true,
    fastest: true,
    targets: [{ subject: group, against: "promises", newer: 3, older: 5, aim: 2.5 }],
  },
  {
    ...spawning,
    id: "spawn-100k",
    title: "create and join 100,000 trivial tasks",
    n: 100_000,
    // Effection would take a minute for each.
    subjects: ["promises", group, "joinery all", acx, ...effects, ...pool],
    cpython: asyncio,
    quick: true,
    fastest: true,
    targets: [{ subject: group, against: "promises", newer: 6, older: 3 }],
  },
  {
    ...spawning,
    id: "spawn-1m",
    title: "create and join 1,000,000 trivial tasks",
    n: 1_000_000,
    subjects: ["promises", group, "effect forEach", "p-limit"],
    rounds: twice,
    targets: [{ subject: group, against: "promises", newer: 2.5 }],
  },
  {
    ...spawning,
    id: "observed-100k",
    topic: "observe",
    title: "create and join 100,000 trivial tasks while somebody looks",
    n: 100_000,
    subjects: [group, "joinery, counted", "joinery, observed", "joinery, all events"],
    rounds: often,
    targets: [
      { subject: "joinery, counted", against: group, newer: 1.03, older: 1.03 },
      { subject: "joinery, observed", against: group, newer: 1.1, older: 1.1 },
      { subject: "joinery, all events", against: group, newer: 1.25, older: 1.25 },
    ],
  },
  {
    id: "blocked",
    topic: "blocked",
    title: "heap of a task blocked on a promise",
    work: "blocked",
    n: 100_000,
    unit: "B",
    absolute: true,
    subjects: ["promises", group, acx, ...smallEffects, ...pool],
    cpython: asyncio,
    rounds: once,
    quick: true,
    targets: [{ subject: group, newer: 900, older: 1000, aim: 800 }],
  },
  {
    id: "sleeping",
    topic: "sleep",
    title: "heap of a task in sleep",
    work: "sleeping",
    n: 100_000,
    unit: "B",
    absolute: true,
    subjects: ["promises", group, ...smallEffects],
    cpython: asyncio,
    rounds: once,
    quick: true,
    targets: [{ subject: group, newer: 1400, older: 1500, aim: 1059 }],
  },
  {
    id: "allocated",
    topic: "allocation",
    title: "allocated to create and join a trivial task",
    work: "allocated",
    n: 50_000,
    unit: "B",
    absolute: true,
    subjects: ["promises", group, acx, ...effects, ...pool],
    rounds: once,
    onNode: true,
  },
  {
    id: "cancel-10k",
    topic: "cancel",
    title: "cancel and join 10,000 sleeping tasks",
    work: "cancel",
    n: 10_000,
    unit: "ms",
    subjects: ["promises", group, acx, ...effects, "effection"],
    fastest: true,
  },
  {
    id: "cancel-100k",
    topic: "cancel",
    title: "cancel and join 100,000 sleeping tasks",
    work: "cancel",
    n: 100_000,
    unit: "ms",
    // The others take minutes: abort-controller-x has a listener for each task on one signal.
    subjects: ["promises", group, ...effects],
    cpython: asyncio,
    quick: true,
    fastest: true,
    targets: [{ subject: group, against: "promises", newer: 2, older: 2, aim: 1.3 }],
  },
  {
    id: "nested-500",
    topic: "nested",
    title: "500 scopes in each other, built and cancelled: each level",
    work: "nested",
    n: 500,
    unit: "µs",
    absolute: true,
    // Some 1,000 levels are the end of all but joinery and Effection.
    subjects: ["promises", group, acx, "effect forEach", "effection"],
  },
  {
    id: "nested-100k",
    topic: "nested",
    title: "100,000 groups in each other, built and cancelled: each level",
    work: "nested",
    n: 100_000,
    unit: "µs",
    absolute: true,
    subjects: [group],
    rounds: often,
    quick: true,
    targets: [{ subject: group, newer: 5, older: Infinity }],
  },
  {
    id: "await",
    topic: "await",
    title: "an await inside a task, against one where nothing was imported",
    work: "awaits",
    n: 100_000,
    unit: "ms",
    subjects: ["promises", group],
    quick: true,
    // 1.0, and what two measurements of the same may differ by.
    targets: [{ subject: group, against: "promises", newer: 1.1 }],
  },
  {
    id: "limited",
    topic: "limited",
    title: "10,000 trivial tasks, 50 at a time",
    work: "limited",
    n: 10_000,
    unit: "ms",
    subjects: [
      "promises",
      group,
      "joinery all",
      "joinery, Semaphore",
      "effect forEach",
      ...pool,
      "p-map, in a context",
    ],
    rounds: often,
    quick: true,
    fastest: true,
    targets: [
      { subject: group, against: "p-map", newer: 1, older: 1 },
      { subject: "joinery all", against: "p-map", newer: 1, older: 1 },
    ],
  },
  {
    ...listening,
    id: "listeners-5k",
    title: "5,000 tasks under one signal: the most listeners that a signal has",
    n: 5000,
    // A listener for each takes time that grows with the square: minutes at 40,000.
    subjects: ["promises", group, acx, "effect forEach"],
  },
  {
    ...listening,
    id: "listeners-40k",
    title: "40,000 tasks under one signal: the most listeners that a signal has",
    n: 40_000,
    subjects: [group, "effect forEach"],
    targets: [{ subject: group, newer: 1, older: 1 }],
  },
];

/** Made of the rows about creation: how the total time grows with the number of tasks. */
export const exponentRow: WorkRow = {
  id: "exponent",
  topic: "spawn",
  title: "exponent of the total time, from 1,000 to 1,000,000 tasks",
  work: "join",
  n: 1_000_000,
  unit: "exponent",
  absolute: true,
  subjects: ["promises", group],
  targets: [{ subject: group, against: "promises", as: "difference", newer: 0.05, older: 0.05 }],
};

export const topics: readonly string[] = [...new Set(rows.map(({ topic }) => topic))];
