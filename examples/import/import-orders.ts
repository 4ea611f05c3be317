/** The import: three stages side by side, in one transaction. */

import { taskGroup } from "joinery";
import { Queue } from "joinery/sync";
import type { Readable } from "node:stream";
import { transaction, type Database } from "./database.ts";
import type { Order, Row } from "./order.ts";
import { read, validate, write } from "./stages.ts";

const batchSize = 500;

/**
 * Imports the orders of a CSV file; returns how many there were. If a stage fails or the import is cancelled, the other
 * stages are stopped, and the database is as it was. The transaction may be rolled back then, for nothing that was
 * started inside of it is left when the group is over.
 */
export async function importOrders(file: Readable, database: Database): Promise<number> {
  // They keep the stages at work while one of them is slow, and bound what is in memory.
  const rows = new Queue<Row>({ name: "rows", maxSize: 1000 });
  const batches = new Queue<Order[]>({ name: "batches", maxSize: 2 });
  return transaction(database, () =>
    taskGroup(
      (group) => {
        group.createTask(() => read(file, rows), { name: "read" });
        group.createTask(() => validate(rows, batches, batchSize), { name: "validate" });
        return write(batches, database);
      },
      { name: "import" },
    ),
  );
}
