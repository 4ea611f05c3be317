import { AsyncLocalStorage } from "node:async_hooks";
import {
  formatException,
  moveOnAfter,
  shield,
  sleep,
  subscribe,
  taskGroup,
  timeout,
} from "joinery";
import {
  type CallInfo,
  createExecutor,
  type Engine,
  inProcess,
  propagate,
  remote,
  type RemoteFunction,
  type WireError,
} from "joinery/executor";
import { describe, expect, test } from "vitest";
import { takeWarnings } from "../support/no-leaks.ts";
import { inVirtualTime } from "../support/virtual-clock.ts";

const echo = remote("echo", (value: unknown) => value);
const rest = remote("rest", async (ms: number, { signal }) => {
  await sleep(ms, { signal });
  return ms;
});

describe("a call", () => {
  test("runs in a task of its own, named after the function", async () => {
    const names: string[] = [];
    const unsubscribe = subscribe(({ type, scope }) => {
      if (type === "started") names.push(scope.name);
    });
    await using executor = inProcess({ echo });
    await executor.call(echo, 1);
    unsubscribe();
    expect(names).toEqual(["echo"]);
  });

  test("that throws at once fails as one that rejects", async () => {
    const fail = remote("fail", (): void => {
      throw new RangeError("at once");
    });
    await using executor = inProcess({ fail });
    await expect(executor.call(fail)).rejects.toThrow(RangeError);
  });

  test("that leaves a scope open is told so", async () => {
    const careless = remote("careless", () => {
      void timeout(1000, () => sleep(500)).catch(() => {});
    });
    await using executor = inProcess({ careless });
    const code = "JOINERY_SCOPE_LEFT_OPEN";
    await expect(executor.call(careless)).rejects.toMatchObject({ code });
  });

  test("ends with its signal, also outside of any scope", async () => {
    await using executor = inProcess({ rest });
    const stop = new AbortController();
    const ended = executor.call(rest, 60_000, { signal: stop.signal });
    stop.abort(new Error("enough"));
    await expect(ended).rejects.toMatchObject({ source: "signal", cause: new Error("enough") });
  });

  test("is never handed over in a scope that is cancelled", async () => {
    const spawned: string[] = [];
    const engine = engineOf((message) => void spawned.push(message.fn));
    await using executor = createExecutor(engine);
    await moveOnAfter(0, async () => {
      await sleep(10).catch(() => {});
      await executor.call(echo, 1);
    });
    expect(spawned).toEqual([]);
  });

  test("has keys that no other executor makes, in order", async () => {
    const who = remote("who", (_: void, { key }) => key);
    await using one = inProcess({ who });
    await using other = inProcess({ who });
    const keys = [await one.call(who), await one.call(who), await other.call(who)];
    const [first, second, third] = keys.map((key) => key.split(/-(?=\d+$)/));
    expect([first?.[1], second?.[1], third?.[1]]).toEqual(["1", "2", "1"]);
    expect(first?.[0]).toBe(second?.[0]);
    expect(first?.[0]).not.toBe(third?.[0]);
  });

  test("takes what it transfers away from the caller", async () => {
    await using executor = inProcess({ echo });
    const bytes = new Uint8Array([1, 2, 3]);
    const back = await executor.call(echo, bytes, { transfer: [bytes.buffer] });
    expect(back).toEqual(new Uint8Array([1, 2, 3]));
    expect(bytes.byteLength).toBe(0);
  });

  test("may say what it transfers to its caller", async () => {
    const make = remote("make", (_: void, { transfer }) => {
      const bytes = new Uint8Array([1]);
      transfer(bytes.buffer);
      return bytes;
    });
    await using executor = inProcess({ make });
    expect(await executor.call(make)).toEqual(new Uint8Array([1]));
  });

  test.each([
    ["a function that is not remote", [() => {}], "JOINERY_INVALID_ARGUMENT"],
    ["no function", [undefined], "JOINERY_INVALID_ARGUMENT"],
    ["options that are none", [echo, 1, 7], "JOINERY_INVALID_ARGUMENT"],
    ["a key that is no text", [echo, 1, { key: 7 }], "JOINERY_INVALID_ARGUMENT"],
    ["a transfer that is no list", [echo, 1, { transfer: {} }], "JOINERY_INVALID_ARGUMENT"],
    ["an input that does not travel", [echo, () => {}], "JOINERY_DOES_NOT_TRAVEL"],
  ])("with %s is an error at the door", async (_, args, code) => {
    await using executor = inProcess({ echo });
    const call = executor.call.bind(executor) as unknown as (...args: unknown[]) => Promise<void>;
    await expect(call(...args)).rejects.toMatchObject({ code });
  });
});

describe("the calls under way", () => {
  test("are listed with where they are and what they do", async () => {
    const seen: CallInfo[][] = [];
    await using executor = inProcess({ rest }, { name: "here" });
    const look = (): void =>
      void seen.push(
        executor.calls.map((call) => ({ ...call, state: call.state, name: call.name })),
      );
    await inVirtualTime(() =>
      taskGroup(
        async (group) => {
          group.createTask(() => executor.call(rest, 60_000, { key: "k" }));
          await sleep(1);
          look();
          group.cancel();
          look();
        },
        { cancellable: true },
      ),
    );
    look();
    const call = { kind: "call", fn: "rest", key: "k", name: "rest on here (this process)" };
    const place = { worker: "this process", attempt: 1 };
    expect(seen).toMatchObject([
      [{ ...call, place, state: "running" }],
      [{ ...call, place, state: "cancelling" }],
      [],
    ]);
  });

  test("say when they wait for a worker, and which attempt it is", async () => {
    const began: ((place: { worker: string; attempt: number }) => void)[] = [];
    const engine = engineOf((_, begin) => void began.push(begin));
    const executor = createExecutor(engine);
    const ended = executor.call(echo, 1);
    const [call] = executor.calls;
    expect([call?.name, call?.state, call?.place]).toEqual(["echo on fake", "waiting", undefined]);
    began[0]?.({ worker: "w 2", attempt: 2 });
    expect([call?.name, call?.state]).toEqual(["echo on fake (w 2, attempt 2)", "running"]);
    await executor.close();
    await ended.catch(() => {});
  });

  test("are named where a task that does not end is named", async () => {
    const stubborn = remote("stubborn", () => shield(() => sleep(60), { within: Infinity }));
    await using executor = inProcess({ stubborn });
    await inVirtualTime(() =>
      taskGroup(
        async (group) => {
          group.createTask(() => executor.call(stubborn), { name: "child" });
          await sleep(5);
          group.cancel();
        },
        { cancellable: true, grace: 10 },
      ),
    );
    const [warning] = await takeWarnings();
    expect(warning).toContain('call "stubborn on in process (this process)"');
  });
});

describe("an executor", () => {
  test("closes once, and its engine when its calls are over", async () => {
    const trace: string[] = [];
    const engine = engineOf(() => {});
    const executor = createExecutor({
      ...engine,
      spawn(...args) {
        const child = engine.spawn(...args);
        void child.ended.then(() => trace.push("call over"));
        return child;
      },
      close: async () => void trace.push("closed"),
    });
    const ended = executor.call(echo, 1).catch(() => {});
    await Promise.all([executor.close(), executor.close()]);
    await ended;
    expect(trace).toEqual(["call over", "closed"]);
  });

  test("leaves the values of an engine that clones as they are", async () => {
    const value = { shared: new SharedArrayBuffer(1) };
    const sent: unknown[] = [];
    const executor = createExecutor({
      name: "cloning",
      clones: true,
      spawn({ input }) {
        sent.push(input);
        return { ended: Promise.resolve({ status: "value", value: input }), cancel() {} };
      },
      close: async () => {},
    });
    expect(await executor.call(echo, value)).toBe(value);
    expect(sent).toEqual([value]);
  });

  test("is closed by `await using`, and by nobody twice", async () => {
    const closed: string[] = [];
    const close = (): Promise<void> => Promise.resolve(void closed.push("closed"));
    const engine = { ...engineOf(() => {}), close };
    {
      await using executor = createExecutor(engine);
      await executor.close();
      closed.push("left");
    }
    {
      await using executor = createExecutor(engine);
      closed.push(executor.name);
    }
    expect(closed).toEqual(["closed", "left", "fake", "closed"]);
  });

  test("that closes says so to what it cancels, in one message for all", async () => {
    const asked: unknown[] = [];
    const executor = createExecutor(
      engineOf(
        () => {},
        (why) => void asked.push(why),
      ),
    );
    const calls = Promise.allSettled([executor.call(echo, 1), executor.call(echo, 2)]);
    await executor.close();
    await calls;
    expect(asked[0]).toMatchObject({ message: "fake is closed", data: { source: "shutdown" } });
    expect(asked[1]).toBe(asked[0]);
  });

  test("says how many calls run at once, if its engine does", () => {
    expect(createExecutor(engineOf(() => {})).concurrency).toBe(Infinity);
    expect(createExecutor({ ...engineOf(() => {}), concurrency: 3 }).concurrency).toBe(3);
  });

  test.each([undefined, {}, { name: "x" }, { spawn() {} }])(
    "of %o is an error at the door",
    (engine) => {
      const create = (): unknown => createExecutor(engine as unknown as Engine);
      expect(create).toThrow(expect.objectContaining({ code: "JOINERY_INVALID_ARGUMENT" }));
    },
  );
});

describe("propagators", () => {
  test("take what belongs to the caller along, each its own, until they are taken off", async () => {
    const seen: string[] = [];
    const see = remote("see", () => void seen.push("ran"));
    const add = (name: string): (() => void) =>
      propagate({
        inject: (headers) => void (headers[name] = `of ${name}`),
        extract: (headers, body) => {
          seen.push(headers[name] ?? "");
          return body();
        },
      });
    const [one, other] = [add("one"), add("other")];
    await using executor = inProcess({ see });
    await executor.call(see);
    one();
    await executor.call(see);
    other();
    await executor.call(see);
    expect(seen).toEqual(["of other", "of one", "ran", "of other", "ran", "ran"]);
  });

  test("reach all of the task: also who hears of its first step", async () => {
    const request = new AsyncLocalStorage<string>();
    const stops = [
      propagate({
        inject: (headers) => void (headers["request"] = request.getStore() ?? ""),
        extract: (headers, body) => request.run(`${headers["request"]} there`, body),
      }),
      subscribe(({ scope }) => seen.push(`${scope.name} for ${request.getStore()}`), {
        types: ["started"],
      }),
    ];
    const seen: (string | undefined)[] = [];
    const see = remote("see", () => void seen.push(request.getStore()));
    await using executor = inProcess({ see });
    await request.run("r-7", () => executor.call(see));
    for (const stop of stops) stop();
    expect(seen).toEqual(["see for r-7 there", "r-7 there"]);
  });

  test("that throw where the call arrives are an error of the call", async () => {
    const see = remote("see", () => {});
    const stop = propagate({
      inject: () => {},
      extract: () => {
        throw new RangeError("no such header");
      },
    });
    await using executor = inProcess({ see });
    await expect(executor.call(see)).rejects.toMatchObject({ message: "no such header" });
    stop();
  });

  test.each([undefined, {}, { inject() {} }])("%o is an error at the door", (propagator) => {
    const add = propagate as (propagator: unknown) => unknown;
    expect(() => add(propagator)).toThrow(
      expect.objectContaining({ code: "JOINERY_EXPECTED_FUNCTION" }),
    );
  });
});

test("an error shows the task of the caller, and where it was thrown", async () => {
  const bad = remote("bad", () => {
    throw new RangeError("poisoned");
  }) as RemoteFunction<void, void>;
  await using executor = inProcess({ bad });
  const error: unknown = await taskGroup((group) => {
    group.createTask(() => executor.call(bad), { name: "frame 3" });
  }).catch((reason: unknown) => reason);
  const lines = formatException(error)
    .split("\n")
    .map((line) => line.trim());
  expect(lines).toContain("task: frame 3");
  expect(lines).toContain("note: bad ran in this process");
  expect(lines.some((line) => line.includes("call.test.ts"))).toBe(true);
});

/** An engine whose calls end when they are cancelled. */
function engineOf(
  spawned: (...args: Parameters<Engine["spawn"]>) => void,
  cancelled: (why: WireError) => void = () => {},
): Engine {
  return {
    name: "fake",
    spawn(...args) {
      spawned(...args);
      let end: (outcome: { status: "lost"; lost: "worker" }) => void;
      const ended = new Promise<{ status: "lost"; lost: "worker" }>((resolve) => (end = resolve));
      return {
        ended,
        cancel(why) {
          cancelled(why);
          end({ status: "lost", lost: "worker" });
        },
      };
    },
    close: async () => {},
  };
}
