/** The entry point `joinery/sync`: this list is the surface, and a test pins it. */

export { Lock, type LockStatistics } from "./lock.ts";
export { Semaphore, type SemaphoreStatistics } from "./semaphore.ts";
export { BoundedSemaphore } from "./bounded-semaphore.ts";
export {
  CapacityLimiter,
  type BorrowOptions,
  type CapacityLimiterStatistics,
} from "./capacity-limiter.ts";
export type { Token } from "./token.ts";

export { Event, type EventStatistics } from "./event.ts";
export {
  Condition,
  type ConditionOptions,
  type ConditionStatistics,
  type Truthy,
} from "./condition.ts";
export { Barrier, type BarrierStatistics } from "./barrier.ts";

export { Queue, type QueueOptions, type QueueStatistics } from "./queue.ts";
export { LifoQueue } from "./lifo-queue.ts";
export { PriorityQueue, type PriorityQueueOptions } from "./priority-queue.ts";
export { Channel } from "./channel.ts";
export type { Receiver, Sender } from "./channel-ends.ts";
export type { ChannelOptions, ChannelStatistics } from "./pipe.ts";

export type { PrimitiveOptions } from "./primitive.ts";
export { BrokenBarrierError, ChannelClosedError, QueueShutDown } from "./errors.ts";
