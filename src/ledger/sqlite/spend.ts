import type { ModelSpend, Spend } from "../../contract/budget.ts";
import { overrunsIn } from "./overrun.ts";
import { heldIn } from "./room.ts";
import { int, text } from "./rows.ts";
import type { Sql } from "./sql.ts";

/** What was spent in a range of days, from the daily totals. */
export function spendIn(sql: Sql, period: string, first: string, last: string): Spend {
  const byModel: readonly ModelSpend[] = sql
    .all(
      `SELECT ref, sum(nano) AS nano, sum(attempts) AS attempts, sum(unknown) AS unknown
       FROM total WHERE day BETWEEN ? AND ? GROUP BY ref ORDER BY nano DESC, attempts DESC, ref`,
      ...[first, last],
    )
    .map((row) => {
      const unknownAttempts = int(row, "unknown");
      return {
        ref: text(row, "ref"),
        nanoUsd: int(row, "nano"),
        attempts: int(row, "attempts"),
        ...(unknownAttempts === 0 ? {} : { unknownAttempts }),
      };
    });
  const overruns = overrunsIn(sql, first, last);
  return {
    period,
    spentNanoUsd: byModel.reduce((sum, { nanoUsd }) => sum + nanoUsd, 0),
    reservedNanoUsd: heldIn(sql, first, last),
    unknownAttempts: byModel.reduce((sum, { unknownAttempts = 0 }) => sum + unknownAttempts, 0),
    byModel,
    ...(overruns.length === 0 ? {} : { overruns }),
  };
}
