/** Every primitive against its model in every order of three tasks that do up to four things each. */

import { describe, expect, test } from "vitest";
import type { Subject } from "./model/model.ts";
import { type Enter, Player, withActors } from "./model/player.ts";
import { subjects } from "./model/subjects.ts";

type Program = readonly (readonly string[])[];

/** Who may do its next step: everybody who does not wait; and a cancel comes whenever it likes. */
function ready(program: Program, done: readonly number[], player: Player): number[] {
  return program.flatMap((steps, actor) => {
    const step = steps[done[actor]!];
    if (step === undefined) return [];
    return step === "cancel" || !player.model.waits(actor) ? [actor] : [];
  });
}

/** One of the actors that were ready. */
interface Choice {
  chosen: number;
  readonly of: number;
}

/** Plays `program` once, first as `choices` say and then whoever is ready first, which is added to them. */
async function playOnce(player: Player, program: Program, choices: Choice[]): Promise<void> {
  const seenBefore = choices.length - 1;
  const done = program.map(() => 0);
  for (let step = 0; ; step++) {
    const able = ready(program, done, player);
    if (able.length === 0) break;
    choices[step] ??= { chosen: 0, of: able.length };
    const actor = able[choices[step]!.chosen]!;
    void player.play(actor, program[actor]![done[actor]!++]!);
    await (step < seenBefore ? player.settle() : player.compare());
  }
  await player.end();
}

/** Plays every schedule of `program`; returns how many there are. */
async function playAll(
  subject: Subject,
  program: Program,
  actors: readonly Enter[],
): Promise<number> {
  const choices: Choice[] = [];
  for (let count = 1; ; count++) {
    await playOnce(new Player(subject, actors), program, choices);
    for (let last = choices.at(-1); last && last.chosen === last.of - 1; last = choices.at(-1))
      choices.pop();
    const last = choices.at(-1);
    if (last === undefined) return count;
    last.chosen++;
  }
}

describe("behaves as its model in every schedule", { timeout: 120_000 }, () => {
  const programs = subjects.flatMap((subject) =>
    subject.programs.map(
      (program, i) => [`${subject.name}, program ${i + 1}`, subject, program] as const,
    ),
  );
  test.for(programs)("%s", async ([name, subject, program]) => {
    const count = await withActors(program.length, (actors) => playAll(subject, program, actors));
    console.info(`${name}: ${count} schedules`);
    expect(count).toBeGreaterThan(100);
  });
});
