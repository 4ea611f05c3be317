/** `npm run conformance -- --record`: asks CPython again for all that is recorded, and writes the page. */

import { execFileSync } from "node:child_process";
import { writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import {
  differences,
  differencesFile,
  type Recording,
  regressions,
  regressionsFile,
  type WantedDifferences,
} from "./differences.ts";
import type { Oracle } from "./oracle.ts";
import { asyncioPage, pageFile } from "./page.ts";

export async function record(oracle: Oracle): Promise<void> {
  const entries = await Promise.all(
    differences.entries.map((entry) => recorded(oracle, entry.kind, entry)),
  );
  const wanted: WantedDifferences = { recordedWith: oracle.version, entries };
  const cases = await Promise.all(regressions.map((each) => recorded(oracle, "tasks", each)));
  await writeFile(differencesFile, JSON.stringify(wanted));
  await writeFile(regressionsFile, JSON.stringify(cases));
  await writeFile(pageFile, await asyncioPage(wanted));
  const files = [differencesFile, regressionsFile].map((file) => fileURLToPath(file));
  execFileSync("npx", ["--no-install", "oxfmt", ...files], { stdio: "ignore" });
}

async function recorded<R extends Recording>(oracle: Oracle, kind: string, of: R): Promise<R> {
  const { program } = of;
  const [python] = await oracle.run(kind, [program]);
  if (kind !== "tasks") return { ...of, python };
  const [ruled] = await oracle.run(kind, [{ program, rules: true, order: null }]);
  return { ...of, python, ruled };
}
