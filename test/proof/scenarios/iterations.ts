/** Loops over `joinery/iter`: mappers in flight, sources that wait, loops that are left. */

import { checkpoint, moveOnAfter, shield, sleep, taskGroup } from "joinery";
import { buffer, forEach, map, merge, zip } from "joinery/iter";
import type { Ending, Scenario, Stage } from "../stage.ts";

/** Numbers, each after a while; the source is a resource. */
async function* numbers(stage: Stage, count: number, ms = 1): AsyncGenerator<number> {
  stage.acquire("source");
  try {
    for (let i = 0; i < count; i++) {
      await sleep(ms);
      yield i;
    }
  } finally {
    stage.release("source");
  }
}

/** A source that knows nothing of joinery, and is told to close in the middle of a wait. */
function foreignNumbers(stage: Stage, count: number): AsyncIterable<number> {
  let given = 0;
  let closed = false; // its end and the call to close it may come together
  const close = (): IteratorResult<number> => {
    if (!closed) stage.release("foreign source");
    closed = true;
    return { done: true, value: undefined };
  };
  return {
    [Symbol.asyncIterator]() {
      stage.acquire("foreign source");
      return {
        next: async () => {
          await stage.promise(2, undefined);
          return given < count ? { done: false, value: given++ } : close();
        },
        return: async () => close(),
      };
    },
  };
}

type Endings = (n: number) => Ending;
const returns: Endings = () => "returns";

/** A mapper that holds a resource while it works, some milliseconds for each item. */
function working(stage: Stage, ending: Endings = returns): (n: number) => Promise<string> {
  return (n) => stage.work(`m${n}`, 1 + ((n * 2) % 5), ending(n))();
}

/** Takes all, and says so. */
async function takeAll(stage: Stage, loop: AsyncIterable<unknown>): Promise<void> {
  for await (const item of loop) stage.say(`got ${String(item)}`);
}

const mapping: Record<string, Scenario> = {
  "map: in order": (stage) =>
    takeAll(stage, map(numbers(stage, 5), working(stage), { concurrency: 3 })),
  "map: as they come": (stage) =>
    takeAll(stage, map(numbers(stage, 5), working(stage), { concurrency: 3, ordered: false })),
  "map: one at a time": (stage) =>
    takeAll(stage, map(numbers(stage, 3), working(stage), { concurrency: 1 })),
  "map: without a limit": (stage) =>
    takeAll(stage, map([0, 1, 2, 3], working(stage), { concurrency: Infinity })),
  "map: with a body that waits": async (stage) => {
    for await (const item of map(numbers(stage, 4), working(stage), { concurrency: 3 })) {
      stage.acquire("body");
      await sleep(2).finally(() => stage.release("body"));
      stage.say(`did ${item}`);
    }
  },
  "map: mappers that tidy up": (stage) =>
    takeAll(
      stage,
      map(
        numbers(stage, 4),
        working(stage, (n) => (n % 2 === 0 ? "tidies up" : "tidies up abroad")),
        { concurrency: 3 },
      ),
    ),
  "map: a mapper that swallows": (stage) =>
    takeAll(
      stage,
      map(
        numbers(stage, 4),
        working(stage, (n) => (n === 1 ? "swallows" : "returns")),
        { concurrency: 3 },
      ),
    ),
  "map: a mapper fails": (stage) =>
    takeAll(
      stage,
      map(
        numbers(stage, 6),
        working(stage, (n) => (n === 2 ? "fails" : "tidies up")),
        { concurrency: 3 },
      ),
    ),
  "map: two mappers fail in one turn": (stage) =>
    taskGroup((group) => {
      group.createTask(stage.work("other", 9, "tidies up"));
      group.createTask(() =>
        takeAll(
          stage,
          map(["a", "b"], (name) => stage.failure(name, 3)(), { concurrency: 2 }),
        ),
      );
    }),
  "map: over a source that knows nothing of scopes": (stage) =>
    takeAll(stage, map(foreignNumbers(stage, 3), working(stage), { concurrency: 2 })),
  "map: over a map": (stage) => {
    const inner = map(numbers(stage, 4), async (n) => (await sleep(2), n), { concurrency: 2 });
    return takeAll(stage, map(inner, working(stage), { concurrency: 2 }));
  },
  "map: shared by two": (stage) =>
    taskGroup(async (group) => {
      const results = map(numbers(stage, 5), working(stage), { concurrency: 2 });
      stage.say(`first ${String((await results.next()).value)}`);
      const workers = ["a", "b"].map((name) =>
        group.createTask(async () => {
          for (let step = await results.next(); !step.done; step = await results.next())
            stage.say(`${name} got ${step.value}`);
        }),
      );
      try {
        for (const worker of workers) await worker;
      } finally {
        await results.return();
      }
    }),
};

const leaving: Record<string, Scenario> = {
  "leave: by break": async (stage) => {
    const results = map(
      numbers(stage, 9),
      working(stage, () => "tidies up"),
      { concurrency: 3 },
    );
    for await (const item of results) if (item === "m1") break;
    await checkpoint();
  },
  "leave: by an error": (stage) =>
    taskGroup(async () => {
      const results = map(numbers(stage, 9), working(stage), { concurrency: 3 });
      for await (const item of results) if (item === "m1") throw stage.error("body");
    }),
  "leave: by a deadline": (stage) =>
    moveOnAfter(6, () =>
      takeAll(
        stage,
        map(
          numbers(stage, 99),
          working(stage, () => "tidies up"),
          { concurrency: 3 },
        ),
      ),
    ),
  "leave: a deadline for each step": async (stage) => {
    const results = map(numbers(stage, 3, 4), working(stage), { concurrency: 2 });
    try {
      stage.say(String((await results.next()).value));
      for (let done = false; !done;) {
        const step = await moveOnAfter(3, () => results.next());
        done = !step.expired && step.value.done === true;
      }
    } finally {
      await results.return();
    }
  },
  "leave: a generator around the loop": async (stage) => {
    const around = async function* (): AsyncGenerator<string> {
      yield* map(numbers(stage, 9), working(stage), { concurrency: 2 });
    };
    for await (const item of around()) if (item === "m1") break;
  },
  "leave: while a step waits": (stage) =>
    taskGroup(async (group) => {
      const results = map(numbers(stage, 2, 9), working(stage), { concurrency: 2 });
      const step = results.next();
      group.createTask(() => sleep(4).then(() => results.return()));
      try {
        stage.say(String((await step).done));
      } finally {
        await results.return();
      }
    }),
  "leave: mappers that fail then": async (stage) => {
    const fails = async (n: number): Promise<void> => {
      try {
        await sleep(n * 4);
      } catch {
        throw stage.unownedError(`m${n}`);
      }
    };
    for await (const _ of map(numbers(stage, 4), fails, { concurrency: 3 })) {
      await sleep(3);
      break;
    }
  },
};

const others: Record<string, Scenario> = {
  "forEach: all": (stage) =>
    forEach(
      numbers(stage, 5),
      working(stage, () => "tidies up"),
      { concurrency: 2 },
    ),
  "forEach: one fails": (stage) =>
    forEach(
      numbers(stage, 5),
      working(stage, (n) => (n === 3 ? "fails" : "tidies up")),
      { concurrency: 3 },
    ),
  "merge: two sources": (stage) =>
    takeAll(stage, merge([numbers(stage, 3, 2), numbers(stage, 2, 3), foreignNumbers(stage, 2)])),
  "merge: one fails": (stage) => {
    const failing = async function* (): AsyncGenerator<never> {
      yield* [];
      await stage.failure("source", 5)();
    };
    return takeAll(stage, merge([numbers(stage, 9, 2), failing()]));
  },
  "buffer: ahead of a slow body": async (stage) => {
    for await (const n of buffer(numbers(stage, 5), 2))
      await shield(() => sleep(3), { within: 50 }).then(() => stage.say(`did ${n}`));
  },
  "zip: the shortest ends": (stage) =>
    takeAll(stage, zip([numbers(stage, 2, 2), numbers(stage, 9, 3), foreignNumbers(stage, 3)])),
};

export const iterations: Record<string, Scenario> = { ...mapping, ...leaving, ...others };
