/** Programs of tasks: trees of steps, as they are sent to CPython. Times are in milliseconds. */

export type ErrorName = "A" | "B" | "C" | "TimeoutError" | "group";

/** Steps that are run one after the other; the first `return` ends them. */
export type Block = readonly Step[];

export interface TaskNode {
  readonly id: number;
  readonly steps: Block;
}

interface Clause {
  readonly errors: readonly ErrorName[];
  readonly handler: Block;
}

interface Numbered<Op extends string> {
  readonly op: Op;
  readonly id: number;
}

interface Within<Op extends string> extends Numbered<Op> {
  readonly ms: number;
  readonly body: Block;
}

interface Several<Op extends string> extends Numbered<Op> {
  readonly items: readonly TaskNode[];
}

interface Sleep extends Numbered<"sleep"> {
  readonly ms: number;
}
interface Raise extends Numbered<"raise"> {
  readonly error: "A" | "B" | "C" | "CancelledError";
}
type Return = Numbered<"return">;
interface Group extends Numbered<"group"> {
  readonly children: readonly TaskNode[];
  readonly body: Block;
}
/** Adds a task to the innermost group, which may be joining by then. */
interface Spawn extends Numbered<"spawn"> {
  readonly task: TaskNode;
}
/** Starts a task in the background. */
interface Create extends Numbered<"create"> {
  readonly task: TaskNode;
}
interface Gather extends Several<"gather"> {
  readonly returnExceptions: boolean;
  /** Whether the items are tasks that were started before. */
  readonly handles: boolean;
  /** Whether the first item is passed a second time. */
  readonly twice: boolean;
}
interface Wait extends Several<"wait"> {
  readonly returnWhen: "ALL_COMPLETED" | "FIRST_COMPLETED" | "FIRST_EXCEPTION";
  readonly timeout: number | null;
}
type AsCompleted = Several<"asCompleted">;
type WaitFor = Within<"waitFor">;
type Timeout = Within<"timeout">;
/** Moves the innermost timeout: `ms` from now, or away. */
interface Reschedule extends Numbered<"reschedule"> {
  readonly ms: number | null;
}
interface Shield extends Numbered<"shield"> {
  readonly body: Block;
}
interface Finally extends Numbered<"finally"> {
  readonly body: Block;
  readonly cleanup: Block;
  /** Whether joinery's cleanup stands in a `shield`. */
  readonly shielded: boolean;
}
interface Except extends Numbered<"except"> {
  readonly body: Block;
  readonly errors: readonly ErrorName[];
  readonly handler: Block;
}
interface ExceptStar extends Numbered<"exceptStar"> {
  readonly body: Block;
  readonly clauses: readonly [Clause, Clause];
}
/** Catches a cancellation and goes on. */
interface Swallow extends Numbered<"swallow"> {
  readonly body: Block;
}
interface Cancel extends Numbered<"cancel"> {
  readonly task: number;
}
interface Await extends Numbered<"await"> {
  readonly task: number;
}

export type Step =
  | Sleep
  | Raise
  | Return
  | Group
  | Spawn
  | Create
  | Gather
  | Wait
  | AsCompleted
  | WaitFor
  | Timeout
  | Reschedule
  | Shield
  | Finally
  | Except
  | ExceptStar
  | Swallow
  | Cancel
  | Await;

export interface Program {
  readonly main: TaskNode;
  /** Cancels from outside of any task. */
  readonly cancels: readonly { readonly at: number; readonly task: number }[];
}

/**
 * Gives every node its number, in the order of the text, and turns the numbers of `cancel` and `await`,
 * which are any at first, into those of tasks. A task awaits only tasks that stand before it and not
 * around it, so that no two wait for each other.
 */
export function numbered(raw: Program): Program {
  const program = structuredClone(raw) as Mutable<Program>;
  const tasks: number[] = [];
  const awaits: { step: Mutable<Await>; around: readonly number[] }[] = [];
  const cancels: { task: number }[] = [...program.cancels];
  let next = 0;
  const visitTask = (task: Mutable<TaskNode>, around: readonly number[]): void => {
    task.id = next++;
    tasks.push(task.id);
    visit(task.steps, [...around, task.id]);
  };
  const visit = (steps: Block, around: readonly number[]): void => {
    for (const step of steps as Mutable<Step>[]) {
      step.id = next++;
      if (step.op === "await") awaits.push({ step, around });
      if (step.op === "cancel") cancels.push(step);
      for (const task of tasksOf(step)) visitTask(task, around);
      for (const block of blocksOf(step)) visit(block, around);
    }
  };
  visitTask(program.main, []);
  for (const cancel of cancels) cancel.task = tasks[cancel.task % tasks.length] as number;
  for (const { step, around } of awaits) {
    const allowed = tasks.filter((id) => id < step.id && !around.includes(id));
    step.task = allowed[step.task % (allowed.length || 1)] ?? -1;
  }
  return program;
}

/** How many steps and tasks there are in `program`. */
export function size(program: Program): number {
  const ofTask = (task: TaskNode): number => 1 + ofBlock(task.steps);
  const ofBlock = (steps: Block): number => sum(steps.map(ofStep));
  const ofStep = (step: Step): number =>
    1 + sum(tasksOf(step).map(ofTask)) + sum(blocksOf(step).map(ofBlock));
  return ofTask(program.main);
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, each) => total + each, 0);
}

type Mutable<T> = T extends object ? { -readonly [K in keyof T]: T[K] } : T;

/** The tasks that a step starts. */
function tasksOf(step: Step): readonly TaskNode[] {
  if ("items" in step) return step.items;
  if (step.op === "group") return step.children;
  return step.op === "spawn" || step.op === "create" ? [step.task] : [];
}

/** The blocks in a step that run in the same task. */
function blocksOf(step: Step): readonly Block[] {
  const blocks = "body" in step ? [step.body] : [];
  if (step.op === "finally") blocks.push(step.cleanup);
  if (step.op === "except") blocks.push(step.handler);
  if (step.op === "exceptStar") for (const clause of step.clauses) blocks.push(clause.handler);
  return blocks;
}
