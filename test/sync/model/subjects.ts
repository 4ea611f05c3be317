import { channels } from "./channels.ts";
import { boundedSemaphore, limiter, semaphore } from "./counts.ts";
import { condition, lock } from "./locks.ts";
import type { Subject } from "./model.ts";
import { lifoQueue, priorityQueue, queue } from "./queues.ts";
import { barrier, event } from "./signals.ts";

export const subjects: readonly Subject[] = [
  lock,
  semaphore,
  boundedSemaphore,
  limiter,
  event,
  condition,
  barrier,
  queue,
  lifoQueue,
  priorityQueue,
  ...channels,
];
