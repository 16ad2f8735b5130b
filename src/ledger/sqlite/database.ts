import { type Connection, type ConnectOptions, inodeOf, openConnection, replace } from "./connection.ts";
import { isBusy, isDamage, isUnwritable, LedgerUnwritable, UnusableLedger } from "./errors.ts";
import { patiently } from "./patience.ts";
import type { Sql } from "./sql.ts";

/** A write that waits for the end of its turn. */
type Gathered = {
  /** Runs it; what it returns tells its asker of the result. */
  readonly run: (sql: Sql) => () => void;
  /** Runs it in a transaction of its own, and tells its asker. */
  readonly alone: () => void;
};

/**
 * The ledger's file, and the way to it that never blocks: what another process has locked is tried again later, and
 * what turns out to be damaged while in use is set aside as it is at opening.
 */
export class Database {
  readonly #options: ConnectOptions;
  readonly #onReplaced: (notice: string | undefined) => void;
  #connection: Connection;
  #waiting = 0;
  /** Writes that were asked for in the same turn as one that was carried out in it. */
  #gathered: Gathered[] = [];
  #isGathering = false;
  #tail: Promise<unknown> = Promise.resolve();
  #closed = false;

  private constructor(
    connection: Connection,
    options: ConnectOptions,
    onReplaced: (notice: string | undefined) => void,
  ) {
    this.#connection = connection;
    this.#options = options;
    this.#onReplaced = onReplaced;
  }

  /** @param onReplaced is called when another file has taken the first one's place, with what the user should know. */
  static async open(
    options: ConnectOptions,
    onReplaced: (notice: string | undefined) => void,
  ): Promise<Database> {
    const connection = await openConnection(options);
    if (connection.notice !== undefined) onReplaced(connection.notice);
    return new Database(connection, options, onReplaced);
  }

  /**
   * Runs `body` in a transaction of its own. While it runs nobody else writes; it may be run again, so it changes
   * nothing but the ledger. Writes of this process are carried out in the order in which they were asked for. The first
   * one of a turn at once, those that follow it in the same turn together at its end, in one commit: most of what a write
   * costs is its commit.
   * @throws LedgerBusy, LedgerUnwritable
   */
  write<T>(body: (sql: Sql) => T): Promise<T> {
    if (!this.#isGathering) {
      this.#isGathering = true;
      setImmediate(() => this.#writeGathered());
      return this.#writeAlone(body);
    }
    return new Promise((resolve, reject) => {
      this.#gathered.push({
        run: (sql) => {
          const result = body(sql);
          return () => resolve(result);
        },
        alone: () => {
          this.#writeAlone(body).then(resolve, reject);
        },
      });
    });
  }

  #writeGathered(): void {
    this.#isGathering = false;
    const gathered = this.#gathered;
    this.#gathered = [];
    if (gathered.length > 1 && this.#waiting === 0 && !this.#closed && !this.#isReplaced()) {
      try {
        const told = this.#connection.sql.transact((sql) => gathered.map(({ run }) => run(sql)));
        for (const tell of told) tell();
        return;
      } catch {
        // Nothing of it was written. Each for itself: one's error is not another's.
      }
    }
    for (const { alone } of gathered) alone();
  }

  async #writeAlone<T>(body: (sql: Sql) => T): Promise<T> {
    try {
      // What is written to a file that another process has set aside would count for nobody.
      if (this.#isReplaced()) await this.follow();
      return await this.#write(() => this.#now().transact(body));
    } catch (error) {
      throw isUnwritable(error) ? new LedgerUnwritable(this.#options.file, { cause: error }) : error;
    }
  }

  async #write<T>(job: () => T): Promise<T> {
    if (this.#waiting === 0) {
      try {
        return job();
      } catch (error) {
        if (!isBusy(error) && !isDamage(error)) throw error;
      }
    }
    this.#waiting += 1;
    const startedMs = performance.now();
    const turn = this.#tail.then(() => this.#carefully(job, startedMs));
    this.#tail = turn.catch(() => undefined);
    try {
      return await turn;
    } finally {
      this.#waiting -= 1;
    }
  }

  /** Reads without a lock. @throws LedgerBusy in the rare case that somebody recovers the file just now */
  async read<T>(body: (sql: Sql) => T): Promise<T> {
    const job = () => body(this.#now());
    try {
      return job();
    } catch (error) {
      if (!isBusy(error) && !isDamage(error)) throw error;
      return await this.#carefully(job, performance.now());
    }
  }

  /** Reads at once or not at all: undefined where somebody is in the way. */
  glance<T>(body: (sql: Sql) => T): T | undefined {
    try {
      return this.#closed ? undefined : body(this.#now());
    } catch (error) {
      if (isBusy(error) || isDamage(error)) return undefined;
      throw error;
    }
  }

  /** Goes over to the file that is at the path now, where another process has set the first one aside. */
  async follow(): Promise<void> {
    if (this.#isReplaced()) this.#take(await openConnection(this.#options));
  }

  #isReplaced(): boolean {
    return !this.#closed && inodeOf(this.#options.file) !== this.#connection.inode;
  }

  /** Waits for the writes under way, and lets go of the file. */
  async close(): Promise<void> {
    this.#writeGathered();
    await this.#tail;
    this.#closed = true;
    this.#connection.sql.close();
  }

  async #carefully<T>(job: () => T, startedMs: number): Promise<T> {
    const { inode } = this.#connection;
    try {
      return await patiently(job, this.#options, startedMs);
    } catch (error) {
      if (!isDamage(error)) throw error;
      const detail = error instanceof Error ? error.message : String(error);
      // Another job may have met the same damage, and replaced the file, while this one waited.
      if (this.#connection.inode === inode) {
        this.#take(
          await replace(this.#options, inode, new UnusableLedger("damaged", detail, { cause: error })),
        );
      }
      return await patiently(job, this.#options);
    }
  }

  #take(connection: Connection): void {
    const before = this.#connection.sql;
    this.#connection = connection;
    before.close();
    this.#onReplaced(connection.notice);
  }

  #now(): Sql {
    if (this.#closed) throw new Error(`The ledger (${this.#options.file}) is closed.`);
    return this.#connection.sql;
  }
}
