import { once } from "node:events";
import { addAbortSignal, PassThrough, Readable, Writable } from "node:stream";
import { finished, pipeline } from "node:stream/promises";
import { ReadableStream, TransformStream, WritableStream } from "node:stream/web";
import { describe, expect, test } from "vitest";
import {
  begunTooLate,
  broken,
  cancelledQuietly,
  type ForeignWork,
  stoppedWhileBusy,
} from "./fixtures/stopped-by-sibling.ts";

/** A stream that gives one part, and never another. */
function source(signal?: AbortSignal): Readable {
  const stream = new Readable({ read() {}, signal });
  stream.push("part");
  return stream;
}

function webSource(): ReadableStream<string> {
  return new ReadableStream({ start: (controller) => controller.enqueue("part") });
}

/** Takes what comes. */
function sink(busy: () => void): Writable {
  return new Writable({
    write(_part, _encoding, done) {
      busy();
      done();
    },
  });
}

async function read(stream: AsyncIterable<unknown>, busy: () => void): Promise<void> {
  for await (const _ of stream) busy();
}

const works: Record<string, ForeignWork> = {
  "a pipeline": (signal, busy) => pipeline(source(), new PassThrough(), sink(busy), { signal }),
  "a pipeline with a generator": (signal, busy) =>
    pipeline(
      source(),
      async function* (parts: AsyncIterable<unknown>) {
        for await (const part of parts) yield part;
      },
      sink(busy),
      { signal },
    ),
  "finished()": (signal, busy) => {
    const ended = finished(source(), { signal });
    busy();
    return ended;
  },
  "a Readable with a signal": (signal, busy) => read(source(signal), busy),
  addAbortSignal: (signal, busy) => read(addAbortSignal(signal, source()), busy),
  "the end of a Readable with a signal": (signal, busy) => {
    const ended = once(source(signal), "end");
    busy();
    return ended;
  },
  "toArray()": (signal, busy) => {
    const stream = source(signal);
    const array = stream.toArray({ signal });
    busy();
    return array;
  },
  "pipeTo of web streams": (signal, busy) =>
    webSource().pipeTo(new WritableStream({ write: busy }), { signal }),
  "pipeThrough of web streams": (signal, busy) =>
    read(webSource().pipeThrough(new TransformStream(), { signal }), busy),
  "addAbortSignal on a web stream": (signal, busy) => {
    const stream = webSource();
    // The types know the streams of Node only.
    addAbortSignal(signal, stream as never);
    return read(stream, busy);
  },
};

describe.each(Object.entries(works))("%s", (_, work) => {
  test("3.4: a child that waits in it when a sibling fails counts as cancelled", async () => {
    expect(await stoppedWhileBusy(work)).toMatchObject(cancelledQuietly);
  });

  test("3.4: a child that comes to it after its cancellation counts as cancelled", async () => {
    expect(await begunTooLate(work)).toMatchObject(cancelledQuietly);
  });
});

test("3.4: an AbortError without a cause is a failure, since nobody can tell whose it is", async () => {
  // The iterator helpers of Node's streams leave the reason out.
  const { state, errors } = await begunTooLate((signal, busy) =>
    read(
      source().map((part: unknown) => part, { signal }),
      busy,
    ),
  );
  expect(state).toBe("failed");
  expect(errors).toMatchObject([broken, { name: "AbortError", code: "ABORT_ERR" }]);
  expect(errors[1]).not.toHaveProperty("cause");
});
