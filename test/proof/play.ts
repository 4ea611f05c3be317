/** One run of a scenario: what happened, and what the statistics said at its edges. */

import { statistics, type Statistics } from "joinery";
import { inPassingTime } from "../support/virtual-clock.ts";
import { type Announcements, takeAnnouncements } from "./announcements.ts";
import type { Mode, Outcome } from "./modes.ts";
import { Moments } from "./moments.ts";
import { type Scenario, Stage } from "./stage.ts";

export interface Run {
  readonly stage: Stage;
  readonly moments: Moments;
  /** `undefined` if it never ended. */
  readonly outcome: Outcome | undefined;
  /** The moment the block around the scenario has settled. */
  readonly atEdge: Statistics | undefined;
  /** The moment the outermost call has settled. */
  readonly atEnd: Statistics | undefined;
  /** When the promises of others have settled as well. */
  readonly afterwards: Statistics;
  readonly announcements: Announcements;
}

/** Virtual milliseconds after which a run hangs. No scenario takes as long as the grace of 5000 ms. */
const patience = 60_000;

/** Plays `scenario` with a cancellation at the moment `at`. */
export async function play(scenario: Scenario, mode: Mode, at: number): Promise<Run> {
  const moments = new Moments(at);
  const stage = new Stage(moments);
  let outcome: Outcome | undefined;
  let atEdge: Statistics | undefined;
  const main = async (): Promise<void> => {
    outcome = await mode
      .play({ stage, moments, scene: () => scenario(stage) })
      .catch((error: unknown): Outcome => ({ how: "threw", error }));
    atEdge = statistics();
    moments.end();
    stage.blockOver = true;
  };
  let atEnd: Statistics | undefined;
  const end = (): void => {
    atEnd = statistics();
    stage.runOver = true;
  };
  await stage.clock.within(patience, inPassingTime(main, { clock: stage.clock }).then(end));
  const books = { stage, moments, outcome, atEdge, atEnd };
  moments.end(); // if it hangs
  await stage.promisesSettled();
  const announcements = await takeAnnouncements();
  return { ...books, afterwards: statistics(), announcements };
}
