/**
 * What `all`, `race`, `gather` and `waitFor` take: a function, which they start (and can cancel), a
 * task, which they may cancel, or a promise, which they can only await.
 */

import { abandonable } from "./abandonable.ts";
import { badArgument, outOfRange } from "./arguments.ts";
import { foreignPromise } from "./ghosts.ts";
import { explicitSignal } from "./context.ts";
import { isThenable } from "./errors.ts";
import { type Task, type TaskFunction, TaskScope } from "./task.ts";
import { type Parked, suspend, type Unpark } from "./wait.ts";

export type Item<T> = TaskFunction<T> | Task<T> | PromiseLike<T>;

/** What an item is worth. */
export type ItemValue<I> = I extends (...args: never[]) => infer R
  ? Awaited<R>
  : I extends PromiseLike<unknown>
    ? Awaited<I>
    : never;

/** A list or a record of items; the results have the same shape. */
export type Items =
  | readonly Item<unknown>[]
  | Iterable<Item<unknown>>
  | Readonly<Record<string, Item<unknown>>>;

/** Tuple in, tuple out; array or iterable in, array out; record in, record out. */
export type ItemValues<I> = I extends readonly unknown[]
  ? { -readonly [K in keyof I]: ItemValue<I[K]> }
  : I extends Iterable<infer T>
    ? ItemValue<T>[]
    : { -readonly [K in keyof I]: ItemValue<I[K]> };

/** The items in order, each as the function of a task, and the way back to the shape they came in. */
export interface ItemList {
  readonly functions: readonly TaskFunction<unknown>[];
  readonly items: readonly Item<unknown>[];
  /** The names of a record's keys. */
  readonly names: readonly string[] | undefined;
  assemble(values: readonly unknown[]): unknown;
}

export function listItems(items: unknown): ItemList {
  if (typeof items !== "object" || items === null || isThenable(items)) {
    throw badArgument(
      "items",
      "an array, an iterable or a record of functions, tasks and promises",
      items,
    );
  }
  const iterable = Symbol.iterator in items;
  const list = iterable
    ? [...(items as Iterable<Item<unknown>>)]
    : Object.values(items as Record<string, Item<unknown>>);
  const names = iterable ? undefined : Object.keys(items);
  const functions = list.map((item, index) =>
    typeof item === "function" ? item : itemFunction(item, names?.[index] ?? String(index)),
  );
  return {
    functions,
    items: list,
    names,
    assemble: (values) => (names ? record(names, values) : [...values]),
  };
}

function record(names: readonly string[], values: readonly unknown[]): Record<string, unknown> {
  return Object.fromEntries(names.map((name, index) => [name, values[index]]));
}

/** At least one item, where none would mean to wait for ever. */
export function expectItems(count: number, call: string): void {
  if (count > 0) return;
  throw outOfRange("items", `at least one item for ${call}`, [], "JOINERY_NO_ITEMS");
}

/** The function by which an item becomes a task, or the block of a timeout. */
export function itemFunction<T>(item: Item<T>, name: string): TaskFunction<T> {
  if (typeof item === "function") return item;
  if (item instanceof TaskScope)
    return (task) => takeOver(item as TaskScope<T>, explicitSignal(task));
  if (isThenable(item)) {
    foreignPromise(item); // may fail before its turn, and is not unhandled then
    return (task) =>
      abandonable(item as PromiseLike<T>, {
        label: `promise ${name}`,
        signal: explicitSignal(task),
      });
  }
  throw badArgument(`item ${name}`, "a function, a task or a promise", item);
}

/** Waits for a task as if it were our own work: a cancel of the wait cancels the task, and waits on until it is over. */
export function takeOver<T>(task: TaskScope<T>, signal?: AbortSignal): Promise<T> {
  const park = (wait: Parked<T>): Unpark => {
    task.deliver(wait);
    return (error) => {
      task.requestCancel("parent", error);
      return false;
    };
  };
  return task.misuse(signal) ?? suspend<T>(park, { signal, resource: task });
}
