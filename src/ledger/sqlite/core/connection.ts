import { existsSync, renameSync, statSync } from "node:fs";
import { makeLedgerFile } from "../../ledgerFile.ts";
import { isDamage, UnusableLedger } from "./errors.ts";
import { rejectForeignFile } from "./foreignFile.ts";
import { type RetryOptions, retryWhileBusy } from "./retryWhileBusy.ts";
import { migrate } from "./schema.ts";
import { Sql, type SqliteModule } from "./sql.ts";

/** An open ledger file. `inode` shows whether its path still leads to the same file. */
export type Connection = {
  readonly sql: Sql;
  readonly inode: number;
  readonly notice?: string | undefined;
};

/** How much of this month's spend could be read from a quarantined ledger. */
export type Recovered = "all" | "part" | "nothing";

export type ConnectionOptions = RetryOptions & {
  readonly sqlite: SqliteModule;
  /** True if the user named the file, so that it may be anything. */
  readonly isNamed?: boolean | undefined;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Copies what can be read from a quarantined ledger into the new one. */
  readonly recover: (quarantined: string, into: Sql) => Recovered;
};

/**
 * The write-ahead log grows to this many pages, 16 MB, before a commit copies them into the file. That is four times
 * SQLite's default: copying takes milliseconds, and the log contains the same few pages again and again.
 */
const CHECKPOINT_PAGES = 4000;

/** Opens the ledger. An unusable one is quarantined, and a new one is started. @throws ForeignFile */
export async function openConnection(options: ConnectionOptions): Promise<Connection> {
  rejectForeignFile(options.file, options.isNamed ?? false, options.sqlite);
  makeLedgerFile(options.file);
  const inode = inodeOf(options.file);
  try {
    return await retryWhileBusy(() => connect(options), options);
  } catch (error) {
    if (!(error instanceof UnusableLedger)) throw error;
    return await replace(options, inode, error);
  }
}

/**
 * Quarantines an unusable file, and opens a new one with the spend that can be read from it. If several processes find
 * the file unusable at once, one of them does this, and the others open the new file.
 * @param inode of the unusable file
 */
export async function replace(
  options: ConnectionOptions,
  inode: number | undefined,
  { problem, message }: UnusableLedger,
): Promise<Connection> {
  const { file, sqlite, now, recover } = options;
  // A database as the lock: unlike a lock file, it is released when its holder is killed.
  const guard = new Sql(new sqlite.DatabaseSync(`${file}.guard`));
  try {
    await retryWhileBusy(() => guard.run("BEGIN EXCLUSIVE"), options);
    const isUnchanged = inodeOf(file) === inode && inode !== undefined;
    const quarantined = isUnchanged ? quarantine(file, problem, now()) : undefined;
    const connection = await retryWhileBusy(() => connect(options), options);
    if (quarantined === undefined) return connection;
    const recovered = recover(quarantined, connection.sql);
    return { ...connection, notice: noticeOf(problem, message, quarantined, recovered) };
  } finally {
    guard.close();
  }
}

/** Identifies the file at a path; undefined if there is none. */
export function inodeOf(file: string): number | undefined {
  return statSync(file, { throwIfNoEntry: false })?.ino;
}

/** @throws UnusableLedger, SQLite's "busy" (errors.ts), and errors of the file system */
function connect({ file, sqlite }: ConnectionOptions): Connection {
  makeLedgerFile(file);
  const sql = new Sql(new sqlite.DatabaseSync(file));
  try {
    // NORMAL: a killed process loses nothing; a power cut may lose the commits since the last checkpoint.
    sql.script("PRAGMA busy_timeout = 0; PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL");
    sql.script(`PRAGMA wal_autocheckpoint = ${CHECKPOINT_PAGES}`);
    migrate(sql, file);
    return { sql, inode: statSync(file).ino };
  } catch (error) {
    sql.close();
    if (!isDamage(error)) throw error;
    throw new UnusableLedger("damaged", error instanceof Error ? error.message : String(error), {
      cause: error,
    });
  }
}

/**
 * Renames an unusable ledger together with SQLite's side files, so that it can still be opened under its new name.
 * Nothing is deleted.
 * @returns the new path
 */
function quarantine(file: string, problem: "damaged" | "newer", nowMs: number): string {
  // `20261121-083000`, without colons, which Windows does not allow in names.
  const stamp = new Date(nowMs).toISOString().slice(0, 19).replaceAll(/[-:]/g, "").replace("T", "-");
  const name = `${file}.${problem}-${stamp}`;
  let free = name;
  for (let number = 2; existsSync(free); number += 1) free = `${name}-${number}`;
  for (const suffix of ["-wal", "-shm", ""]) {
    if (existsSync(file + suffix)) renameSync(file + suffix, free + suffix);
  }
  return free;
}

function noticeOf(
  problem: "damaged" | "newer",
  detail: string,
  quarantined: string,
  recovered: Recovered,
): string {
  const state = problem === "damaged" ? "is damaged" : "was written by a newer version of Switchyard";
  return (
    `The ledger of budget and history ${state} (${detail}). It was kept as ${quarantined}, and a new one was started. ` +
    RECOVERED[recovered]
  );
}

const RECOVERED: Readonly<Record<Recovered, string>> = {
  all: "This month’s spend was carried over. History and conversations are in the old file.",
  part: "What could be read of this month’s spend was carried over; some of it may be missing.",
  nothing: "This month’s spend could not be read, and does not count towards the budget any more.",
};
