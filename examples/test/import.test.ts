import { taskGroup } from "joinery";
import { Queue } from "joinery/sync";
import { waitAllBlocked } from "joinery/testing";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { setImmediate as turn } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { openDatabase } from "../import/database.ts";
import type { Order, Row } from "../import/order.ts";
import { read, validate } from "../import/stages.ts";
import { play, start } from "./program.ts";

let folder: string;
let database: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "joinery-import-"));
  database = join(folder, "orders.sqlite");
});

afterEach(() => rmSync(folder, { recursive: true }));

const title = "id,customer,amount,placed";

function rows(from: number, to: number, customer = "Ada"): string[] {
  return Array.from({ length: to - from + 1 }, (_, i) => `${from + i},${customer},9.50,2025-01-31`);
}

function csv(lines: readonly string[]): string {
  const path = join(folder, "orders.csv");
  writeFileSync(path, [title, ...lines, ""].join("\n"));
  return path;
}

/** How many orders of whom are in the database. */
async function stored(): Promise<unknown[]> {
  const opened = await openDatabase(database);
  const select = opened.prepare(
    "SELECT customer, count(*) AS orders FROM orders GROUP BY customer ORDER BY customer",
  );
  const found = select.all();
  select.finalize?.();
  opened.close();
  return found.map((row) => ({ ...(row as object) }));
}

describe("the import", () => {
  test("writes all orders of a file, and the same again when it is imported again", async () => {
    const path = csv(rows(1, 1234));
    for (let time = 0; time < 2; time++) {
      const { code, lines, stderr } = await play("import/main.js", path, "--into", database);
      expect({ code, lines, stderr }).toEqual({
        code: 0,
        lines: [`Imported 1234 orders into ${database}.`],
        stderr: expect.not.stringContaining("Error"),
      });
      expect(await stored()).toEqual([{ customer: "Ada", orders: 1234 }]);
    }
  });

  test("has a file to show", async () => {
    const { code, lines } = await play("import/main.js", "--into", database);
    expect(lines).toEqual([`Imported 40 orders into ${database}.`]);
    expect(code).toBe(0);
  });

  describe("leaves the database as it was", () => {
    beforeEach(async () => {
      await play("import/main.js", csv(rows(1, 10)), "--into", database);
    });

    afterEach(async () => {
      expect(await stored()).toEqual([{ customer: "Ada", orders: 10 }]);
      expect(existsSync(`${database}-journal`)).toBe(false);
    });

    test("when a row is bad, and names its line", async () => {
      const bad = "1236,Eve,a lot,2025-02-31";
      const path = csv([...rows(1, 1234, "Eve"), bad, ...rows(2000, 9000)]);
      const { code, lines } = await play("import/main.js", path, "--into", database);
      expect(lines).toEqual([
        `${path}: line 1236: amount: not a number; placed: Invalid ISO date`,
        `Nothing was imported: ${database} is as it was.`,
      ]);
      expect(code).toBe(1);
    });

    test("when the file is no CSV, and names the line", async () => {
      const path = csv([...rows(1, 700, "Eve"), "701,Eve"]);
      const { code, lines } = await play("import/main.js", path, "--into", database);
      expect(lines[0]).toMatch(/columns length is 4, got 2 on line 702$/);
      expect(lines[1]).toBe(`Nothing was imported: ${database} is as it was.`);
      expect(code).toBe(1);
    });

    test("when there is no file, and says so", async () => {
      const { code, lines, stderr } = await play("import/main.js", "none.csv", "--into", database);
      expect(lines).toEqual([
        "ENOENT: no such file or directory, open 'none.csv'",
        `Nothing was imported: ${database} is as it was.`,
      ]);
      expect(stderr).not.toContain("Error");
      expect(code).toBe(1);
    });

    test("on Ctrl-C in the middle, also while the file has nothing to say", async () => {
      const importing = start("import/main.js", "-", "--into", database);
      importing.write([title, ...rows(1, 1200, "Eve"), ""].join("\n"));
      // SQLite has begun to write: two batches are in, and the third is not full.
      await vi.waitFor(() => expect(existsSync(`${database}-journal`)).toBe(true), 20_000);
      importing.kill("SIGINT");
      expect(await importing.ended).toEqual({
        code: 130,
        signal: null,
        lines: ["Interrupted.", `Nothing was imported: ${database} is as it was.`],
        stderr: "",
      });
    });
  });

  test("reads no further than its queues allow while nothing is written", async () => {
    let produced = 0;
    function* endless(): Generator<string> {
      yield `${title}\n`;
      for (;;) yield `${rows(++produced, produced)[0]}\n`;
    }
    const queue = new Queue<Row>({ maxSize: 100 });
    const batches = new Queue<Order[]>({ maxSize: 2 });
    await taskGroup(
      async (group) => {
        group.createTask(() => read(Readable.from(endless()), queue));
        group.createTask(() => validate(queue, batches, 50));
        await waitAllBlocked();
        const before = produced;
        for (let i = 0; i < 20; i++) await turn();
        expect([produced, queue.size, batches.size]).toEqual([before, 100, 2]);
        // Beside the queues there are a batch and a row that find no room, and 16 KiB in a buffer of Node's.
        expect(produced).toBeLessThan(100 + 2 * 50 + 50 + 1 + 2 * 512);
        group.cancel();
      },
      { cancellable: true },
    );
  });
});
