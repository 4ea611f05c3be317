import { describe, expect, test } from "vitest";
import type { Outcome, Verdict } from "../../conformance/kind.ts";
import { explain } from "../../conformance/tasks/explain.ts";
import { numbered } from "../../conformance/tasks/program.ts";

const program = numbered({ main: { id: 0, steps: [{ op: "sleep", id: 0, ms: 10 }] }, cancels: [] });
const python = { events: ["10: 1 slept"] };
const joinery = { events: ["20: 1 slept"] };
const neither = { events: [] };

type Answer = (request: Request) => { outcome: Outcome; rules: string[] };

interface Request {
  readonly rules: boolean;
  readonly order: number | null;
}

/** Explains the difference, with a CPython that answers as it is told. */
async function verdict(answer: Answer): Promise<Verdict | undefined> {
  const ask = async (requests: readonly unknown[]): Promise<Outcome[]> =>
    requests.map((request) => answer(request as Request));
  const [first] = await explain([{ program, python, joinery }], ask);
  return first;
}

describe("a difference is explained", () => {
  test("by the rules with which CPython does the same", async () => {
    expect(await verdict(() => ({ outcome: joinery, rules: ["level"] }))).toEqual({
      explainedBy: ["level"],
    });
  });

  test("by another order as well, if it takes one", async () => {
    const found = await verdict(({ order }) => ({
      outcome: order === 100 ? joinery : python,
      rules: ["level"],
    }));
    expect(found).toEqual({ explainedBy: ["level", "order"] });
  });

  test("by the order alone, if CPython does the same without any rule", async () => {
    const found = await verdict(({ rules }) => ({
      outcome: rules ? neither : joinery,
      rules: [],
    }));
    expect(found).toEqual({ explainedBy: ["order"] });
  });
});

describe("a difference is not explained", () => {
  test("by rules with which CPython does something else", async () => {
    const answer = { outcome: neither, rules: ["level"] };
    expect(await verdict(() => answer)).toMatchObject({ expected: neither });
  });

  test("by the rules as a whole, if none of them was applied", async () => {
    const found = await verdict(({ rules }) => ({
      outcome: rules ? joinery : python,
      rules: [],
    }));
    expect(found).toHaveProperty("unexplained");
  });
});
