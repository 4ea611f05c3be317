/** What packages measure with a script of their own: each beside what it stands on, in turns, in one run. */

import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import type { Figure } from "./figures.ts";
import type { Row, Target } from "./rows.ts";
import type { Runtime } from "./runtimes.ts";

const execute = promisify(execFile);

const folders = join(import.meta.dirname, "..", "..", "packages");

/** A script that takes longer has failed. */
const longest = 600_000;

/** The topic is the name of the package. */
export interface PackageRow extends Row {
  readonly script: string;
}

/** The rate has to be at least this part of the other one. */
function rate(subject: Target["subject"], part: number, against: Target["subject"]): Target {
  return { subject, against, newer: 1 / part, older: 1 / part };
}

const dispatch = {
  topic: "threads",
  script: "dispatch.mjs",
  unit: "µs",
  subjects: ["piscina", "executor.call", "a child for each call"],
} as const;

const engine = { script: "main.mjs", unit: "µs" } as const;

export const packageRows: readonly PackageRow[] = [
  { ...dispatch, id: "threads-1", title: "trivial calls to threads, one at a time" },
  { ...dispatch, id: "threads-4", title: "trivial calls to threads, 4 at a time" },
  {
    ...dispatch,
    id: "threads-64",
    title: "trivial calls to threads, 64 at a time",
    targets: [rate("executor.call", 0.9, "piscina")],
  },
  {
    ...engine,
    id: "restate",
    topic: "restate",
    title: "trivial calls over Restate, 100 at a time",
    subjects: ["bare calls", "bare calls with a key", "the same, with a mark", "executor.call"],
    targets: [rate("executor.call", 0.7, "bare calls")],
  },
  {
    ...engine,
    id: "bullmq",
    topic: "bullmq",
    title: "trivial calls over BullMQ, 100 at a time",
    subjects: ["BullMQ alone", "executor.call"],
    targets: [rate("executor.call", 0.7, "BullMQ alone")],
  },
];

export const packageTopics: readonly string[] = [...new Set(packageRows.map((row) => row.topic))];

/** By row and subject, microseconds for each call, one figure for each round. */
type Samples = Record<string, Record<string, number[]>>;

/** Runs the scripts that the rows need, on each Node. */
export async function measurePackages(
  rows: readonly PackageRow[],
  runtimes: readonly Runtime[],
  tell: (text: string) => void,
): Promise<Figure[]> {
  const figures: Figure[] = [];
  for (const topic of new Set(rows.map((row) => row.topic)))
    for (const runtime of runtimes.filter(({ title }) => title.startsWith("Node"))) {
      tell(`${topic}, ${runtime.title}`);
      const own = rows.filter((row) => row.topic === topic);
      figures.push(...(await measureRows(own, runtime)));
    }
  return figures;
}

async function measureRows(rows: readonly PackageRow[], runtime: Runtime): Promise<Figure[]> {
  const [{ topic, script }] = rows as [PackageRow];
  const base = rows.flatMap(({ id, subjects }) =>
    subjects.map((subject) => ({ row: id, runtime: runtime.name, subject })),
  );
  try {
    const path = join(folders, topic, "bench", script);
    const options = { timeout: longest, killSignal: "SIGTERM" } as const;
    const { stdout } = await execute(runtime.program, [path, "--json"], options);
    const found = JSON.parse(stdout.trimEnd().split("\n").at(-1)!) as Samples;
    return base.map((figure) => ({ ...figure, samples: found[figure.row]![figure.subject]! }));
  } catch (error) {
    const [failed = ""] = (error as Error).message.split("\n");
    return base.map((figure) => ({ ...figure, samples: [], failed }));
  }
}
