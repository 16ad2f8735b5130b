import type { Changes } from "../changes.ts";
import { book, heldOf } from "./booking.ts";
import type { Database } from "./database.ts";
import { mayPass } from "./errors.ts";
import { int, text } from "./rows.ts";
import type { Sql } from "./sql.ts";

/** How often a process that holds money says that it lives. */
const RENEW_MS = 5_000;

/** Without renewal for this long, a process is taken for dead, and what it holds for orphaned. */
const ORPHAN_MS = 60_000;

/** How long a process that was asleep itself gives the others to say that they live. */
const GRACE_MS = 3 * RENEW_MS;

/**
 * A process's claim to the reservations that it made. Whatever it holds when it dies is settled by any other process at
 * what its journal says, as an estimate. If it was only asleep, its own word, when it comes, replaces that estimate.
 */
export class Lease {
  readonly id: string;
  readonly #database: Database;
  readonly #changes: Changes;
  readonly #now: () => number;
  #renewedMs = Number.NEGATIVE_INFINITY;
  #tickedMs: number;
  #judgeFromMs = Number.NEGATIVE_INFINITY;
  #timer: ReturnType<typeof setInterval> | undefined;
  #ended = false;

  constructor(id: string, database: Database, changes: Changes, now: () => number) {
    this.id = id;
    this.#database = database;
    this.#changes = changes;
    this.#now = now;
    this.#tickedMs = now();
  }

  /** @param also what else a process does every few seconds while it lives. */
  start(also: () => Promise<void>): void {
    this.#timer = setInterval(() => {
      // Whatever fails here is told to whoever uses the ledger next, and tried again at the next tick.
      void Promise.allSettled([also(), this.tick()]);
    }, RENEW_MS);
    this.#timer.unref();
  }

  /** Whether a reservation that is made now must renew the lease too. */
  isDue(nowMs: number): boolean {
    return Math.abs(nowMs - this.#renewedMs) >= RENEW_MS;
  }

  /** Says that this process lives; within the caller's transaction. */
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

  /** What was written before is not to be relied on: the file is another one. */
  forgotten(): void {
    this.#renewedMs = Number.NEGATIVE_INFINITY;
  }

  /** Renews the lease while something is held, and settles what is orphaned. */
  async tick(): Promise<void> {
    await this.#database.follow();
    const now = this.#now();
    this.#noticeSleep(now);
    this.#tickedMs = now;
    const holds = await this.#database.read(
      (sql) => sql.get("SELECT 1 FROM reservation WHERE lease = ? LIMIT 1", this.id) !== undefined,
    );
    if (holds) {
      await this.#database.write((sql) => this.renew(sql, now));
      this.renewed(now);
    }
    await this.settleOrphans();
  }

  /**
   * Settles what processes that are not heard of any more have held; nothing while those who slept with this one may not
   * have spoken yet.
   * @returns how many reservations that were.
   */
  async settleOrphans(): Promise<number> {
    const now = this.#now();
    this.#noticeSleep(now);
    if (now < this.#judgeFromMs) return 0;
    const orphaned = (sql: Sql) =>
      // A lease from the future: the clock was set back, and a living process would have renewed it since.
      sql
        .all("SELECT id FROM lease WHERE abs(? - renewed_ms) > ? AND id <> ?", now, ORPHAN_MS, this.id)
        .map((row) => text(row, "id"));
    if ((await this.#database.read(orphaned)).length === 0) return 0;
    try {
      return await this.#settle(orphaned);
    } catch (error) {
      // Where this process cannot write, the others could not say that they live either.
      if (mayPass(error)) this.#judgeFromMs = now + GRACE_MS;
      throw error;
    }
  }

  /** Slept, or the clock was set: the others were as silent as this process, and may be as alive. */
  #noticeSleep(nowMs: number): void {
    if (Math.abs(nowMs - this.#tickedMs) > 2 * RENEW_MS + GRACE_MS) this.#judgeFromMs = nowMs + GRACE_MS;
  }

  /** Settles what this process still holds, at what its journal says, and gives the lease up. */
  async end(): Promise<void> {
    clearInterval(this.#timer);
    if (this.#ended) return;
    this.#ended = true;
    const known = await this.#database.read(
      (sql) => sql.get("SELECT 1 FROM lease WHERE id = ?", this.id) !== undefined,
    );
    if (known) await this.#settle(() => [this.id]);
  }

  async #settle(leases: (sql: Sql) => readonly string[]): Promise<number> {
    const settled = await this.#database.write((sql) => {
      let count = 0;
      for (const lease of leases(sql)) {
        for (const row of sql.all("SELECT * FROM reservation WHERE lease = ?", lease)) {
          const held = heldOf(text(row, "id"), row);
          book(sql, held, { kind: "orphan", nanoUsd: int(row, "so_far_nano") });
          sql.run("DELETE FROM reservation WHERE id = ?", held.id);
          count += 1;
        }
        sql.run("DELETE FROM lease WHERE id = ?", lease);
      }
      return count;
    });
    if (settled > 0) this.#changes.own("budget");
    return settled;
  }
}
