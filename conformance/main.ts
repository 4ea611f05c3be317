/** `npm run conformance`: joinery and CPython, side by side. */

import { parseArgs } from "node:util";
import { compare, shrink } from "./compare.ts";
import type { Kind } from "./kind.ts";
import { kindNamed, kinds } from "./kinds.ts";
import { openOracle, type Oracle } from "./oracle.ts";
import { record } from "./record.ts";
import { failureReport, summary } from "./report.ts";

const { values } = parseArgs({
  options: {
    programs: { type: "string", default: "20000" },
    seed: { type: "string", default: String(Date.now() % 2 ** 31) },
    kind: { type: "string" },
    python: { type: "string" },
    record: { type: "boolean", default: false },
  },
});
const programs = whole("programs", values.programs);
const seed = whole("seed", values.seed);
const chosen = values.kind === undefined ? kinds : [kindNamed(values.kind)];

// How tasks end is compared; that nobody awaits some of them is what the programs are about.
process.on("unhandledRejection", () => {});

const oracle = await openOracle({ python: values.python });
try {
  console.log(`CPython ${oracle.version}, seed ${seed}`);
  if (values.record) await record(oracle);
  else for (const kind of chosen) await examine(kind, oracle);
} finally {
  await oracle.close();
}

async function examine(kind: Kind<unknown>, from: Oracle): Promise<void> {
  const start = performance.now();
  const progress = (count: number): void => report(`${kind.name}: ${count} programs`);
  const comparison = await compare(kind, from, { seed, programs, progress });
  report("");
  console.log(summary(kind.name, comparison, performance.now() - start));
  if (comparison.failure === undefined) return;
  const smallest = await shrink(kind, from, comparison.failure);
  const { seed: again, programs: count } = comparison.failure;
  const line = `npm run conformance -- --kind ${kind.name} --seed=${again} --programs ${count}`;
  console.log(failureReport(kind, smallest, line));
  process.exitCode = 1;
}

/** A line that the next one replaces, for people who watch. */
function report(line: string): void {
  if (process.stderr.isTTY) process.stderr.write(`\r\u001b[K${line}`);
}

function whole(name: string, text: string): number {
  if (/^-?\d+$/.test(text)) return Number(text);
  throw new TypeError(`--${name} has to be a whole number, and is ${text}`);
}
