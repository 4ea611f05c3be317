import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const page = join(import.meta.dirname, "..", "..", "docs", "runtimes.md");
const columns = ["runtime", "version", "tests", "passed", "failed", "skipped"];

/** The results as a Markdown table. */
export function table(reports) {
  const rows = reports.map(({ name, version, passed, failed, skipped }) => {
    const counts = [passed, failed.length, skipped.length];
    return [name, version, counts.reduce((sum, count) => sum + count), ...counts];
  });
  return [columns, columns.map(() => "---"), ...rows].map((row) => `| ${row.join(" | ")} |`);
}

/** Puts `lines` in the place of the table in `docs/runtimes.md`. */
export function recordTable(lines) {
  const text = readFileSync(page, "utf8");
  const recorded = new RegExp(`^\\| ${columns.join(" \\| ")} \\|\\n(\\|.*\\n)+`, "m");
  if (!recorded.test(text)) throw new Error(`${page} has no table to write to`);
  writeFileSync(page, text.replace(recorded, `${lines.join("\n")}\n`));
}
