import { daysBetween } from "../../../base/time/calendar.ts";
import type { Overrun } from "../../../contract/budget.ts";
import type { ModelRef } from "../../../contract/model.ts";
import type { NanoUsd } from "../../../contract/money.ts";
import { int, type Row, type Sql, text } from "../core/sql.ts";

/** Ten times. A larger factor is an error of the provider's, and reserving as much would make the model unusable. */
const MAX_PERMILLE = 10_000;

/**
 * The factor by which reservations for a model are raised, in thousandths: 1,000 for nearly all models, more for one
 * whose provider has exceeded the output limit that it was sent. What exceeds 1,000 halves with each day since then.
 */
export function permilleFor(sql: Sql, ref: string, day: string): number {
  const row = sql.get("SELECT permille, day FROM overrun WHERE ref = ?", ref);
  return row === undefined ? 1000 : permilleOf(row, day);
}

/** The factors of all models on a day that are more than 1. */
export function overrunFactors(sql: Sql, day: string): ReadonlyMap<ModelRef, number> {
  const factors = new Map<ModelRef, number>();
  for (const row of sql.all("SELECT ref, permille, day FROM overrun")) {
    const permille = permilleOf(row, day);
    if (permille > 1000) factors.set(text(row, "ref"), permille / 1000);
  }
  return factors;
}

function permilleOf(row: Row, day: string): number {
  return 1000 + Math.floor((int(row, "permille") - 1000) / 2 ** daysBetween(text(row, "day"), day));
}

/** The amount to reserve, rounded up, and at most the largest amount. */
export function raised(amount: NanoUsd, permille: number): NanoUsd {
  if (permille === 1000) return amount;
  return Math.min(Number((BigInt(amount) * BigInt(permille) + 999n) / 1000n), Number.MAX_SAFE_INTEGER);
}

/** The amount that a reservation is good for, rounded down: raising it again never exceeds the reservation. */
export function lowered(reserved: NanoUsd, permille: number): NanoUsd {
  return permille === 1000 ? reserved : Number((BigInt(reserved) * 1000n) / BigInt(permille));
}

/**
 * Raises the factor of a model whose attempt cost more than was reserved for it, and halves what exceeds 1 of it if the
 * attempt kept to its limit.
 */
export function recordExactCost(
  sql: Sql,
  { ref, day }: { readonly ref: ModelRef; readonly day: string },
  reservedNanoUsd: NanoUsd,
  costNanoUsd: NanoUsd,
): void {
  if (reservedNanoUsd === 0 || costNanoUsd === 0) return;
  const permille = permilleFor(sql, ref, day);
  if (costNanoUsd > reservedNanoUsd) {
    const needed = Math.ceil(permille * (costNanoUsd / reservedNanoUsd));
    sql.run(
      "INSERT OR REPLACE INTO overrun (ref, permille, day) VALUES (?, ?, ?)",
      ...[ref, Math.min(MAX_PERMILLE, needed), day],
    );
  } else if (permille > 1000 && costNanoUsd <= lowered(reservedNanoUsd, permille)) {
    sql.run("UPDATE overrun SET permille = 1000 + (permille - 1000) / 2 WHERE ref = ?", ref);
  }
}

/** The models whose last overrun was in a range of days. */
export function overrunsIn(sql: Sql, first: string, last: string): readonly Overrun[] {
  return sql
    .all(
      "SELECT ref, permille FROM overrun WHERE day BETWEEN ? AND ? AND permille > 1000 ORDER BY ref",
      first,
      last,
    )
    .map((row) => ({ ref: text(row, "ref"), factor: int(row, "permille") / 1000 }));
}
