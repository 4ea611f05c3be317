/** The code of a cell: the text of its file, from the top to the end of its function `cell`. */

import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import type { Paint } from "./style.ts";

/** The folder of the tour's sources; this file may be the compiled one, in `dist`. */
const tour = new URL(import.meta.url.endsWith(".ts") ? "." : "..", import.meta.url);

const repository = new URL("../..", tour);

/** Lines of the source of a cell, given the name of its file. */
export async function codeOf(file: string): Promise<string[]> {
  const lines = (await readFile(new URL(`cells/${file}`, tour), "utf8")).split("\n");
  const begin = lines.findIndex((line) => line.startsWith("async function cell("));
  const end = lines.indexOf("}", begin);
  if (begin === -1 || end === -1) throw new Error(`${file} has no function named cell`);
  return lines.slice(0, end + 1);
}

const keywords =
  "as|async|await|catch|class|const|export|extends|finally|for|from|function|if|import|instanceof|" +
  "new|of|override|return|throw|try|type|while";
const tokens = new RegExp(
  [
    String.raw`(?<dim>//.*|/\*\*.*)`,
    String.raw`(?<string>"[^"]*"|\`[^\`]*\`)`,
    String.raw`(?<keyword>\b(?:${keywords})\b)`,
  ].join("|"),
  "g",
);

/** The same code with its keywords, strings and comments in colour. */
export function highlight(line: string, paint: Paint): string {
  return line.replace(tokens, (token, dim: string | undefined, string: string | undefined) => {
    if (dim !== undefined) return paint("dim", token);
    return paint(string === undefined ? "keyword" : "string", token);
  });
}

/** A text with the paths of this repository as one writes them in it: `examples/tour/main.ts`. */
export function withShortPaths(text: string): string {
  return text.replaceAll(repository.href, "").replaceAll(fileURLToPath(repository), "");
}
