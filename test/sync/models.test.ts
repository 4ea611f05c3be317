/** Every primitive against a model of it: random operations, and outcomes that are taken in a random order. */

import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Subject } from "./model/model.ts";
import { type Enter, Player, withActors } from "./model/player.ts";
import { subjects } from "./model/subjects.ts";

const actorCount = 3;
/** 100,000 in a long run: `JOINERY_RUNS=100000 npx vitest run test/sync/models.test.ts`. */
const runs = Number(process.env["JOINERY_RUNS"] ?? 1000);

/** Which actors have taken the outcome of what they did last: only then they do something else. */
type Taken = boolean[];

/** An actor does something; the scheduler decides when it takes the outcome, and goes on. */
class Step implements fc.AsyncCommand<Taken, Player> {
  readonly #scheduler: fc.Scheduler;
  readonly #actor: number;
  readonly #op: string;

  constructor(scheduler: fc.Scheduler, actor: number, op: string) {
    this.#scheduler = scheduler;
    this.#actor = actor;
    this.#op = op;
  }

  check(taken: Readonly<Taken>): boolean {
    return this.#op === "cancel" || taken[this.#actor] === true;
  }

  async run(taken: Taken, player: Player): Promise<void> {
    const actor = this.#actor;
    const outcome = player.play(actor, this.#op);
    if (this.#op !== "cancel") {
      taken[actor] = false;
      const label = this.toString();
      void outcome
        .then(() => this.#scheduler.schedule(Promise.resolve(), label))
        .then(() => (taken[actor] = true));
    }
    await player.compare();
  }

  toString(): string {
    return `${this.#actor} ${this.#op}`;
  }
}

/** Throws if `subject` ever does something that its model does not. */
async function playAtRandom(subject: Subject, actors: readonly Enter[]): Promise<void> {
  const step = fc.record({
    actor: fc.nat({ max: actorCount - 1 }),
    op: fc.constantFrom(...subject.ops, "cancel"),
  });
  const property = fc.asyncProperty(
    fc.scheduler(),
    fc.array(step, { maxLength: 30 }),
    async (scheduler, steps) => {
      const player = new Player(subject, actors);
      const commands = steps.map(({ actor, op }) => new Step(scheduler, actor, op));
      const taken = actors.map(() => true);
      await fc.scheduledModelRun(scheduler, () => ({ model: taken, real: player }), commands);
      await player.end();
    },
  );
  await fc.assert(property, { numRuns: runs });
}

describe("behaves as its model", { timeout: runs * 60 }, () => {
  test.for(subjects.map((subject) => [subject.name, subject] as const))(
    "%s",
    async ([, subject]) => {
      await expect(
        withActors(actorCount, (actors) => playAtRandom(subject, actors)),
      ).resolves.toBeUndefined();
    },
  );
});

test("a model that is wrong is found out", async () => {
  const [lock] = subjects;
  const wrong: Subject = {
    ...lock!,
    create() {
      const { model, real } = lock!.create();
      model.cancel = () => false;
      return { model, real };
    },
  };
  await withActors(actorCount, async (actors) => {
    await expect(playAtRandom(wrong, actors)).rejects.toThrow("Property failed");
  });
});
