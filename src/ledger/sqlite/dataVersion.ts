import { int } from "./rows.ts";
import type { Sql } from "./sql.ts";

const ofThisTurn = new WeakMap<Sql, number>();

/**
 * Moves when another connection has committed something. It is asked once in a turn of the event loop: a request wants
 * it several times in one, and each costs as much as a small query. All who ask in a turn are told the same.
 */
export function dataVersion(sql: Sql): number {
  const known = ofThisTurn.get(sql);
  if (known !== undefined) return known;
  const row = sql.get("PRAGMA data_version");
  const version = row === undefined ? 0 : int(row, "data_version");
  ofThisTurn.set(sql, version);
  setImmediate(() => ofThisTurn.delete(sql));
  return version;
}
