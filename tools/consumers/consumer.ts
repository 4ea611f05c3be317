// A program of somebody who uses joinery. It is compiled against the packed package by
// scripts/check-package.mjs, with several versions and settings of TypeScript. It is not executed.
import { all, ExceptionGroup, moveOnAfter, taskGroup, type Task } from "joinery";
import { CapacityLimiter, Channel, Lock, PriorityQueue, type Token } from "joinery/sync";

type Equal<A, B> =
  (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;

declare function same<Actual, Expected>(equal: Equal<Actual, Expected>): void;

export async function collections(): Promise<void> {
  const tuple = await all([() => 1, async () => "a"]);
  same<typeof tuple, [number, string]>(true);

  const record = await all({ a: () => 1 });
  same<typeof record.a, number>(true);
  // @ts-expect-error: a record comes out with the keys it went in with
  void record.b;
}

export async function groups(signal: AbortSignal): Promise<void> {
  await taskGroup(
    (group) => {
      const task = group.createTask(async () => 1);
      same<typeof task, Task<number>>(true);
      same<ReturnType<typeof task.result>, number>(true);
      same<typeof group.signal, AbortSignal>(true);
    },
    { signal },
  );
}

export async function deadlines(): Promise<void> {
  const outcome = await moveOnAfter(1, async () => "x");
  if (outcome.expired) same<typeof outcome.value, string | undefined>(true);
  else same<typeof outcome.value, string>(true);
}

export function errors(): void {
  const group = new ExceptionGroup("both", [new TypeError("one"), new RangeError("two")]);
  const found = group.subgroup(TypeError);
  same<typeof found, ExceptionGroup<TypeError> | undefined>(true);
}

export async function primitives(): Promise<void> {
  const token = await new Lock().acquire();
  same<typeof token, Token>(true);
  token[Symbol.dispose]();

  const length = await new CapacityLimiter(1).wrap((text: string) => text.length)("a");
  same<typeof length, number>(true);
  await new PriorityQueue<number>().put(1);
  // @ts-expect-error: objects have no order of their own
  void new PriorityQueue<object>();
  for await (const item of new Channel<string>(0).receiver) same<typeof item, string>(true);
}
