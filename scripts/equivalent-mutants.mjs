/**
 * The mutants that a page lists as equivalent. Under a heading with the name of a file:
 *
 *     ```diff
 *     - a line as it stands in the file
 *     + the same line in the mutant
 *     ```
 *     The reason, for all pairs of the block.
 */
export function listedMutants(page) {
  const listed = [];
  for (const section of page.split(/^## /m).slice(1)) {
    const [file] = section.split("\n", 1);
    for (const [, block, reason] of section.matchAll(/^```diff\n(.*?)^```\n+(.*?)$/gms)) {
      if (/^(```|#|$)/.test(reason)) throw new Error(`${file}: no reason is given for\n${block}`);
      const lines = block.trimEnd().split("\n");
      for (let at = 0; at < lines.length; at += 2)
        listed.push({ file, before: side("-", lines[at]), after: side("+", lines[at + 1]) });
    }
  }
  return listed;
}

function side(sign, line) {
  if (!line?.startsWith(`${sign} `)) throw new Error(`expected a line with ${sign}, got: ${line}`);
  return line.slice(2);
}

/** The lines that a mutant of a report changes, before and after, each as one line. */
export function change(source, { location: { start, end }, replacement }) {
  const lines = source.split("\n").slice(start.line - 1, end.line);
  const head = lines[0].slice(0, start.column - 1);
  const tail = lines.at(-1).slice(end.column - 1);
  return { before: oneLine(lines.join("\n")), after: oneLine(head + replacement + tail) };
}

function oneLine(text) {
  return text.trim().replaceAll(/\s+/g, " ");
}
