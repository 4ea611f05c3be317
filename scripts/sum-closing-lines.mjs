// Passes on what several suites print, and ends with the sum of their closing lines: `123 passed, 0 failed`.
import { createInterface } from "node:readline";

const sum = { passed: 0, failed: 0, skipped: 0 };
for await (const line of createInterface({ input: process.stdin })) {
  console.log(line);
  const counts =
    /^(?<passed>\d+) passed, (?<failed>\d+) failed(?:, (?<skipped>\d+) skipped)?$/.exec(line);
  for (const [key, count] of Object.entries(counts?.groups ?? {})) sum[key] += Number(count ?? 0);
}
const skipped = sum.skipped > 0 ? `, ${sum.skipped} skipped` : "";
console.log(`${sum.passed} passed, ${sum.failed} failed${skipped}`);
