import { daysOf, monthOf } from "../../../base/time/calendar.ts";
import type { BudgetLimits, ModelSpend, Spend, SpendRow } from "../../../contract/budget.ts";
import type { BudgetPeriod } from "../../../contract/decision.ts";
import type { Cost, NanoUsd } from "../../../contract/money.ts";
import type { Database } from "../core/database.ts";
import { int, optionalInt, type Row, type Sql, text } from "../core/sql.ts";
import { overrunsIn } from "./overrun.ts";

/** Where the cost of a reservation is recorded: its model, its route, and the day on which it was made. */
export type SpendEntry = {
  readonly id: string;
  readonly day: string;
  readonly ref: string;
  /** Empty: unknown. */
  readonly route: string;
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
  const { id, day, ref, route } = entry;
  const rank = RANK[cost.kind];
  const nano = cost.kind === "unknown" ? null : cost.nanoUsd;
  const isNew = sql.run(
    "INSERT OR IGNORE INTO spend (id, day, ref, route, rank, nano) VALUES (?, ?, ?, ?, ?, ?)",
    ...[id, day, ref, route, rank, nano],
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

/** Updates the estimate for a process that was assumed to be dead, but is running. */
export function updateAbandoned(sql: Sql, id: string, nanoUsd: NanoUsd): boolean {
  const row = sql.get(
    "SELECT day, ref, route, nano FROM spend WHERE id = ? AND rank = ?",
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
  return { id, day: text(row, "day"), ref: text(row, "ref"), route: text(row, "route") };
}

/**
 * The beginning of the ids of one millisecond. Ids in the order of time append to their table whatever its size, and old
 * ones are a range.
 */
export function timePrefix(ms: number): string {
  return String(ms).padStart(15, "0");
}

/** Deletes single attempts. What they cost stays in the totals. */
export async function deleteSpendBefore(database: Database, ms: number): Promise<void> {
  const before = timePrefix(ms);
  await database.deleteInBatches((sql, limit) =>
    sql.run("DELETE FROM spend WHERE id IN (SELECT id FROM spend WHERE id < ? LIMIT ?)", before, limit),
  );
}

/**
 * A sum of amounts, at most the largest one (contract/money.ts), which is more than any budget. `total` does not overflow
 * as `sum` does, and is exact up to there.
 */
function sumOf(column: string): string {
  return `cast(min(total(${column}), ${Number.MAX_SAFE_INTEGER}) AS INTEGER)`;
}

/** Adds to the totals of a day, a model and a route. */
export function addToTotals(
  sql: Sql,
  { day, ref, route }: Omit<SpendEntry, "id">,
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
}

/** What is left of the limits. Never negative, so that an amount of zero always fits. */
export type Room = {
  /** The limit minus what is spent: the smaller of day and month. */
  readonly leftNanoUsd: NanoUsd;
  /** The period of that limit. */
  readonly period: BudgetPeriod;
  /** The same minus what is reserved: what can be reserved now. */
  readonly freeNanoUsd: NanoUsd;
  /** What is reserved in the period with the least room. */
  readonly reservedNanoUsd: NanoUsd;
};

/** What can be spent and reserved on a day; undefined if there is no limit. */
export function roomOn(sql: Sql, day: string, limits: BudgetLimits): Room | undefined {
  const { dailyNanoUsd, monthlyNanoUsd } = limits;
  const daily = dailyNanoUsd === undefined ? undefined : roomIn(sql, "day", dailyNanoUsd, day, day);
  if (monthlyNanoUsd === undefined) return daily;
  const monthly = roomIn(sql, "month", monthlyNanoUsd, ...daysOf(monthOf(day)));
  if (daily === undefined) return monthly;
  return {
    leftNanoUsd: Math.min(daily.leftNanoUsd, monthly.leftNanoUsd),
    period: monthly.leftNanoUsd < daily.leftNanoUsd ? "month" : "day",
    freeNanoUsd: Math.min(daily.freeNanoUsd, monthly.freeNanoUsd),
    reservedNanoUsd:
      daily.freeNanoUsd <= monthly.freeNanoUsd ? daily.reservedNanoUsd : monthly.reservedNanoUsd,
  };
}

function roomIn(sql: Sql, period: BudgetPeriod, limit: NanoUsd, first: string, last: string): Room {
  const row = sql.get(
    `SELECT ${sumOf("nano")} AS spent,
       (SELECT ${sumOf("reserved_nano")} FROM reservation WHERE day BETWEEN ?1 AND ?2) AS reserved
     FROM day_total WHERE day BETWEEN ?1 AND ?2`,
    ...[first, last],
  );
  const spent = row === undefined ? 0 : int(row, "spent");
  const reserved = row === undefined ? 0 : int(row, "reserved");
  return {
    leftNanoUsd: Math.max(0, limit - spent),
    period,
    freeNanoUsd: Math.max(0, limit - spent - reserved),
    reservedNanoUsd: reserved,
  };
}

/** The sum of what was spent in a range of days. */
export function spentIn(sql: Sql, first: string, last: string): NanoUsd {
  const row = sql.get(
    `SELECT ${sumOf("nano")} AS nano FROM day_total WHERE day BETWEEN ? AND ?`,
    ...[first, last],
  );
  return row === undefined ? 0 : int(row, "nano");
}

/** What was spent in a range of days, by model. */
export function spendIn(sql: Sql, period: string, first: string, last: string): Spend {
  const byModel = sql
    .all(
      `SELECT ref, ${sumOf("nano")} AS nano, sum(attempts) AS attempts, sum(unknown) AS unknown
       FROM total WHERE day BETWEEN ? AND ? GROUP BY ref ORDER BY nano DESC, attempts DESC, ref`,
      ...[first, last],
    )
    .map(modelSpendOf);
  const reserved = sql.get(
    `SELECT ${sumOf("reserved_nano")} AS nano FROM reservation WHERE day BETWEEN ? AND ?`,
    ...[first, last],
  );
  const overruns = overrunsIn(sql, first, last);
  return {
    period,
    spentNanoUsd: spentIn(sql, first, last),
    reservedNanoUsd: reserved === undefined ? 0 : int(reserved, "nano"),
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
