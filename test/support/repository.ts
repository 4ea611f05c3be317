import { readFileSync } from "node:fs";
import { join } from "node:path";

/** The root of the repository. */
export const root: string = join(import.meta.dirname, "..", "..");

/** The text of a file, named from the root. */
export function read(path: string): string {
  return readFileSync(join(root, path), "utf8");
}

/**
 * The rows of the Markdown table in `page` that has exactly these column titles, each row as its
 * cells without surrounding space, and without backticks where they are around all of it.
 */
export function tableRows(page: string, titles: readonly string[]): string[][] {
  const lines = read(page).split("\n");
  const header = lines.findIndex((line) => cells(line).join("|") === titles.join("|"));
  if (header === -1) throw new Error(`${page} has no table with the header ${titles.join(" | ")}`);

  const body = lines.slice(header + 2);
  const end = body.findIndex((line) => !line.startsWith("|"));
  return body.slice(0, end === -1 ? undefined : end).map(cells);
}

function cells(line: string): string[] {
  if (!line.startsWith("|")) return [];
  return line
    .split("|")
    .slice(1, -1)
    .map((cell) => cell.trim().replace(/^`([^`]*)`$/, "$1"));
}
