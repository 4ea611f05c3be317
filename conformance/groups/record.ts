/** `node conformance/dist/groups/record.js [PYTHON]`: asks CPython again for the outcomes in `recorded.jsonl`. */

import { readFile, writeFile } from "node:fs/promises";
import { openOracle } from "../oracle.ts";

const page = new URL("../../groups/recorded.jsonl", import.meta.url);
const lines = (await readFile(page, "utf8")).trimEnd().split("\n");
const cases = lines.map((line) => JSON.parse(line) as { program: unknown });
const oracle = await openOracle({ python: process.argv[2] });
const outcomes = await oracle.run(
  "groups",
  cases.map(({ program }) => program),
);
await oracle.close();
const recorded = cases.map(
  (entry, at) => `${JSON.stringify({ ...entry, python: outcomes[at] })}\n`,
);
await writeFile(page, recorded.join(""));
