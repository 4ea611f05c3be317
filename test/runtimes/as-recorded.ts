/**
 * Tests that are recorded to come out differently on this runtime have to do so: one that passes
 * after all is a failure, and its record is to be taken off.
 */

import { beforeEach } from "vitest";
import { whyDifferent } from "./record.ts";

declare module "vitest" {
  interface TaskMeta {
    /** Why the test fails on this runtime. */
    difference?: string;
  }
}

/** Holds all tests of the run to it. */
export function holdToRecord(): void {
  beforeEach(({ task }) => {
    const why = whyDifferent(task.fullName);
    if (why === undefined) return;
    Object.assign(task, { fails: true });
    task.meta.difference = why;
  });
}
