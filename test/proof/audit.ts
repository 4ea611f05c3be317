/** What must hold after every run, whenever and however it was cancelled. */

import { ExceptionGroup, isCancelled, type Statistics } from "joinery";
import type { Mode, Outcome } from "./modes.ts";
import type { Run } from "./play.ts";
import { leavesOf } from "./leaves.ts";

/** What a scenario is allowed to leave behind at the edge of its block: background tasks of the `run`, or ghosts. */
export type Leaving = "nothing" | "tasks" | "ghosts";

/** All that is wrong with a run; `undisturbed` is the same without a cancellation. */
export function faultsOf(run: Run, undisturbed: Run, mode: Mode, leaving: Leaving): string[] {
  if (run.atEnd === undefined) return [`it hangs; last: ${run.stage.trace.at(-1)}`];
  return [
    ...outlived(run, leaving),
    ...run.stage.unbalanced().map((name) => `${name} was acquired and not released once`),
    ...lost(run),
    ...strange(run, mode),
    ...unexpected(run),
    ...(mode.unnoticed ? noticed(run, undisturbed) : changed(run, undisturbed)),
  ];
}

const nothing: Statistics = { tasks: 0, scopes: 0, timers: 0, listeners: 0, ghosts: 0 };
/** The task `main` of the run, in which the block was opened. */
const onlyMain: Statistics = { ...nothing, tasks: 1, scopes: 2 };

/** 1: nothing outlives its block. */
function outlived({ stage, atEdge, atEnd, afterwards }: Run, leaving: Leaving): string[] {
  const faults = stage.late(leaving === "tasks").map((what) => `after the end: ${what}`);
  if (leaving === "nothing") faults.push(...difference("at the edge", atEdge, onlyMain));
  const ghosts = leaving === "ghosts" ? (atEnd?.ghosts ?? 0) : 0;
  faults.push(...difference("at the end", atEnd, { ...nothing, ghosts }));
  return [...faults, ...difference("afterwards", afterwards, nothing)];
}

function difference(when: string, found: Statistics | undefined, due: Statistics): string[] {
  const [left, right] = [JSON.stringify(found), JSON.stringify(due)];
  return left === right ? [] : [`${when}: ${left} instead of ${right}`];
}

/** 2: every error comes out, was dealt with by the scenario, or was announced; and no error twice. */
function lost({ stage, outcome, announcements }: Run): string[] {
  const out = new Set(leavesIn(outcome));
  const unhandled = new Set(announcements.rejections.flatMap(leavesOf));
  const faults: string[] = [];
  for (const error of stage.raised) {
    const announced =
      unhandled.has(error) || announcements.warnings.some((text) => text.includes(error.message));
    if (!out.has(error) && !stage.handled.has(error) && !announced)
      faults.push(`lost: ${error.message}`);
    if (out.has(error) && announced) faults.push(`told twice: ${error.message}`);
  }
  return faults;
}

/** 3.2, 4.3: nothing comes out but errors of the scenario, and the cancellation itself where it may. */
function strange({ stage, outcome }: Run, mode: Mode): string[] {
  const faults: string[] = [];
  const legitimate = (leaf: unknown): boolean =>
    stage.raised.has(leaf as Error) ||
    stage.codes.has((leaf as { code: string }).code) ||
    mode.brings?.(leaf) === true;
  const error = outcome?.how === "threw" ? outcome.error : undefined;
  for (const leaf of leavesOf(error)) {
    const cancelled = isCancelled(leaf) && !stage.raised.has(leaf as Error);
    if (!legitimate(leaf)) faults.push(`came out: ${String(leaf)}`);
    else if (cancelled && leaf !== error) faults.push(`a cancellation in a group: ${String(leaf)}`);
  }
  return [...faults, ...repeated(error)];
}

/** 4.1: the same error object once. */
function repeated(error: unknown): string[] {
  if (!(error instanceof ExceptionGroup)) return [];
  const twice = new Set(error.errors).size < error.errors.length ? [`twice in ${error}`] : [];
  return [...twice, ...error.errors.flatMap(repeated)];
}

/** The process hears of nothing but errors that have no owner. */
function unexpected({ stage, announcements }: Run): string[] {
  const { warnings, rejections } = announcements;
  const names = [...stage.unowned].map((error) => (error as Error).message);
  return [
    ...warnings.filter((text) => !names.some((name) => text.includes(name))),
    ...rejections
      .flatMap(leavesOf)
      .filter((leaf) => !stage.unowned.has(leaf))
      .map((leaf) => `unhandled: ${String(leaf)}`),
  ];
}

/** A shield lets nothing through: not even the order of events is another. */
function noticed(run: Run, undisturbed: Run): string[] {
  return sketch(run) === sketch(undisturbed)
    ? []
    : [`noticed behind the shield: ${sketch(run)} instead of ${sketch(undisturbed)}`];
}

/** Where nothing was cancelled, the outcome is the undisturbed one. */
function changed(run: Run, undisturbed: Run): string[] {
  return run.moments.struck ? [] : noticed(run, undisturbed);
}

function sketch({ stage, outcome }: Run): string {
  const end =
    outcome?.how === "threw" ? leavesOf(outcome.error).map(String) : JSON.stringify(outcome);
  return [...stage.trace, end].join(" | ");
}

function leavesIn(outcome: Outcome | undefined): unknown[] {
  return outcome?.how === "threw" ? leavesOf(outcome.error) : [];
}
