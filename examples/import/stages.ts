/** The three stages of the import. Each takes from the queue before it, and closes the one behind it at its end. */

import { parse } from "csv-parse";
import { currentSignal } from "joinery";
import type { Queue } from "joinery/sync";
import { addAbortSignal, pipeline, type Readable } from "node:stream";
import type { Database } from "./database.ts";
import { orderIn, type Order, type Row } from "./order.ts";

/** Reads rows out of a CSV file. A queue that is full stops the parser, and that the file. */
export async function read(file: Readable, rows: Queue<Row>): Promise<void> {
  // An error of one stream ends both, and comes out of the loop; so does a cancel, also while the file has nothing to say.
  const parser = pipeline(file, parse({ columns: true, info: true }), () => {});
  addAbortSignal(currentSignal(), parser);
  for await (const { info, record } of parser) await rows.put({ line: info.lines, record });
  rows.shutdown();
}

/** Makes orders of rows, and batches of orders. */
export async function validate(
  rows: Queue<Row>,
  batches: Queue<Order[]>,
  batchSize: number,
): Promise<void> {
  let batch: Order[] = [];
  for await (const row of rows) {
    batch.push(orderIn(row));
    if (batch.length < batchSize) continue;
    await batches.put(batch);
    batch = [];
  }
  if (batch.length > 0) await batches.put(batch);
  batches.shutdown();
}

/** Writes the batches. Returns how many orders there were. */
export async function write(batches: Queue<Order[]>, database: Database): Promise<number> {
  database.exec(
    "CREATE TABLE IF NOT EXISTS orders (id INTEGER PRIMARY KEY, customer TEXT, amount REAL, placed TEXT)",
  );
  const insert = database.prepare(
    "INSERT INTO orders VALUES (:id, :customer, :amount, :placed) " +
      "ON CONFLICT (id) DO UPDATE SET customer = :customer, amount = :amount, placed = :placed",
  );
  let written = 0;
  try {
    for await (const batch of batches) {
      for (const { id, customer, amount, placed } of batch)
        insert.run({ ":id": id, ":customer": customer, ":amount": amount, ":placed": placed });
      written += batch.length;
    }
  } finally {
    insert.finalize?.();
  }
  return written;
}
