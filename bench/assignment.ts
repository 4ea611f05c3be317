import type { SubjectName } from "./subject.ts";
import type { Patience } from "./work/repeat.ts";
import type { works } from "./work/index.ts";

export type WorkName = keyof typeof works;

/** What one process has to measure. */
export interface Assignment {
  readonly work: WorkName;
  readonly subject: SubjectName;
  readonly n: number;
  readonly patience: Patience;
}
