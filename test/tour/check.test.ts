import { describe, expect, test } from "vitest";
import { differences } from "../../examples/tour/check.ts";

const cell = {
  id: "1",
  file: "01-example.ts",
  title: "an example",
  see: "three letters",
  cell: async () => {},
  prints: ["a", "b", "c"],
  ends: ["one done", "two cancelled"],
};
const ended = cell.ends;

function waitsAt(place: string) {
  return { printed: ["a", "task", `  at poll (${place})`, "c"], ended };
}

describe("the check of a cell", () => {
  test("finds no difference where there is none", () => {
    expect(differences(cell, { printed: ["a", "b", "c"], ended })).toEqual([]);
  });

  test("shows the lines that differ between those that do not", () => {
    expect(differences(cell, { printed: ["a", "x", "y", "c"], ended })).toEqual([
      "It has to print (- expected, + actual):",
      "  a",
      "- b",
      "+ x",
      "+ y",
      "  c",
    ]);
  });

  test.each([
    { what: "a line that is missing", printed: ["a", "b"], difference: "- c" },
    { what: "a line too many", printed: ["a", "b", "c", "c"], difference: "+ c" },
    { what: "the same lines in another order", printed: ["b", "a", "c"], difference: "- b" },
  ])("sees $what", ({ printed, difference }) => {
    expect(differences(cell, { printed, ended })).toContain(difference);
  });

  test("sees a task that ends in another way, or out of order", () => {
    const play = { printed: cell.prints, ended: ["one done", "two done"] };
    expect(differences(cell, play)).toEqual([
      "Its tasks have to end like this (- expected, + actual):",
      "  one done",
      "- two cancelled",
      "+ two done",
    ]);
    expect(differences(cell, { ...play, ended: ended.toReversed() })).not.toEqual([]);
  });

  test("does not look at how tasks end where the cell does not say it", () => {
    const { ends: _, ...silent } = cell;
    expect(differences(silent, { printed: cell.prints, ended: ["whatever"] })).toEqual([]);
  });

  test("takes … for any text, and everything else as it stands", () => {
    const waits = { ...cell, prints: ["a", "…at poll (poll.ts:…)", "c"] };
    expect(differences(waits, waitsAt("poll.ts:7:13"))).toEqual([]);
    expect(differences(waits, waitsAt("pollets:7:13"))).toEqual([
      "It has to print (- expected, + actual):",
      "  a",
      "- …at poll (poll.ts:…)",
      "+ task",
      "+   at poll (pollets:7:13)",
      "  c",
    ]);
  });
});
