/** Runs programs of tasks with joinery. `python/tasks.py` is the same in Python. */

import {
  asCompleted,
  createTask,
  exceptStar,
  gather,
  on,
  run,
  shield,
  sleep,
  taskGroup,
  timeout,
  wait,
  waitFor,
  CancelledError,
  type Clock,
  type Task,
  type TaskGroup,
  type TimeoutScope,
} from "joinery";
import type { Block, Program, Step, TaskNode } from "./program.ts";
import { classes, raisable, Record, text } from "../words.ts";

type TaskEnding = "done" | "failed" | "cancelled" | "running";

export interface TasksOutcome {
  /** `time: node what`, sorted at one time. */
  readonly events: readonly string[];
  /** By the number of the task. */
  readonly states: { readonly [id: string]: TaskEnding };
  /** The tasks that run when the main task is over. */
  readonly live: readonly number[];
}

type Handle = Task<string>;
type Create = (fn: () => Promise<string>) => Handle;
type Steps = {
  readonly [Op in Step["op"]]: (
    step: Extract<Step, { op: Op }>,
    place: Place,
  ) => string | void | Promise<string | void>;
};

/** Where a step stands: the group that it adds tasks to, the timeout that it moves. */
interface Place {
  readonly group?: TaskGroup;
  readonly timeout?: TimeoutScope;
}

/** Begins to run `program`; resolves when it is over. */
export async function interpret(program: Program, clock: Clock): Promise<TasksOutcome> {
  return new Interpreter(program, clock).run();
}

class Interpreter {
  readonly #program: Program;
  readonly #clock: Clock;
  readonly #record: Record;
  readonly #handles = new Map<number, Handle>();
  #live: number[] = [];

  constructor(program: Program, clock: Clock) {
    this.#program = program;
    this.#clock = clock;
    this.#record = new Record(() => clock.now());
  }

  async run(): Promise<TasksOutcome> {
    const { main, cancels } = this.#program;
    for (const { at, task } of cancels)
      this.#clock.setTimeout(() => this.#cancel("outside", task), at);
    const options = { clock: this.#clock, handleSignals: false, grace: Infinity };
    await run(() => this.#main(main), options);
    const handles = [...this.#handles].toSorted(([a], [b]) => a - b);
    return {
      events: this.#record.sorted(),
      states: Object.fromEntries(handles.map(([id, handle]) => [id, ending(handle)])),
      live: this.#live,
    };
  }

  /** What is left 1 ms after the main task, when nothing else happens, is ended by the run. */
  async #main(task: TaskNode): Promise<void> {
    await wait([this.#created(task, createTask, {})]);
    await sleep(1);
    const running = [...this.#handles].filter(([, handle]) => !handle.done());
    this.#live = running.map(([id]) => id).toSorted((a, b) => a - b);
  }

  #work(task: TaskNode, place: Place): () => Promise<string> {
    return async () => {
      this.#record.log(task.id, "starts");
      try {
        const value = await this.#block(task.steps, place);
        this.#record.log(task.id, `returns ${value}`);
        return value;
      } catch (error) {
        this.#record.log(task.id, `throws ${text(error)}`);
        throw error;
      }
    };
  }

  async #block(steps: Block, place: Place): Promise<string> {
    for (const step of steps) {
      const act = this.#steps[step.op] as (step: Step, place: Place) => Promise<string | void>;
      const value = await act(step, place);
      if (value !== undefined) return value;
    }
    return "nothing";
  }

  #created(task: TaskNode, create: Create, place: Place): Handle {
    const handle = create(this.#work(task, place));
    this.#handles.set(task.id, handle);
    return handle;
  }

  #all(tasks: readonly TaskNode[], place: Place): Handle[] {
    return tasks.map((task) => this.#created(task, createTask, place));
  }

  #cancel(who: number | string, target: number): void {
    const answer = this.#handles.get(target)?.cancel() ?? "is unknown";
    this.#record.log(who, `cancels ${target}: ${answer}`);
  }

  readonly #steps: Steps = {
    sleep: async (step) => {
      await sleep(step.ms);
      this.#record.log(step.id, "slept");
    },
    raise: (step) => {
      throw new raisable[step.error](`e${step.id}`);
    },
    return: (step) => `v${step.id}`,
    group: async (step, place) => {
      const value = await taskGroup(async (group) => {
        const inside = { ...place, group };
        const create: Create = (fn) => group.createTask(fn);
        for (const child of step.children) this.#created(child, create, inside);
        const result = await this.#block(step.body, inside);
        this.#record.log(step.id, "body over");
        return result;
      });
      this.#record.log(step.id, `group gives ${value}`);
    },
    spawn: (step, place) => {
      const { group } = place;
      if (group === undefined) return;
      this.#created(step.task, (fn) => group.createTask(fn), place);
      this.#record.log(step.id, "spawned");
    },
    create: (step, place) => void this.#created(step.task, createTask, place),
    gather: async (step, place) => {
      const items = step.handles
        ? this.#all(step.items, place)
        : step.items.map((task) => this.#work(task, place));
      const again = step.twice ? items.slice(0, 1) : [];
      const { returnExceptions } = step;
      const values: (string | Error)[] = await gather([...items, ...again], { returnExceptions });
      const said = values.map((value) => (typeof value === "string" ? value : text(value)));
      this.#record.log(step.id, `gathered ${said.join(", ")}`);
    },
    wait: async (step, place) => {
      const handles = this.#all(step.items, place);
      const { returnWhen } = step;
      const { done } = await wait(handles, { returnWhen, timeout: step.timeout ?? Infinity });
      const said = handles.map((handle) => (done.has(handle) ? "done" : "pending"));
      this.#record.log(step.id, `waited ${said.join(", ")}`);
    },
    asCompleted: async (step, place) => {
      for await (const task of asCompleted(this.#all(step.items, place))) {
        this.#record.log(step.id, `completed ${outcome(task as Handle)}`);
      }
      this.#record.log(step.id, "all completed");
    },
    waitFor: async (step, place) => {
      const value = await waitFor(() => this.#block(step.body, place), step.ms);
      this.#record.log(step.id, `in time ${value}`);
    },
    timeout: async (step, place) => {
      let inside: TimeoutScope | undefined;
      try {
        const value = await timeout(step.ms, (scope) => {
          inside = scope;
          return this.#block(step.body, { ...place, timeout: scope });
        });
        this.#record.log(step.id, `in time ${value}`);
      } finally {
        this.#record.log(step.id, `expired ${inside?.expired()}`);
      }
    },
    reschedule: (step, { timeout: scope }) =>
      scope?.reschedule(step.ms === null ? Infinity : this.#clock.now() + step.ms),
    shield: async (step, place) => {
      const value = await shield(() => this.#block(step.body, place), { within: Infinity });
      this.#record.log(step.id, `shielded ${value}`);
    },
    finally: async (step, place) => {
      try {
        const value = await this.#block(step.body, place);
        this.#record.log(step.id, `tried ${value}`);
      } finally {
        this.#record.log(step.id, "cleans up");
        const cleanup = (): Promise<string> => this.#block(step.cleanup, place);
        await (step.shielded ? shield(cleanup, { within: Infinity }) : cleanup());
        this.#record.log(step.id, "cleaned up");
      }
    },
    except: async (step, place) => {
      try {
        await this.#block(step.body, place);
      } catch (error) {
        if (!step.errors.some((name) => error instanceof classes[name])) throw error;
        this.#record.log(step.id, `caught ${text(error)}`);
        await this.#block(step.handler, place);
      }
    },
    exceptStar: async (step, place) => {
      try {
        await this.#block(step.body, place);
      } catch (error) {
        const clauses = step.clauses.map(({ errors, handler }, index) =>
          on(
            errors.map((name) => classes[name]),
            async (group) => {
              const which = index === 0 ? "first" : "second";
              this.#record.log(step.id, `${which} takes ${text(group)}`);
              await this.#block(handler, place);
            },
          ),
        );
        await exceptStar(error, ...clauses);
      }
    },
    swallow: async (step, place) => {
      try {
        await this.#block(step.body, place);
      } catch (error) {
        if (!(error instanceof CancelledError)) throw error;
        this.#record.log(step.id, "swallowed");
      }
    },
    cancel: (step) => this.#cancel(step.id, step.task),
    await: async (step) => {
      const handle = this.#handles.get(step.task);
      if (handle !== undefined) this.#record.log(step.id, `awaited ${await handle}`);
    },
  };
}

function ending(handle: Handle): TaskEnding {
  const { state } = handle;
  return state === "done" || state === "failed" || state === "cancelled" ? state : "running";
}

function outcome(handle: Handle): string {
  try {
    return handle.result();
  } catch (error) {
    return text(error);
  }
}
