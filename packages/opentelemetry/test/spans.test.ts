/** Which spans there are, and where they stand in the trace. */

import { instrument } from "@joinery/opentelemetry";
import { ROOT_CONTEXT, context, SpanStatusCode, trace } from "@opentelemetry/api";
import { createTask, ExceptionGroup, moveOnAfter, sleep, taskGroup } from "joinery";
import { describe, expect, test } from "vitest";
import { turn } from "../../../test/support/turn.ts";
import { inPassingTime, inVirtualTime } from "../../../test/support/virtual-clock.ts";
import { Telemetry } from "./support.ts";

/** What instrumentation of others does around a piece of work. */
function spanned<R>(name: string, work: () => R): R {
  return trace.getTracer("the program").startActiveSpan(name, (span) => {
    try {
      return work();
    } finally {
      span.end();
    }
  });
}

/** The name of the active span. */
function active(): string | undefined {
  return (trace.getActiveSpan() as { name?: string } | undefined)?.name;
}

function queries(): Promise<void> {
  return taskGroup((group) => void group.createTask(() => {}, { name: "query" }), {
    name: "handler",
  });
}

function handlesRequest(): Promise<void> {
  return spanned("GET /", queries);
}

describe("there is a span", () => {
  test("for each named task and group, below that of the nearest scope around it that has one", async () => {
    await using telemetry = new Telemetry();
    await taskGroup(
      (group) => {
        group.createTask(() => turn(), { name: "one" });
        group.createTask(
          () =>
            moveOnAfter(1000, () =>
              taskGroup((inner) => {
                inner.createTask(() => {}, { name: "two" });
              }),
            ),
          {},
        );
      },
      { name: "crew" },
    );
    expect(telemetry.lines).toEqual([
      { name: "crew", outcome: "done" },
      { name: "one", parent: "crew", outcome: "done" },
      { name: "two", parent: "crew", outcome: "done" },
    ]);
  });

  test("of what `spanName` gives a name", async () => {
    const kinds: string[] = [];
    await using telemetry = new Telemetry({
      spanName({ kind, named, name }) {
        kinds.push(kind);
        return kind === "task" ? (named ? name.replace(/\d+/, "#") : "a task") : undefined;
      },
    });
    await taskGroup(
      async (group) => {
        group.createTask(() => {}, { name: "conn-7" });
        group.createTask(() => {});
        await moveOnAfter(1000, () => {}, { name: "limit" });
      },
      { name: "crew" },
    );
    expect(telemetry.lines.map(({ name }) => name)).toEqual(["conn-#", "a task"]);
    expect(kinds).toEqual(["group", "task", "task"]);
  });

  test("that lasts until all that was started inside is over", async () => {
    await using telemetry = new Telemetry();
    const { lines } = telemetry;
    await inVirtualTime(
      () =>
        taskGroup(
          (group) => {
            group.createTask(() => sleep(20), { name: "slow" });
            group.createTask(() => sleep(10), { name: "quick" });
          },
          { name: "crew" },
        ),
      { name: "main" },
    );
    expect(lines).toEqual([]);
    expect(telemetry.spans.map(({ name }) => name)).toEqual(["quick", "slow", "crew", "main"]);
    const { attributes } = telemetry.span("crew");
    expect(attributes).toEqual({
      "joinery.scope.id": expect.any(Number),
      "joinery.scope.kind": "group",
      "joinery.outcome": "done",
    });
  });

  test("no more once it was stopped: open ones end without an outcome", async () => {
    await using telemetry = new Telemetry();
    await taskGroup(
      async (group) => {
        telemetry.stop();
        telemetry.stop();
        await group.createTask(() => {}, { name: "late" });
      },
      { name: "early" },
    );
    expect(telemetry.lines).toEqual([{ name: "early" }]);
  });
});

describe("the active span", () => {
  test("inside a task is its own: what others start there is below it", async () => {
    await using telemetry = new Telemetry();
    const seen: string[] = [];
    const note = (where: string): void => void seen.push(`${where}: ${active()}`);
    await taskGroup(
      async (group) => {
        note("body");
        group.createTask(
          async () => {
            note("child");
            await turn();
            note("child after a wait");
            spanned("GET /", () => {});
          },
          { name: "worker" },
        );
        group.defer(() => note("cleanup"));
        await turn(4);
        note("body after a wait");
      },
      { name: "crew" },
    );
    note("after");
    expect(seen).toEqual([
      "body: crew",
      "child: worker",
      "child after a wait: worker",
      "body after a wait: crew",
      "cleanup: crew",
      "after: undefined",
    ]);
    expect(telemetry.lines).toContainEqual({ name: "GET /", parent: "worker" });
  });

  test("of the caller is the parent, if it was started in the scope around", async () => {
    await using telemetry = new Telemetry();
    await taskGroup(
      (group) => {
        spanned("batch", () => group.createTask(() => {}, { name: "item" }));
      },
      { name: "crew" },
    );
    expect(telemetry.lines).toEqual([
      { name: "crew", outcome: "done" },
      { name: "item", parent: "batch", outcome: "done" },
      { name: "batch", parent: "crew" },
    ]);
  });

  test("of a request is the parent, although the tree of the server is around it", async () => {
    await using telemetry = new Telemetry();
    await taskGroup(
      async (group) => {
        await context.with(ROOT_CONTEXT, handlesRequest);
        await context.with(ROOT_CONTEXT, () => group.createTask(() => {}, { name: "lost" }));
      },
      { name: "server" },
    );
    expect(telemetry.lines).toEqual([
      { name: "server", outcome: "done" },
      { name: "handler", parent: "GET /", outcome: "done" },
      { name: "query", parent: "handler", outcome: "done" },
      { name: "lost", parent: "server", outcome: "done" },
      { name: "GET /" },
    ]);
  });

  test("of a caller from elsewhere in the tree is a link: the group is the parent", async () => {
    await using telemetry = new Telemetry();
    await taskGroup(
      (group) => {
        const second = (): void => void group.createTask(() => {}, { name: "second" });
        group.createTask(second, { name: "first" });
      },
      { name: "crew" },
    );
    expect(telemetry.lines).toEqual([
      { name: "crew", outcome: "done" },
      { name: "first", parent: "crew", outcome: "done" },
      { name: "second", parent: "crew", outcome: "done", links: ["creator first"] },
    ]);
  });

  test("of a caller is the parent of a task in the background, which has no other", async () => {
    await using telemetry = new Telemetry();
    await taskGroup(() => createTask(() => {}, { name: "background" }), { name: "crew" });
    expect(telemetry.lines).toEqual([
      { name: "crew", outcome: "done" },
      { name: "background", parent: "crew", outcome: "done" },
    ]);
  });

  test("is not known without a context manager: parents are those of the tree", async () => {
    await using telemetry = new Telemetry();
    context.disable();
    const seen: (string | undefined)[] = [];
    await taskGroup(
      (group) => {
        const second = (): void => void group.createTask(() => {}, { name: "second" });
        group.createTask(second, { name: "first" });
        seen.push(active());
      },
      { name: "crew" },
    );
    expect(seen).toEqual([undefined]);
    expect(telemetry.lines).toEqual([
      { name: "crew", outcome: "done" },
      { name: "first", parent: "crew", outcome: "done" },
      { name: "second", parent: "crew", outcome: "done" },
    ]);
  });
});

describe("a failure", () => {
  test("is an error of the task and of its group, and the reason why the siblings stopped", async () => {
    await using telemetry = new Telemetry();
    const failing = inPassingTime(
      () =>
        taskGroup(
          (group) => {
            group.createTask(() => sleep(100), { name: "sibling" });
            group.createTask(() => Promise.reject(new RangeError("too far")), { name: "bad" });
          },
          { name: "crew" },
        ).catch((error: unknown) => error),
      { name: "main" },
    );
    expect(await failing).toBeInstanceOf(ExceptionGroup);
    expect(telemetry.lines).toEqual([
      { name: "main", outcome: "done" },
      { name: "crew", parent: "main", outcome: "failed" },
      { name: "sibling", parent: "crew", outcome: "cancelled", links: ["canceller bad"] },
      { name: "bad", parent: "crew", outcome: "failed" },
    ]);
    const [main, crew, sibling, bad] = ["main", "crew", "sibling", "bad"].map((name) =>
      telemetry.span(name),
    );
    expect(bad?.status).toEqual({ code: SpanStatusCode.ERROR, message: "too far" });
    expect(bad?.events).toMatchObject([
      {
        name: "exception",
        attributes: { "exception.type": "RangeError", "exception.message": "too far" },
      },
    ]);
    expect(crew?.status).toMatchObject({ code: SpanStatusCode.ERROR });
    expect(crew?.attributes).not.toHaveProperty(["joinery.cancel.source"]);
    expect(sibling?.status).toEqual({ code: SpanStatusCode.UNSET });
    expect(sibling?.attributes).toMatchObject({
      "joinery.cancel.source": "sibling-error",
      "joinery.cancel.scope": "crew",
      "joinery.cancel.by": "bad",
      "joinery.cancel.reason": "too far",
    });
    expect(main?.status).toEqual({ code: SpanStatusCode.UNSET });
  });

  test("of a task without a span is an error of its group alone", async () => {
    await using telemetry = new Telemetry();
    const failing = taskGroup(
      (group) => {
        group.createTask(() => sleep(1000), { name: "sibling" });
        group.createTask(() => Promise.reject(new RangeError("too far")));
      },
      { name: "crew" },
    );
    await expect(failing).rejects.toBeInstanceOf(ExceptionGroup);
    expect(telemetry.lines).toEqual([
      { name: "crew", outcome: "failed" },
      { name: "sibling", parent: "crew", outcome: "cancelled" },
    ]);
  });
});

describe("a cancellation", () => {
  test("is no error, says why, and links to the span that was active where it was asked for", async () => {
    await using telemetry = new Telemetry();
    await taskGroup(
      async (group) => {
        group.createTask(() => sleep(1000), { name: "worker" });
        await turn();
        spanned("shutdown", () => group.cancel("enough"));
      },
      { name: "crew", cancellable: true },
    );
    expect(telemetry.lines).toEqual([
      { name: "crew", outcome: "cancelled", links: ["canceller shutdown"] },
      { name: "worker", parent: "crew", outcome: "cancelled", links: ["canceller shutdown"] },
      { name: "shutdown", parent: "crew" },
    ]);
    const { status, attributes } = telemetry.span("worker");
    expect(status).toEqual({ code: SpanStatusCode.UNSET });
    expect(attributes).toMatchObject({
      "joinery.cancel.source": "explicit",
      "joinery.cancel.scope": "crew",
      "joinery.cancel.reason": "enough",
    });
  });

  test("that a scope asks of itself is no link", async () => {
    await using telemetry = new Telemetry();
    await taskGroup((group) => group.cancel(), { name: "crew", cancellable: true });
    expect(telemetry.lines).toEqual([{ name: "crew", outcome: "cancelled" }]);
  });

  test("by a signal is linked to the code that aborted it", async () => {
    await using telemetry = new Telemetry();
    const stop = new AbortController();
    const group = taskGroup(() => sleep(1000), { name: "crew", signal: stop.signal });
    spanned("shutdown", () => stop.abort());
    await expect(group).rejects.toMatchObject({ source: "signal" });
    expect(telemetry.lines[0]).toEqual({
      name: "crew",
      outcome: "cancelled",
      links: ["canceller shutdown"],
    });
  });

  test("by nobody who has a span has no link", async () => {
    await using telemetry = new Telemetry();
    const stop = new AbortController();
    const group = taskGroup(() => sleep(1000), { name: "crew", signal: stop.signal });
    stop.abort();
    await expect(group).rejects.toMatchObject({ source: "signal" });
    expect(telemetry.lines).toEqual([{ name: "crew", outcome: "cancelled" }]);
  });

  test("that is swallowed is seen: the task is done all the same", async () => {
    await using telemetry = new Telemetry();
    await taskGroup(
      async (group) => {
        group.createTask(() => sleep(1000).catch(() => {}), { name: "stubborn" });
        await turn();
        group.cancel();
      },
      { cancellable: true },
    );
    const { attributes } = telemetry.span("stubborn");
    expect(attributes).toMatchObject({
      "joinery.outcome": "done",
      "joinery.cancel.swallowed": 1,
      "joinery.cancel.source": "explicit",
    });
  });

  test("of a block without a span is an event in the span of its task", async () => {
    await using telemetry = new Telemetry();
    await taskGroup((group) => {
      group.createTask(() => moveOnAfter(0, () => sleep(1000), { name: "limit" }), {
        name: "worker",
      });
    });
    const { events, attributes } = telemetry.span("worker");
    expect(attributes["joinery.outcome"]).toBe("done");
    expect(events).toMatchObject([
      {
        name: "joinery.cancelled",
        attributes: { "joinery.cancel.source": "deadline", "joinery.cancel.scope": "limit" },
      },
    ]);
  });

  test("before the first step leaves no span", async () => {
    await using telemetry = new Telemetry();
    await taskGroup((group) => {
      group.createTask(() => {}, { name: "never" }).cancel();
    });
    expect(telemetry.lines).toEqual([]);
  });
});

test("another provider than the global one can be given", async () => {
  await using elsewhere = new Telemetry();
  elsewhere.stop();
  const tracers: string[] = [];
  const stop = instrument({
    metrics: false,
    tracerProvider: {
      getTracer(name) {
        tracers.push(name);
        return trace.getTracer(name);
      },
    },
  });
  await taskGroup(() => {}, { name: "crew" });
  stop();
  expect(tracers).toEqual(["@joinery/opentelemetry"]);
  expect(elsewhere.lines).toEqual([{ name: "crew", outcome: "done" }]);
});

test.each([
  ["options", null],
  ["spanName", { spanName: "x" }],
  ["metricAttributes", { metricAttributes: {} }],
  ["metrics", { metrics: "yes" }],
  ["tracerProvider", { tracerProvider: {} }],
  ["meterProvider", { meterProvider: null }],
])("bad %s are an error at the door", (name, options) => {
  const call = (): unknown => instrument(options as never);
  expect(call).toThrow(
    expect.objectContaining({
      code: "JOINERY_INVALID_ARGUMENT",
      message: expect.stringContaining(`Expected \`${name}\` to be`) as string,
    }),
  );
});
