/** What a scenario plays on: it keeps the books that are audited after each run. */

import { shield, sleep } from "joinery";
import { leavesOf } from "./leaves.ts";
import { ClockOfMoments, type Moments } from "./moments.ts";

/** A small program on the public surface. */
export type Scenario = (stage: Stage) => Promise<unknown>;

/** How a piece of work ends: by itself, and when it is stopped. */
export type Ending =
  | "returns"
  | "fails"
  /** Its cleanup takes a while, behind a shield. */
  | "tidies up"
  /** Its cleanup waits for a promise of somebody else. */
  | "tidies up abroad"
  | "fails when stopped"
  /** Catches its cancellation and tries again; the next wait stops it. */
  | "swallows";

export class Stage {
  readonly clock: ClockOfMoments;
  readonly trace: string[] = [];
  blockOver = false;
  runOver = false;
  readonly #afterBlock: string[] = [];
  readonly #afterRun: string[] = [];
  /** The errors that were thrown, and those of them that the scenario has dealt with. */
  readonly raised = new Set<Error>();
  readonly handled = new Set<unknown>();
  /** Errors that nobody may own: of background tasks, and of promises that were left behind. */
  readonly unowned = new Set<unknown>();
  /** Codes of joinery's own errors that may come out. */
  readonly codes = new Set<string>(["JOINERY_TIMEOUT"]);
  readonly #resources = new Map<string, number>();
  readonly #promises: Promise<unknown>[] = [];
  readonly #moments: Moments;

  constructor(moments: Moments) {
    this.#moments = moments;
    this.clock = new ClockOfMoments(moments);
  }

  /** Something happens. */
  say(what: string): void {
    this.#moments.changed();
    this.trace.push(`${Math.floor(this.clock.now())} ${what}`);
    if (this.blockOver) this.#afterBlock.push(what);
    if (this.runOver) this.#afterRun.push(what);
  }

  /** What happened after the block was over, or, for tasks of the `run`, after that. */
  late(ofRun: boolean): readonly string[] {
    return ofRun ? this.#afterRun : this.#afterBlock;
  }

  /** An error that is about to be thrown. */
  error(name: string): Error {
    return this.raise(new Error(`${name}!`));
  }

  raise(error: Error): Error {
    this.raised.add(error);
    this.say(`raises ${error.message}`);
    return error;
  }

  /** One of a background task, or of a loser: announced where nobody takes it. */
  unownedError(name: string): Error {
    this.say(`raises ${name}!`);
    return this.foreignError(name);
  }

  /** One of a promise of somebody else, who goes on whatever happens. */
  foreignError(name: string): Error {
    const error = new Error(`${name}!`);
    this.raised.add(error);
    this.unowned.add(error);
    return error;
  }

  /** The scenario has caught `error` and will not throw it on. */
  handle(error: unknown): void {
    for (const leaf of leavesOf(error)) this.handled.add(leaf);
  }

  acquire(name: string): void {
    this.#resources.set(name, (this.#resources.get(name) ?? 0) + 1);
    this.say(`+${name}`);
  }

  release(name: string): void {
    this.#resources.set(name, (this.#resources.get(name) ?? 0) - 1);
    this.say(`-${name}`);
  }

  /** What was acquired and not released, or released twice. */
  unbalanced(): string[] {
    return [...this.#resources].flatMap(([name, left]) => (left === 0 ? [] : [name]));
  }

  /** A promise of somebody else, who knows of no scope. It settles just after the millisecond: never together with a sleep. */
  promise<T>(ms: number, value: T): Promise<T> {
    const promise = new Promise<T>((resolve) => {
      this.clock.setTimeout(() => resolve(value), ms + 0.001);
    });
    this.#promises.push(promise);
    return promise;
  }

  /** Resolves when all promises of somebody else have settled. */
  async promisesSettled(): Promise<void> {
    await Promise.allSettled(this.#promises);
  }

  /** Work that holds a resource, sleeps for `ms` and returns its name. */
  work(name: string, ms: number, ending: Ending = "returns"): () => Promise<string> {
    return async () => {
      this.acquire(name);
      try {
        await this.#labour(name, ms, ending);
        this.say(`${name} ends`);
        return name;
      } finally {
        if (ending === "tidies up") await shield(() => sleep(3), { within: 50 });
        if (ending === "tidies up abroad") await this.promise(3, undefined);
        this.release(name);
      }
    };
  }

  async #labour(name: string, ms: number, ending: Ending): Promise<void> {
    try {
      await sleep(ms);
    } catch (stopped) {
      if (ending === "fails when stopped") throw this.error(name);
      if (ending !== "swallows") throw stopped;
      this.say(`${name} goes on`);
      await sleep(1);
    }
    if (ending === "fails") throw this.error(name);
  }

  /** Work that fails by itself. */
  failure(name: string, ms: number): () => Promise<string> {
    return this.work(name, ms, "fails");
  }
}
