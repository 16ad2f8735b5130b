import { setImmediate } from "node:timers/promises";
import type { Database } from "./database.ts";
import { isTemporary } from "./errors.ts";
import type { Sql } from "./sql.ts";

/** How long writes are collected. A burst shares one commit, and a killed process loses no more than this. */
const DELAY_MS = 15;

/** If the disk stays full, the oldest writes beyond this many are dropped. */
const MAX_WAITING = 1000;

/** Writes per transaction, about half a millisecond: no answer waits longer for its turn. */
const BATCH = 16;

type Write = {
  readonly run: (sql: Sql) => void;
  readonly onDone: (() => void) | undefined;
};

/**
 * Writes in the background, in order, several in one transaction. Only for what may be lost when the process is killed:
 * history and latency, never money or breakers.
 */
export class WriteBehindQueue {
  readonly #database: Database;
  readonly #onLost: (error: unknown) => void;
  #waiting: Write[] = [];
  #timer: ReturnType<typeof setTimeout> | undefined;
  #flushed: Promise<void> = Promise.resolve();

  /** @param onLost called with the error if writes were dropped; not called for lack of space, which is temporary */
  constructor(database: Database, onLost: (error: unknown) => void) {
    this.#database = database;
    this.#onLost = onLost;
  }

  /**
   * @param run must change nothing but the ledger: it may be run again
   * @param onDone called once the write is committed or dropped
   */
  add(run: (sql: Sql) => void, onDone?: () => void): void {
    this.#waiting.push({ run, onDone });
    this.#dropOldest();
    if (this.#timer !== undefined) return;
    this.#timer = setTimeout(() => {
      void this.flush();
    }, DELAY_MS);
    this.#timer.unref();
  }

  /** Writes what is queued, except for writes that fail temporarily. To be called before reads, and at the end. Never throws. */
  async flush(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#flushed = this.#flushed.then(() => this.#writeAll());
    await this.#flushed;
  }

  async #writeAll(): Promise<void> {
    while (this.#waiting.length > 0) {
      const failed = await this.#write(this.#waiting.splice(0, BATCH));
      if (failed.length > 0) {
        this.#waiting = [...failed, ...this.#waiting];
        return this.#dropOldest();
      }
      if (this.#waiting.length > 0) await setImmediate();
    }
  }

  /** Writes in one transaction, or each alone if one of them fails permanently. Returns those that failed temporarily. */
  async #write(writes: readonly Write[]): Promise<readonly Write[]> {
    try {
      await this.#database.write((sql) => {
        for (const { run } of writes) run(sql);
      });
    } catch (error) {
      if (isTemporary(error)) return writes;
      if (writes.length > 1) {
        for (const [index, write] of writes.entries())
          if ((await this.#write([write])).length > 0) return writes.slice(index);
        return [];
      }
      this.#onLost(error);
    }
    for (const { onDone } of writes) onDone?.();
    return [];
  }

  #dropOldest(): void {
    const excess = this.#waiting.length - MAX_WAITING;
    if (excess > 0) for (const { onDone } of this.#waiting.splice(0, excess)) onDone?.();
  }
}
