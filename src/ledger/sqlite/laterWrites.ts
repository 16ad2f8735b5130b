import { setImmediate } from "node:timers/promises";
import type { Database } from "./database.ts";
import { mayPass } from "./errors.ts";
import type { Sql } from "./sql.ts";

/** How long writes gather: a burst shares one commit, and a process that is killed loses no more than this. */
const GATHER_MS = 15;

/** So many at most wait, also where the disk is full for hours: beyond that the oldest are given up. */
const MOST_WAITING = 1000;

/** So many at a time, half a millisecond's worth: nobody else's answer stands still for longer. */
const BATCH = 16;

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
  readonly #onLost: (error: unknown) => void;
  #waiting: Write[] = [];
  #timer: ReturnType<typeof setTimeout> | undefined;
  #written: Promise<void> = Promise.resolve();

  /** @param onLost is told why writes were given up; never for want of space, which passes */
  constructor(database: Database, onLost: (error: unknown) => void) {
    this.#database = database;
    this.#onLost = onLost;
  }

  /**
   * @param write changes nothing but the ledger: it may be run again.
   * @param done is called once it is written, or given up.
   */
  add(write: (sql: Sql) => void, done: () => void = () => undefined): void {
    this.#waiting.push({ write, done });
    this.#giveUpOldest();
    this.#timer ??= setTimeout(() => {
      void this.flush();
    }, GATHER_MS);
    this.#timer.unref();
  }

  /** Writes what waits; to be called before it is read, and at the end. What cannot be written now waits on. Never throws. */
  async flush(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#written = this.#written.then(() => this.#write());
    await this.#written;
  }

  async #write(): Promise<void> {
    while (this.#waiting.length > 0) {
      const writes = this.#waiting.slice(0, BATCH);
      this.#waiting = this.#waiting.slice(BATCH);
      const rest = await this.#carryOut(writes);
      if (rest.length > 0) {
        this.#waiting = [...rest, ...this.#waiting];
        return this.#giveUpOldest();
      }
      if (this.#waiting.length > 0) await setImmediate();
    }
  }

  /** Writes together, or each alone where one of them can never be written. Returns those that wait on. */
  async #carryOut(writes: readonly Write[]): Promise<readonly Write[]> {
    try {
      await this.#database.write((sql) => {
        for (const { write } of writes) write(sql);
      });
    } catch (error) {
      if (mayPass(error)) return writes;
      if (writes.length > 1) {
        for (const [at, one] of writes.entries())
          if ((await this.#carryOut([one])).length > 0) return writes.slice(at);
        return [];
      }
      this.#onLost(error);
    }
    for (const { done } of writes) done();
    return [];
  }

  #giveUpOldest(): void {
    const tooMany = this.#waiting.length - MOST_WAITING;
    if (tooMany > 0) for (const { done } of this.#waiting.splice(0, tooMany)) done();
  }
}
