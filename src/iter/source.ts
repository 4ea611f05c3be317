/** Where items come from: whatever `for await` takes, and web streams also where it does not take them. */

import { badArgument } from "../core/arguments.ts";

/** What the functions of `joinery/iter` take items from. A promise in a plain iterable is awaited, as `for await` does. */
export type Source<T> = AsyncIterable<T> | Iterable<T | PromiseLike<T>> | WebStream<T>;

/** A web `ReadableStream`, as far as it is needed here. Some runtimes cannot iterate over one. */
export interface WebStream<T> {
  getReader(): WebStreamReader<T>;
}

/** The reader of a {@link WebStream}. */
export interface WebStreamReader<T> {
  read(): Promise<{ done: boolean; value?: T | undefined }>;
  cancel(reason?: unknown): Promise<unknown>;
  releaseLock(): void;
}

/** What a source gives. */
export type SourceItem<S> =
  S extends AsyncIterable<infer T>
    ? T
    : S extends Iterable<infer T>
      ? Awaited<T>
      : S extends WebStream<infer T>
        ? T
        : never;

/** A source that was opened. `Intake` keeps account of what may be called when. */
export interface OpenSource {
  next(): unknown;
  /** Lets the source go. */
  close(): unknown;
  /** Instead of `close()`, in the middle of a `next()`: that has to settle then. */
  interrupt?(reason: Error): unknown;
  /** Whether a promise among the items is to be awaited. */
  readonly awaitsItems: boolean;
}

/** Refuses what is no source. */
export function expectSource(parameter: string, value: unknown): void {
  const source = Object(value) as Partial<Record<PropertyKey, unknown>>;
  const openers = [Symbol.asyncIterator, Symbol.iterator, "getReader"];
  if (openers.some((opener) => typeof source[opener] === "function")) return;
  throw badArgument(parameter, "an iterable, an async iterable or a ReadableStream", value);
}

/** The sources in an iterable of them. */
export function expectSources<S>(sources: Iterable<S>): readonly S[] {
  if (typeof sources?.[Symbol.iterator] !== "function" || typeof sources === "string")
    throw badArgument("sources", "an array or an iterable of sources", sources);
  const list = [...sources];
  for (const [at, source] of list.entries()) expectSource(`sources[${at}]`, source);
  return list;
}

/** Opens a source. A web stream always by its reader, whose `cancel()` also ends a read under way. */
export function openSource<T>(source: Source<T>): OpenSource {
  const { getReader, pipe, destroy } = source as Partial<WebStream<T> & NodeStream>;
  if (getReader) return new OpenWebStream(source as WebStream<T>);
  if (!(Symbol.asyncIterator in Object(source)))
    return new OpenIterator((source as Iterable<T>)[Symbol.iterator](), true);
  const iterator = (source as AsyncIterable<T>)[Symbol.asyncIterator]();
  if (pipe && destroy) return new OpenNodeStream(iterator, source as AsyncIterable<T> & NodeStream);
  return new OpenIterator(iterator, false);
}

class OpenIterator implements OpenSource {
  readonly #iterator: AsyncIterator<unknown> | Iterator<unknown>;
  readonly awaitsItems: boolean;

  constructor(iterator: AsyncIterator<unknown> | Iterator<unknown>, awaitsItems: boolean) {
    this.#iterator = iterator;
    this.awaitsItems = awaitsItems;
  }

  next(): unknown {
    return this.#iterator.next();
  }

  close(): unknown {
    return this.#iterator.return?.();
  }
}

/** What tells a stream of Node from other async iterables. */
interface NodeStream {
  pipe(...args: unknown[]): unknown;
  destroy(error: Error): unknown;
}

class OpenNodeStream extends OpenIterator {
  readonly #stream: NodeStream;

  constructor(iterator: AsyncIterator<unknown>, stream: NodeStream) {
    super(iterator, false);
    this.#stream = stream;
  }

  /** Its iterator would first wait for the next chunk, which may never come. */
  interrupt(reason: Error): void {
    this.#stream.destroy(reason);
  }
}

class OpenWebStream implements OpenSource {
  readonly awaitsItems = false;
  readonly #reader: WebStreamReader<unknown>;

  constructor(stream: WebStream<unknown>) {
    this.#reader = stream.getReader();
  }

  async next(): Promise<unknown> {
    let done = true;
    try {
      const step = await this.#reader.read();
      done = step.done;
      return step;
    } finally {
      if (done) this.#reader.releaseLock();
    }
  }

  async close(): Promise<void> {
    try {
      await this.#reader.cancel();
    } finally {
      this.#reader.releaseLock();
    }
  }

  async interrupt(reason: Error): Promise<void> {
    await this.#reader.cancel(reason);
  }
}
