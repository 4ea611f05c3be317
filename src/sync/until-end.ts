/**
 * An iterator over what `next` gives, until it rejects with an error that `isEnd`. No generator: it opens
 * no scope, and a `next()` that is called early waits its turn by itself.
 */
export function untilEnd<T>(
  next: () => Promise<T>,
  isEnd: (error: unknown) => boolean,
): AsyncIterableIterator<T> {
  return {
    async next(): Promise<IteratorResult<T, undefined>> {
      try {
        return { done: false, value: await next() };
      } catch (error) {
        if (!isEnd(error)) throw error;
        return { done: true, value: undefined };
      }
    },
    [Symbol.asyncIterator](): AsyncIterableIterator<T> {
      return this;
    },
  };
}
