import type { Database } from "./database.ts";
import { mayPass } from "./errors.ts";
import type { Sql } from "./sql.ts";

/** How long writes gather: a burst shares one commit, and a process that is killed loses no more than this. */
const GATHER_MS = 100;

/** So many at most wait, also where the disk is full for hours: beyond that the oldest are given up. */
const MOST_WAITING = 1000;

type Write = {
  readonly write: (sql: Sql) => void;
  readonly done: () => void;
};

/**
 * Writes that no promise needs at once, off the answer's path: they are carried out together, in their order, a moment
 * later. Nothing of money or breakers is among them.
 */
export class LaterWrites {
  readonly #database: Database;
  #waiting: readonly Write[] = [];
  #timer: ReturnType<typeof setTimeout> | undefined;
  #written: Promise<void> = Promise.resolve();

  constructor(database: Database) {
    this.#database = database;
  }

  /**
   * @param write changes nothing but the ledger: it may be run again.
   * @param done is called once it is written, or given up.
   */
  add(write: (sql: Sql) => void, done: () => void = () => undefined): void {
    this.#wait([...this.#waiting, { write, done }]);
    this.#timer ??= setTimeout(() => {
      // Nobody waits for it, so nobody is told; what may be written later is kept.
      this.flush().catch(() => undefined);
    }, GATHER_MS);
    this.#timer.unref();
  }

  /** Writes what waits; to be called before it is read, and at the end. What cannot be written now waits on. */
  async flush(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#written = this.#written.catch(() => undefined).then(() => this.#write());
    await this.#written;
  }

  async #write(): Promise<void> {
    const writes = this.#waiting;
    if (writes.length === 0) return;
    this.#waiting = [];
    try {
      await this.#database.write((sql) => {
        for (const { write } of writes) write(sql);
      });
    } catch (error) {
      if (mayPass(error)) return this.#wait([...writes, ...this.#waiting]);
      for (const { done } of writes) done();
      throw error;
    }
    for (const { done } of writes) done();
  }

  #wait(writes: readonly Write[]): void {
    const tooMany = Math.max(0, writes.length - MOST_WAITING);
    this.#waiting = writes.slice(tooMany);
    for (const { done } of writes.slice(0, tooMany)) done();
  }
}
