import type { Overrun } from "../../../contract/budget.ts";
import type { ModelRef } from "../../../contract/model.ts";
import type { NanoUsd } from "../../../contract/money.ts";
import { int, type Sql, text } from "../core/sql.ts";

/** Ten times. A larger factor is an error of the provider's, and reserving as much would make the model unusable. */
const MAX_PERMILLE = 10_000;

/**
 * The factor by which reservations for a model are raised, in thousandths: 1,000 for nearly all models, more for one
 * whose provider has exceeded the output limit that it was sent.
 */
export function permilleFor(sql: Sql, ref: string): number {
  const row = sql.get("SELECT permille FROM overrun WHERE ref = ?", ref);
  return row === undefined ? 1000 : int(row, "permille");
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

/** Raises the factor of a model whose attempt cost more than was reserved for it. */
export function recordOverrun(
  sql: Sql,
  { ref, day }: { readonly ref: ModelRef; readonly day: string },
  reservedNanoUsd: NanoUsd,
  costNanoUsd: NanoUsd,
): void {
  if (reservedNanoUsd === 0 || costNanoUsd <= reservedNanoUsd) return;
  const permille = Math.ceil(permilleFor(sql, ref) * (costNanoUsd / reservedNanoUsd));
  sql.run(
    "INSERT OR REPLACE INTO overrun (ref, permille, day) VALUES (?, ?, ?)",
    ...[ref, Math.min(MAX_PERMILLE, permille), day],
  );
}

/** The models whose last overrun was in a range of days. */
export function overrunsIn(sql: Sql, first: string, last: string): readonly Overrun[] {
  return sql
    .all("SELECT ref, permille FROM overrun WHERE day BETWEEN ? AND ? ORDER BY ref", first, last)
    .map((row) => ({ ref: text(row, "ref"), factor: int(row, "permille") / 1000 }));
}
