/** `docs/asyncio.md`, made of the wanted differences. */

import type { WantedDifference, WantedDifferences } from "./differences.ts";
import { kindNamed } from "./kinds.ts";
import { folder } from "./place.ts";
import { sideBySide } from "./report.ts";

export const pageFile: URL = new URL("../docs/asyncio.md", folder);

/** What no program can show: names, units, and what the other language has and this one has not. */
const spelling = [
  ["seconds", "milliseconds", "as every timer of the platform"],
  [
    "`BaseException`",
    "none: `exceptStar` lets a `CancelledError` pass by itself",
    "JavaScript has one kind of error",
  ],
  ["`snake_case`", "`camelCase`", "as everything of the platform"],
];

export async function asyncioPage({ recordedWith, entries }: WantedDifferences): Promise<string> {
  const sections = await Promise.all(entries.map(section));
  return `# What is different from asyncio

The names and the behaviour of groups, errors and timeouts are asyncio's. These are the differences,
each wanted. \`npm run conformance\` compares random programs with CPython, and takes nothing else for right.

${table(entries.map(({ asyncio, here, why }) => [asyncio, here, why]))}

And some things have another name or another unit:

${table(spelling)}

## Programs that show it

Each line of an outcome is a time and what happened then: the number of a step or a task, and its words.
What CPython does was recorded with version ${recordedWith}.

${sections.join("\n\n")}

<!-- Made from conformance/differences.json by \`npm run conformance -- --record\`. -->
`;
}

function table(rows: readonly (readonly string[])[]): string {
  const lines = [["asyncio", "here", "why"], ["---", "---", "---"], ...rows];
  return lines.map((cells) => `| ${cells.join(" | ")} |`).join("\n");
}

async function section(entry: WantedDifference): Promise<string> {
  const kind = kindNamed(entry.kind);
  const [joinery] = await kind.run([entry.program]);
  const program = kind.print(entry.program);
  const outcomes = sideBySide("CPython", entry.python, "joinery", joinery).join("\n");
  return `### ${entry.name}\n\n\`\`\`text\n${program}\n\n${outcomes}\n\`\`\``;
}
