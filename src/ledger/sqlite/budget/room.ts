import { daysOf, monthOf } from "../../../base/time/calendar.ts";
import { type BudgetLimits, type BudgetScope, limitsOn } from "../../../contract/budget.ts";
import type { ModelRef } from "../../../contract/model.ts";
import type { NanoUsd } from "../../../contract/money.ts";
import { int, type Sql } from "../core/sql.ts";

/** What is left of a limit. Never negative, so that an amount of zero always fits. */
export type Room = {
  readonly limit: BudgetScope;
  /** The limit minus what is spent. */
  readonly leftNanoUsd: NanoUsd;
  /** What is reserved of that. */
  readonly reservedNanoUsd: NanoUsd;
  /** The rest: what can be reserved now. */
  readonly freeNanoUsd: NanoUsd;
};

/** A call, as the limits count it. */
export type CountedCall = {
  readonly day: string;
  readonly ref: ModelRef;
  /** Empty: none. */
  readonly conversation: string;
};

/** What is left of each limit that applies to a call. */
export function roomsFor(sql: Sql, call: CountedCall, limits: BudgetLimits): readonly Room[] {
  const { day, ref } = call;
  const conversation = call.conversation === "" ? undefined : call.conversation;
  return limitsOn(limits, { ref, conversation }).map(({ scope, nanoUsd }) => {
    const leftNanoUsd = Math.max(0, nanoUsd - spentIn(sql, scope, day));
    const reservedNanoUsd = reservedIn(sql, scope, day);
    const freeNanoUsd = Math.max(0, leftNanoUsd - reservedNanoUsd);
    return { limit: scope, leftNanoUsd, reservedNanoUsd, freeNanoUsd };
  });
}

/** What a limit counts of what was spent, on a day or in its month. */
export function spentIn(sql: Sql, scope: BudgetScope, day: string): NanoUsd {
  const column = sumOf("nano");
  switch (scope.kind) {
    case "day":
    case "month":
      return sum(
        sql,
        `SELECT ${column} AS sum FROM day_total WHERE day BETWEEN ? AND ?`,
        ...daysIn(scope.kind, day),
      );
    case "conversation":
      return sum(sql, `SELECT ${column} AS sum FROM conversation_total WHERE conversation = ?`, scope.id);
    case "model":
      return sum(
        sql,
        `SELECT ${column} AS sum FROM (
           SELECT nano FROM total WHERE day = ?1 AND ref = ?2
           UNION ALL SELECT nano FROM answered_by_other WHERE day = ?1 AND ref = ?2)`,
        ...[day, scope.ref],
      );
    case "provider": {
      const where = "day = ? AND ref BETWEEN ? AND ?";
      return sum(sql, `SELECT ${column} AS sum FROM total WHERE ${where}`, day, ...refsOf(scope.id));
    }
  }
}

/** The same of what is reserved. */
export function reservedIn(sql: Sql, scope: BudgetScope, day: string): NanoUsd {
  const select = `SELECT ${sumOf("reserved_nano")} AS sum FROM reservation WHERE`;
  switch (scope.kind) {
    case "day":
    case "month":
      return sum(sql, `${select} day BETWEEN ? AND ?`, ...daysIn(scope.kind, day));
    case "conversation":
      return sum(sql, `${select} conversation = ?`, scope.id);
    case "model":
      return sum(sql, `${select} day = ? AND ref = ?`, day, scope.ref);
    case "provider":
      return sum(sql, `${select} day = ? AND ref BETWEEN ? AND ?`, day, ...refsOf(scope.id));
  }
}

function sum(sql: Sql, statement: string, ...values: readonly string[]): NanoUsd {
  const row = sql.get(statement, ...values);
  return row === undefined ? 0 : int(row, "sum");
}

/** The first and the last day of a day or of its month. */
export function daysIn(kind: "day" | "month", day: string): readonly [string, string] {
  return kind === "day" ? [day, day] : daysOf(monthOf(day));
}

/** The refs of a provider's models: all texts that begin with its id and a slash. */
function refsOf(provider: string): readonly [string, string] {
  return [`${provider}/`, `${provider}/\u{10ffff}`];
}

/**
 * A sum of amounts, at most the largest one (contract/money.ts), which is more than any budget. `total` does not overflow
 * as `sum` does, and is exact up to there.
 */
export function sumOf(column: string): string {
  return `cast(min(total(${column}), ${Number.MAX_SAFE_INTEGER}) AS INTEGER)`;
}
