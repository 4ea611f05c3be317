import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { cells, type Cell } from "../../examples/tour/cells/index.ts";
import { codeOf, highlight } from "../../examples/tour/source.ts";
import { coloured } from "../../examples/tour/style.ts";
import { tour } from "../../examples/tour/tour.ts";
import { read } from "../support/repository.ts";
import { inPassingTime, VirtualClock } from "../support/virtual-clock.ts";

/** Plays the tour in virtual time, in which foreign code waits, too; gives its exit code and what it printed. */
async function play(args: string[], options: { cells?: readonly Cell[]; terminal?: true } = {}) {
  let text = "";
  const output = { write: (piece: string) => void (text += piece) };
  const terminal = { isTTY: true, columns: 80, rows: 50, hasColors: () => true };
  const shownOn = options.terminal ? { ...output, ...terminal } : output;
  const clock = new VirtualClock();
  let looks = 0;
  const date = vi.spyOn(Date, "now").mockImplementation(() => looks++);
  vi.stubGlobal("setTimeout", (callback: () => void, ms: number) => clock.setTimeout(callback, ms));
  try {
    const main = () => tour(args, shownOn, options.cells ?? cells);
    const code = await inPassingTime(main, { clock });
    return { code, text };
  } finally {
    date.mockRestore();
    vi.unstubAllGlobals();
  }
}

/** The cells that were played. */
function titles(text: string): (string | undefined)[] {
  return [...text.matchAll(/^─── (\w+) ─/gm)].map(([, id]) => id);
}

describe("the tour", () => {
  test("plays every cell as expected, with 0, and without colour where there is no terminal", async () => {
    const { code, text } = await play([]);
    expect(text).toContain(`✓ ${cells.length} cells, all as expected`);
    expect(code).toBe(0);
    expect(text).not.toContain("\x1b");
    expect(Math.max(...text.split("\n").map((line) => line.length))).toBeLessThanOrEqual(80);
  });

  test("names the line where the task of cell 9c waits", async () => {
    const { text } = await play(["9c"]);
    const [, file = "", line] = /at poll \((.*):(\d+):\d+\)/.exec(text) ?? [];
    expect(file).toBe("examples/tour/cells/09c-swallowed-cancel.ts");
    expect(read(file).split("\n")[Number(line) - 1]).toContain("await sleep(");
  });

  test("says how a cell differs, and ends with 1", async () => {
    const other = { ...cells[0]!, prints: ["Fired", "before"] };
    const { code, text } = await play([], { cells: [other, cells[4]!] });
    expect(text).toContain("      Fired\n    - before\n    + after\n");
    expect(text).toContain("✗ 1 of 2 cells differ: 1\n");
    expect(code).toBe(1);
  });

  test("shows a warning that nobody asked for as a difference", async () => {
    const noisy = {
      ...cells[0]!,
      cell: async () => process.emitWarning("look out"),
      ends: ["cell done"],
    };
    const { code, text } = await play([], { cells: [noisy] });
    expect(text).toContain("+ Warning: look out");
    expect(code).toBe(1);
  });

  test("plays the cells that are asked for", async () => {
    expect(titles((await play(["6"])).text)).toEqual(["6"]);
    expect(titles((await play(["4", "9b", "1"])).text)).toEqual(["1", "4a", "4b", "9b"]);
  });

  test("on a terminal it is in colour, unless it is to be plain", async () => {
    const escape = "\x1b[";
    expect((await play(["5"], { terminal: true })).text).toContain(escape);
    expect((await play(["5", "--plain"], { terminal: true })).text).not.toContain(escape);
  });

  test("gives back the console and the listeners for warnings", async () => {
    const before = { log: console.log, listeners: process.listeners("warning") };
    await play(["1"]);
    expect({ log: console.log, listeners: process.listeners("warning") }).toEqual(before);
  });

  describe("with arguments it does not know", () => {
    let said = "";
    beforeEach(() => {
      said = "";
      vi.spyOn(process.stderr, "write").mockImplementation((text) =>
        Boolean((said += String(text))),
      );
    });
    afterEach(() => void vi.restoreAllMocks());

    test.each([
      { args: ["12"], line: "There is no cell 12. The cells are 1, 2, 3, 4a," },
      { args: ["1", "x"], line: "There is no cell x." },
      { args: ["--fast"], line: "Unknown option '--fast'" },
    ])("$args: says so in a line, plays nothing, and ends with 2", async ({ args, line }) => {
      expect(await play(args)).toEqual({ code: 2, text: "" });
      expect(said.startsWith(line)).toBe(true);
      expect(said.match(/\n/g)).toHaveLength(1);
    });
  });
});

describe("the code of a cell", () => {
  test.each(cells.map(({ id, file }) => ({ id, file })))(
    "$id is its file up to the end of its function",
    async ({ file }) => {
      const code = await codeOf(file);
      const source = read(`examples/tour/cells/${file}`);
      expect(source.startsWith(`${code.join("\n")}\n`)).toBe(true);
      expect(code[0]).toMatch(/^import .* from "joinery";$/);
      expect(code.at(-1)).toBe("}");
      expect(code.filter((line) => line.startsWith("async function cell("))).toHaveLength(1);
      expect(code.join("\n")).not.toContain("export default");
      expect(Math.max(...code.map((line) => line.length)), "fits into 80 columns").toBeLessThan(77);
    },
  );

  test("is coloured lightly: keywords, strings, comments", () => {
    expect(highlight('const s = "for"; // if', coloured)).toBe(
      '\x1b[35mconst\x1b[39m s = \x1b[32m"for"\x1b[39m; \x1b[2m// if\x1b[22m',
    );
  });
});
