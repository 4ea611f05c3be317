import type { Limiter, Task } from "joinery";
import type { LifoQueue, Semaphore } from "joinery/sync";
import {
  type BorrowOptions,
  CapacityLimiter,
  Channel,
  type ChannelStatistics,
  Condition,
  Lock,
  type LockStatistics,
  PriorityQueue,
  Queue,
  type Receiver,
  type Sender,
  type Token,
  type Truthy,
} from "joinery/sync";
import { expectTypeOf } from "vitest";

const lock = new Lock();
expectTypeOf(lock.acquire()).toEqualTypeOf<Promise<Token>>();
expectTypeOf(lock.tryAcquire()).toEqualTypeOf<Token | undefined>();
expectTypeOf(lock.with(() => 1)).toEqualTypeOf<Promise<number>>();
expectTypeOf(lock.with(async () => "a")).toEqualTypeOf<Promise<string>>();
expectTypeOf<Token>().toExtend<Disposable>();
expectTypeOf<LockStatistics["owner"]>().toEqualTypeOf<Task<unknown> | undefined>();

// What limits groups.
expectTypeOf<CapacityLimiter>().toExtend<Limiter>();
expectTypeOf<Semaphore>().toExtend<Limiter>();
expectTypeOf<Lock>().toExtend<Limiter>();
const limiter = new CapacityLimiter(1);
expectTypeOf(limiter.wrap((a: number, b: string) => [a, b] as const)).toEqualTypeOf<
  (a: number, b: string) => Promise<readonly [number, string]>
>();
expectTypeOf(limiter.wrap(async () => 1)).toEqualTypeOf<() => Promise<number>>();
expectTypeOf<BorrowOptions["borrower"]>().toEqualTypeOf<object | undefined>();
// @ts-expect-error: a borrower is told from others by what it is, which a string cannot be
void limiter.acquire({ borrower: "me" });
// @ts-expect-error: the number of tokens has to be said
void new CapacityLimiter();
// @ts-expect-error: and so has the capacity of a channel
void new Channel();

const condition = new Condition({ lock });
declare const maybe: () => "a" | "" | 0 | undefined;
expectTypeOf(condition.waitFor(maybe)).toEqualTypeOf<Promise<"a">>();
expectTypeOf<Truthy<boolean>>().toEqualTypeOf<true>();
expectTypeOf<Truthy<number | null>>().toEqualTypeOf<number>();

const queue = new Queue<string>({ maxSize: 1 });
expectTypeOf(queue.get()).toEqualTypeOf<Promise<string>>();
expectTypeOf(queue.tryGet()).toEqualTypeOf<{ readonly value: string } | undefined>();
expectTypeOf(queue.values()).toEqualTypeOf<AsyncIterableIterator<string>>();
expectTypeOf<LifoQueue<number>>().toExtend<Queue<number>>();
expectTypeOf<PriorityQueue<number>>().toExtend<Queue<number>>();
// @ts-expect-error: this is a queue of strings
void queue.put(1);

void new PriorityQueue<number>();
void new PriorityQueue<number | string>({ name: "jobs" });
void new PriorityQueue<{ n: number }>({ compare: (a, b) => a.n - b.n });
// @ts-expect-error: objects have no order of their own
void new PriorityQueue<{ n: number }>();
// @ts-expect-error: and the other options do not give them one
void new PriorityQueue<{ n: number }>({ maxSize: 1 });

const { sender, receiver } = new Channel<string>(0, {
  onUndelivered: (item) => expectTypeOf(item).toEqualTypeOf<string>(),
});
expectTypeOf(sender).toEqualTypeOf<Sender<string>>();
expectTypeOf(receiver).toEqualTypeOf<Receiver<string>>();
expectTypeOf(sender.send("a")).toEqualTypeOf<Promise<void>>();
expectTypeOf(receiver.tryReceive()).toEqualTypeOf<{ readonly value: string } | undefined>();
expectTypeOf<ChannelStatistics["openSenders"]>().toEqualTypeOf<number>();
// @ts-expect-error: who can only send cannot receive
void sender.receive;
