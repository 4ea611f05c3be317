/** A fenced `ts` block of a Markdown page or of a doc comment. */
export interface CodeBlock {
  /** `README.md:12`: the file, and the line of the opening fence. */
  place: string;
  /** The code, at the lines it has in its file: a compiler error points into the document. */
  code: string;
  /** Whether it imports joinery. One that does not is a fragment, and nothing checks it. */
  complete: boolean;
  /** Whether it may be executed: its fence is not marked `no-run`. */
  runs: boolean;
}

/** All `ts` blocks of a text, be it a page or a source file with blocks in its doc comments. */
export function codeBlocks(file: string, text: string): CodeBlock[] {
  const blocks: CodeBlock[] = [];
  const lines = text.split("\n").map((line) => (file.endsWith(".ts") ? uncomment(line) : line));

  for (let start = 0; start < lines.length; start++) {
    const fence = /^(\s*)```ts( no-run)?\s*$/.exec(lines[start]!);
    if (fence === null) continue;
    const end = lines.indexOf(`${fence[1]}\`\`\``, start);
    if (end === -1) throw new Error(`${file}:${start + 1}: this block has no closing fence`);
    const code = "\n".repeat(start + 1) + lines.slice(start + 1, end).join("\n");
    blocks.push({
      place: `${file}:${start + 1}`,
      code,
      complete: /from "joinery["/]/.test(code),
      runs: fence[2] === undefined,
    });
    start = end;
  }
  return blocks;
}

/** A line of a doc comment without its ` * `; other lines of source are blank. */
function uncomment(line: string): string {
  return /^\s*\* ?(?!\/)(.*)$/.exec(line)?.[1]?.trimEnd() ?? "";
}

/** What a block says it prints. */
export interface Expectation {
  lines: string[];
  /** Whether every `console.log` of the block says what it prints. */
  exact: boolean;
}

const arrow = /(?:^\s*|; )\/\/ → ?(.*)$/;
const remark = /; \/\/ (.*)$/;

/**
 * Reads `console.log(x); // → text` and `console.log(x); // text`. A line that is nothing but
 * `// → text` is one more printed line: of a loop, or of a text with several lines.
 */
export function expectation(code: string): Expectation {
  const found: Expectation = { lines: [], exact: true };
  for (const line of code.split("\n")) {
    const logs = /^(?!\s*\/\/).*\bconsole\.log\(/.test(line);
    const comment = arrow.exec(line) ?? (logs ? remark.exec(line) : null);
    const text = comment?.[1];
    if (text !== undefined) found.lines.push(text.trimEnd());
    else if (logs) found.exact = false;
  }
  return found;
}

/** Those of the `expected` lines that were printed, in that order, whatever was printed between. */
export function inOrder(printed: readonly string[], expected: readonly string[]): string[] {
  const seen: string[] = [];
  for (const line of printed) if (line === expected[seen.length]) seen.push(line);
  return seen;
}
