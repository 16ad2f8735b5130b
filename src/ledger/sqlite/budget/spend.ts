import { monthOf } from "../../../base/time/calendar.ts";
import type { ModelSpend, Spend, SpendRow } from "../../../contract/budget.ts";
import type { Cost, NanoUsd } from "../../../contract/money.ts";
import type { Database } from "../core/database.ts";
import { int, optionalInt, type Row, type Sql, text } from "../core/sql.ts";
import { overrunsIn } from "./overrun.ts";
import { daysIn, reservedIn, spentIn, sumOf } from "./room.ts";

/** Where the cost of a reservation is recorded: its model, its route, and the day on which it was made. */
export type SpendEntry = {
  readonly id: string;
  readonly day: string;
  readonly ref: string;
  /** Empty: unknown. */
  readonly route: string;
  /** Empty: none. */
  readonly conversation: string;
};

/** The cost of an attempt. `abandoned`: its process died; the last amount that it had recorded. */
export type RecordedCost = Cost | { readonly kind: "abandoned"; readonly nanoUsd: NanoUsd };

/** The reliability of a cost. A higher rank replaces a lower one. */
const RANK = { abandoned: 0, estimated: 1, unknown: 1, exact: 2 } as const;

/**
 * Records the cost of an attempt, or replaces a less reliable one, and updates the totals.
 * @returns whether anything changed
 */
export function recordCost(sql: Sql, entry: SpendEntry, cost: RecordedCost): boolean {
  const { id, day, ref, route, conversation } = entry;
  const rank = RANK[cost.kind];
  const nano = cost.kind === "unknown" ? null : cost.nanoUsd;
  const isNew = sql.run(
    "INSERT OR IGNORE INTO spend (id, day, ref, route, conversation, rank, nano) VALUES (?, ?, ?, ?, ?, ?, ?)",
    ...[id, day, ref, route, conversation, rank, nano],
  );
  if (isNew > 0) {
    addToTotals(sql, entry, { nano: nano ?? 0, attempts: 1, unknown: nano === null ? 1 : 0 });
    return true;
  }
  const row = sql.get("SELECT rank, nano FROM spend WHERE id = ?", id);
  if (row === undefined || int(row, "rank") >= rank) return false;
  const before = optionalInt(row, "nano");
  sql.run("UPDATE spend SET rank = ?, nano = ? WHERE id = ?", rank, nano, id);
  addToTotals(sql, entry, {
    nano: (nano ?? 0) - (before ?? 0),
    attempts: 0,
    unknown: Number(nano === null) - Number(before === undefined),
  });
  return true;
}

/** Records what a call cost that another model answered, so that it counts for the limit of the model that was called too. */
export function recordAnsweredByOther(sql: Sql, { day, ref }: SpendEntry, cost: Cost): void {
  if (cost.kind === "unknown") return;
  sql.run(
    `INSERT INTO answered_by_other (day, ref, nano) VALUES (?, ?, ?)
     ON CONFLICT (day, ref) DO UPDATE SET nano = min(nano + excluded.nano, ${Number.MAX_SAFE_INTEGER})`,
    ...[day, ref, cost.nanoUsd],
  );
}

/** Updates the estimate for a process that was assumed to be dead, but is running. */
export function updateAbandoned(sql: Sql, id: string, nanoUsd: NanoUsd): boolean {
  const row = sql.get(
    "SELECT day, ref, route, conversation, nano FROM spend WHERE id = ? AND rank = ?",
    id,
    RANK.abandoned,
  );
  if (row === undefined) return false;
  sql.run("UPDATE spend SET nano = ? WHERE id = ?", nanoUsd, id);
  addToTotals(sql, entryOf(id, row), { nano: nanoUsd - int(row, "nano"), attempts: 0, unknown: 0 });
  return true;
}

/** The entry of a row of `reservation` or `spend`. */
export function entryOf(id: string, row: Row): SpendEntry {
  return {
    id,
    day: text(row, "day"),
    ref: text(row, "ref"),
    route: text(row, "route"),
    conversation: text(row, "conversation"),
  };
}

/**
 * The beginning of the ids of one millisecond. Ids in the order of time append to their table whatever its size, and old
 * ones are a range.
 */
export function timePrefix(ms: number): string {
  return String(ms).padStart(15, "0");
}

/**
 * Deletes single attempts, and the sums of conversations that are not stored any more: the limit of a stored one counts all
 * its days. What the attempts cost stays in the totals.
 */
export async function deleteSpendBefore(database: Database, ms: number): Promise<void> {
  const before = timePrefix(ms);
  await database.deleteInBatches((sql, limit) =>
    sql.run("DELETE FROM spend WHERE id IN (SELECT id FROM spend WHERE id < ? LIMIT ?)", before, limit),
  );
  const day = new Date(ms).toISOString().slice(0, "2026-11-21".length);
  await database.deleteInBatches((sql, limit) =>
    sql.run(
      "DELETE FROM answered_by_other WHERE (day, ref) IN (SELECT day, ref FROM answered_by_other WHERE day < ? LIMIT ?)",
      ...[day, limit],
    ),
  );
  await database.deleteInBatches((sql, limit) =>
    sql.run(
      `DELETE FROM conversation_total WHERE conversation IN (
         SELECT conversation FROM conversation_total
         WHERE day < ? AND conversation NOT IN (SELECT id FROM conversation) LIMIT ?)`,
      ...[day, limit],
    ),
  );
}

/** Adds to the totals of a day, a model, a route and a conversation. */
export function addToTotals(
  sql: Sql,
  { day, ref, route, conversation }: Omit<SpendEntry, "id">,
  {
    nano,
    attempts,
    unknown,
  }: { readonly nano: NanoUsd; readonly attempts: number; readonly unknown: number },
): void {
  sql.run(
    `INSERT INTO total (day, ref, route, nano, attempts, unknown) VALUES (?, ?, ?, ?, ?, ?)
     ON CONFLICT (day, ref, route) DO UPDATE SET
       nano = min(nano + excluded.nano, ${Number.MAX_SAFE_INTEGER}), attempts = attempts + excluded.attempts, unknown = unknown + excluded.unknown`,
    ...[day, ref, route, nano, attempts, unknown],
  );
  sql.run(
    `INSERT INTO day_total (day, nano, changes) VALUES (?, ?, 1)
     ON CONFLICT (day) DO UPDATE SET
       nano = min(nano + excluded.nano, ${Number.MAX_SAFE_INTEGER}), changes = changes + 1`,
    ...[day, nano],
  );
  if (conversation === "") return;
  sql.run(
    `INSERT INTO conversation_total (conversation, day, nano) VALUES (?1, ?2, ?3)
     ON CONFLICT (conversation) DO UPDATE SET
       nano = min(nano + excluded.nano, ${Number.MAX_SAFE_INTEGER}), day = max(day, excluded.day)`,
    ...[conversation, day, nano],
  );
}

/** What was spent on a day or in its month, by model. */
export function spendIn(sql: Sql, kind: "day" | "month", day: string): Spend {
  const [first, last] = daysIn(kind, day);
  const byModel = sql
    .all(
      `SELECT ref, ${sumOf("nano")} AS nano, sum(attempts) AS attempts, sum(unknown) AS unknown
       FROM total WHERE day BETWEEN ? AND ? GROUP BY ref ORDER BY nano DESC, attempts DESC, ref`,
      ...[first, last],
    )
    .map(modelSpendOf);
  const overruns = overrunsIn(sql, first, last);
  return {
    period: kind === "day" ? day : monthOf(day),
    spentNanoUsd: spentIn(sql, { kind }, day),
    reservedNanoUsd: reservedIn(sql, { kind }, day),
    unknownAttempts: byModel.reduce((sum, { unknownAttempts = 0 }) => sum + unknownAttempts, 0),
    byModel,
    overruns: overruns.length === 0 ? undefined : overruns,
  };
}

/** What was spent in a range of days, by day, model and route. */
export function spendRows(sql: Sql, first: string, last: string): readonly SpendRow[] {
  return sql
    .all("SELECT * FROM total WHERE day BETWEEN ? AND ?", first, last)
    .map((row) => ({ ...modelSpendOf(row), day: text(row, "day"), route: text(row, "route") }));
}

function modelSpendOf(row: Row): ModelSpend {
  const unknownAttempts = int(row, "unknown");
  return {
    ref: text(row, "ref"),
    nanoUsd: int(row, "nano"),
    attempts: int(row, "attempts"),
    unknownAttempts: unknownAttempts === 0 ? undefined : unknownAttempts,
  };
}
