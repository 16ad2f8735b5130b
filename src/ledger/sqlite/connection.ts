import { statSync } from "node:fs";
import type * as sqlite from "node:sqlite";
import { makeLedgerFile } from "../ledgerFile.ts";
import { isDamage, UnusableLedger } from "./errors.ts";
import { type Patience, patiently } from "./patience.ts";
import { salvage } from "./salvage.ts";
import { migrate } from "./schema.ts";
import { noticeOf, setAside } from "./setAside.ts";
import { Sql } from "./sql.ts";

/** The module, handed in because it is loaded late: it costs some milliseconds that activation does not have. */
export type Sqlite = typeof sqlite;

/** An open ledger file. `inode` tells whether the file at its path is still the same one. */
export type Connection = { readonly sql: Sql; readonly inode: number; readonly notice?: string };

export type ConnectOptions = Patience & {
  readonly sqlite: Sqlite;
  readonly now: () => number;
  readonly dayOf: (ms: number) => string;
};

/**
 * So many pages gather in the write-ahead log, 16 MB, before a commit carries them over to the file: four times SQLite's
 * default, because that commit takes milliseconds, and the same few pages are written again and again.
 */
const CHECKPOINT_PAGES = 4000;

/** Opens the ledger; a file that cannot be used is set aside, and a new one is started. */
export async function openConnection(options: ConnectOptions): Promise<Connection> {
  makeLedgerFile(options.file);
  const inode = inodeOf(options.file);
  try {
    return await patiently(() => connect(options), options);
  } catch (error) {
    if (!(error instanceof UnusableLedger)) throw error;
    return await replace(options, inode, error);
  }
}

/**
 * Sets aside the file that was found unusable, and opens a new one with the money that can be read of it. Of several processes that found it at once, one
 * does it and the others open what it made.
 * @param inode of the file that was found unusable.
 */
export async function replace(
  options: ConnectOptions,
  inode: number | undefined,
  { problem, message }: UnusableLedger,
): Promise<Connection> {
  const { file, sqlite, now, dayOf } = options;
  // A database of its own as the lock: unlike a lock file it is released when its holder is killed.
  const guard = new Sql(new sqlite.DatabaseSync(`${file}.guard`));
  try {
    await patiently(() => guard.run("BEGIN EXCLUSIVE"), options);
    const mine = inodeOf(file) === inode && inode !== undefined;
    const aside = mine ? setAside(file, problem, now()) : undefined;
    const connection = await patiently(() => connect(options), options);
    if (aside === undefined) return connection;
    const salvaged = salvage(sqlite, aside, connection.sql, dayOf(now()), now());
    return { ...connection, notice: noticeOf(problem, message, aside, salvaged) };
  } finally {
    guard.close();
  }
}

/** Which file is at a path; undefined where there is none. */
export function inodeOf(file: string): number | undefined {
  return statSync(file, { throwIfNoEntry: false })?.ino;
}

/** @throws UnusableLedger, "busy" (errors.ts), and what the file system says */
function connect({ file, sqlite }: ConnectOptions): Connection {
  makeLedgerFile(file);
  const sql = new Sql(new sqlite.DatabaseSync(file));
  try {
    // NORMAL: a killed process loses nothing; a power cut may lose the commits since the log was last carried over.
    sql.script("PRAGMA busy_timeout = 0; PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL");
    sql.script(`PRAGMA wal_autocheckpoint = ${CHECKPOINT_PAGES}`);
    migrate(sql);
    return { sql, inode: statSync(file).ino };
  } catch (error) {
    sql.close();
    if (!isDamage(error)) throw error;
    throw new UnusableLedger("damaged", error instanceof Error ? error.message : String(error), {
      cause: error,
    });
  }
}
