import { closeSync, existsSync, openSync, readSync, type Stats, statSync } from "node:fs";
import { pathToFileURL } from "node:url";
import { ForeignFile, isDamage } from "./errors.ts";
import { int, Sql, type SqliteModule, text } from "./sql.ts";

/** `PRAGMA application_id` of a ledger: "SwYd". Ledgers of 0.1.0 have none. */
export const APPLICATION_ID = 0x53775964;

/** Tables that the ledgers of every version have. */
const TABLES = ["lease", "reservation", "spend", "total", "day_total", "health"] as const;

/** https://www.sqlite.org/fileformat.html#the_database_header */
const MAGIC = "SQLite format 3\0";
const HEADER_BYTES = 100;
const APPLICATION_ID_OFFSET = 68;

/**
 * Rejects a file that exists and is not a ledger, and only reads it.
 * @param isNamed true if the user named the file, so that it may be anything; false if it is in a folder of Switchyard,
 *   where a file that cannot be read is a damaged ledger
 * @throws ForeignFile
 */
export function rejectForeignFile(file: string, isNamed: boolean, sqlite: SqliteModule): void {
  const stats = statSync(file, { throwIfNoEntry: false });
  if (stats === undefined) return;
  if (!stats.isFile()) throw new ForeignFile(file, kindOf(stats));
  if (stats.size === 0) return;
  const header = readHeader(file);
  if (header.toString("latin1", 0, MAGIC.length) !== MAGIC) {
    if (isNamed) throw new ForeignFile(file, "another kind of file");
    return;
  }
  const id = header.length < HEADER_BYTES ? 0 : header.readUInt32BE(APPLICATION_ID_OFFSET);
  if (id === APPLICATION_ID) return;
  try {
    if (isLedgerOrNew(file, sqlite)) return;
  } catch (error) {
    // A locked file is tried again when it is opened.
    if (!isNamed || !isDamage(error)) return;
    throw new ForeignFile(file, "a damaged database", { cause: error });
  }
  throw new ForeignFile(file, "a database of another program");
}

function kindOf(stats: Stats): string {
  return stats.isDirectory() ? "a folder" : "a device or a pipe";
}

function readHeader(file: string): Buffer {
  const header = Buffer.alloc(HEADER_BYTES);
  const handle = openSync(file, "r");
  try {
    return header.subarray(0, readSync(handle, header, 0, HEADER_BYTES, 0));
  } finally {
    closeSync(handle);
  }
}

/** Reads the database as SQLite does, because the header and the schema may still be in the write-ahead log. */
function isLedgerOrNew(file: string, sqlite: SqliteModule): boolean {
  const url = pathToFileURL(file);
  // Without a log there is nothing to wait for, and SQLite creates no side files.
  if (!existsSync(`${file}-wal`)) url.searchParams.set("immutable", "1");
  const sql = new Sql(new sqlite.DatabaseSync(url, { readOnly: true }));
  try {
    const id = pragma(sql, "application_id");
    if (id !== 0) return id === APPLICATION_ID;
    const tables = new Set(sql.all("SELECT name FROM sqlite_schema").map((row) => text(row, "name")));
    return tables.size === 0 ? pragma(sql, "user_version") === 0 : TABLES.every((name) => tables.has(name));
  } finally {
    sql.close();
  }
}

function pragma(sql: Sql, name: "application_id" | "user_version"): number {
  const row = sql.get(`PRAGMA ${name}`);
  return row === undefined ? 0 : int(row, name);
}
