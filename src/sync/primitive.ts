import { expectOptions } from "../core/arguments.ts";
import {
  type Parked,
  type Resource,
  suspend,
  type Unpark,
  type WaitOptions,
} from "../core/index.ts";

export interface PrimitiveOptions {
  /** For the tree, warnings and errors. Default: the kind and a number. */
  name?: string;
}

let made = 0;

/** What locks, queues and all the others are to those who look at the tree: something that tasks wait for. */
export abstract class Primitive implements Resource {
  /** What it is, in a word. */
  readonly kind: string;
  /** The `name` option, or the kind and a number. */
  readonly name: string;

  constructor(kind: string, options: PrimitiveOptions) {
    expectOptions(options);
    this.kind = kind;
    this.name = options.name ?? `${kind}-${++made}`;
  }

  /** Kind and name, for messages. @internal */
  get title(): string {
    return `${this.kind} "${this.name}"`;
  }

  /**
   * A wait for this primitive: `park` wakes it at once, or puts it into a queue. Every wait begins here,
   * also one that does not have to wait, so that a cancelled task is refused in every case. @internal
   */
  waits<T>(
    options: WaitOptions,
    park: (wait: Parked<T>) => Unpark | void,
    label: string = this.title,
  ): Promise<T> {
    let signal: AbortSignal | undefined;
    try {
      signal = expectOptions(options);
    } catch (error) {
      return Promise.reject(error);
    }
    return suspend(park, { signal, label, resource: this });
  }
}
