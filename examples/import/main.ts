/**
 * Imports orders from a CSV file into SQLite, all or none: `npm run example import [FILE] [--into DATABASE]`. `-` stands for
 * the standard input. Ends with 0 if all were imported, 1 if the file is bad or not there, 130 after Ctrl-C.
 */

import { CsvError } from "csv-parse";
import { currentSignal, exceptStar, on, run } from "joinery";
import { createReadStream } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { onSystemError } from "../system-error.ts";
import { openDatabase } from "./database.ts";
import { importOrders } from "./import-orders.ts";
import { BadRowError } from "./order.ts";

const sample = join(import.meta.dirname, "..", "..", "import", "orders.csv");

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: { into: { type: "string", default: "orders.sqlite" } },
});

await run(async function main() {
  const [path = sample] = positionals;
  const database = await openDatabase(values.into);
  let imported: number | undefined;
  try {
    const file = path === "-" ? process.stdin : createReadStream(path);
    imported = await importOrders(file, database);
  } catch (error) {
    await exceptStar(
      error,
      on([BadRowError, CsvError], (group) => {
        process.exitCode = 1;
        for (const { message } of group) console.log(`${path}: ${message}`);
      }),
      onSystemError,
    );
  } finally {
    database.close();
    if (currentSignal().aborted) console.log("Interrupted.");
    if (imported === undefined) console.log(`Nothing was imported: ${values.into} is as it was.`);
    else console.log(`Imported ${imported} orders into ${values.into}.`);
  }
});
