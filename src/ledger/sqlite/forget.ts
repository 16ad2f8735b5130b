import { setImmediate } from "node:timers/promises";
import { timePrefix } from "./booking.ts";
import type { Database } from "./database.ts";
import { text } from "./rows.ts";
import type { Sql } from "./sql.ts";

/** So many rows at a time: a batch keeps other processes waiting for a few milliseconds at most. */
const BATCH = 200;

/** Deletes conversations for good: the removed ones, and those not touched since. */
export async function forgetConversations(database: Database, beforeMs: number): Promise<void> {
  await inBatches(database, (sql) => {
    const ids = sql
      .all("SELECT id FROM conversation WHERE removed = 1 OR updated_ms < ? LIMIT ?", beforeMs, BATCH)
      .map((row) => text(row, "id"));
    for (const id of ids) {
      sql.run("DELETE FROM turn WHERE conversation_id = ?", id);
      sql.run("DELETE FROM conversation WHERE id = ?", id);
    }
    return ids.length;
  });
}

/** Deletes decisions with their attempts, outcomes and parts in experiments. What they cost stays in the daily totals. */
export async function forgetDecisions(database: Database, beforeMs: number): Promise<void> {
  await inBatches(database, (sql) => {
    const ids = sql
      .all("SELECT id FROM decision WHERE at_ms < ? LIMIT ?", beforeMs, BATCH)
      .map((row) => text(row, "id"));
    for (const id of ids) {
      sql.run("DELETE FROM attempt WHERE decision_id = ?", id);
      sql.run("DELETE FROM outcome WHERE decision_id = ?", id);
      sql.run("DELETE FROM trial WHERE decision_id = ?", id);
      sql.run("DELETE FROM decision WHERE id = ?", id);
    }
    return ids.length;
  });
  const before = timePrefix(beforeMs);
  await inBatches(database, (sql) =>
    sql.run("DELETE FROM spend WHERE id IN (SELECT id FROM spend WHERE id < ? LIMIT ?)", before, BATCH),
  );
}

async function inBatches(database: Database, deleteSome: (sql: Sql) => number): Promise<void> {
  while ((await database.write(deleteSome)) === BATCH) await setImmediate();
}
