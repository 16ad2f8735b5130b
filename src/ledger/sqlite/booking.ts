import type { Cost, Usage } from "../../contract/money.ts";
import { int, optionalInt, type Row, text } from "./rows.ts";
import type { Sql } from "./sql.ts";

/** Money that is held for an attempt. It is booked to the day on which it was reserved. */
export type Held = {
  readonly id: string;
  readonly day: string;
  readonly ref: string;
  readonly route: string;
  readonly decisionId: string;
};

/** How much is known of a cost; more replaces less, and nothing replaces its like. */
const RANK = { orphan: 0, estimated: 1, unknown: 1, exact: 2 } as const;

/** What an attempt is booked at. `orphan`: its process was not heard of; what its journal says. */
export type Booked = Cost | { readonly kind: "orphan"; readonly nanoUsd: number };

/**
 * Books what an attempt cost, or replaces what was known less well; the day's sums go along in the same transaction.
 * @returns whether anything changed.
 */
export function book(sql: Sql, held: Held, cost: Booked, usage?: Usage): boolean {
  const before = sql.get("SELECT rank, nano FROM spend WHERE id = ?", held.id);
  const rank = RANK[cost.kind];
  if (before !== undefined && int(before, "rank") >= rank) return false;
  const nano = cost.kind === "unknown" ? null : cost.nanoUsd;
  sql.run(
    `INSERT INTO spend (id, day, ref, route, decision_id, rank, nano, usage) VALUES (?, ?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT (id) DO UPDATE SET rank = excluded.rank, nano = excluded.nano, usage = excluded.usage`,
    ...[held.id, held.day, held.ref, held.route, held.decisionId],
    ...[rank, nano, usage === undefined ? null : JSON.stringify(usage)],
  );
  const known = before === undefined ? undefined : optionalInt(before, "nano");
  addToTotals(sql, held, {
    nano: (nano ?? 0) - (known ?? 0),
    attempts: before === undefined ? 1 : 0,
    unknown: Number(nano === null) - Number(before !== undefined && known === undefined),
  });
  return true;
}

/** Raises an orphan's estimate when its owner turns out to be alive and still at work. */
export function raiseOrphan(sql: Sql, id: string, nanoUsd: number): boolean {
  const row = sql.get("SELECT day, ref, route, decision_id, nano FROM spend WHERE id = ? AND rank = 0", id);
  if (row === undefined) return false;
  sql.run("UPDATE spend SET nano = ? WHERE id = ?", nanoUsd, id);
  addToTotals(sql, heldOf(id, row), { nano: nanoUsd - int(row, "nano"), attempts: 0, unknown: 0 });
  return true;
}

/** What a row of `reservation` or `spend` was held for. */
export function heldOf(id: string, row: Row): Held {
  return {
    id,
    day: text(row, "day"),
    ref: text(row, "ref"),
    route: text(row, "route"),
    decisionId: text(row, "decision_id"),
  };
}

/** What the ids of a moment begin with: new rows come at the end of their table whatever its size, old ones are a range. */
export function timePrefix(ms: number): string {
  return String(ms).padStart(15, "0");
}

type Difference = { readonly nano: number; readonly attempts: number; readonly unknown: number };

/** Adds to the sums of a day, a model and a route. */
export function addToTotals(
  sql: Sql,
  { day, ref, route }: Pick<Held, "day" | "ref" | "route">,
  { nano, attempts, unknown }: Difference,
): void {
  sql.run(
    `INSERT INTO total (day, ref, route, nano, attempts, unknown) VALUES (?, ?, ?, ?, ?, ?)
     ON CONFLICT (day, ref, route) DO UPDATE SET
       nano = nano + excluded.nano, attempts = attempts + excluded.attempts, unknown = unknown + excluded.unknown`,
    ...[day, ref, route, nano, attempts, unknown],
  );
  sql.run(
    `INSERT INTO day_total (day, nano, bookings) VALUES (?, ?, 1)
     ON CONFLICT (day) DO UPDATE SET nano = nano + excluded.nano, bookings = bookings + 1`,
    ...[day, nano],
  );
}
