/**
 * How a cancel reaches a thread: shared memory, which a loop that never waits can look at as well. The other way it
 * says what a thread died of, when there is nobody left to send a message.
 *
 *   [generation] [mark, length] [mark, length] …   texts, `textSize` bytes for each
 *
 * Each slot has a cell for either direction; they are for the call that is in the slot at the moment.
 *
 * M1. The text is written first and the mark last: who sees the mark sees the text.
 * M2. The caller clears the cells of a slot before it hands over the next call, when the one before is over.
 * M3. A thread sleeps on the generation, which each cancel moves on: one wait for all the calls it ever runs.
 */

import type { WireError } from "joinery/executor";

const textSize = 16 * 1024;
const longestMessage = 1000;

const fields = 2;
const mark = 0;
const length = 1;

const cellsOfSlot = 2;
/** The mark of a cell whose call is to stop. That of last words is the number of the thread. */
const cancelled = 1;

export class Cells {
  readonly #numbers: Int32Array<SharedArrayBuffer>;
  readonly #texts: Uint8Array<SharedArrayBuffer>;

  /** Of the caller: makes memory for so many slots. Of a thread: finds its way in what the caller has made. */
  constructor(memory: number | SharedArrayBuffer) {
    const count = typeof memory === "number" ? memory * cellsOfSlot : countIn(memory);
    const head = headSize(count);
    const shared =
      typeof memory === "number" ? new SharedArrayBuffer(head + count * textSize) : memory;
    this.#numbers = new Int32Array(shared, 0, head / Int32Array.BYTES_PER_ELEMENT);
    this.#texts = new Uint8Array(shared, head);
  }

  get memory(): SharedArrayBuffer {
    return this.#numbers.buffer;
  }

  /** Of the caller: makes a slot ready for the next call (M2). */
  clear(slot: number): void {
    this.#unmark(down(slot));
    this.#unmark(up(slot));
  }

  /** Writes only where something is: the threads have these numbers in their caches. */
  #unmark(cell: number): void {
    const place = at(cell, mark);
    if (Atomics.load(this.#numbers, place) !== 0) Atomics.store(this.#numbers, place, 0);
  }

  /** Of the caller: tells the thread that its call is to stop, and wakes it. */
  cancel(slot: number, why: WireError): void {
    this.#write(down(slot), cancelled, why);
    Atomics.add(this.#numbers, 0, 1);
    Atomics.notify(this.#numbers, 0);
  }

  /** Of the caller: what the thread of a slot died of, if it said so. */
  lastWords(slot: number, thread: number): WireError | undefined {
    return this.#read(up(slot), thread);
  }

  /** Of a thread: why its call is to stop, if it is. */
  reason(slot: number): WireError | undefined {
    return this.#read(down(slot), cancelled);
  }

  /** Of a thread: what it dies of. */
  die(slot: number, thread: number, error: WireError): void {
    this.#write(up(slot), thread, error);
  }

  #write(cell: number, what: number, error: WireError): void {
    const text = textOf(error);
    this.#texts.set(text, cell * textSize);
    Atomics.store(this.#numbers, at(cell, length), text.length);
    Atomics.store(this.#numbers, at(cell, mark), what);
  }

  #read(cell: number, what: number): WireError | undefined {
    if (Atomics.load(this.#numbers, at(cell, mark)) !== what) return undefined;
    const start = cell * textSize;
    const text = this.#texts.slice(start, start + Atomics.load(this.#numbers, at(cell, length)));
    return JSON.parse(new TextDecoder().decode(text)) as WireError;
  }

  /** Of a thread: calls `listener` whenever something was cancelled, anywhere, for as long as the thread lives (M3). */
  async watch(listener: () => void): Promise<never> {
    for (;;) {
      const generation = Atomics.load(this.#numbers, 0);
      listener();
      await Atomics.waitAsync(this.#numbers, 0, generation).value;
    }
  }
}

/** The cell that the caller writes into. */
function down(slot: number): number {
  return slot * cellsOfSlot;
}

/** The cell that the thread writes into. */
function up(slot: number): number {
  return slot * cellsOfSlot + 1;
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

/** An error as text; if it would be too long, without stack and cause, and without its own properties as the last resort. */
function textOf(error: WireError): Uint8Array {
  const text = encoded(error);
  if (text.length <= textSize) return text;
  const { classes, name, data = {}, message } = error;
  const short = { classes, name, data, message: message.slice(0, longestMessage) };
  const shortText = encoded(short);
  return shortText.length <= textSize ? shortText : encoded({ ...short, data: {} });
}

function encoded(error: object): Uint8Array {
  return new TextEncoder().encode(JSON.stringify(error));
}
