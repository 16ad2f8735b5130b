import type { Overrun } from "../../contract/budget.ts";
import type { NanoUsd } from "../../contract/money.ts";
import type { Held } from "./booking.ts";
import { int, text } from "./rows.ts";
import type { Sql } from "./sql.ts";

/** More than ten times is no overrun but nonsense, and to hold as much would make the model useless. */
const LARGEST_PERMILLE = 10_000;

/**
 * How much must be held for a model, in thousandths of what its prices and its output limit tell: 1,000 for nearly all,
 * and more for one whose provider has taken more than the limit that was sent allows.
 */
export function permilleFor(sql: Sql, ref: string): number {
  const row = sql.get("SELECT permille FROM overrun WHERE ref = ?", ref);
  return row === undefined ? 1000 : int(row, "permille");
}

/** What is held for an amount, rounded up. */
export function raised(amount: NanoUsd, permille: number): NanoUsd {
  return permille === 1000 ? amount : Number((BigInt(amount) * BigInt(permille) + 999n) / 1000n);
}

/** The amount that a hold is for: never so much that it would be raised above the hold. */
export function lowered(hold: NanoUsd, permille: number): NanoUsd {
  return permille === 1000 ? hold : Number((BigInt(hold) * 1000n) / BigInt(permille));
}

/** Remembers that a model took more than the most it could: from then on as much more is held for it. */
export function noteOverrun(sql: Sql, { ref, day }: Held, heldNanoUsd: NanoUsd, costNanoUsd: NanoUsd): void {
  if (heldNanoUsd === 0 || costNanoUsd <= heldNanoUsd) return;
  const permille = Math.ceil(permilleFor(sql, ref) * (costNanoUsd / heldNanoUsd));
  sql.run(
    "INSERT OR REPLACE INTO overrun (ref, permille, day) VALUES (?, ?, ?)",
    ...[ref, Math.min(LARGEST_PERMILLE, permille), day],
  );
}

/** The models that took more than they could in a range of days, and how much more is held for them since. */
export function overrunsIn(sql: Sql, first: string, last: string): readonly Overrun[] {
  return sql
    .all("SELECT ref, permille FROM overrun WHERE day BETWEEN ? AND ? ORDER BY ref", first, last)
    .map((row) => ({ ref: text(row, "ref"), factor: int(row, "permille") / 1000 }));
}
