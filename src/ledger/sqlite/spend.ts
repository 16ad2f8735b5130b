import type { Spend, SpendOf } from "../../contract/budget.ts";
import { splitRef } from "../../contract/model.ts";
import { overrunsIn } from "./overrun.ts";
import { heldIn } from "./room.ts";
import { int, text } from "./rows.ts";
import type { Sql } from "./sql.ts";

/** What was spent in a range of days, from the daily totals: the dearest first. */
export function spendIn(sql: Sql, period: string, first: string, last: string): Spend {
  const rows = sql.all(
    `SELECT ref, route, sum(nano) AS nano, sum(attempts) AS attempts, sum(unknown) AS unknown
     FROM total WHERE day BETWEEN ? AND ? GROUP BY ref, route`,
    ...[first, last],
  );
  const byModel = new Map<string, SpendOf>();
  const byRoute = new Map<string, SpendOf>();
  const byProvider = new Map<string, SpendOf>();
  let spentNanoUsd = 0;
  let unknownAttempts = 0;
  for (const row of rows) {
    const ref = text(row, "ref");
    const unknown = int(row, "unknown");
    const part = { nanoUsd: int(row, "nano"), attempts: int(row, "attempts"), unknown };
    spentNanoUsd += part.nanoUsd;
    unknownAttempts += unknown;
    add(byModel, ref, part);
    add(byRoute, text(row, "route"), part);
    add(byProvider, splitRef(ref).provider, part);
  }
  const overruns = overrunsIn(sql, first, last);
  return {
    period,
    spentNanoUsd,
    reservedNanoUsd: heldIn(sql, first, last),
    unknownAttempts,
    byModel: dearestFirst(byModel),
    byRoute: dearestFirst(byRoute),
    byProvider: dearestFirst(byProvider),
    ...(overruns.length === 0 ? {} : { overruns }),
  };
}

type Part = { readonly nanoUsd: number; readonly attempts: number; readonly unknown: number };

function add(sums: Map<string, SpendOf>, name: string, part: Part): void {
  const before = sums.get(name);
  const unknownAttempts = part.unknown + (before?.unknownAttempts ?? 0);
  sums.set(name, {
    name,
    nanoUsd: part.nanoUsd + (before?.nanoUsd ?? 0),
    attempts: part.attempts + (before?.attempts ?? 0),
    ...(unknownAttempts === 0 ? {} : { unknownAttempts }),
  });
}

function dearestFirst(sums: ReadonlyMap<string, SpendOf>): readonly SpendOf[] {
  return [...sums.values()].sort(
    (a, b) => b.nanoUsd - a.nanoUsd || b.attempts - a.attempts || (a.name < b.name ? -1 : 1),
  );
}
