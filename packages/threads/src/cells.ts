/**
 * How a cancel reaches a thread: shared memory, which a loop that never waits can look at as well. The other way it
 * says what a thread died of, when there is nobody left to send a message.
 *
 *   [generation] [state, length] [state, length] …   texts, `textSize` bytes for each
 *
 * Each thread has a cell, which is for the call that it has at the moment.
 *
 * C1. The text is written first and the state last: who sees the state sees the text.
 * C2. The caller clears a cell before it hands over the next call, when the thread has answered for the last one.
 * C3. A thread sleeps on the generation, which each cancel moves on: one wait for all the calls it ever runs.
 */

import type { WireError } from "joinery/executor";

const textSize = 16 * 1024;
const longestMessage = 1000;

const fields = 2;
const state = 0;
const length = 1;

const cancelled = 1;
const dying = 2;

export class Cells {
  readonly #numbers: Int32Array<SharedArrayBuffer>;
  readonly #texts: Uint8Array<SharedArrayBuffer>;

  /** Of the caller: makes memory for `count` cells. Of a thread: finds its way in what the caller has made. */
  constructor(memory: number | SharedArrayBuffer) {
    const count = typeof memory === "number" ? memory : countIn(memory);
    const head = headSize(count);
    const shared =
      typeof memory === "number" ? new SharedArrayBuffer(head + count * textSize) : memory;
    this.#numbers = new Int32Array(shared, 0, head / Int32Array.BYTES_PER_ELEMENT);
    this.#texts = new Uint8Array(shared, head);
  }

  get memory(): SharedArrayBuffer {
    return this.#numbers.buffer;
  }

  /** Of the caller: makes a cell ready for the next call (C2). */
  clear(cell: number): void {
    Atomics.store(this.#numbers, at(cell, state), 0);
  }

  /** Of the caller: tells the thread that its call is to stop, and wakes it. */
  cancel(cell: number, why: WireError): void {
    this.#write(cell, cancelled, why);
    Atomics.add(this.#numbers, 0, 1);
    Atomics.notify(this.#numbers, 0);
  }

  /** Of the caller: what the thread died of, if it said so. */
  lastWords(cell: number): WireError | undefined {
    return this.#read(cell, dying);
  }

  /** Of a thread: why its call is to stop, if it is. */
  reason(cell: number): WireError | undefined {
    return this.#read(cell, cancelled);
  }

  /** Of a thread: what it dies of. */
  die(cell: number, error: WireError): void {
    this.#write(cell, dying, error);
  }

  #write(cell: number, what: number, error: WireError): void {
    const text = textOf(error);
    this.#texts.set(text, cell * textSize);
    Atomics.store(this.#numbers, at(cell, length), text.length);
    Atomics.store(this.#numbers, at(cell, state), what);
  }

  #read(cell: number, what: number): WireError | undefined {
    if (Atomics.load(this.#numbers, at(cell, state)) !== what) return undefined;
    const start = cell * textSize;
    const text = this.#texts.slice(start, start + Atomics.load(this.#numbers, at(cell, length)));
    return JSON.parse(new TextDecoder().decode(text)) as WireError;
  }

  /** Of a thread: calls `listener` whenever something was cancelled, anywhere, for as long as the thread lives (C3). */
  async watch(listener: () => void): Promise<never> {
    for (;;) {
      const generation = Atomics.load(this.#numbers, 0);
      listener();
      await Atomics.waitAsync(this.#numbers, 0, generation).value;
    }
  }
}

function at(cell: number, field: number): number {
  return 1 + cell * fields + field;
}

function headSize(count: number): number {
  return (1 + count * fields) * Int32Array.BYTES_PER_ELEMENT;
}

function countIn({ byteLength }: SharedArrayBuffer): number {
  const each = fields * Int32Array.BYTES_PER_ELEMENT + textSize;
  return (byteLength - Int32Array.BYTES_PER_ELEMENT) / each;
}

/** An error as text; without stack and cause if it would be too long with them. */
function textOf(error: WireError): Uint8Array {
  const text = new TextEncoder().encode(JSON.stringify(error));
  if (text.length <= textSize) return text;
  const { classes, name, data = {}, message } = error;
  const short = { classes, name, data, message: message.slice(0, longestMessage) };
  return new TextEncoder().encode(JSON.stringify(short));
}
