/** `group.start()`: a child that says when it is ready. */

import { expectFunction } from "./arguments.ts";
import { asError, InvalidStateError } from "./errors.ts";
import type { Resource } from "./resource.ts";
import type { ChildOptions, StartingTask, TaskGroup } from "./task-group.ts";
import type { Task, TaskScope } from "./task.ts";
import { type Parked, suspend, type Unpark } from "./wait.ts";

export function startChild<V>(
  group: TaskGroup,
  fn: (task: StartingTask<V>) => unknown,
  options: ChildOptions,
): Promise<V> {
  const label = "a task to start";
  const handshake = new Handshake<V>();
  return suspend<V>((wait) => handshake.begin(wait, group, fn, options), {
    label,
    resource: handshake,
  });
}

/** Until the child is ready, its error belongs to the one who waits for it; from then on, to the group. */
class Handshake<V> implements Resource {
  readonly kind: string = "tasks";
  readonly name: string = "start";
  #wait!: Parked<V>;
  #child: TaskScope<unknown> | undefined;
  #state: "waiting" | "ready" | "given up" = "waiting";
  #failure: unknown;

  holders(): Task<unknown>[] {
    return this.#child ? [this.#child] : [];
  }

  begin(
    wait: Parked<V>,
    group: TaskGroup,
    fn: (task: StartingTask<V>) => unknown,
    options: ChildOptions,
  ): Unpark {
    this.#wait = wait;
    expectFunction("fn", fn);
    const name = options.name ?? (fn.name || "start");
    const child = group.createTask((task) => this.#run(fn, task), {
      ...options,
      name,
    }) as TaskScope<unknown>;
    this.#child = child;
    child.whenOver(() => this.#wait.reject(this.#failure ?? notStarted(child)));
    return (error) => {
      this.#state = "given up";
      this.#failure ??= error; // unless the child has failed, and is on its way out
      child.requestCancel("parent", error);
      return false; // the wait ends when the child is over
    };
  }

  async #run(fn: (task: StartingTask<V>) => unknown, task: Task<unknown>): Promise<unknown> {
    try {
      return await fn(Object.assign(task, { started: (value: V) => this.#started(value) }));
    } catch (error) {
      if (this.#state !== "waiting") throw error;
      this.#failure = asError(error);
      return undefined;
    }
  }

  #started(value: V): void {
    if (this.#state === "ready") {
      throw new InvalidStateError(
        "JOINERY_ALREADY_STARTED",
        "A task can say only once that it has started.",
      );
    }
    if (this.#state === "given up") return;
    this.#state = "ready";
    this.#wait.resolve(value);
  }
}

function notStarted(child: TaskScope<unknown>): Error {
  if (child.cancellation) return child.cancellation;
  const message = `${child.title} ended without calling task.started(value).`;
  return new InvalidStateError("JOINERY_NOT_STARTED", message);
}
