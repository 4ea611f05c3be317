import type { EventType, JoineryEvent, ScopeInfo, ScopeKind, WaitDetails } from "../core/index.ts";
import { type CancellationWords, wordsOf } from "./cancellations.ts";
import { numbering } from "./numbering.ts";
import { holdersOf, isShared, numberOf } from "./waits.ts";
import { clip, textOf } from "./wording.ts";

/** An event as plain data, for a line of JSON. What a type of event does not have, is not there. */
export interface EventRecord {
  readonly type: EventType;
  /** On the clock of the scope. */
  readonly at: number;
  readonly scope: ScopeRecord;
  /** Of `waiting` and `resumed`. */
  readonly wait?: WaitRecord;
  /** Of `cancelled`, `absorbed`, `delivered` and `swallowed`. */
  readonly cancellation?: CancellationWords;
  /** Of `raised`, `failed` and `grouped`. */
  readonly error?: ErrorRecord;
  /** Of `cancelled` and `raised`: the names from the root. */
  readonly path?: string;
  /** Of `cancelled`: the number of the task that asked. */
  readonly by?: number | null;
  /** Of `failed`: the number of the child, or of the group itself. */
  readonly from?: number;
  /** Of `ended` and `settled`. */
  readonly outcome?: "done" | "failed" | "cancelled" | "fulfilled" | "rejected";
  /** Of `delivered` and `swallowed`. */
  readonly how?: "wait" | "signal" | "waited" | "returned";
  /** Of `swallowed`. */
  readonly times?: number;
  /** Of `adopted` and `settled`. */
  readonly ghost?: { readonly id: number; readonly label: string };
}

export interface ScopeRecord {
  readonly id: number;
  readonly kind: ScopeKind;
  readonly name: string;
  readonly parent: number | null;
  readonly host: number;
}

export interface WaitRecord {
  readonly kind: string;
  readonly label: string;
  /** What it waits for, if others may wait for it as well. */
  readonly resource: { readonly id: number; readonly kind: string; readonly name: string } | null;
  /** The tasks that had to do something at that moment. */
  readonly tasks: readonly number[];
}

/** An error; the same one has the same `id` in all records. */
export interface ErrorRecord {
  readonly id: number;
  /** Name and message. */
  readonly text: string;
  /** Of a group of errors: its members, to a depth of four and at most twenty each. */
  readonly errors?: readonly ErrorRecord[];
  readonly errorsOmitted?: number;
}

/**
 * An event as plain data: what a recorder writes, a line of JSON each.
 *
 * @example
 * ```ts
 * import { subscribe, taskGroup } from "joinery";
 * import { eventRecord } from "joinery/observe";
 *
 * const lines: string[] = [];
 * const stop = subscribe((event) => lines.push(JSON.stringify(eventRecord(event))));
 * await taskGroup(() => {}, { name: "crew" });
 * stop();
 * console.log(lines.length); // 2
 * ```
 */
export function eventRecord(event: JoineryEvent): EventRecord {
  const { type, at, scope } = event;
  return { type, at, scope: scopeRecord(scope), ...detailsOf(event) };
}

function scopeRecord({ id, kind, name, parent, host }: ScopeInfo): ScopeRecord {
  return { id, kind, name: clip(name), parent: parent ?? null, host };
}

function detailsOf(event: JoineryEvent): Partial<EventRecord> {
  switch (event.type) {
    case "waiting":
    case "resumed":
      return { wait: waitRecord(event) };
    case "cancelled":
      return { cancellation: wordsOf(event.error), path: event.path, by: event.by ?? null };
    case "absorbed":
      return { cancellation: wordsOf(event.error) };
    case "delivered":
      return { cancellation: wordsOf(event.error), how: event.how };
    case "swallowed":
      return { cancellation: wordsOf(event.error), how: event.how, times: event.times };
    case "raised":
      return { error: errorRecord(event.error), path: event.path };
    case "failed":
      return { error: errorRecord(event.error), from: event.from };
    case "grouped":
      return { error: errorRecord(event.error) };
    case "ended":
      return { outcome: event.outcome };
    case "adopted":
      return { ghost: ghostRecord(event.ghost) };
    case "settled":
      return { ghost: ghostRecord(event.ghost), outcome: event.outcome };
    default:
      return {};
  }
}

function waitRecord({ kind, label, resource }: WaitDetails): WaitRecord {
  const shared = isShared(resource)
    ? { id: numberOf(resource), kind: clip(resource.kind), name: clip(resource.name) }
    : null;
  const tasks = (resource && holdersOf(resource)) ?? [];
  return {
    kind: clip(kind),
    label: clip(label),
    resource: shared,
    tasks: tasks.slice(0, mostMembers),
  };
}

const mostMembers = 20;
const deepest = 4;

const errorNumber = numbering();

function errorRecord(error: Error, depth = 0): ErrorRecord {
  const own = { id: errorNumber(error), text: textOf(error) as string };
  const { errors } = error as { errors?: unknown };
  if (!Array.isArray(errors) || depth === deepest) return own;
  const members = errors.filter((member): member is Error => member instanceof Error);
  const shown = members.slice(0, mostMembers);
  return {
    ...own,
    errors: shown.map((member) => errorRecord(member, depth + 1)),
    errorsOmitted: errors.length - shown.length,
  };
}

function ghostRecord({ id, label }: { id: number; label: string }): { id: number; label: string } {
  return { id, label: clip(label) };
}
