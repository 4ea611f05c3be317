/** Checks at the door, in the words of joinery. */

import { hostname } from "node:os";
import process from "node:process";
import type { BullmqOptions, Connection, QueueOptions, ServeOptions } from "./options.ts";

const shortest = 500;
/** What is kept in the stream of the callers lasts twice as long: see `protocol.ts`. */
const longest = 300_000;

/** The queue, with defaults. */
interface QueueSettings {
  readonly connection: Connection;
  readonly queue: string;
  readonly prefix: string;
}

export interface CallerSettings extends QueueSettings {
  readonly name: string;
  readonly lease: number;
}

export interface WorkerSettings extends QueueSettings {
  readonly name: string;
  readonly lease: number;
  readonly concurrency: number;
  readonly onError: (error: Error) => void;
}

export function checkCaller(options: BullmqOptions): CallerSettings {
  return {
    ...checkQueue(options),
    name: checkText("name", options.name ?? "bullmq"),
    lease: checkLease(options.lease),
  };
}

export function checkWorker(options: ServeOptions): WorkerSettings {
  const queue = checkQueue(options);
  const { concurrency = 1, onError = warn } = options;
  if (!Number.isInteger(concurrency) || concurrency < 1)
    throw bad("concurrency", "a whole number from 1", concurrency, "JOINERY_INVALID_CONCURRENCY");
  if (typeof onError !== "function")
    throw bad("onError", "a function", onError, "JOINERY_EXPECTED_FUNCTION");
  const name = checkText("name", options.name ?? `${hostname()}/${process.pid}`);
  return { ...queue, name, lease: checkLease(options.lease), concurrency, onError };
}

function checkQueue(options: QueueOptions): QueueSettings {
  if (typeof options !== "object" || options === null)
    throw bad("options", 'an object like { connection: "redis://127.0.0.1:6379" }', options);
  const { connection, queue = "joinery", prefix = "bull" } = options;
  const isPlace = typeof connection === "object" && connection !== null;
  if (!isPlace && (typeof connection !== "string" || connection === ""))
    throw bad("connection", "a URL like redis://127.0.0.1:6379, or options of ioredis", connection);
  if (checkText("queue", queue).includes(":")) throw bad("queue", "a name without colons", queue);
  return { connection, queue, prefix: checkText("prefix", prefix) };
}

function checkText(parameter: string, value: unknown): string {
  if (typeof value === "string" && value !== "") return value;
  throw bad(parameter, "a name", value);
}

function checkLease(lease = 10_000): number {
  if (lease >= shortest && lease <= longest) return lease;
  throw bad("lease", `milliseconds from ${shortest} to ${longest}`, lease, "JOINERY_INVALID_TIME");
}

function bad(
  parameter: string,
  expected: string,
  value: unknown,
  code = "JOINERY_INVALID_ARGUMENT",
): TypeError {
  const got = typeof value === "string" ? JSON.stringify(value) : String(value);
  const message = `Expected \`${parameter}\` to be ${expected}, got ${got}.`;
  return Object.assign(new TypeError(message), { code });
}

function warn(error: Error): void {
  process.emitWarning(error.message, "BullmqWarning");
}
