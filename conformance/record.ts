/** `npm run conformance -- --record`: asks CPython again for all that is recorded, and writes the page. */

import { execFileSync } from "node:child_process";
import { writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import {
  differences,
  differencesFile,
  type Recording,
  regressionsFile,
  regressionsOf,
  ruledKinds,
  type WantedDifferences,
} from "./differences.ts";
import type { Oracle } from "./oracle.ts";
import { asyncioPage, pageFile } from "./page.ts";

export async function record(oracle: Oracle): Promise<void> {
  const entries = await Promise.all(
    differences.entries.map((entry) => recorded(oracle, entry.kind, entry)),
  );
  const wanted: WantedDifferences = { recordedWith: oracle.version, entries };
  await writeFile(differencesFile, JSON.stringify(wanted));
  await writeFile(pageFile, await asyncioPage(wanted));
  for (const kind of ruledKinds) {
    const cases = await Promise.all(
      regressionsOf(kind).map((each) => recorded(oracle, kind, each)),
    );
    await writeFile(regressionsFile(kind), JSON.stringify(cases));
  }
  const written = [differencesFile, ...ruledKinds.map(regressionsFile)];
  const files = written.map((file) => fileURLToPath(file));
  execFileSync("npx", ["--no-install", "oxfmt", ...files], { stdio: "ignore" });
}

async function recorded<R extends Recording>(oracle: Oracle, kind: string, of: R): Promise<R> {
  const { program } = of;
  const [python] = await oracle.run(kind, [program]);
  if (!ruledKinds.some((each) => each === kind)) return { ...of, python };
  const [ruled] = await oracle.run(kind, [{ program, rules: true, order: null }]);
  return { ...of, python, ruled };
}
