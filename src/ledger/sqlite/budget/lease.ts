import type { Changes } from "../core/changes.ts";
import type { Database } from "../core/database.ts";
import { isTemporary } from "../core/errors.ts";
import { int, type Sql, text } from "../core/sql.ts";
import { entryOf, recordCost } from "./spend.ts";

/** How often a process with reservations renews its lease. */
const RENEW_MS = 5_000;

/** A process whose lease was not renewed for this long is assumed to be dead. */
export const EXPIRY_MS = 60_000;

/** After this process was asleep, other processes have this long to renew theirs. */
const GRACE_MS = 3 * RENEW_MS;

/**
 * A process's claim to the reservations that it made, and to the answers that it writes. When it dies, any other process settles them at the amounts that
 * it had recorded, as estimates. If it was only asleep, its own settlement later replaces the estimate.
 */
export class Lease {
  readonly id: string;
  readonly #database: Database;
  readonly #changes: Changes;
  readonly #now: () => number;
  #renewedMs = Number.NEGATIVE_INFINITY;
  #tickedMs: number;
  /** Before this time no lease counts as expired. */
  #graceUntilMs = Number.NEGATIVE_INFINITY;
  #timer: ReturnType<typeof setInterval> | undefined;
  #isEnded = false;

  constructor(id: string, database: Database, changes: Changes, now: () => number) {
    this.id = id;
    this.#database = database;
    this.#changes = changes;
    this.#now = now;
    this.#tickedMs = now();
  }

  /** Renews the lease every few seconds, while it has reservations. @param everyTick other periodic work of the process */
  start(everyTick: () => Promise<void>): void {
    this.#timer = setInterval(() => {
      // If this fails, the next use of the ledger reports the error, and the next tick tries again.
      void Promise.allSettled([everyTick(), this.tick()]);
    }, RENEW_MS);
    this.#timer.unref();
  }

  /** Whether a reservation that is made now must renew the lease. */
  isDue(nowMs: number): boolean {
    return Math.abs(nowMs - this.#renewedMs) >= RENEW_MS;
  }

  /** Renews the lease within the caller's transaction. */
  renew(sql: Sql, nowMs: number): void {
    sql.run(
      "INSERT INTO lease (id, renewed_ms) VALUES (?, ?) ON CONFLICT (id) DO UPDATE SET renewed_ms = excluded.renewed_ms",
      ...[this.id, nowMs],
    );
  }

  /** To be called once that transaction is committed. */
  renewed(nowMs: number): void {
    this.#renewedMs = nowMs;
  }

  /** To be called when the file was replaced, which the last renewal was written to. */
  forget(): void {
    this.#renewedMs = Number.NEGATIVE_INFINITY;
  }

  /** Renews the lease if there are reservations or running answers, and settles abandoned ones. */
  async tick(): Promise<void> {
    await this.#database.follow();
    const now = this.#now();
    this.#startGraceAfterSleep(now);
    this.#tickedMs = now;
    const isNeeded = await this.#database.read(
      (sql) =>
        (sql.get("SELECT 1 FROM reservation WHERE lease = ? LIMIT 1", this.id) ??
          sql.get("SELECT 1 FROM answering WHERE lease = ? LIMIT 1", this.id)) !== undefined,
    );
    if (isNeeded) {
      await this.#database.write((sql) => this.renew(sql, now));
      this.renewed(now);
    }
    await this.settleAbandoned();
  }

  /**
   * Settles the reservations of expired leases. During the grace period it settles nothing.
   * @returns how many reservations were settled
   */
  async settleAbandoned(): Promise<number> {
    const now = this.#now();
    this.#startGraceAfterSleep(now);
    if (now < this.#graceUntilMs) return 0;
    // A lease from the future: the clock was set back, and a running process would have renewed it since.
    const expired = (sql: Sql) =>
      sql
        .all("SELECT id FROM lease WHERE abs(? - renewed_ms) > ? AND id <> ?", now, EXPIRY_MS, this.id)
        .map((row) => text(row, "id"));
    if ((await this.#database.read(expired)).length === 0) return 0;
    try {
      return await this.#settle(expired);
    } catch (error) {
      // While this process cannot write, the others could not renew their leases either.
      if (isTemporary(error)) this.#graceUntilMs = now + GRACE_MS;
      throw error;
    }
  }

  /** The computer slept, or the clock was set: the other processes could not renew their leases either. */
  #startGraceAfterSleep(nowMs: number): void {
    if (Math.abs(nowMs - this.#tickedMs) > 2 * RENEW_MS + GRACE_MS) this.#graceUntilMs = nowMs + GRACE_MS;
  }

  /** Settles the open reservations of this process at their recorded amounts, and deletes the lease. */
  async end(): Promise<void> {
    clearInterval(this.#timer);
    if (this.#isEnded) return;
    this.#isEnded = true;
    const exists = await this.#database.read(
      (sql) => sql.get("SELECT 1 FROM lease WHERE id = ?", this.id) !== undefined,
    );
    if (exists) await this.#settle(() => [this.id]);
  }

  async #settle(leases: (sql: Sql) => readonly string[]): Promise<number> {
    const settled = await this.#database.write((sql) => {
      let count = 0;
      for (const lease of leases(sql)) {
        for (const row of sql.all("DELETE FROM reservation WHERE lease = ? RETURNING *", lease)) {
          recordCost(sql, entryOf(text(row, "id"), row), {
            kind: "abandoned",
            nanoUsd: int(row, "so_far_nano"),
          });
          count += 1;
        }
        sql.run("DELETE FROM answering WHERE lease = ?", lease);
        sql.run("DELETE FROM lease WHERE id = ?", lease);
      }
      return count;
    });
    if (settled > 0) this.#changes.own("budget");
    return settled;
  }
}
