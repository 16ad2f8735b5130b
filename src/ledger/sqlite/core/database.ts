import { setImmediate as nextTurn } from "node:timers/promises";
import { type Connection, type ConnectionOptions, inodeOf, openConnection, replace } from "./connection.ts";
import { isBusy, isDamage, isUnwritable, LedgerUnwritable, UnusableLedger } from "./errors.ts";
import { retryWhileBusy } from "./retryWhileBusy.ts";
import type { Sql } from "./sql.ts";

/** A write of the current turn that is not committed yet. */
type GatheredWrite = {
  /** Runs the write. The returned function resolves its promise. */
  readonly run: (sql: Sql) => () => void;
  /** Runs the write in a transaction of its own. */
  readonly runAlone: () => void;
};

/** Deletes in steps of this many rows, so that other processes wait for a few milliseconds at most. */
const DELETE_BATCH = 200;

/**
 * The ledger's file. Nothing here blocks the event loop: if another process holds the lock, the job is retried later. A
 * file that turns out to be damaged is replaced, as it is when it is opened.
 */
export class Database {
  readonly #options: ConnectionOptions;
  readonly #onReplaced: (notice: string | undefined) => void;
  #connection: Connection;
  /** The end of this turn of the event loop is awaited, because something was written in it. */
  #isTurnOpen = false;
  /** A write of this turn was committed at once, or is about to be. */
  #hasCommitted = false;
  /** The writes of this turn that are not committed yet. */
  #gathered: GatheredWrite[] = [];
  /** How many writes wait for a lock, or for a write before them. */
  #waiting = 0;
  #lastWrite: Promise<unknown> = Promise.resolve();
  #isClosed = false;

  private constructor(
    connection: Connection,
    options: ConnectionOptions,
    onReplaced: (notice: string | undefined) => void,
  ) {
    this.#connection = connection;
    this.#options = options;
    this.#onReplaced = onReplaced;
  }

  /** @param onReplaced called when another file has replaced the first one, with a message for the user */
  static async open(
    options: ConnectionOptions,
    onReplaced: (notice: string | undefined) => void,
  ): Promise<Database> {
    const connection = await openConnection(options);
    if (connection.notice !== undefined) onReplaced(connection.notice);
    return new Database(connection, options, onReplaced);
  }

  /**
   * Runs `body` in a transaction. It may be run again, so it must change nothing but the ledger. Writes of this process
   * run in the order of their calls. The first one of a turn of the event loop is committed at once, which makes a lone call
   * of `serve` a fifth faster (0.74 ms instead of 0.92, measured as `npm run bench serve` does); the others of that turn
   * share a commit at its end, which saves a fifth of the processor time of 16 requests at once.
   * @throws LedgerBusy, LedgerUnwritable
   */
  write<T>(body: (sql: Sql) => T): Promise<T> {
    if (!this.#hasCommitted) {
      this.#hasCommitted = true;
      queueMicrotask(() => this.#writeGathered());
    }
    return this.writeAtEndOfTurn(body);
  }

  /** Like `write`, where no result is urgent: it is committed with a later `write` of this turn, or at the turn's end. */
  writeAtEndOfTurn<T>(body: (sql: Sql) => T): Promise<T> {
    if (!this.#isTurnOpen) this.#openTurn();
    return new Promise((resolve, reject) => {
      this.#gathered.push({
        run: (sql) => {
          const result = body(sql);
          return () => resolve(result);
        },
        runAlone: () => {
          this.#writeAlone(body).then(resolve, reject);
        },
      });
    });
  }

  /** Repeats a deletion of at most `limit` rows until fewer are left; `deleteSome` returns how many it deleted. */
  async deleteInBatches(deleteSome: (sql: Sql, limit: number) => number): Promise<void> {
    while ((await this.write((sql) => deleteSome(sql, DELETE_BATCH))) === DELETE_BATCH) await nextTurn();
  }

  #openTurn(): void {
    this.#isTurnOpen = true;
    setImmediate(() => {
      this.#isTurnOpen = false;
      this.#hasCommitted = false;
      this.#writeGathered();
    });
  }

  #writeGathered(): void {
    const gathered = this.#gathered;
    if (gathered.length === 0) return;
    this.#gathered = [];
    if (this.#waiting === 0 && !this.#isClosed && !this.#isReplaced()) {
      try {
        const resolves = this.#connection.sql.transact((sql) => gathered.map(({ run }) => run(sql)));
        for (const resolve of resolves) resolve();
        return;
      } catch {
        // Nothing was written. Each write runs alone, so that an error reaches only its own caller.
      }
    }
    for (const { runAlone } of gathered) runAlone();
  }

  /** Waits for the writes before, and retries while the file is locked. */
  async #writeAlone<T>(body: (sql: Sql) => T): Promise<T> {
    this.#waiting += 1;
    const startedMs = performance.now();
    const write = this.#lastWrite.then(async () => {
      // What is written to a file that another process has quarantined would be lost.
      await this.follow();
      return await this.#retry(() => this.#open().transact(body), startedMs);
    });
    this.#lastWrite = write.catch(() => undefined);
    try {
      return await write;
    } catch (error) {
      throw isUnwritable(error) ? new LedgerUnwritable(this.#options.file, { cause: error }) : error;
    } finally {
      this.#waiting -= 1;
    }
  }

  /** Reads without a lock. @throws LedgerBusy in the rare case that another process recovers the file at the moment */
  async read<T>(body: (sql: Sql) => T): Promise<T> {
    try {
      return body(this.#open());
    } catch (error) {
      if (!isBusy(error) && !isDamage(error)) throw error;
      return await this.#retry(() => body(this.#open()), performance.now());
    }
  }

  /** Reads synchronously; returns undefined if that is not possible at the moment. */
  tryRead<T>(body: (sql: Sql) => T): T | undefined {
    try {
      return this.#isClosed ? undefined : body(this.#open());
    } catch (error) {
      if (isBusy(error) || isDamage(error)) return undefined;
      throw error;
    }
  }

  /** Opens the file that is at the path now, if another process has quarantined the first one. */
  async follow(): Promise<void> {
    if (this.#isReplaced()) this.#use(await openConnection(this.#options));
  }

  /** Waits for pending writes, and closes the file. */
  async close(): Promise<void> {
    while (this.#gathered.length > 0 || this.#waiting > 0) {
      this.#writeGathered();
      await this.#lastWrite;
    }
    this.#isClosed = true;
    this.#connection.sql.close();
  }

  #isReplaced(): boolean {
    return !this.#isClosed && inodeOf(this.#options.file) !== this.#connection.inode;
  }

  async #retry<T>(job: () => T, startedMs: number): Promise<T> {
    const { inode } = this.#connection;
    try {
      return await retryWhileBusy(job, this.#options, startedMs);
    } catch (error) {
      if (!isDamage(error)) throw error;
      const detail = error instanceof Error ? error.message : String(error);
      // Another job may have found the same damage and replaced the file while this one waited.
      if (this.#connection.inode === inode) {
        this.#use(
          await replace(this.#options, inode, new UnusableLedger("damaged", detail, { cause: error })),
        );
      }
      return await retryWhileBusy(job, this.#options);
    }
  }

  #use(connection: Connection): void {
    const before = this.#connection.sql;
    this.#connection = connection;
    before.close();
    this.#onReplaced(connection.notice);
  }

  #open(): Sql {
    if (this.#isClosed) throw new Error(`The ledger (${this.#options.file}) is closed.`);
    return this.#connection.sql;
  }
}
