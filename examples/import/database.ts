/** SQLite: the one in Node where there is one (from 22.13 on), elsewhere the one for WebAssembly. Both are used alike. */

type SqlValue = string | number | null;

interface Statement {
  run(values: Record<string, SqlValue>): unknown;
  all(): unknown[];
  /** Only the one for WebAssembly has to be told. */
  finalize?(): void;
}

export interface Database {
  exec(sql: string): void;
  prepare(sql: string): Statement;
  close(): void;
}

interface NodeSqlite {
  readonly DatabaseSync: new (path: string) => Database;
}

export async function openDatabase(path: string): Promise<Database> {
  const builtin = process.getBuiltinModule("node:sqlite") as NodeSqlite | undefined;
  if (builtin) return new builtin.DatabaseSync(path);
  const { default: sqlite } = await import("node-sqlite3-wasm");
  return new sqlite.Database(path);
}

/** All or nothing: what `body` has done is there when it returns, and none of it when it throws. */
export async function transaction<R>(database: Database, body: () => Promise<R>): Promise<R> {
  database.exec("BEGIN IMMEDIATE");
  try {
    const result = await body();
    database.exec("COMMIT");
    return result;
  } catch (error) {
    database.exec("ROLLBACK");
    throw error;
  }
}
