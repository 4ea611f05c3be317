/** The package `@joinery/bullmq`: children of a group on other machines, over BullMQ and Redis. */

export { bullmq } from "./bullmq.ts";
export type { BullmqWorker } from "./queue-worker.ts";
export { serve } from "./serve.ts";
export type {
  BullmqOptions,
  CloseOptions,
  Connection,
  QueueOptions,
  ServeOptions,
} from "./options.ts";
