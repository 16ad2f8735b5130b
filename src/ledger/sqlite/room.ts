import { daysOf, monthOf } from "../../base/calendar.ts";
import type { BudgetLimits } from "../../contract/budget.ts";
import type { NanoUsd } from "../../contract/money.ts";
import { int } from "./rows.ts";
import type { Sql } from "./sql.ts";

/** What the limits leave on a day. Never below zero: what is free of charge always fits. */
export type Room = {
  /** Limit less what is spent: the tighter of day and month. */
  readonly leftNanoUsd: NanoUsd;
  /** The same less what is held: what can be reserved now. */
  readonly freeNanoUsd: NanoUsd;
  /** Held in the period that leaves the least to reserve. */
  readonly heldNanoUsd: NanoUsd;
};

/** What may be spent and reserved on a day; undefined where nothing limits it. */
export function roomOn(
  sql: Sql,
  day: string,
  { dailyNanoUsd, monthlyNanoUsd }: BudgetLimits,
): Room | undefined {
  const daily = dailyNanoUsd === undefined ? undefined : roomIn(sql, dailyNanoUsd, day, day);
  const monthly =
    monthlyNanoUsd === undefined ? undefined : roomIn(sql, monthlyNanoUsd, ...daysOf(monthOf(day)));
  if (daily === undefined || monthly === undefined) return daily ?? monthly;
  return {
    leftNanoUsd: Math.min(daily.leftNanoUsd, monthly.leftNanoUsd),
    freeNanoUsd: Math.min(daily.freeNanoUsd, monthly.freeNanoUsd),
    heldNanoUsd: daily.freeNanoUsd <= monthly.freeNanoUsd ? daily.heldNanoUsd : monthly.heldNanoUsd,
  };
}

/** What was spent in a range of days. */
export function spentIn(sql: Sql, first: string, last: string): NanoUsd {
  return sum(
    sql,
    "SELECT coalesce(sum(nano), 0) AS nano FROM day_total WHERE day BETWEEN ? AND ?",
    first,
    last,
  );
}

/** What all processes hold in a range of days. */
export function heldIn(sql: Sql, first: string, last: string): NanoUsd {
  return sum(
    sql,
    "SELECT coalesce(sum(held_nano), 0) AS nano FROM reservation WHERE day BETWEEN ? AND ?",
    first,
    last,
  );
}

function roomIn(sql: Sql, limit: NanoUsd, first: string, last: string): Room {
  const spent = spentIn(sql, first, last);
  const held = heldIn(sql, first, last);
  return {
    leftNanoUsd: Math.max(0, limit - spent),
    freeNanoUsd: Math.max(0, limit - spent - held),
    heldNanoUsd: held,
  };
}

function sum(sql: Sql, statement: string, first: string, last: string): NanoUsd {
  const row = sql.get(statement, first, last);
  return row === undefined ? 0 : int(row, "nano");
}
