import { badArgument, outOfRange } from "../core/arguments.ts";
import type { ErrorCode } from "../core/index.ts";
import { Intake } from "./intake.ts";
import type { Lane, Outlet } from "./outlet.ts";
import type { Source } from "./source.ts";

/** What {@link feed} works with. */
export interface FeedSetting {
  /** Of the task or group that pulls. */
  readonly signal: AbortSignal;
  readonly outlet: Pick<Outlet<unknown>, "failed">;
  readonly lane: Lane;
}

/** Pulls item after item while there is room in the lane, until the source ends or something fails; then lets it go. */
export async function feed<T>(
  source: Source<T>,
  { signal, outlet, lane }: FeedSetting,
  take: (item: T, index: number) => void,
): Promise<void> {
  const intake = new Intake(source, signal);
  try {
    for (let index = 0; ; index++) {
      await lane.enter(signal);
      if (outlet.failed) return;
      const step = await intake.pull();
      if (step.done || outlet.failed) return;
      take(step.value, index);
    }
  } catch (error) {
    outlet.failed = true;
    throw error;
  } finally {
    await intake.close();
  }
}

/** A limit of `joinery/iter`: a whole number from 1, or `Infinity`. */
export function expectLimit(parameter: string, value: unknown, code: ErrorCode): void {
  if (value === Infinity || (Number.isInteger(value) && (value as number) >= 1)) return;
  const refuse = typeof value === "number" ? outOfRange : badArgument;
  throw refuse(parameter, "a whole number from 1, or Infinity", value, code);
}
