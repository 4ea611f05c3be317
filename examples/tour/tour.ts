/** The tour: which cells to play, and how it went. */

import { parseArgs } from "node:util";
import { cells as allCells, type Cell } from "./cells/index.ts";
import { play } from "./player.ts";
import { Screen, type Output } from "./screen.ts";

/** Plays what `args` say. Resolves with the exit code: 1 if a cell differs, 2 if the arguments are wrong. */
export async function tour(
  args: string[],
  output: Output = process.stdout,
  cells: readonly Cell[] = allCells,
): Promise<number> {
  const request = parse(args, cells);
  if (typeof request === "string") {
    process.stderr.write(`${request}\n`);
    return 2;
  }
  const screen = new Screen(output, request);
  screen.print("", `  ${screen.paint("title", "The asyncio notebook, live, in TypeScript")}`);
  const differing: Cell[] = [];
  for (const cell of request.cells) {
    if (!(await play(cell, screen))) differing.push(cell);
  }
  showSummary(request.cells, differing, screen);
  return differing.length === 0 ? 0 : 1;
}

/** The cells to play, or what is wrong with `args`. */
function parse(args: string[], cells: readonly Cell[]): { cells: Cell[]; plain: boolean } | string {
  try {
    const options = { plain: { type: "boolean", default: false } } as const;
    const { values, positionals } = parseArgs({ args, options, allowPositionals: true });
    const unknown = positionals.find((name) => !cells.some((cell) => isCalled(cell, name)));
    const ids = cells.map(({ id }) => id).join(", ");
    if (unknown !== undefined) return `There is no cell ${unknown}. The cells are ${ids}.`;
    const all = positionals.length === 0;
    const chosen = cells.filter((cell) => all || positionals.some((name) => isCalled(cell, name)));
    return { cells: chosen, plain: values.plain };
  } catch (error) {
    return (error as Error).message.replace(/\. .*/s, "."); // what follows is advice on other options
  }
}

/** `9` is 9a, 9b and 9c. */
function isCalled({ id }: Cell, name: string): boolean {
  return name === id || name === String(Number.parseInt(id, 10));
}

function showSummary(played: readonly Cell[], differing: readonly Cell[], screen: Screen): void {
  const cells = played.length === 1 ? "1 cell" : `${played.length} cells, all`;
  const names = differing.map(({ id }) => id).join(", ");
  const summary =
    differing.length === 0
      ? screen.paint("done", `✓ ${cells} as expected`)
      : screen.paint("failed", `✗ ${differing.length} of ${played.length} cells differ: ${names}`);
  screen.print("", summary);
}
