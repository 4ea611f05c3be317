import { badArgument, expectFunction, outOfRange } from "../core/arguments.ts";
import { branded } from "../core/errors.ts";
import { isCancelled, sleep } from "../core/index.ts";
import { type Choose, ChoosingScheduler } from "./choosing-scheduler.ts";
import { ReadableNames } from "./readable-names.ts";
import { scheduleTrace } from "./schedule-trace.ts";
import { AllSchedules, randomSchedule, type Schedule, scheduleOf } from "./schedules.ts";
import {
  runVirtually,
  type VirtualBody,
  type VirtualClock,
  type VirtualTimeOptions,
} from "./virtual-time.ts";

/** Schedules at random. */
export interface SeededOptions extends VirtualTimeOptions {
  /** How many, beginning with seed 0, or which. Default: 100. Seed 0 is the order without {@link explore}. */
  seeds?: number | readonly number[];
  exhaustive?: false;
  bound?: never;
  limit?: never;
}

/** All schedules, those with the fewest differences from the usual order first. */
export interface ExhaustiveOptions extends VirtualTimeOptions {
  exhaustive: true;
  /**
   * By how much a schedule may differ from the usual order: how often somebody who is ready has to wait for one who got
   * ready later. `Infinity` takes all there are. Default: 2, which shows most mistakes.
   */
  bound?: number;
  /** How many at most. Default: 10000. */
  limit?: number;
  seeds?: never;
}

/** What {@link explore} has done. */
export interface Exploration {
  /** How many schedules were run. */
  readonly schedules: number;
  /** Whether these were all within the bound. At random nobody can know. */
  readonly complete: boolean;
}

/**
 * `explore` has found a schedule in which the test fails. The message shows it, and the seed under which it can be
 * replayed. The `cause` is the error of the test.
 */
export class ScheduleError extends Error {
  override readonly name: string = "ScheduleError";
  readonly code = "JOINERY_SCHEDULE_FAILED" as const;
  /** For `JOINERY_SEED`. */
  readonly seed: string;
  /** The steps, as a table: a column for each task, a row for each step. */
  readonly trace: string;

  constructor(seed: string, count: number, trace: string, cause: Error) {
    const what = `${cause.name}: ${cause.message}`;
    const head = `Schedule ${count} fails. JOINERY_SEED=${seed} replays this one.`;
    super(`${head}\n\n${trace}\n\n${what}`, { cause });
    this.seed = seed;
    this.trace = trace;
  }
}
branded(ScheduleError, "joinery.ScheduleError");

/**
 * Runs a test in many orders: each time several tasks are ready to go on, another one is taken. Every
 * run has a virtual time of its own, as with {@link withVirtualTime}.
 *
 * A task is ready when it may take its first step, when a wait of joinery has its outcome, and when the children of
 * its group are over. What it does until its next wait is one step. Promises that are not joinery's go on when they
 * settle, and nobody can choose. Neither can anybody bring a step from one turn of the event loop into another: a
 * {@link checkpoint} lets all go on who are ready, and what fails in one turn is reported together.
 *
 * `body` is called once for each schedule, so it has to set up all that it uses. The same seed is the same
 * schedule, as long as `body` depends neither on real time nor on chance. With the environment variable
 * `JOINERY_SEED` every call runs only the schedule of that seed.
 *
 * Resolves when all schedules have passed. Rejects with {@link ScheduleError} at the first one that fails: in which
 * `body` throws, or ends in a deadlock. Rejects with `TypeError` or `RangeError` (`JOINERY_EXPECTED_FUNCTION`,
 * `JOINERY_INVALID_ARGUMENT`) on a bad argument, with `InvalidStateError` (`JOINERY_NOT_REPEATABLE`) if the
 * same choices lead to something else.
 *
 * *Cancellation*: by `signal`, or by a scope around it; rejects with the `CancelledError`.
 *
 * @example
 * ```ts
 * import { checkpoint, taskGroup } from "joinery";
 * import { explore } from "joinery/testing";
 *
 * async function counted(): Promise<void> {
 *   let count = 0;
 *   const increment = async (): Promise<void> => {
 *     const before = count;
 *     await checkpoint();
 *     count = before + 1;
 *   };
 *   await taskGroup(async (group) => {
 *     group.createTask(increment, { name: "a" });
 *     group.createTask(increment, { name: "b" });
 *   });
 *   if (count !== 2) throw new Error(`the count is ${count}`);
 * }
 *
 * await explore(counted).catch((error) => console.log(error.cause.message)); // the count is 1
 * ```
 *
 * Idea: Tokio's loom, Kotlin's Lincheck, Go's schedule fuzzing; the bound is that of delay-bounded scheduling.
 */
export async function explore(
  body: VirtualBody<unknown>,
  options: SeededOptions | ExhaustiveOptions = {},
): Promise<Exploration> {
  expectFunction("body", body);
  const replay = globalThis.process?.env?.["JOINERY_SEED"];
  if (replay) return replayed(body, replay, options);
  return options.exhaustive ? exhaustively(body, options) : atRandom(body, options);
}

type Body = VirtualBody<unknown>;

async function replayed(
  body: Body,
  seed: string,
  options: VirtualTimeOptions,
): Promise<Exploration> {
  const schedule = scheduleOf(seed);
  const expected = "a seed as an error of explore() names it: 17, or path:0.1";
  if (schedule === undefined) throw badArgument("JOINERY_SEED", expected, seed);
  await runSchedule(body, schedule, 1, options);
  return { schedules: 1, complete: false };
}

async function atRandom(body: Body, options: SeededOptions): Promise<Exploration> {
  const { seeds = 100 } = options;
  if (typeof seeds === "number") expectWhole("seeds", seeds);
  else for (const seed of seeds) expectWhole("seeds", seed, 0);
  const list = typeof seeds === "number" ? Array.from({ length: seeds }, (_, i) => i) : seeds;
  let schedules = 0;
  for (const seed of list) await runSchedule(body, randomSchedule(seed), ++schedules, options);
  return { schedules, complete: false };
}

async function exhaustively(body: Body, options: ExhaustiveOptions): Promise<Exploration> {
  const { bound = 2, limit = 10_000 } = options;
  if (bound !== Infinity) expectWhole("bound", bound, 0);
  expectWhole("limit", limit);
  const all = new AllSchedules(bound, limit);
  let schedules = 0;
  for (let schedule = all.next(); schedule !== undefined; schedule = all.next()) {
    all.ran(await runSchedule(body, schedule, ++schedules, options));
  }
  return { schedules, complete: !all.cut };
}

/** Runs one schedule, and returns the steps that were taken. */
async function runSchedule(
  body: Body,
  { seed, choose }: Schedule,
  count: number,
  options: VirtualTimeOptions,
): Promise<ChoosingScheduler["taken"]> {
  let refused: unknown;
  const chosen: Choose = (ready) => {
    try {
      return choose(ready);
    } catch (error) {
      refused ??= error;
      return 0;
    }
  };
  let clock: VirtualClock | undefined;
  const scheduler = new ChoosingScheduler(chosen, () => clock?.now() ?? options.start ?? 0);
  try {
    const main: Body = (given, task) => body((clock = given), task);
    await runVirtually(
      main,
      { ...options, name: options.name ?? (body.name || "main") },
      scheduler,
    );
  } catch (error) {
    // When we were cancelled ourselves, that is what comes out.
    if (isCancelled(error)) await sleep(0, { signal: options.signal });
    const trace = scheduleTrace(scheduler.taken, new ReadableNames());
    refused ??= new ScheduleError(seed, count, trace, error as Error);
  }
  if (refused !== undefined) throw refused;
  return scheduler.taken;
}

function expectWhole(parameter: string, value: unknown, least = 1): void {
  if (Number.isSafeInteger(value) && (value as number) >= least) return;
  throw outOfRange(parameter, `a whole number from ${least}`, value, "JOINERY_INVALID_ARGUMENT");
}
