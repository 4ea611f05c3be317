import type { Task } from "joinery";
import {
  assertNoLeaks,
  explore,
  type ExhaustiveOptions,
  type Exploration,
  recordEvents,
  type SeededOptions,
  Sequencer,
  type VirtualBody,
  type VirtualClock,
  withVirtualTime,
} from "joinery/testing";
import { expectTypeOf } from "vitest";

expectTypeOf(withVirtualTime(async () => 5)).toEqualTypeOf<Promise<number>>();
expectTypeOf<Parameters<VirtualBody<void>>>().toEqualTypeOf<[VirtualClock, Task<unknown>]>();
void withVirtualTime((clock, { signal }) => clock.advance(5, { signal }));
// @ts-expect-error: a body is a function
void withVirtualTime(Promise.resolve());

expectTypeOf(explore(() => {})).toEqualTypeOf<Promise<Exploration>>();
void explore(() => {}, { seeds: [1, 2] } satisfies SeededOptions);
void explore(() => {}, { exhaustive: true, bound: 1 } satisfies ExhaustiveOptions);
// @ts-expect-error: schedules at random have no bound
void explore(() => {}, { seeds: 5, bound: 1 });

expectTypeOf(assertNoLeaks()).toEqualTypeOf<Promise<void>>();
expectTypeOf(assertNoLeaks(() => "a")).toEqualTypeOf<Promise<string>>();

expectTypeOf(new Sequencer().step(0)).toEqualTypeOf<Promise<void>>();
expectTypeOf(new Sequencer().step(0, () => 5)).toEqualTypeOf<Promise<number>>();

expectTypeOf(recordEvents().lines).toEqualTypeOf<readonly string[]>();
// @ts-expect-error: there is no such event
recordEvents({ types: ["begun"] });
