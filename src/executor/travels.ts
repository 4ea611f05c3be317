/** What can leave its process, for the compiler. The codec in `wire-value.ts` asks the same at run time. */

/** What arrives as it was, or is looked into by nobody. */
type Opaque =
  | string
  | number
  | boolean
  | bigint
  | null
  | undefined
  | void
  | Date
  | RegExp
  | Error
  | ArrayBuffer
  | ArrayBufferView;

/**
 * `T` if all of it travels. Otherwise `T` with a sentence in each place that does not, so that the
 * message of the compiler says what is wrong, and where.
 */
type Travelling<T> = unknown extends T
  ? T
  : T extends Opaque
    ? T
    : T extends (...args: never[]) => unknown
      ? "a function does not travel"
      : T extends symbol
        ? "a symbol does not travel"
        : T extends PromiseLike<unknown>
          ? "a promise does not travel: await it"
          : T extends ReadonlyMap<infer K, infer V>
            ? ReadonlyMap<Travelling<K>, Travelling<V>>
            : T extends ReadonlySet<infer V>
              ? ReadonlySet<Travelling<V>>
              : { [K in keyof T]: Travelling<T[K]> };

/** `unknown` if both travel: added to a type, it changes nothing. Otherwise a type that says what does not. */
export type Checked<I, O> = [I] extends [Travelling<I>]
  ? [O] extends [Travelling<O>]
    ? unknown
    : { "its result does not travel": Travelling<O> }
  : { "its input does not travel": Travelling<I> };
